"""Labels are read as people and labelling tools write them."""

from typing import Any

import pytest

from jobclf.errors import DatasetError, Reason
from jobclf.roles import Role
from jobclf.training.labels import NoLabel, Roles, label_of

DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER
MISSING, REJECTED = NoLabel.MISSING, NoLabel.REJECTED


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Data Scientist", DS), ("data_scientist", DS), ("Data Scientists", DS), ("DS", DS),
        ("Senior Data Scientist", DS), ("Sr. Data Scientist II", DS), ("Lead data scientist", DS),
        ("__label__DS", DS), ("MLE", MLE), ("ML-Engineer", MLE), ("Machine Learning", MLE),
        ("Principal Machine Learning Engineer (Remote)", MLE), ("MLOps Engineer", MLE),
        ("other", OTHER), ("neither", OTHER), ("Data Engineer", OTHER), ("data_analyst", OTHER),
        ("Senior Software Engineer", OTHER), ("Product Manager", OTHER), ("Nurse", OTHER),
        ("AI Engineer", None), ("Research Scientist", None), ("Wizard", None), ("1", None),
    ],
)  # fmt: skip
def test_names(name: str, role: Role | None) -> None:
    assert Roles().of(name) is role


@pytest.mark.parametrize(
    "cell",
    [None, "", " ", "NA", "n/a", "#N/A", "nan", float("nan"), "NaN", "null", "None", "?", "-", "[]",
     [], {}, "unlabeled", [None], {"choices": []}, "['']"],
)  # fmt: skip
def test_nothing_is_no_label_and_not_neither(cell: Any) -> None:
    assert label_of(cell, None, Roles()) is MISSING


def annotated(*choices: str, **more: Any) -> dict[str, Any]:
    """Return an annotation of Label Studio."""
    value = {"choices": list(choices)}
    return {"result": [{"type": "choices", "from_name": "role", "value": value}], **more}


@pytest.mark.parametrize(
    ("cell", "row", "label"),
    [
        pytest.param(["DS"], {}, DS, id="a list of one"),
        pytest.param(["DS", "Data Scientist"], {}, DS, id="a list that says it twice"),
        pytest.param("['ML Engineer']", {}, MLE, id="a list as Python writes it"),
        pytest.param('["ML Engineer"]', {}, MLE, id="a list as JSON writes it"),
        pytest.param('{"choices": ["DS"]}', {}, DS, id="choices in a cell of CSV"),
        pytest.param({"choices": ["DS"]}, {}, DS, id="choices"),
        pytest.param("DS#Data Scientist", {}, DS, id="doccano's CSV"),
        pytest.param(["DS", "MLE"], {}, "DS + MLE", id="two roles"),
        pytest.param("DS#wizard", {}, "wizard", id="one that nobody knows"),
        pytest.param("data_scientist; MLE", {}, "data_scientist + MLE", id="two in a cell"),
        pytest.param({"DS": 1.0, "MLE": 0.0}, {}, DS, id="spaCy's categories"),
        pytest.param({"DS": False, "MLE": False}, {}, OTHER, id="none of spaCy's categories"),
        pytest.param({"DS": 1, "MLE": 1}, {}, "DS + MLE", id="two of spaCy's categories"),
        pytest.param(None, {"is_ds": "0", "is_mle": "1"}, MLE, id="a column for each role"),
        pytest.param(None, {"DS": 0, "MLE": 0.0}, OTHER, id="columns of roles that all say no"),
        pytest.param(None, {"DS": 1, "MLE": True}, "DS + MLE", id="columns of roles that say yes"),
        pytest.param(None, {"DS": None, "MLE": None}, MISSING, id="columns of roles without word"),
        pytest.param(
            None,
            {"responses": {"role": [{"value": "MLE"}, {"value": "DS", "status": "discarded"}]}},
            MLE,
            id="Argilla's responses",
        ),
        pytest.param(
            None,
            {"responses": [{"values": {"role": {"value": "DS"}}, "status": "submitted"}]},
            DS,
            id="Argilla's first responses",
        ),
        pytest.param(
            None,
            {"role.responses": ["DS", "MLE"], "role.responses.status": ["submitted", "draft"]},
            DS,
            id="Argilla's columns",
        ),
        pytest.param(None, {"role.responses": None}, MISSING, id="Argilla's without an answer"),
        pytest.param("DS", {"answer": "accept"}, DS, id="Prodigy accepts"),
        pytest.param("DS", {"answer": "reject"}, REJECTED, id="Prodigy rejects"),
        pytest.param("DS", {"answer": "ignore"}, MISSING, id="Prodigy ignores"),
        pytest.param(
            None,
            {"options": [{"id": "DS"}, {"id": "MLE"}], "accept": ["MLE"], "answer": "accept"},
            MLE,
            id="Prodigy's choice",
        ),
        pytest.param(None, {"accept": [], "answer": "accept"}, MISSING, id="Prodigy's no choice"),
        pytest.param(None, {"annotations": [annotated("DS")]}, DS, id="Label Studio"),
        pytest.param(
            None, {"annotations": [annotated("DS"), annotated("DS")]}, DS, id="two who agree"
        ),
        pytest.param(
            None, {"annotations": [annotated("DS"), annotated("MLE")]}, "DS + MLE", id="who do not"
        ),
        pytest.param(
            None,
            {"annotations": [annotated("DS"), annotated("MLE", ground_truth=True)]},
            MLE,
            id="the truth goes before",
        ),
        pytest.param(
            None, {"annotations": [annotated("DS", was_cancelled=True)]}, MISSING, id="cancelled"
        ),
        pytest.param(None, {"annotations": []}, MISSING, id="not annotated"),
        pytest.param("DS", {"annotations": ["a note"]}, DS, id="notes of another kind"),
        pytest.param(None, {"annotations": [{"label": "DS", "user": 1}]}, DS, id="doccano's old"),
        pytest.param(1.0, {}, "1", id="a number"),
        pytest.param([[[[[[[[[[["DS"]]]]]]]]]]], {}, MISSING, id="deep"),
    ],
)
def test_tools(cell: Any, row: dict[str, Any], label: Any) -> None:
    assert label_of(cell, row, Roles()) == label


def test_a_mapping_goes_before_all_else() -> None:
    roles = Roles({"AI Engineer": "MLE", "1": "Data Scientist", "none": "other", "DS": "drop"})
    assert roles.of("ai_engineer") is MLE
    assert label_of(1.0, None, roles) is DS
    assert label_of("None", None, roles) is OTHER
    assert label_of("ds", None, roles) is MISSING
    with pytest.raises(
        DatasetError, match="'a' cannot be mapped to 'b', which is no role"
    ) as error:
        Roles({"a": "b"})
    assert error.value.reason is Reason.BAD_OPTION
