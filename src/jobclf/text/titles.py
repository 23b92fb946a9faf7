"""What a title claims, and where a text may have one."""

import re

from jobclf.roles import Role

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
