"""Documents about jobs and people are told from postings."""

import pytest

from jobclf.roles import Role
from jobclf.text.other_documents import is_of_company, other_document
from tests.factories import posting

QUESTIONS = "\n".join(f"{at}. What is the use of model number {at}?" for at in range(1, 6))
DOCUMENTS = {
    "a cover letter": "Dear Mr Gull,\n\nI am writing to apply for the post of Data Scientist.",
    "a letter that offers someone a job": (
        "Dear Jo,\nWe are pleased to offer you the post of Baker. Please sign and return this."
    ),
    "by someone who seeks work": "I'm looking for my next ML Engineer role. I have built models.",
    "an offer of a freelancer": "I help small teams with forecasts. My day rate is 500 euros.",
    "an advert of a course": (
        "Learn data science! You will learn Python. Tuition is $900. Ask for the syllabus."
    ),
    "a report of salaries": "Salary Survey 2025\nThe median pay of bakers rose.",
    "an article of an encyclopaedia": "Baking is an old field that uses ovens.",
    "a news article": "GHENT \u2013 Tidal Ltd said on Monday that it would hire ML engineers.",
    "an article": "Bakers and cooks\nIn this post we compare the two.",
    "a review of someone's work": "Annual review: Jo Gull\nJo exceeds expectations.",
    "the documentation of software": "# tides\n## Install\n```\npip install tides\n```",
    "a list of interview questions": f"ML Engineer interview questions\n{QUESTIONS}",
}
NO_DOCUMENTS = {
    "four questions": "ML Engineer interview questions\n" + QUESTIONS[: QUESTIONS.index("5.")],
    "a letter is asked for": "Data Scientist\nSend a cover letter to apply: jobs@x.example.",
    "an offer of an employer": "We are pleased to offer you free lunches. Start date: May.",
    "who is sought": "We are looking for our next ML Engineer. I have built the team.",
    "tuition is paid": "We pay tuition of $900 a year. You will mentor the next cohort.",
    "a report is a duty": "Data Scientist\nYou write our salary report, with medians.",
    "a field that you know": "Baking is a field that you know.",
    "reporters": "You answer what the press asks after what we said on Monday.",
    "reviews of work": "Data Scientist\nAnnual review: who exceeds expectations is paid.",
    "tools": "ML Engineer\nYou install what we build.\npip install and conda are known to you.",
    "questions to who applies": f"ML Engineer\nYou build models.\nPlease answer:\n{QUESTIONS}",
    "nothing": "",
}


@pytest.mark.parametrize(("kind", "text"), DOCUMENTS.items(), ids=DOCUMENTS)
def test_a_document_is_told_by_what_it_is(kind: str, text: str) -> None:
    assert other_document(text) == kind
    assert other_document(text.replace("'", "\u2019")) == kind


@pytest.mark.parametrize("text", NO_DOCUMENTS.values(), ids=NO_DOCUMENTS)
def test_what_resembles_one_is_none(text: str) -> None:
    assert other_document(text) is None


@pytest.mark.parametrize("role", Role)
def test_no_posting_is_taken_for_one(role: Role) -> None:
    assert not any(other_document(posting(role, number)) for number in range(40))


COMPANY = "Wick was founded in 1987 and builds models that count ships. Our customers are harbours."


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("Our engineers deploy models to production, our data scientists test hypotheses.", True),
        ("You will deploy models to production.", False),
        ("You turn vague questions into models.", False),
        ("Requirements: Python.", False),
        ("We add a Data Scientist.", False),
        ("** Data Scientist **\nPython, forecasts", False),
    ],
)
def test_a_text_about_a_company_alone_is_told(more: str, *, told: bool) -> None:
    assert is_of_company(f"About Wick\n{COMPANY}\n{more}") is told
