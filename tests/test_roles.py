"""What people call the roles."""

import pytest

from jobclf.errors import DatasetError
from jobclf.roles import Role, parse_role

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


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_label_and_is_parsed_from_it_and_from_its_value(role: Role) -> None:
    assert parse_role(role.label) is role
    assert parse_role(role.value) is role
