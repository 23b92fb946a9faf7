"""Titles are found, read and taken out of texts."""

import numpy as np
import pytest

from jobclf.roles import Role
from jobclf.training import titles
from jobclf.training.dataset import collect

DUTIES = "We build models that forecast demand, and explain them to the people who buy the stock."


@pytest.mark.parametrize(
    ("text", "title", "hidden"),
    [
        pytest.param(f"Data Scientist\n{DUTIES}", "", DUTIES, id="a first line that claims a role"),
        pytest.param(f"Quant, Ghent\n{DUTIES}", "Quant", DUTIES, id="the title as it is known"),
        pytest.param(
            f"Quant\n{DUTIES}", "", f"Quant\n{DUTIES}", id="a first line that claims none"
        ),
        pytest.param(DUTIES, "Data Scientist", DUTIES, id="prose from the start"),
        pytest.param(f"\n \nMLE\n{DUTIES}", "", DUTIES, id="blank lines before"),
    ],
)
def test_hidden_takes_out_the_title_alone(text: str, title: str, hidden: str) -> None:
    postings = collect(["a"], [text], [Role.OTHER], columns={"title": [title]})
    assert titles.hidden(postings) == (hidden,)


def test_claims_follow_the_column_before_the_first_line() -> None:
    postings = collect(
        ["a", "b", "c"],
        [f"ML Engineer\n{DUTIES} {word}" for word in ("one", "two", "three")],
        [Role.OTHER] * 3,
        columns={"title": ["Data Scientist", "", "Cook"]},
    )
    assert np.array_equal(titles.claims(postings), [-1.0, 1.0, 0.0])
