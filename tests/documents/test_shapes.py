"""Postings are found in the JSON of any board, and a posting is put together from its parts."""

from typing import Any

import pytest

from jobclf.documents.shapes import find_postings, join_parts

TEXT = "We train models for lorries and keep them running on every road of the north."
DUTIES = ["Train the models each night", "Keep the services up by day"]
HTML = f"<p>{TEXT}</p>"


@pytest.mark.parametrize(
    ("value", "title", "company"),
    [
        pytest.param(
            {"jobPostingInfo": {"title": "Smith", "jobDescription": HTML}},
            "Smith", None, id="Workday",
        ),
        pytest.param(
            {"name": "Smith", "company": {"name": "Oak", "identifier": "o"}, "jobAd": {"sections": {
                "companyDescription": {"title": "Company Description", "text": ""},
                "jobDescription": {"title": "Job Description", "text": HTML}}}},
            "Smith", "Oak", id="SmartRecruiters",
        ),
        pytest.param(
            {"offers": [{"title": "Smith", "company_name": "Oak", "position": 179,
                         "description": HTML}]},
            "Smith", "Oak", id="Recruitee",
        ),
        pytest.param(
            {"page": 1, "results": [{"name": "Smith", "company": {"name": "Oak"},
                                     "contents": HTML}]},
            "Smith", "Oak", id="The-Muse",
        ),
        pytest.param(
            {"data": [{"id": "1", "title": "Smith", "description": HTML,
                       "benefits_header": "Benefits"}]},
            "Smith", None, id="Pinpoint",
        ),
        pytest.param(
            {"data": [{"type": "jobs", "attributes": {"title": "Smith", "body": HTML}}],
             "included": [{"type": "departments", "attributes": {"name": "It", "text": TEXT}}]},
            "Smith", None, id="Teamtailor",
        ),
        pytest.param(
            {"jobs": [{"title": "Smith", "company_name": "Oak",
                       "content": HTML.replace("<", "&lt;").replace(">", "&gt;")}]},
            "Smith", "Oak", id="Greenhouse",
        ),
        pytest.param(
            [{"text": "Smith", "hostedUrl": "x", "descriptionPlain": TEXT, "description": HTML}],
            "Smith", None, id="Lever-without-lists",
        ),
        pytest.param(
            {"jobs": [{"title": "Smith", "descriptionHtml": HTML, "descriptionPlain": TEXT}]},
            "Smith", None, id="Ashby",
        ),
        pytest.param([{"title": "Smith", "description": {"text": TEXT}}],
                     "Smith", None, id="LinkedIn"),
        pytest.param(
            {"title": "Who is hiring?", "text": "Please lead with the place.", "children": [
                {"author": "a", "text": TEXT, "children": [{"author": "b", "text": "Pay?"}]}]},
            None, None, id="Hacker-News",
        ),
        pytest.param({"results": [{"title": "Smith", "company": {"display_name": "Oak"},
                                   "description": TEXT}]}, "Smith", "Oak", id="Adzuna"),
        pytest.param({"status": "OK", "data": [{"job_title": "Smith", "employer_name": "Oak",
                                                "job_description": TEXT}]},
                     "Smith", "Oak", id="JSearch"),
        pytest.param({"@graph": [{"@type": "Organization", "name": "Oak", "description": TEXT},
                                 {"@type": "JobPosting", "title": "Smith", "description": TEXT}]},
                     "Smith", None, id="JSON-LD-graph"),
        pytest.param({"props": {"pageProps": {"job": {"title": "Smith", "descriptionHtml": HTML,
                                                      "similarJobs": [{"title": "Cook",
                                                                       "description": TEXT}]}}}},
                     "Smith", None, id="page-props"),
        pytest.param({"data": {"job": {"title": "Smith", "description": HTML},
                               "company": {"name": "Oak", "description": "Old and big."}}},
                     "Smith", "Oak", id="company-beside"),
        pytest.param({"details": [{"name": "Description", "value": HTML}], "name": "Smith"},
                     "Smith", None, id="Comeet"),
        pytest.param([{"legal": "Link back, please.", "text": ""},
                      {"position": "Smith", "company": "Oak", "description": HTML}],
                     "Smith", "Oak", id="notice-first"),
        pytest.param({"title": "Smith",
                      "descriptionJsonString": '{"blocks":[{"text":"' + TEXT + '","type":"x"}]}'},
                     "Smith", None, id="text-in-JSON-in-text"),
        pytest.param({"name": {"fr": "Forgeron", "en": "Smith"},
                      "description": {"fr": "Nous …", "en": TEXT}}, "Smith", None, id="languages"),
    ],
)  # fmt: skip
def test_the_posting_is_found_in_every_shape(
    value: Any, title: str | None, company: str | None
) -> None:
    (found,) = find_postings(value)
    assert (found.title, found.company, found.text) == (title, company, TEXT)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param([], id="nothing"),
        pytest.param({"jobs": [{"title": "Smith", "url": "x"}]}, id="titles-alone"),
        pytest.param({"@type": "WebPage", "name": "Jobs", "description": TEXT}, id="other-type"),
        pytest.param(["a", 1, None, {"a": [[]]}], id="no-posting"),
    ],
)
def test_what_is_no_posting_is_not_found(value: Any) -> None:
    assert find_postings(value) == []


def test_parts_are_joined_in_order_each_once_the_company_last() -> None:
    joined = join_parts(
        {
            "About us": "Oak builds boats since 1900 and likes it.",
            "benefits": "Boats for free.",
            "What you bring": ["Strong arms", "Patience"],
            "Responsibilities": DUTIES,
            "Job Description": HTML,
            "description_plain": TEXT,
            "Job Title": "Smith",
            "salary": 4,
        }
    )
    assert joined.text.split("\n") == [
        TEXT, "Responsibilities", *DUTIES, "Requirements", "Strong arms", "Patience",
        "Benefits", "Boats for free.", "Company", "Oak builds boats since 1900 and likes it.",
    ]  # fmt: skip
    assert joined.title == "Smith"
    assert set(joined.used) == {
        "About us", "benefits", "What you bring", "Responsibilities", "Job Description", "Job Title"
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
