"""Labels given on the page: kept once, undone, counted, and read by `train`."""

import json

import pytest

from jobclf.labeling.store import LabelsFile
from jobclf.roles import Role
from tests.conftest import Served
from tests.factories import posting

TEXT = posting(Role.ML_ENGINEER, 5)


@pytest.fixture(autouse=True)
def none_before(served: Served) -> None:
    served.labels.unlink(missing_ok=True)


def test_nothing_is_written_until_a_label_is_given(served: Served) -> None:
    assert served.client.get("/labels").json()["labels"] == 0
    assert not served.labels.exists()


def test_a_label_is_kept_replaced_and_undone(served: Served) -> None:
    post = served.client.post
    given = {"text": TEXT, "title": "ML Engineer", "label": "ml_engineer"}
    first = post("/labels", json=given).json()
    assert (first["labels"], first["previous"], first["file"]) == (1, None, "labels.jsonl")
    (label,) = LabelsFile(served.labels)
    assert (label.role, label.text, label.title) == (Role.ML_ENGINEER, TEXT, "ML Engineer")
    second = post("/labels", json=given | {"label": "neither"}).json()
    assert (second["labels"], second["previous"]) == (1, "ml_engineer")
    asked = {"text": TEXT}
    assert post("/labels/of", json=asked).json()["label"] == "neither"
    undone = served.client.delete(f"/labels/{second['posting']}")
    assert undone.json()["labels"] == 0
    assert post("/labels/of", json=asked).json()["label"] is None
    assert served.client.delete(f"/labels/{second['posting']}").status_code == 404


def test_labels_that_another_program_adds_are_kept(served: Served) -> None:
    served.client.post("/labels", json={"text": TEXT, "label": "ml_engineer"})
    with served.labels.open("a") as stream:
        stream.write(json.dumps({"text": posting(Role.NEITHER, 1), "role": "neither"}) + "\n")
    found = served.client.post("/labels", json={"text": TEXT + " More.", "label": "neither"})
    assert found.json()["counts"] == {"data_scientist": 0, "ml_engineer": 1, "neither": 2}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"text": TEXT}, "bad_label"),
        ({"text": TEXT, "label": "cook"}, "bad_label"),
        ({"text": TEXT, "label": ["neither"]}, "bad_label"),
        ({"text": " ", "label": "neither"}, "empty"),
        ({"label": "neither"}, "bad_value"),
        ({"text": TEXT, "label": "neither", "more": 1}, "bad_value"),
    ],
)
def test_what_is_no_label_is_refused(given: object, reason: str, served: Served) -> None:
    answer = served.client.post("/labels", json=given)
    assert (answer.status_code, answer.json()["reason"]) == (422, reason)
    assert not served.labels.exists()
