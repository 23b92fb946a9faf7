"""Labels are read as labelling tools and trainers of models write them, whatever holds them."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from jobclf.errors import DatasetError, Reason
from jobclf.training import labeled_data

TEXTS = ("We deploy models. " * 9, "We analyse experiments. " * 9, "We care for patients. " * 9)
ROLES = ("ml_engineer", "data_scientist", "other")
PAIRS = tuple(zip(TEXTS, ROLES, strict=True))
FOUND = ("ml_engineer", "data_scientist", "neither")


def lines(*rows: object) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def table(head: list[str], *rows: list[object]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows([head, *rows])
    return written.getvalue()


def scores(role: str) -> dict[str, float]:
    return {each.upper(): float(each == role) for each in ROLES}


FORMS: dict[str, Callable[[], str]] = {
    "studio.csv": lambda: table(
        ["text", "id", "what_is_it", "annotator", "lead_time"],
        *([text, 7, json.dumps({"choices": [role]}), 1, 2.5] for text, role in PAIRS),
    ),
    "studio_min.json": lambda: json.dumps(
        [{"text": text, "id": 7, "choice": role, "annotator": 1} for text, role in PAIRS]
    ),
    "argilla.json": lambda: json.dumps(
        [
            {
                "fields": {"text": text, "title": "a"},
                "responses": {"role": [{"value": role, "status": "submitted"}]},
                "metadata": {},
            }
            for text, role in PAIRS
        ]
    ),
    "argilla_old.jsonl": lambda: lines(
        *({"text": text, "prediction": [], "annotation": role} for text, role in PAIRS)
    ),
    "spacy.jsonl": lambda: lines(*({"text": text, "cats": scores(role)} for text, role in PAIRS)),
    "spacy.json": lambda: json.dumps([[text, {"cats": scores(role)}] for text, role in PAIRS]),
    "columns.csv": lambda: table(
        ["description", "data_scientist", "ml_engineer"],
        *([text, int(role[0] == "d"), int(role[0] == "m")] for text, role in PAIRS),
    ),
    "fasttext.txt": lambda: "".join(f"__label__{role} {text.strip()}\n" for text, role in PAIRS),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_gives_its_labels(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(FORMS[name](), encoding="utf-8")
    found = labeled_data.read(path)
    assert (tuple(map(str, found.roles)), found.unlabeled) == (FOUND, 0)
    assert [text.strip() for text in found.texts] == [text.strip() for text in TEXTS]


FIRST, *REST = TEXTS
TWO = {
    "columns.csv": table(["text", "ds", "mle"], [FIRST, 1, 1], *([text, 1, 0] for text in REST)),
    "list.jsonl": lines(
        {"text": FIRST, "label": ["ds", "mle"]}, *({"text": text, "label": "ds"} for text in REST)
    ),
    "fasttext.txt": f"__label__ds __label__mle {FIRST}\n"
    + "".join(f"__label__ds {text}\n" for text in REST),
}


@pytest.mark.parametrize("name", TWO)
def test_several_labels_of_one_posting_are_a_conflict(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(TWO[name], encoding="utf-8")
    with pytest.raises(DatasetError, match=r"1 posting has several labels: 'ds \+ mle'") as caught:
        labeled_data.read(path)
    assert caught.value.reason is Reason.CONFLICT
    found = labeled_data.read(path, conflicts="drop")
    assert (len(found), found.conflicting) == (2, (f"{path} row 1",))
