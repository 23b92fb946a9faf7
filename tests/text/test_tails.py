"""Other postings below a posting are no part of it, and nothing of a posting is cut."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import jobclf
from jobclf.classifier.model_file import chosen
from jobclf.roles import Role
from jobclf.text.tails import without_others
from tests.factories import posting

POSTING = (Path(__file__).parents[1] / "cases" / "plain.txt").read_text("utf-8").strip()
JOBS = "Baker, Ghent\n2 days ago\nHead Cook, Ghent\n3 days ago\nWaiter, Ghent\n"
HEADINGS = [
    "Similar jobs", "Similar Jobs:", "More jobs at Wick", "Other jobs you may like",
    "People also viewed", "Related Jobs", "Jobs you might like", "See our other jobs in Ghent",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_what_is_listed_below_a_posting_is_cut(heading: str) -> None:
    assert without_others(f"{POSTING}\n\n{heading}\n{JOBS}") == POSTING


@pytest.mark.parametrize(
    "below",
    [
        pytest.param(f"You will like our jobs more than others.\n{JOBS}", id="prose"),
        pytest.param(JOBS, id="no heading"),
        pytest.param("Similar jobs\nwashing\nfolding\nironing\n", id="no names of jobs"),
        pytest.param(f"Similar jobs\nRequirements:\n{JOBS}", id="requirements"),
        pytest.param("Similar jobs\nBaker\nWe bake.", id="one name"),
    ],
)
def test_nothing_else_is_cut(below: str) -> None:
    text = f"{POSTING}\n{below}"
    assert without_others(text) == text
    assert without_others(f"Similar jobs\n{JOBS}") == f"Similar jobs\n{JOBS}"


def test_a_heading_alone_is_not_cut_and_one_over_two_rows_is() -> None:
    for below in ("Baker, Ghent\nHead Cook, Ghent", "Skills\nBaker, Ghent\nHead Cook, Ghent"):
        cut = without_others(f"{POSTING}\nSimilar jobs\n{below}")
        assert cut == (POSTING if below[0] == "B" else f"{POSTING}\nSimilar jobs\n{below}")
    benefits = f"{POSTING}\nSimilar jobs\nBenefits\n{JOBS}"  # a heading of no part of a posting
    assert without_others(benefits) == POSTING


@pytest.mark.parametrize("role", Role)
def test_no_posting_loses_text(role: Role) -> None:
    assert all(without_others(text) == text for at in range(40) if (text := posting(role, at)))


def test_every_way_gives_the_answer_of_the_posting_alone() -> None:
    text = f"{POSTING}\n\nSimilar jobs\n{JOBS}"
    alone = jobclf.predict(POSTING)
    assert jobclf.predict(text) == alone
    assert jobclf.explain(text).prediction == alone
    assert next(chosen(None).predict_many([text])) == alone
    rows = jobclf.predict_arrow(pa.array([text, POSTING])).to_pylist()
    assert rows[0] == rows[1]
    role, scope = chosen(None).probabilities([text, POSTING])
    assert np.array_equal([role[0], scope[0]], [role[1], scope[1]])
