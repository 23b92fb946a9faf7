"""A sheet is arranged as a table where it is a posting in other rows, and left alone elsewhere."""

from collections.abc import Sequence
from typing import Any

import pytest

from jobclf.tables.sheets import arranged

POSTING = (
    "Baker of models",
    "We bake bread and models for all of the islands in the bay.",
    "Responsibilities",
    "- You train models each night and look at what they say",
    "- You tell the bakers what to bake on the next morning",
    "You bring patience and some years of work in a bakery.",
)
TITLES = [
    f"Senior Knowledge Engineer {number}, Skills and Requirements (m/f/d)" for number in range(9)
]
SENTENCES = [f"they liked the bread of the day and came back {number} times" for number in range(9)]


def column(cells: Sequence[Any]) -> list[list[Any]]:
    return [[cell] for cell in cells]


@pytest.mark.parametrize("before", [0, 1], ids=["first column", "second column"])
def test_lines_of_a_posting_in_rows_are_its_text(before: int) -> None:
    rows = [[None] * before + [cell] for cell in (*POSTING[:2], "", *POSTING[2:])]
    assert arranged(rows) == [["text"], ["\n".join(POSTING)]]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(column(["Description", *POSTING]), id="a name of texts above"),
        pytest.param(column(["jobs", *TITLES]), id="titles"),
        pytest.param(column(["review", *SENTENCES]), id="sentences"),
        pytest.param(column(["posting", *["\n".join(POSTING)] * 4]), id="whole postings"),
        pytest.param([[each, "Ulm"] for each in POSTING], id="another column"),
        pytest.param(column(["a", 1, 2, 3, 4]), id="numbers"),
        pytest.param(column(POSTING * 60), id="too many"),
        pytest.param([["Title", "Text"], ["Baker", "Bakes."]], id="a table"),
        pytest.param(
            [["field", "value"], ["Title", "Baker"], ["Place", "Ulm"]], id="one known name"
        ),
        pytest.param([], id="nothing"),
    ],
)
def test_other_sheets_stay_as_they_are(rows: list[list[Any]]) -> None:
    assert arranged(rows) is rows


def test_fields_and_values_are_turned() -> None:
    rows = [["field", "value"], ["Title:", "Baker"], ["Duties", "You bake."]]
    assert arranged(rows) == [["field", "Title:", "Duties"], ["value", "Baker", "You bake."]]
