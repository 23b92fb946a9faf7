"""Postings that say the same, or are of one company, are never parted."""

import pytest

from jobclf.roles import Role
from jobclf.text.tokens import normalize
from jobclf.training.duplicates import group, near_duplicates
from tests.factories import posting

DS, MLE = Role.DATA_SCIENTIST, Role.ML_ENGINEER


def test_near_duplicates_are_found_and_others_are_not() -> None:
    text = posting(DS, 1, sentences=20)
    changed = text.replace("churn", "sales").replace("Berlin", "Rome") + "\n- apply by June"
    texts = [text, posting(MLE, 1), changed, posting(DS, 2, sentences=20)]
    assert near_duplicates([normalize(each) for each in texts]) == [(0, 2)]


def test_a_short_text_is_near_to_itself_alone() -> None:
    assert near_duplicates(["build models", "build models", "serve models"]) == [(0, 1)]
    assert near_duplicates([]) == []


@pytest.mark.slow
@pytest.mark.parametrize("copies", [3, 60, 61, 70, 200])
def test_however_many_copies_chain_into_one_group(copies: int) -> None:
    both = [normalize(posting(role, 1, sentences=20)) for role in (DS, MLE)]
    texts = [f"{text} reference number {number}" for number in range(copies) for text in both]
    pairs = near_duplicates(texts)
    assert group(pairs, [None] * len(texts)).tolist() == [0, 1] * copies


def test_boilerplate_of_many_pairs_nothing() -> None:
    boilerplate = "we offer a pension and a warm team near the station of the town"
    texts = [f"{normalize(posting(DS, number))} {boilerplate}" for number in range(80)]
    assert near_duplicates(texts) == []


COMPANIES = {
    "the same": (["Acme", "Acme", "", ""], [0, 0, 1, 2]),
    "case and marks": (["Acme, Inc.", "ACME INC", "", ""], [0, 0, 1, 2]),
    "a rating on the next line": (["Acme\n4.1", "Acme\n3.9", "", ""], [0, 0, 1, 2]),
    "different": (["Acme", "Globex"], [0, 1]),
    "unknown": ([None, None, "", ""], [0, 1, 2, 3]),
    "not told": (["Confidential", "confidential", "N/A", "N/A", "", ""], [0, 1, 2, 3, 4, 5]),
    "all of one": (["Acme", "Acme", "Acme"], [0, 1, 2]),
    "most of one": (["Acme", "Acme", "Acme", "Globex", "Globex"], [0, 1, 2, 3, 3]),
    "chained": (["Acme", "Globex", "Acme", "Globex"], [0, 1, 0, 1]),
}


@pytest.mark.parametrize(("names", "groups"), COMPANIES.values(), ids=COMPANIES.keys())
def test_postings_of_a_company_share_a_group(names: list[str | None], groups: list[int]) -> None:
    assert group([], names).tolist() == groups


def test_pairs_and_companies_chain() -> None:
    assert group([(0, 1), (2, 3)], [None, "Acme", "Acme", None, None]).tolist() == [0, 0, 0, 0, 1]
