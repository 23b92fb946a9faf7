"""Lists of jobs and texts of several postings are told, and no posting is taken for either."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.roles import Role
from jobclf.text.job_lists import JOB_NAMES, entries_in, is_job_list, named_job, positions
from tests.factories import posting

LINK = "View job\n" * 3
LISTS = {
    "entries": "\n".join(f"ML Engineer, team {at}, Porto\n" for at in range(7)),
    "with places": "Open positions\n"
    + "\n".join(f"Data Engineer {at}\nML Engineer {at}\nPorto" for at in range(5)),
    "half of it": "\n".join(f"ML Engineer {at}, Porto\nOur office {at}" for at in range(6)),
    "three links": LINK + "x" * (1199 - len(LINK)),
    "lines as long as may be": "\n".join(f"ML Engineer {at}, ".ljust(160, "x") for at in range(6)),
    "copied from a page": "Skip to content\nSign in\n1,178 jobs\nSort by: relevance\n"
    + "\n".join(
        f"{title}\nLarkspur Ferries\nBergen\nFull-time\n{at} days ago\n"
        f"You will look after ships of kind {at}, and after those who travel on them."
        for at, title in enumerate(["Deck Officer", "Data Analyst", "Head Baker", "ML Engineer"])
    )
    + "\nLoad more",
    "openings below much about the company": "Careers\n"
    + "We have crossed the fjords in every weather since the summer of the first ferry.\n" * 12
    + "Open positions (4)\nDeck Officer\nData Analyst\nHead Baker\nML Engineer",
    "Markdown": "# Jobs\n"
    + "\n".join(
        f"- **[{title}](/{at})**\n  Larkspur Ferries, 2026-03-0{at}"
        for at, title in enumerate(["Deck Officer", "Data Analyst", "Head Baker", "ML Engineer"])
    ),
    "a table of Markdown": "Open positions\n| Job | Place |\n| --- | --- |\n"
    + "\n".join(
        f"| {title} | Bergen |"
        for title in ["Deck Officer", "Data Analyst", "Head Baker", "ML Engineer"]
    ),
    "with what they pay": "Search results\n"
    + "\n".join(f"\u20ac{at}0k Head Cook {at} | Bergen" for at in range(3, 8)),
    "half of them marked": "Deck Officer\n2 days ago\nWe sail\nData Analyst\nWe bake\nHead Baker\n"
    "3 days ago\nTo sea\nML Engineer\nBy night",
    "three, and it says so": "Open positions\nML Engineer\nToday\nCook\nNew\nBaker\nToday",
}
NO_LISTS = {
    "less than half of it": "\n".join(f"ML Engineer {at}, Porto\nOffice {at}" for at in range(6))
    + "\nLisbon",
    "two links": "Acme\nView job\n" * 2,
    "three links in a long text": LINK + "x" * (1200 - len(LINK)),
    "lines that are too long": "\n".join(f"ML Engineer {at}, ".ljust(161, "x") for at in range(6)),
    "too few": "\n".join(f"ML Engineer, team {at}, Porto" for at in range(5)),
    "duties without full stops": "\n".join(
        f"- estimate effect {at} with regression for Engineers and the Product Manager"
        for at in range(9)
    ),
    "one title again and again": "ML Engineer\n" * 20,
    "duties that name people": "\n".join(
        f"- Work with data engineers and analysts on topic {at}, and explain it to managers." * 2
        for at in range(9)
    ),
    "nothing": "",
    "a posting above others": "ML Engineer\n"
    + "You will build and maintain models, with skills in Python and years of experience.\n" * 9
    + "Similar jobs\nDeck Officer\n2 days ago\nData Analyst\n3 days ago\nHead Baker\nML Engineer",
    "people to work with": "You will work with our\nData Engineers\nProduct Managers\nAnalysts\n"
    + "You will build and maintain models, with skills in Python and years of experience.\n" * 9,
}
DUTIES = (
    "You will build models and need three years of experience.\nRequirements\n- Python skills\n"
)
SEVERAL = {
    "headings of Markdown": f"# Jobs\n## ML Engineer\n{DUTIES * 2}## Data Scientist\n{DUTIES * 2}",
    "numbers": f"We hire.\n\n1. ML Engineer\n{DUTIES * 2}\n2. Data Scientist\n{DUTIES * 2}",
    "names": f"Position 1: ML Engineer\n{DUTIES * 2}Position 2: Data Scientist\n{DUTIES * 2}",
    "lines of their own": f"ML Engineer\n\n{DUTIES * 2}\nData Scientist (f/m/x)\n\n{DUTIES * 2}",
}
NOT_SEVERAL = {
    "headings above one another": f"# ML Engineer\n{DUTIES * 2}## Data Scientist\n{DUTIES * 2}",
    "one in numbers and one by name": f"1. ML Engineer\n{DUTIES * 2}Position: Cook\n{DUTIES * 2}",
    "one": f"# ML Engineer\n{DUTIES * 9}",
    "the same twice": f"# ML Engineer\n{DUTIES * 2}# ML Engineer\n{DUTIES * 2}",
    "a heading of a posting": f"# ML Engineer\n{DUTIES}# Data Scientist skills\n{DUTIES * 2}",
    "names below a posting": f"{DUTIES * 3}# Analyst\n{DUTIES * 2}# ML Engineer\n{DUTIES * 2}",
    "whom one works with": f"ML Engineer\n\n{DUTIES * 3}\nReports to: the Head of Data\n\n{DUTIES}",
    "more than there are": "\n".join(f"# Data Scientist {at}\n{DUTIES * 2}" for at in range(600)),
    "little text below": "# ML Engineer\nPython skills\n# Data Scientist\nSQL skills",
    "no text below": "# ML Engineer\nBergen\n# Data Scientist\nOslo",
    "nothing": "",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_a_list_of_jobs_is_told(text: str) -> None:
    assert is_job_list(text)


@pytest.mark.parametrize("text", NO_LISTS.values(), ids=NO_LISTS)
def test_what_resembles_a_list_is_none(text: str) -> None:
    assert not is_job_list(text)


@pytest.mark.parametrize("text", SEVERAL.values(), ids=SEVERAL)
def test_postings_under_their_titles_are_parted(text: str) -> None:
    found = positions(text)
    assert [each.title.partition(" (")[0] for each in found] == ["ML Engineer", "Data Scientist"]
    assert [text[each.start : each.end].count("Requirements") for each in found] == [2, 2]


@pytest.mark.parametrize("text", NOT_SEVERAL.values(), ids=NOT_SEVERAL)
def test_one_posting_is_not_parted(text: str) -> None:
    assert not positions(text)


@pytest.mark.parametrize("role", Role)
def test_no_posting_is_taken_for_several(role: Role) -> None:
    for number in range(40):
        text = posting(role, number)
        assert not is_job_list(text)
        assert not positions(text)


@pytest.mark.parametrize(
    ("lines", "entries"),
    [
        ("1. Data Scientist, Porto.\n2. ML Engineer, Turin.", 2),
        ("Data Scientist, Porto.\nML Engineer, Turin.", 0),
        ("1. Data Scientist.\n2. ML Engineer.", 0),
        ("Data Scientist, Porto\nData Scientist, Porto\nML Engineer", 2),
    ],
)
def test_an_entry_is_no_sentence(lines: str, entries: int) -> None:
    assert entries_in(lines) == entries


PIECES = (
    *(
        "Engineer",
        "engineers",
        "Head of",
        "heads of",
        "head ofs",
        "post-doc",
        "Post doc",
        "postdoc",
    ),
    *("intern", "internship", "coo\u212a", "adv\u0131sor", "\u017fpeaker", "writ\u0130ng"),
    *("_", "-", " ", "\u2013", "s", "1", "\u00e9", "\u0301"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_names_of_jobs_are_those_of_the_pattern(text: str) -> None:
    found = JOB_NAMES.search(text)
    assert named_job(text) == (None if found is None else found.span())
