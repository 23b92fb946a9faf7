"""What a title says."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.roles import Role
from jobclf.text.titles import TitleKind, title_kind, title_role
from tests.factories import LETTERS

with (Path(__file__).parent / "titles.tsv").open(encoding="utf-8", newline="") as table:
    TITLES = {
        row["title"]: row["kind"]
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    }
CLAIMS = {"data_scientist": Role.DATA_SCIENTIST, "ml_engineer": Role.ML_ENGINEER}


@pytest.mark.parametrize("kind", ["", *map(str, TitleKind)])
def test_a_title_is_of_its_kind_and_claims_a_role_where_that_is_one(kind: str) -> None:
    titles = [title for title, its in TITLES.items() if its == kind]
    assert {title: str(title_kind(title) or "") for title in titles} == dict.fromkeys(titles, kind)
    assert {*map(title_role, titles)} == {CLAIMS.get(kind)}


def test_the_table_of_titles_is_large_and_holds_every_kind() -> None:
    assert len(TITLES) >= 300
    assert set(TITLES.values()) == {"", *map(str, TitleKind)}


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "  {}  ",
        "{} ",
        "{}, Porto",
        "{} - Remote",
        "{} (m/f/d)",
        "Senior {}",
        "{} II",
        "{} | Acme",
    ],
)
@pytest.mark.parametrize("title", ["Data Scientist", "ML Engineer", "Data Engineer", "AI Engineer"])
def test_grades_places_and_marks_change_no_kind(title: str, written: str) -> None:
    assert title_kind(written.format(title)) is title_kind(title)


@given(st.text(LETTERS, max_size=400))
def test_any_text_has_a_kind_or_none(text: str) -> None:
    kind = title_kind(text)
    assert kind is None or kind in TitleKind
