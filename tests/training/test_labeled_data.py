"""Labelled postings are read by the rules of all others; what has no label is told apart."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.errors import DatasetError, Reason
from jobclf.roles import Role
from jobclf.tables.wanted import Wanted
from jobclf.training.labeled_data import read
from tests.factories import folder, posting

DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".json":
        path.write_text(json.dumps(rows))
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return path


def row(number: int, label: str | None, company: str = "") -> dict[str, Any]:
    text = " ".join(f"{word}{'abcdefghijklmnop'[number]}" for word in ("trains", "boats", "mills"))
    return {"Job Description": text, "label": label, "company": company}


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".json"])
def test_roles_are_read_as_people_write_them(tmp_path: Path, ending: str) -> None:
    names = ["Data Scientist", "MLE", "Machine Learning Engineer", "neither", "", "data_scientist"]
    rows = [row(number, name) for number, name in enumerate(names)]
    found = read(written(tmp_path / f"a{ending}", rows))
    assert [role[0] for role in found.roles] == ["d", "m", "m", "n", "d"]
    assert found.names[0] == f"{tmp_path}/a{ending} row 1"


def test_postings_of_one_company_stay_together(tmp_path: Path) -> None:
    rows = [row(0, "DS", "Birchwater"), row(1, "MLE", "birchwater"), row(2, "DS", "Tallpine")]
    rows.append(row(3, "DS", "Oakham"))
    groups = read(written(tmp_path / "a.csv", rows)).groups
    assert groups[0] == groups[1] != groups[2]


def test_columns_can_be_named(tmp_path: Path) -> None:
    rows = [{"text": "wrong words", "body": "right words", "label": "x", "truth": "DS"}]
    path = written(tmp_path / "a.jsonl", rows)
    found = read(path, Wanted(("body",), label="truth"))
    assert (found.texts, found.roles) == (("right words",), (DS,))


def test_titles_are_kept(tmp_path: Path) -> None:
    rows = [row(0, "DS") | {"title": "Analyst"}, row(1, "MLE") | {"title": ""}]
    assert read(written(tmp_path / "a.csv", rows)).columns == {"title": ("Analyst", "")}


LONG = "You design experiments, test hypotheses with statistics and present what you find. " * 4
EXPORTS: dict[str, list[dict[str, Any]]] = {
    "Prodigy": [
        {"text": f"one {LONG}", "label": "DS", "answer": "accept"},
        {"text": f"two {LONG}", "label": "DS", "answer": "reject"},
        {"text": f"three {LONG}", "label": "DS", "answer": "ignore"},
    ],
    "Prodigy's choices": [
        {"text": f"{word} {LONG}", "options": [{"id": "DS"}], "accept": accept, "answer": answer}
        for word, accept, answer in (
            ("one", ["DS"], "accept"), ("two", ["DS"], "reject"), ("three", [], "accept")
        )
    ],
    "Label Studio": [
        {"id": 1, "data": {"text": f"one {LONG}"}, "predictions": [], "annotations": [
            {"was_cancelled": False, "result": [{"value": {"choices": ["DS"]}}]}]},
        {"id": 2, "data": {"text": f"two {LONG}"}, "predictions": [], "annotations": []},
    ],
    "Label Studio's short form": [
        {"id": 1, "text": f"one {LONG}", "label": "DS", "annotator": 1},
        {"id": 2, "text": f"two {LONG}", "label": {"choices": []}, "annotator": 1},
    ],
    "doccano": [
        {"id": 1, "text": f"one {LONG}", "label": ["DS"], "Comments": []},
        {"id": 2, "text": f"two {LONG}", "label": [], "Comments": []},
    ],
    "jobclf label": [
        {"posting": "a", "role": "data_scientist", "text": f"one {LONG}", "title": None},
        {"posting": "b", "role": None, "text": f"two {LONG}", "title": None},
    ],
}  # fmt: skip


@pytest.mark.parametrize("ending", [".json", ".jsonl"])
@pytest.mark.parametrize("rows", EXPORTS.values(), ids=EXPORTS.keys())
def test_exports_of_labelling_tools(
    tmp_path: Path, rows: list[dict[str, Any]], ending: str
) -> None:
    found = read(written(tmp_path / f"a{ending}", rows))
    assert found.roles == (DS,)
    assert found.texts[0].startswith("one You design")
    rejected = sum(each.get("answer") == "reject" for each in rows)
    assert (found.rejected, found.unlabeled) == (rejected, len(rows) - 1 - rejected)


def test_all_bad_labels_are_told_at_once(tmp_path: Path) -> None:
    labels = ["DS", "Wizard", "AI Engineer", "wizard", "Data Engineer", "Wizard", "NA", "MLE"]
    path = written(tmp_path / "a.csv", [row(at, label) for at, label in enumerate(labels)])
    with pytest.raises(DatasetError) as error:
        read(path)
    assert error.value.reason is Reason.BAD_LABEL
    assert str(error.value) == (
        f"{path}: 4 labels are no role: 'Wizard' (2), 'AI Engineer' (1), 'wizard' (1); the first "
        f"is at {path} row 2; map each with mapping={{'Wizard': 'other'}} (data_scientist, "
        "ml_engineer, other or drop), or correct it"
    )
    found = read(path, mapping={"Wizard": "drop", "AI Engineer": "ml_engineer"})
    assert found.roles == (DS, MLE, OTHER, MLE)
    assert found.unlabeled == 4


@pytest.mark.parametrize(
    ("rows", "fact", "reason"),
    [
        pytest.param([{"text": LONG}], "no column is known as the label", Reason.NO_COLUMN,
                     id="no-label-column"),
        pytest.param([row(0, "")], "no posting with a label .*: 1 without a label",
                     Reason.NO_LABEL, id="no-labels"),
        pytest.param([row(0, "DS") | {"answer": "reject"}], "1 rejected", Reason.NO_LABEL,
                     id="rejected"),
        pytest.param([{"Job Description": "", "label": "DS"}], r"1 unreadable \(.*row 1: .*empty",
                     Reason.NO_LABEL, id="empty"),
        pytest.param([row(0, "DS"), row(0, "MLE")], "the same posting", Reason.CONFLICT,
                     id="conflict"),
    ],
)  # fmt: skip
def test_what_cannot_be_learned_from_is_named(
    tmp_path: Path, rows: list[dict[str, Any]], fact: str, reason: Reason
) -> None:
    with pytest.raises(DatasetError, match=fact) as error:
        read(written(tmp_path / "a.jsonl", rows))
    assert error.value.reason is reason


def test_what_is_left_out_of_a_table_is_told(tmp_path: Path) -> None:
    rows = [row(0, "DS"), row(1, ""), row(2, None), row(3, "MLE"), row(4, "MLE")]
    rows[3]["Job Description"] = "kurz"
    rows[4]["Job Description"] = ""
    path = written(tmp_path / "a.jsonl", rows)
    found = read(path, min_words=3)
    assert (len(found), found.unlabeled) == (1, 2)
    assert found.short == (f"{path} row 4",)
    assert [each.split(": ")[0] for each in found.unread] == [f"{path} row 5"]
    assert f"{path}: the labels are read from 'label'" in found.notes


def test_a_row_of_separators_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,label\nwe build models,DS\n,\nwe serve them,MLE\n")
    assert read(tmp_path / "a.csv").roles == (DS, MLE)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    read_back = read(folder(tmp_path, scientists=2, engineers=1, others=1))
    assert read_back.names == (
        "data_scientist/0000.txt",
        "data_scientist/0001.txt",
        "ml_engineer/0000.txt",
        "other/0000.txt",
    )
    assert read_back.roles == (DS, DS, MLE, OTHER)
    assert read_back.texts[2] == posting(MLE, 0)
    assert read_back.counts() == {"data_scientist": 2, "ml_engineer": 1, "neither": 1}
    assert read_back.gold.all()
    assert (read_back.weights == 1.0).all()


def test_role_folders_hold_any_form_and_encoding(tmp_path: Path) -> None:
    for name in ("DS", "Machine Learning Engineers", "Data Engineer", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "DS" / "a.txt").write_bytes("café models".encode("cp1252"))
    (tmp_path / "DS" / "b.html").write_text("<h1>Cook</h1><p>We build models of pages.</p>" * 9)
    (tmp_path / "DS" / "c.csv").write_text("text\nrow one of models\nrow two of models\n")
    (tmp_path / "DS" / "deep").mkdir()
    (tmp_path / "DS" / "deep" / "d.md").write_text("models *in* folders")
    (tmp_path / "DS" / "e.png").write_bytes(b"")
    (tmp_path / "Machine Learning Engineers" / "a.txt").write_bytes("serve it".encode("utf-16"))
    (tmp_path / "Machine Learning Engineers" / "b.txt").write_bytes(b"")
    (tmp_path / "Data Engineer" / "a.txt").write_text("move data")
    (tmp_path / "notes.txt").write_text("of mine")
    found = read(tmp_path)
    assert [name for name, role in zip(found.names, found.roles, strict=True) if role is DS] == [
        "DS/a.txt",
        "DS/b.html",
        "DS/c.csv row 1",
        "DS/c.csv row 2",
        "DS/deep/d.md",
    ]
    assert found.roles.count(MLE) == found.roles.count(OTHER) == 1
    assert [name.split(": ")[0] for name in found.unread] == ["Machine Learning Engineers/b.txt"]
    assert found.notes == (
        f"{tmp_path}/DS: 1 file is not read (1 .png)",
        f"{tmp_path}: 1 file beside the folders is not read (notes.txt)",
    )


def test_what_index_csv_says_goes_with_its_file(tmp_path: Path) -> None:
    folder(tmp_path, scientists=1, engineers=1, others=0)
    index = "file;title;company\nml_engineer/0000.txt;Engineer;Acme\nother/none.txt;x;y\n"
    (tmp_path / "index.csv").write_text(index, encoding="utf-8-sig")
    assert read(tmp_path).columns == {"title": ("", "Engineer"), "company": ("", "Acme")}


def test_an_unknown_folder_is_refused_or_mapped(tmp_path: Path) -> None:
    (folder(tmp_path) / "wizards").mkdir()
    (tmp_path / "wizards" / "a.txt").write_text("cast spells")
    with pytest.raises(DatasetError, match="1 label is no role: 'wizards'"):
        read(tmp_path)
    assert read(tmp_path, mapping={"wizards": "other"}).names[-1] == "wizards/a.txt"


def pattern(path: Path) -> Path:
    written(path / "a1.csv", [row(0, "DS")])
    written(path / "a2.csv", [row(1, "MLE")])
    return path / "a[0-9].csv"


def several(path: Path) -> list[Path]:
    folder(path / "folders", scientists=1, engineers=0, others=0)
    return [path / "folders", written(path / "b.csv", [row(1, "MLE")])]


def tables_in_a_folder(path: Path) -> Path:
    pattern(path)
    return path


@pytest.mark.parametrize("data", [pattern, several, tables_in_a_folder])
def test_patterns_folders_of_tables_and_several_are_read(
    tmp_path: Path, data: Callable[[Path], Any]
) -> None:
    (tmp_path / "folders").mkdir()
    assert read(data(tmp_path)).roles == (DS, MLE)


@pytest.mark.parametrize(
    ("name", "fact"),
    [("file.txt", "it is no table, and no folder with a folder for each role"),
     ("empty", "it is empty"), ("none.csv", "does not exist"), ("n*", "matches no file")],
)  # fmt: skip
def test_what_holds_no_labels_is_refused(tmp_path: Path, name: str, fact: str) -> None:
    (tmp_path / "file.txt").write_text("build models")
    (tmp_path / "empty").mkdir()
    with pytest.raises(jobclf.JobclfError, match=fact):
        read(tmp_path / name)


def test_training_takes_a_table_and_says_what_it_left_out(tmp_path: Path) -> None:
    ml_engineer = [
        "deploy models",
        "serve models",
        "scale pipelines",
        "monitor production",
        "own ops",
    ]
    scientist = ["derive insights", "run experiments", "write reports", "find trends", "do surveys"]
    rows: list[dict[str, Any]] = [
        {"text": f"You {duty} for {place} every week, {duty} well.", "role": role}
        for role, duties in (("MLE", ml_engineer), ("DS", scientist))
        for duty, place in zip(duties, ["ports", "farms", "banks", "shops", "trains"], strict=True)
    ]
    rows += [rows[0] | {"role": "DS"}, {"text": "one two three", "role": "AI Engineer"}]
    table = written(tmp_path / "a.jsonl", rows)
    report = jobclf.train(
        table, prior="seeds", output=None, conflicts="drop", mapping={"AI Engineer": "drop"}
    )
    assert report.model.card.postings["ml_engineer"] == 4
    assert report.conflicting == (f"{table} row 1", f"{table} row 11")
    assert report.unlabeled == 1
