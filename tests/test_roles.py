"""What people call the roles, and what a title claims."""

import pytest

from jobclf.errors import DatasetError
from jobclf.roles import Role, parse_role
from jobclf.text.titles import title_in, title_role

DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER

NAMES = {
    DS: ["data_scientist", "Data Scientist", "data-scientists", "DS", "ds", "Data Science"],
    MLE: ["ml_engineer", "ML Engineer", "MLE", "Machine Learning Engineer", "AI/ML engineer"],
    OTHER: ["other", "OTHER", "neither", "none", "out of scope"],
}


@pytest.mark.parametrize(
    ("name", "role"), [(name, role) for role, names in NAMES.items() for name in names]
)
def test_a_name_stands_for_a_role(name: str, role: Role) -> None:
    assert parse_role(name) is role


@pytest.mark.parametrize("name", ["", "-", "data", "engineer", "data engineer", "数据"])
def test_another_name_is_refused_and_quoted(name: str) -> None:
    with pytest.raises(DatasetError, match="is no role that jobclf knows") as refused:
        parse_role(name)
    assert repr(name) in str(refused.value)


TITLES = {
    "Data Scientist": DS,
    "Senior Data Scientist, Pricing": DS,
    "DATA SCIENTISTS (m/f/d)": DS,
    "Decision Scientist": DS,
    "Head of Data Science": DS,
    "Machine Learning Engineer": MLE,
    "machine-learning engineer II": MLE,
    "Staff ML Engineer - Search": MLE,
    "AI/ML Engineer": MLE,
    "ML Platform Engineer": MLE,
    "Machine Learning Software Engineer": MLE,
    "Deep Learning Engineer": MLE,
    "MLOps Specialist": MLE,
    "MLE, Ads": MLE,
    "Data Scientist / Machine Learning Engineer": None,
    "Data Science Platform Developer": None,
    "Data Engineer": None,
    "Data Analyst": None,
    "Software Engineer": None,
    "Machine Learning Scientist": None,
    "HTML Engineer": None,
    "Seamless Delivery Lead": None,
    "": None,
}


@pytest.mark.parametrize(("title", "role"), TITLES.items(), ids=TITLES.keys())
def test_what_a_title_claims(title: str, role: Role | None) -> None:
    assert title_role(title) is role


FIRST_LINES = {
    "a title": ("Data Scientist\nWe seek", "Data Scientist"),
    "after blank lines": ("\ufeff\n\n  Data Scientist \r\nWe seek", "Data Scientist"),
    "lines that end as on old Macs": ("Data Scientist\rWe seek", "Data Scientist"),
    "the only line": ("Data Scientist", "Data Scientist"),
    "prose": (f"{'word ' * 15}\nData Scientist", None),
    "nothing": ("", None),
    "blank": (" \n ", None),
}


@pytest.mark.parametrize(("text", "title"), FIRST_LINES.values(), ids=FIRST_LINES.keys())
def test_the_first_line_is_the_title_if_it_is_short(text: str, title: str | None) -> None:
    assert title_in(text) == title


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_label_and_is_parsed_from_it_and_from_its_value(role: Role) -> None:
    assert parse_role(role.label) is role
    assert parse_role(role.value) is role
