"""CVs and cut texts are told by their form, and no posting is taken for one."""

import pytest

from jobclf.roles import Role
from jobclf.text.forms import is_cut, is_cv
from tests.factories import posting

CVS = {
    "headings and years": "B.\nEXPERIENCE\nAnalyst, 2019 – 2022\nClerk, 2015 – 2019\nEDUCATION",
    "years with months": "B. Example\nEducation\nJan 2022 – now Analyst\n03/2019 to 12/2021 Clerk",
    "called one, with years": "Curriculum vitae\nB. Example\n2019 – present Analyst at Acme",
    "called one, with a heading": "RÉSUMÉ\nB. Example\nAcademic qualifications\nBSc 2020",
}
NO_CVS = {
    "years of a company": "Founded 1998 - 2001 as two firms, merged 2003 - 2005. You build models.",
    "a heading alone": "Data Scientist\nExperience\n3 years of Python\nEducation\nMSc",
    "one span": "Data Scientist, contract 2025 - 2026\nExperience\nFive years",
    "CV is asked for": "CV to jobs@acme.example by 2025\nExperience\nFive years",
    "spans of years alone": "Data Scientist\n2019 - 2021 at Acme\n2017 - 2019 at Bolt",
    "called one alone": "Curriculum vitae\nB. Example",
    "nothing": "",
}


@pytest.mark.parametrize("text", CVS.values(), ids=CVS)
def test_a_cv_is_told(text: str) -> None:
    assert is_cv(text)


@pytest.mark.parametrize("text", NO_CVS.values(), ids=NO_CVS)
def test_what_resembles_a_cv_is_none(text: str) -> None:
    assert not is_cv(text)


@pytest.mark.parametrize("role", Role)
def test_no_posting_is_taken_for_a_cv(role: Role) -> None:
    for number in range(40):
        assert not is_cv(posting(role, number))


CUT = {
    "an ellipsis": "You will build and\u2026",
    "three dots": "You will build and ... ",
    "dots in brackets": "You will build and [...]",
    "letters that are left": "You will build and [+1234 chars]",
    "a button": "You will build models.\nShow more",
    "a button after dots": "You will build\u2026 see more",
    "a usual limit": ("You will build models. " * 50)[:500],
}
WHOLE = {
    "a sentence": "You will build models.",
    "no full stop": "Python, SQL",
    "both buttons": "You will build models.\nShow more\nShow less",
    "dots within": "Python... and more.",
    "as long, and ended": ("You will build models. " * 50)[:499] + ".",
}


@pytest.mark.parametrize("text", CUT.values(), ids=CUT.keys())
def test_a_cut_text_is_told(text: str) -> None:
    assert is_cut(text)


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE.keys())
def test_a_whole_text_is_not_cut(text: str) -> None:
    assert not is_cut(text)


LIMITS = (
    {200, 250, 254, 255, 256, 300, 400, 500, 512, 1000, 1023, 1024, 1500, 2000, 2048, 2500, 3000}
    | {4000, 4095, 4096, 5000, 8000, 8192, 10_000}
    | {16_384, 32_766, 32_767, 65_535}
)


def test_the_limits_of_boards_and_databases_are_known() -> None:
    lengths = {*range(1, 10_003), *(limit + by for limit in LIMITS for by in (-1, 0, 1))}
    assert {length for length in lengths if is_cut("x" * length)} == LIMITS
    ends = {end: is_cut("x" * 499 + end) for end in "x1,-. )"}
    assert ends == {"x": True, "1": True, ",": True, "-": True, ".": False, " ": False, ")": False}
