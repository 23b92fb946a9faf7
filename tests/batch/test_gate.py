"""Rows with some answers pass; the others are kept apart, and none is lost."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import posting, read_back

ROWS = [{"id": at, "text": posting(role, at)} for at, role in enumerate([*Role] * 4)]
ROWS += [{"id": 12, "text": ""}, {"id": 13, "text": "too short"}]
FORMS = [".csv", ".jsonl", ".parquet"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table with four postings of each role, and two that cannot be judged."""
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)))
    return path


def ids(path: Path) -> list[int]:
    """Return the column `id` of a table of any form."""
    if path.suffix == ".parquet":
        from pyarrow import parquet

        found: list[int] = parquet.read_table(path)["id"].to_pylist()
        return found
    return [int(row["id"]) for row in read_back(path)]


@pytest.mark.parametrize("ending", FORMS)
def test_every_row_is_kept_or_in_the_rest(table: Path, tmp_path: Path, ending: str) -> None:
    kept, rest = tmp_path / f"kept{ending}", tmp_path / f"rest{ending}"
    whole = {row["id"]: row for row in jobclf.predict_table(table)}
    found = jobclf.predict_table(table, keep="ml_engineer", output=kept, rest=rest)
    expected = [at for at, row in whole.items() if row["answer"] == "ml_engineer"]
    assert ids(kept) == expected
    assert ids(rest) == [at for at in whole if at not in expected]
    assert found.gate is not None
    assert found.gate.kept == len(expected) == 4
    assert dict(found.gate.lost) == {"Data Scientist": 4, "neither": 4, "not judged": 2}
    assert str(found.gate).startswith("kept 4 of 14 postings; not kept: 4 ")


def test_the_rest_of_parquet_has_its_schema(table: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    jobclf.predict_table(table, output=tmp_path / "a.parquet")
    source = parquet.read_table(tmp_path / "a.parquet").select(["id", "text"])
    parquet.write_table(source, tmp_path / "b.parquet", row_group_size=3)
    options: dict[str, Any] = {"keep": "data_scientist", "columns": ["answer", "id"]}
    found = jobclf.predict_table(
        tmp_path / "b.parquet",
        output=tmp_path / "c.parquet",
        rest=tmp_path / "d.parquet",
        **options,
    )
    assert found.columns == ("answer", "id")
    for name, count in (("c", 4), ("d", 10)):
        made = parquet.read_table(tmp_path / f"{name}.parquet")
        assert made.schema.names == ["answer", "id"]
        assert made.schema.field("id").type == source.schema.field("id").type
        assert made.num_rows == count


def test_the_unsure_are_not_kept(table: Path) -> None:
    whole = list(jobclf.predict_table(table))
    sure = sorted(row["confidence"] for row in whole if row["confidence"])[6]
    found = jobclf.predict_table(table, min_confidence=sure)
    expected = [row["id"] for row in whole if (row["confidence"] or 0.0) >= sure]
    assert [row["id"] for row in found] == expected
    assert found.gate is not None
    assert found.gate.lost["unsure"] == 12 - len(expected)


def test_several_roles_are_kept(table: Path) -> None:
    names = ["Data Scientist", Role.ML_ENGINEER]
    kept = [row["id"] for row in jobclf.predict_table(table, keep=names)]
    assert kept == [row["id"] for row in jobclf.predict_table(table, keep="mle, data_scientist")]
    assert len(kept) == 8


def test_columns_come_out_in_their_order(table: Path, run: Run) -> None:
    rows = list(jobclf.predict_table(table, columns="family,id"))
    assert [list(row) for row in rows] == [["family", "id"]] * len(ROWS)
    ran = run("predict", table, "--columns", "family,id")
    assert [json.loads(line) for line in ran.out.splitlines()] == rows
    with pytest.raises(jobclf.DatasetError, match="there is no column 'wage' to come out"):
        jobclf.predict_table(table, columns=["id", "wage"])


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_row_says_which_model_answered_where_that_is_asked(
    table: Path, tmp_path: Path, ending: str
) -> None:
    source, target = tmp_path / f"some.{ending}", tmp_path / f"out.{ending}"
    jobclf.predict_table(table, output=source, columns="id,text")
    jobclf.predict_table(source, output=target, columns="id,answer,model")
    model = jobclf.load_model()
    expected = f"jobclf {model.fingerprint[:8]}, jobclf {jobclf.__version__}"
    assert {row["model"] for row in read_back(target)} == {expected}
    assert "model" not in next(iter(jobclf.predict_table(source)))


def test_the_command_says_what_was_kept(table: Path, tmp_path: Path, run: Run) -> None:
    kept, rest = tmp_path / "kept.csv", tmp_path / "rest.csv"
    words = ("--keep", "data_scientist,ml_engineer", "--min-confidence", "0.1", "--rest", rest)
    ran = run("predict", table, *words, "-o", kept)
    assert ran.code == 0, ran.err
    assert "kept 8 of 14 postings; not kept: 4 neither, 2 not judged" in ran.err.lower()
    assert len(ids(kept)) == 8
    assert len(ids(rest)) == 6


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"keep": "plumber"}, jobclf.DatasetError, "'plumber' is no role"),
        ({"min_confidence": 2.0}, ValueError, "min_confidence must be between 0 and 1"),
        ({"rest": "a.csv"}, jobclf.OutputError, "all rows are kept, and none are left for rest"),
        ({"keep": "mle", "output": "parts/"}, jobclf.OutputError, "has all rows"),
        ({"keep": "mle", "rest": "a.csv", "output": "a.csv"}, jobclf.OutputError, "the same file"),
        ({"keep": "mle", "rest": "a.doc"}, jobclf.OutputError, "a.doc"),
    ],
)
def test_what_makes_no_gate_is_told(
    table: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    error: type[Exception],
    said: str,
) -> None:
    monkeypatch.chdir(table.parent)
    with pytest.raises(error, match=said):
        jobclf.predict_table(table, **options)


def test_a_terminal_shows_lines_and_a_summary(
    table: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = run("predict", table)
    lines = ran.out.splitlines()
    assert len(lines) > len(ROWS)
    assert lines[0].startswith("      1  ")
    assert "{" not in ran.out
    assert "the cell is empty" in lines[12]
    assert "14 postings, 2 could not be judged" in ran.out
    assert run("predict", table, "--json").out.startswith("{")
