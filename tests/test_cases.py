"""Each file of a kind that people have gives its postings whole, or is refused for its reason.

The files are in `cases`, a line of `cases.tsv` for each: what comes out of it, posting by posting
(m, d and n for ML Engineer, Data Scientist and neither; the code of an error in place of one), the
title of the first, and words of it from its beginning to its end.
"""

import csv
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.errors import JobclfError, PostingError
from jobclf.tables import sources

CASES = Path(__file__).parent / "cases"
LETTERS = {"ml_engineer": "m", "data_scientist": "d", "neither": "n"}
NEEDS = {".xlsx": "python_calamine", ".pdf": "pypdf"}
with (CASES / "cases.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t"))


def outcome(found: sources.Found) -> str:
    """Return the letter of an answer, or the code of an error."""
    try:
        if isinstance(found.posting, PostingError):
            raise found.posting
        answer = jobclf.predict(found.posting.text, title=found.posting.title)
    except PostingError as error:
        return str(error.reason)
    return LETTERS[answer.answer]


def opened(path: Path) -> list[sources.Found] | JobclfError:
    try:
        return list(sources.open_postings(path))
    except JobclfError as error:
        return error


def param(row: dict[str, str]) -> Any:
    """Return a row as a case, slow where a process of its own reads the file."""
    slow = Path(row["file"]).suffix in {".xlsx", ".db", ".sqlite"}
    return pytest.param(row, id=row["file"], marks=[pytest.mark.slow] if slow else [])


@pytest.mark.parametrize("row", [*map(param, ROWS)])
def test_a_file_gives_its_postings(row: dict[str, str]) -> None:
    path = CASES / row["file"]
    if path.suffix in NEEDS:
        pytest.importorskip(NEEDS[path.suffix], reason="needs an extra")
    found = opened(path)
    if isinstance(found, JobclfError):
        assert (str(found.reason), bool(found.remedy)) == (row["expected"], True)
        return
    assert ",".join(map(outcome, found)) == row["expected"]
    first = found[0].posting
    if isinstance(first, jobclf.Posting):
        assert row["title"] in {"", first.title}
        assert [word for word in row["words"].split("|") if word not in first.text] == []


def test_every_file_is_in_the_table_and_they_are_many() -> None:
    names = {path.name for path in CASES.iterdir()} - {"cases.tsv"}
    assert names == {row["file"] for row in ROWS}
    assert len(names) >= 80
