"""The roles, the names people give them, and what a title claims."""

import re
from enum import StrEnum

from jobclf.errors import DatasetError


class Role(StrEnum):
    """What the work in a posting is; a prediction's `role` is one of the first two."""

    DATA_SCIENTIST = "data_scientist"
    ML_ENGINEER = "ml_engineer"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The role as people write it."""
        return _LABELS[self]


_LABELS = {
    Role.DATA_SCIENTIST: "Data Scientist",
    Role.ML_ENGINEER: "ML Engineer",
    Role.OTHER: "neither",
}

SEED_LISTS: tuple[tuple[Role, str], ...] = (
    (Role.DATA_SCIENTIST, "responsibilities"),
    (Role.DATA_SCIENTIST, "skills"),
    (Role.ML_ENGINEER, "responsibilities"),
    (Role.ML_ENGINEER, "skills"),
)
# What a term of a model can be; its place here is the number that a model keeps for the term.
KINDS: tuple[tuple[Role | None, str], ...] = ((None, "learned"), (None, "shared"), *SEED_LISTS)

_NAMES = {
    Role.DATA_SCIENTIST: "ds datascientist datascience datascientists",
    Role.ML_ENGINEER: (
        "mle mlengineer machinelearningengineer mlengineers machinelearningengineers "
        "machinelearning ml aimlengineer mlops"
    ),
    Role.OTHER: "other others neither none no outofscope",
}
_BY_NAME = {name: role for role, names in _NAMES.items() for name in names.split()}

_DATA_SCIENTIST = re.compile(
    r"\b(?:data|decision|analytics) scien(?:tist|ce)s?\b(?! (?:engineer|platform))", re.IGNORECASE
)
_ML_ENGINEER = re.compile(
    r"\b(?:machine[ -]learning|ml|mlops|ml ops|ai[ /&-]{1,3}ml|ml[ /&-]{1,3}ai|deep[ -]learning)"
    r"(?: (?:software|platform|systems?|infrastructure|infra|ops|operations|research))?"
    r" (?:engineers?|developers?|engineering)\b|\bmlops\b|\bmle\b",
    re.IGNORECASE,
)
_LONGEST_TITLE = 14  # words; a longer first line is prose


def parse_role(name: str) -> Role:
    """Return the role that a name such as `Data Scientist`, `MLE` or `neither` stands for.

    >>> parse_role("Machine Learning Engineer")
    <Role.ML_ENGINEER: 'ml_engineer'>
    """
    role = _BY_NAME.get(re.sub(r"[^a-z]", "", name.lower()))
    if role is None:
        raise DatasetError(
            f"{name!r} is no role that jobclf knows; use data_scientist, ml_engineer or other"
        )
    return role


def title_role(title: str) -> Role | None:
    """Return the one role of the two that a title claims, None where it claims none or both.

    >>> title_role("Senior Machine Learning Engineer, Search")
    <Role.ML_ENGINEER: 'ml_engineer'>
    >>> title_role("Data Scientist / ML Engineer") is None
    True
    """
    science = _DATA_SCIENTIST.search(title) is not None
    engineering = _ML_ENGINEER.search(title) is not None
    if science == engineering:
        return None
    return Role.DATA_SCIENTIST if science else Role.ML_ENGINEER


def title_in(text: str) -> str | None:
    """Return the first line of a text if it is short enough to be a title."""
    first = re.split(r"[\r\n]", text.lstrip("\ufeff \t\r\n")[:200], maxsplit=1)[0].strip()
    return first if 0 < len(first.split()) <= _LONGEST_TITLE else None
