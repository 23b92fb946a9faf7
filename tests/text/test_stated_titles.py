"""Where a text states its title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.text.stated_titles import cut_title, title_in
from tests.factories import LETTERS

FIRST_LINES = {
    "below company, place and date": (
        "Orchard Tide Office\nPort Alder, Northland\n12 March 2026\nData Scientist, Tides\nWe seek",
        "Data Scientist, Tides",
    ),
    "below its address, which names it": (
        "**URL:** https://wick.example/jobs/data-scientist-7\n\nNurse, Nights\nWe seek",
        "Nurse, Nights",
    ),
    "below who to ask for help": (
        "If you are unable to complete this application, contact this employer\n"
        "to ask for an accommodation or another way.\nNurse, Nights\nFull-time",
        "Nurse, Nights",
    ),
    "below more of it": (
        "Orchard\nPort Alder\n2026-03-12\nReference 4711\nFull-time\nData Scientist\nWe seek",
        "Data Scientist",
    ),
    "a manager in the third line": ("Orchard\nPort\nEngineering Manager\n", "Engineering Manager"),
    "a manager far below, who may write": (
        "Orchard\nPort\nFull-time\nEngineering Manager\nWe seek",
        "Orchard",
    ),
    "below seven words of prose": (
        "We love the sea and its winds\nData Scientist",
        "Data Scientist",
    ),
    "below eight": ("We love the sea and all its winds\nData Scientist", None),
    "a line too long for one": (f"{'x' * 201}\nQuant\nWe seek", None),
    "no job among many lines": ("Orchard\nPort\nToday\nData Science Team\nWe seek", "Orchard"),
    "a title": ("Data Scientist\nWe seek", "Data Scientist"),
    "after blank lines": ("\ufeff\n\n  Data Scientist \r\nWe seek", "Data Scientist"),
    "lines that end as on old Macs": ("Data Scientist\rWe seek", "Data Scientist"),
    "the only line": ("Data Scientist", "Data Scientist"),
    "a heading of Markdown": ("# Data Scientist\nWe seek", "Data Scientist"),
    "bold in Markdown": ("**Data Scientist**\nWe seek", "Data Scientist"),
    "one that names no known job": ("Quant, Ghent\nWe seek", "Quant, Ghent"),
    "in the USA": ("Data Scientist, US\nWe seek", "Data Scientist, US"),
    "labelled": ("Job Title: Data Scientist\nWe seek", "Data Scientist"),
    "labelled below": ("ACME\nLocation: Pune\nPosition: Data Scientist\nWe", "Data Scientist"),
    "labelled role": ("Role: ML Engineer\nWe seek", "ML Engineer"),
    "labelled in bold": ("**Job Title:** Data Scientist\nWe seek", "Data Scientist"),
    "labelled by a dash": ("Role - Data Scientist\nWe seek", "Data Scientist"),
    "the label that names a job": ("Data Scientist\nPosition: full time\nWe", "Data Scientist"),
    "below the company": ("ACME\nData Scientist\nPune\n\nWe seek", "Data Scientist"),
    "below company and place": ("ACME\nPune\nData Scientist\n\nWe seek", "Data Scientist"),
    "sought": ("ACME is looking for a Data Scientist to join us.\nYou", "Data Scientist"),
    "sought below the company": ("ACME\nWe are looking for a Head Baker to join us.", "Head Baker"),
    "sought below a section": (
        "About the role\nWe seek a Data Scientist who asks",
        "Data Scientist",
    ),
    "below a menu": ("Home | Jobs | Sign in\nBack to results\nHead Baker\nACME", "Head Baker"),
    "below a menu of lines": ("Home\nJobs\nAbout us\nSign in\nData Scientist\nA", "Data Scientist"),
    "below the name of a section": ("Job Description:\nHead Baker\nACME", "Head Baker"),
    "below a menu of many parts": ("Back to  x  |" * 40 + "\nHead Baker\nACME", "Head Baker"),
    "below a logo": ("ACME logo\nHead Baker\nACME", "Head Baker"),
    "below a slogan": ("We love the sea\nData Scientist\nACME", "Data Scientist"),
    "below a link to the text": ("Skip to main content\nData Scientist\nA", "Data Scientist"),
    "below such a link of Markdown": ("[Skip to content](#main)\n\n# Head Baker\nA", "Head Baker"),
    "below an agency": ("Tidal Recruitment\nData Scientist\nPune", "Data Scientist"),
    "below a company of analytics": ("Tidal Analytics\nML Engineer\nPune", "ML Engineer"),
    "below who writes": (
        "Jo Gull | Technical Recruiter\nHi Sam, this is new:\n\nML Engineer, Search\nA",
        "ML Engineer, Search",
    ),
    "below a greeting": ("Dear all,\nHead Baker\nACME", "Head Baker"),
    "a manager of data scientists": ("Manager\nReports to: Data Scientist\nWe", "Manager"),
    "a field and a grade": ("Tidal Sales Intern\nWe seek", "Tidal Sales Intern"),
    "a field alone": ("Sales and Marketing\nWe seek", "Sales and Marketing"),
    "the name of a company alone": ("Tidal Marketing\nWe seek", None),
    "a label that lost a letter": ("itle: Data Scientist\nPlace: Pune", "Data Scientist"),
    "the name of a section alone": ("Job Description\nYou will build models.", None),
    "hiring": ("We are hiring: ML Engineer!\nYou", "ML Engineer"),
    "too long": (f"{'word ' * 15}\nData Scientist", None),
    "prose": ("You will work closely with our data scientists.\nYou build", None),
    "prose without a full stop": ("We help data scientists\nYou build", None),
    "a question": ("Are you a data scientist?\nYou build", None),
    "what you seek": ("Are you looking for an ML Engineer job\nYou build", None),
    "to whom one reports": ("Reports to: Head of Sales\nYou build", None),
    "nothing": ("", None),
    "blank": (" \n ", None),
}


@pytest.mark.parametrize(("text", "title"), FIRST_LINES.values(), ids=FIRST_LINES.keys())
def test_a_text_states_its_title_in_its_first_lines(text: str, title: str | None) -> None:
    assert title_in(text) == title


@given(st.text(LETTERS, max_size=300))
def test_a_title_is_cut_where_it_is_found(text: str) -> None:
    title, rest = cut_title(text)
    assert title == (title_in(text) or "")
    assert title or rest == text
    assert len(rest) <= len(text)
