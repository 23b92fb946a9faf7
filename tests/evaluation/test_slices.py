"""Postings fall into the parts that their columns, titles and lengths say."""

import pytest

from jobclf.evaluation import slices
from jobclf.roles import Role
from jobclf.training.dataset import collect, family_of_title


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Senior Data Scientist", "senior"),
        ("Sr. ML Engineer", "senior"),
        ("Lead Data Scientist", "lead"),
        ("Principal Engineer", "lead"),
        ("Data Science Manager", "manager"),
        ("Intern, Machine Learning", "intern"),
        ("Graduate Data Scientist", "junior"),
        ("Data Scientist", ""),
        ("", ""),
    ],
)
def test_seniority_is_read_from_the_title(title: str, level: str) -> None:
    assert slices.seniority(title) == level


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("Data Analyst", "data analyst"),
        ("Power BI Specialist", "data analyst"),
        ("Senior Data Engineer", "data engineer"),
        ("Database Administrator", "data engineer"),
        ("Backend Developer", "software engineer"),
        ("Applied Scientist", "ambiguous title"),
        ("Data Scientist", "titled Data Scientist"),
        ("Cook", "other"),
        ("", "other"),
    ],
)
def test_family_is_read_from_the_title(title: str, family: str) -> None:
    assert family_of_title(title) == family


def test_slices_come_from_columns_and_texts() -> None:
    postings = collect(
        ["a", "b", "c"],
        ["word " * 20, "other words " * 100, "more of them " * 300],
        [Role.OTHER] * 3,
        columns={
            "title": ["Senior Cook", "Cook", "Junior Cook"],
            "posted": ["2024-03-01", "on 5 May 2025", "3 days ago"],
            "company": ["A", "B", "C"],
            "source": ["x", "y", "x"],
            "country": ["", "", ""],
        },
    )
    found = {name: values.tolist() for name, values in slices.of(postings).items()}
    assert found == {
        "source": ["x", "y", "x"],
        "year": ["2024", "2025", ""],
        "seniority": ["senior", "", "junior"],
        "length": ["0 to 149 words", "150 to 299 words", "600 words or more"],
    }
