"""Postings are found in the JSON of any board, and a posting is put together from its parts.

The JSON is in `cases/json`, a line of `json.tsv` for each: how many postings are in it, and the
title and company of the first.
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from jobclf.documents.parts import join_parts
from jobclf.documents.shapes import find_postings

CASES = Path(__file__).parent / "cases" / "json"
with (CASES / "json.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t"))
TEXT = "We train models for lorries and keep them running on every road of the north."
DUTIES = ["Train the models each night", "Keep the services up by day"]
POSTING = (
    "Larkspur Ferries plans the crossings of forty ships between small islands.",
    "Train models that foretell how many cars wait",
    "Deploy them as services for the harbours",
    "Three years of experience with Python",
    "Patience with ferries that come late",
)


@pytest.mark.parametrize("row", ROWS, ids=[row["file"].removesuffix(".json") for row in ROWS])
def test_the_posting_is_found_in_every_shape(row: dict[str, str]) -> None:
    found = find_postings(json.loads((CASES / row["file"]).read_text(encoding="utf-8")))
    assert len(found) == int(row["count"])
    assert (found[0].title, found[0].company) == (row["title"] or None, row["company"] or None)
    for posting in found:
        places = [posting.text.find(line) for line in POSTING]
        assert min(places) >= 0
        assert [posting.text.count(line) for line in POSTING] == [1] * len(POSTING)
        assert "baker" not in posting.text.lower()


def test_every_shape_is_in_the_table() -> None:
    assert {path.name for path in CASES.glob("*.json")} == {row["file"] for row in ROWS}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param([], id="nothing"),
        pytest.param({"jobs": [{"title": "Smith", "url": "x"}]}, id="titles-alone"),
        pytest.param({"@type": "WebPage", "name": "Jobs", "description": TEXT}, id="other-type"),
        pytest.param({"type": "story", "title": "Who?", "text": TEXT, "kids": [1]}, id="story"),
        pytest.param(["a", 1, None, {"a": [[]]}], id="no-posting"),
    ],
)
def test_what_is_no_posting_is_not_found(value: Any) -> None:
    assert find_postings(value) == []


def test_parts_are_joined_in_order_each_once_without_the_company() -> None:
    joined = join_parts(
        {
            "About us": "Oak builds boats since 1900 and likes it.",
            "benefits": "Boats for free.",
            "about_the_team": "Five smiths and a dog.",
            "What you bring": ["Strong arms", "Patience"],
            "Responsibilities": DUTIES,
            "Job Description": f"<p>{TEXT}</p>",
            "description_plain": TEXT,
            "excerpt": f"{TEXT[:30]}…",
            "Job Title": "Smith",
            "salary": 4,
        }
    )
    assert joined.text.split("\n") == [
        TEXT, "Responsibilities", *DUTIES, "Requirements", "Strong arms", "Patience",
        "Benefits", "Boats for free.", "The team", "Five smiths and a dog.",
    ]  # fmt: skip
    assert joined.title == "Smith"
    assert set(joined.used) == {
        "about_the_team", "benefits", "What you bring", "Responsibilities", "Job Description",
        "Job Title",
    }  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"description": TEXT, "skills": "['Go', \"R's\"]"},
        {"description": TEXT, "skills": '["Go", "R\'s"]'},
        {"description": TEXT, "skills": [{"skill": {"name": "Go"}}, {"name": "R's"}]},
        {"desciption": TEXT, "Skills Required (list)": ["Go", "R's"]},
        {"job.description.text": TEXT, "job.skills": ["Go", "R's"]},
    ],
    ids=["python-list", "json-list", "objects", "misspelt", "dotted"],
)
def test_parts_of_any_form_are_read(fields: dict[str, Any]) -> None:
    assert join_parts(fields).text == f"{TEXT}\nSkills\nGo\nR's"
