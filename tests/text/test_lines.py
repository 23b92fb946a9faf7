"""A posting falls into lines as people read them, each in the section its heading names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.text.lines import Section, lines

HEADINGS = {
    "What you'll do": Section.DUTIES,
    f"Tasks {'x' * 54}": Section.DUTIES,  # as many letters as may be
    "What you will be doing in the role": Section.DUTIES,  # as many words as may be
    "Key Responsibilities:": Section.DUTIES,
    "**The Role**": Section.DUTIES,
    "Job Description": Section.DUTIES,
    "Requirements": Section.REQUIREMENTS,
    "WHO YOU ARE": Section.REQUIREMENTS,
    "Nice to have:": Section.REQUIREMENTS,
    "What we're looking for": Section.REQUIREMENTS,
    "Education and Experience": Section.REQUIREMENTS,
    "What we offer": Section.OFFER,
    "Perks & Benefits": Section.OFFER,
    "About Us": Section.COMPANY,
    "Our Mission": Section.COMPANY,
    "Equal Opportunity Employer": Section.NOTICES,
    "How to apply": Section.NOTICES,
}


@pytest.mark.parametrize(("heading", "section"), HEADINGS.items(), ids=HEADINGS.keys())
def test_a_heading_names_the_section_of_what_follows(heading: str, section: Section) -> None:
    above, below = lines(f"{heading}\nSee to it that all of it works.")
    assert above.heading
    assert not below.heading
    assert (above.section, below.section) == (section, section)


NONE = [
    "Build models, experience them",
    "- Requirements of our customers",
    "You have five years of experience with models in production at a company.",
    "What you will be doing in this role here",
    f"Tasks {'x' * 55}",
    "experience with Python",
]


@pytest.mark.parametrize("line", NONE)
def test_a_duty_or_requirement_is_no_heading(line: str) -> None:
    assert not lines(line)[0].heading


SPLIT = {
    "sentences": (
        "Build models. Deploy them! Own it.",
        ["Build models.", "Deploy them!", "Own it."],
    ),
    "abbreviations": ("Know a cloud, e.g. Azure, and hold a Ph.D. In short: all.", 1),
    "lost breaks": ("Build models \u2022 Deploy them \u2022 Own it", 3),
    "wrapped": ("You build and deploy the models that our many customers\nuse each day.", 1),
    "a colon before": (
        "You build and deploy the models that our customers need:\nuse each day.",
        2,
    ),
    "a short line before": ("What you build\nmodels for customers", 2),
    "a blank line between": (
        "You build and deploy the models that our many customers\n\nuse each day.",
        2,
    ),
    "items in lower case": (
        "- build and deploy the models that our many customers use\n- monitor them",
        2,
    ),
    "a heading in one line": ("Required: Python. Offer: lunch.", 2),
    "nothing": (" \n\t\n", 0),
}


@pytest.mark.parametrize(("text", "expected"), SPLIT.values(), ids=SPLIT.keys())
def test_a_text_falls_into_lines(text: str, expected: list[str] | int) -> None:
    found = [text[line.start : line.end] for line in lines(text)]
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_a_heading_in_its_line_names_the_section() -> None:
    found = lines("Required: Python and SQL.\nStatistics.\nWe offer: lunch.")
    assert [line.section for line in found] == ["requirements", "requirements", "offer"]
    found = lines("Required: Python. We offer: lunch.\nStatistics.")
    assert [line.section for line in found] == ["requirements"] * 3  # by what begins the row


@given(
    st.lists(st.sampled_from(["a", "B", ". ", "\n", "\u2022 ", "\x1c", "- ", ":", "x" * 50])).map(
        "".join
    )
)
def test_all_that_is_no_space_is_in_one_line_of_the_text(text: str) -> None:
    found = lines(text)
    contained = [at for line in found for at in range(line.start, line.end)]
    assert len(contained) == len(set(contained))
    assert contained == sorted(contained)
    assert {at for at, letter in enumerate(text) if not letter.isspace()} <= set(contained)
