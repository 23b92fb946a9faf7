"""The titles of labelled postings: what they are, what they claim, and the texts without them."""

import numpy as np

from jobclf.classifier.kernel import Floats
from jobclf.roles import Role
from jobclf.text.titles import title_in, title_role
from jobclf.training.dataset import LabeledPostings

_SIGNS = {Role.ML_ENGINEER: 1.0, Role.DATA_SCIENTIST: -1.0}


def of(postings: LabeledPostings) -> tuple[str, ...]:
    """Return the title of each posting: from its column, else the first line if it can be one."""
    return tuple(
        title or title_in(text) or ""
        for title, text in zip(_given(postings), postings.texts, strict=True)
    )


def claims(postings: LabeledPostings) -> Floats:
    """Return what each title claims: 1 ML Engineer, -1 Data Scientist, 0 neither or both."""
    claimed = [title_role(title) for title in of(postings)]
    return np.array([0.0 if role is None else _SIGNS.get(role, 0.0) for role in claimed])


def hidden(postings: LabeledPostings) -> tuple[str, ...]:
    """Return the texts without a first line that is the title or claims a role."""
    return tuple(
        _without_title(text, title)
        for text, title in zip(postings.texts, _given(postings), strict=True)
    )


def _given(postings: LabeledPostings) -> tuple[str, ...]:
    return postings.columns.get("title") or ("",) * len(postings)


def _without_title(text: str, title: str) -> str:
    first = title_in(text)
    if first is None or not (title_role(first) or _same(first, title)):
        return text
    return text.lstrip("\ufeff \t\r\n").partition("\n")[2]


def _same(line: str, title: str) -> bool:
    plain, wanted = ("".join(filter(str.isalnum, part.lower())) for part in (line, title))
    return bool(plain and wanted) and (plain.startswith(wanted) or wanted.startswith(plain))
