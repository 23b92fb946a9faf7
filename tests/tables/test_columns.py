"""The columns of text and title are found by their names, or named and held to be there."""

from pathlib import Path

import pytest

from jobclf.errors import DatasetError
from jobclf.tables import reader
from jobclf.tables.columns import (
    Columns,
    check_width,
    choose,
    listed,
    matching,
    path_in,
)
from jobclf.tables.wanted import Wanted

PROSE = "You build and deploy the models of our shop and watch them all day long. " * 5


def wanted(option: str, column: str) -> Wanted:
    return Wanted((column,)) if option == "text_column" else Wanted(title=column)


@pytest.mark.parametrize("option", ["text_column", "title_column"])
def test_a_named_column_must_be_there(tmp_path: Path, option: str) -> None:
    (tmp_path / "a.csv").write_text("id,text,other\n1,2,3\n")
    with pytest.raises(DatasetError, match=r"no column 'none' for .* one of id, text, other"):
        reader.read(tmp_path / "a.csv", wanted(option, "none"))
    table = reader.read(tmp_path / "a.csv", wanted(option, "other"))
    assert "other" in {*table.chosen.texts, table.chosen.title}
    table.close()


def test_long_names_are_cut_in_messages(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(f"id,{'x' * 50}\n1,2\n")
    with pytest.raises(DatasetError, match=f"id, {'x' * 40}…$"):
        reader.read(tmp_path / "b.csv")


def given(
    wanted: Wanted | None = None, /, **cells: object
) -> tuple[Wanted | None, dict[str, object]]:
    """Return what is asked of a table with one row, and the row."""
    return wanted, cells


def chosen(wanted: Wanted | None = None, /, **cells: object) -> Columns:
    """Return the columns that are chosen of a table with one row."""
    return choose(tuple(cells), "jobs.csv", wanted or Wanted(), [cells])


CHOSEN = {
    "known names": (
        given(Job_Title="Baker", company="Acme", Description=PROSE),
        Columns(("Description",), "Job_Title", "company"),
    ),
    "long text of an unknown name": (
        given(id="7", xyz=PROSE[:300]),
        Columns(("xyz",), by_content=True),
    ),
    "three times as long as what is known": (
        given(description=PROSE[:100], xyz=PROSE[:300]),
        Columns(("xyz", "description"), by_content=True),
    ),
    "less than three times": (
        given(description=PROSE[:101], xyz=PROSE[:300]),
        Columns(("description",)),
    ),
    "a company beside a text": (
        given(description=PROSE[:90], company_description=PROSE, about_company=PROSE),
        Columns(("description",)),
    ),
    "a company alone": (
        given(company_description=PROSE),
        Columns(("company_description",)),
    ),
    "names of parts": (
        given(**{"Job Opening": "Baker", "Essential Functions": PROSE, "About us": PROSE}),
        Columns(("Essential Functions",), "Job Opening"),
    ),
    "questions that name parts": (
        given(
            **{
                "Tell us about your company": PROSE,
                "What will this person do day to day?": PROSE,
                "Which skills must they have?": PROSE[:250],
            }
        ),
        Columns(
            ("What will this person do day to day?", "Which skills must they have?"), in_order=True
        ),
    ),
    "long text beside parts": (
        given(xyz=PROSE, requirements=PROSE, company_bio=PROSE, cover_letter=PROSE, b=PROSE[:190]),
        Columns(("xyz", "requirements"), in_order=True),
    ),
    "nothing beside a whole description": (
        given(description=PROSE * 2, xyz=PROSE, their_duties=PROSE),
        Columns(("description",)),
    ),
    "a description of six hundred letters is whole": (
        given(description=(PROSE * 2)[:600], xyz=PROSE, their_duties=PROSE),
        Columns(("description",)),
    ),
    "duties beside a short description": (
        given(description=PROSE, xyz=PROSE, their_duties=PROSE),
        Columns(("description", "their_duties"), in_order=True),
    ),
    "text in short lines": (
        given(xyz="harbour light\n" * 40),
        Columns(("xyz",), by_content=True),
    ),
    "a title in a column that may hold labels": (
        given(role="Head Baker", description=PROSE),
        Columns(("description",), "role", label="role"),
    ),
    "codes are no prose": (
        given(description=PROSE[:90], xyz="x" * 900),
        Columns(("description",)),
    ),
    "a title in its length": (
        given(title="t" * 150, description=PROSE),
        Columns(("description",), "title"),
    ),
    "a title that is too long": (
        given(title="t" * 151, description=PROSE),
        Columns(("description",)),
    ),
    "a label by its place among names": (
        given(category="data_scientist", label="7", description=PROSE),
        Columns(("description",), label="label"),
    ),
    "a label by what it holds": (
        given(Wanted(labeled=True), category="ml_engineer", label="7", description=PROSE),
        Columns(("description",), label="category"),
    ),
    "a path": (
        given(Wanted(("JOB.Body",)), job={"body": PROSE}),
        Columns(("job.body",), in_order=True),
    ),
}


@pytest.mark.parametrize(("asked", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_columns_are_chosen_by_name_and_content(
    asked: tuple[Wanted | None, dict[str, object]], expected: Columns
) -> None:
    wanted, cells = asked
    assert chosen(wanted, **cells) == expected


@pytest.mark.parametrize(
    "cells", [{"id": "7", "xyz": PROSE[:299]}, {"id": "7"}, {"xyz": "x" * 900}]
)
def test_a_table_without_text_is_refused(cells: dict[str, object]) -> None:
    with pytest.raises(DatasetError, match="no column is known as the text"):
        chosen(**cells)


def test_a_path_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(DatasetError, match=r"no column 'job\.none' for text_column"):
        chosen(Wanted(("job.none",)), job={"body": PROSE})


PATHS = {
    "a column": ({"a": 1}, "a", 1),
    "a column with a dot": ({"a.b": 1, "a": {"b": 2}}, "a.b", 1),
    "a path": ({"a": {"b": {"c": 3}}}, "a.b.c", 3),
    "a path with dots in names": ({"a.b": {"c.d": {"e": 4}}}, "a.b.c.d.e", 4),
    "no further": ({"a": 1}, "a.b", None),
    "nothing": ({}, "a", None),
}


@pytest.mark.parametrize(("row", "path", "found"), PATHS.values(), ids=PATHS)
def test_a_path_is_followed(row: dict[str, object], path: str, found: object) -> None:
    assert path_in(row, path) == found


def test_a_name_is_matched_without_case_marks_and_plurals() -> None:
    assert matching("text", ["Text", "text"]) == "text"
    assert matching("Job Title", ["id", "job_title"]) == "job_title"
    assert matching("skills", ["skill"]) == "skill"
    assert matching("skill", ["Skills"]) == "Skills"
    assert matching("!", ["?"]) is None


def test_names_are_listed_up_to_twenty_and_forty_letters() -> None:
    assert listed(tuple(f"c{at}" for at in range(20))).endswith("c18, c19")
    assert listed(tuple(f"c{at}" for at in range(22))).endswith("c19 and 2 more")
    assert listed(tuple(f"c{at}" for at in range(41))).endswith("c19 and 21 more")
    assert listed(("x" * 40,)) == "x" * 40
    assert listed(("x" * 200,)) == "x" * 40 + "\u2026"
    assert "looks like data" in listed(("x" * 201,))


def test_no_table_is_wider_than_ten_thousand_columns() -> None:
    check_width(range(10_000), "jobs.csv")
    with pytest.raises(DatasetError, match="10,001 columns are more than 10,000"):
        check_width(range(10_001), "jobs.csv")
