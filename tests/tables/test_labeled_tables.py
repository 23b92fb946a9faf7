"""A table with a column of roles is read as a folder of folders is."""

import csv
import json
from pathlib import Path

import pytest

import jobclf
from jobclf.errors import DatasetError
from jobclf.roles import Role
from jobclf.training import labeled_tables


def written(path: Path, rows: list[dict[str, str | None]]) -> Path:
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return path


def row(number: int, label: str | None, company: str = "") -> dict[str, str | None]:
    text = " ".join(f"{word}{'abcdefghij'[number]}" for word in ("trains", "boats", "mills"))
    return {"Job Description": text, "label": label, "company": company}


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_roles_are_read_as_people_write_them(tmp_path: Path, ending: str) -> None:
    names = ["Data Scientist", "MLE", "Machine Learning Engineer", "neither", "", "data_scientist"]
    rows = [row(number, name) for number, name in enumerate(names)]
    found = labeled_tables.read(written(tmp_path / f"a{ending}", rows))
    assert [role[0] for role in found.roles] == ["d", "m", "m", "n", "d"]
    assert found.names[0] == f"{tmp_path}/a{ending} row 1"


def test_postings_of_one_company_stay_together(tmp_path: Path) -> None:
    rows = [row(0, "DS", "Birchwater"), row(1, "MLE", "birchwater"), row(2, "DS", "Tallpine")]
    rows.append(row(3, "DS", "Oakham"))
    groups = labeled_tables.read(written(tmp_path / "a.csv", rows)).groups
    assert groups[0] == groups[1] != groups[2]


def test_columns_can_be_named(tmp_path: Path) -> None:
    rows = [{"text": "wrong words", "body": "right words", "label": "x", "truth": "DS"}]
    path = written(tmp_path / "a.jsonl", rows)  # type: ignore[arg-type]
    found = labeled_tables.read(path, text_column="body", label_column="truth")
    assert (found.texts, found.roles) == (("right words",), (Role.DATA_SCIENTIST,))


@pytest.mark.parametrize(
    ("rows", "fact"),
    [
        pytest.param([{"text": "a"}], "no column known as the label", id="no-label-column"),
        pytest.param([row(0, "plumber")], "row 1: 'plumber' is no role", id="unknown-role"),
        pytest.param([row(0, "")], "no row with a label", id="no-labels"),
        pytest.param(
            [row(0, "DS"), {"Job Description": "", "label": "DS"}], "row 2 .* is empty", id="empty"
        ),
        pytest.param([row(0, "DS"), row(0, "MLE")], "the same posting", id="conflict"),
    ],
)
def test_what_cannot_be_learned_from_is_named(
    tmp_path: Path, rows: list[dict[str, str | None]], fact: str
) -> None:
    with pytest.raises(DatasetError, match=fact):
        labeled_tables.read(written(tmp_path / "a.jsonl", rows))


def test_training_takes_a_table(tmp_path: Path) -> None:
    engineer = ["deploy models", "serve models", "scale pipelines", "monitor production", "own ops"]
    scientist = ["derive insights", "run experiments", "write reports", "find trends", "do surveys"]
    rows: list[dict[str, str | None]] = [
        {"text": f"You {duty} for {place} every week, {duty} well.", "role": role}
        for role, duties in (("MLE", engineer), ("DS", scientist))
        for duty, place in zip(duties, ["ports", "farms", "banks", "shops", "trains"], strict=True)
    ]
    table = written(tmp_path / "a.jsonl", rows)
    report = jobclf.train(table, prior="seeds", output=None)
    assert report.model.card.postings["ml_engineer"] == 5


def test_what_is_left_out_of_a_table_is_told(tmp_path: Path) -> None:
    rows = [row(0, "DS"), row(1, ""), row(2, None), row(3, "MLE")]
    rows[3]["Job Description"] = "kurz"
    found = labeled_tables.read(written(tmp_path / "a.jsonl", rows), min_words=3)
    assert (len(found), found.unlabeled) == (1, 2)
    assert found.short == (f"{tmp_path}/a.jsonl row 4",)
