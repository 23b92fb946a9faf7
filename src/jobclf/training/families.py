"""The family of work that a posting is of, by what its columns or its title say."""

import re

import numpy as np
from numpy.typing import NDArray

from jobclf.text.titles import title_role
from jobclf.training import titles
from jobclf.training.dataset import LabeledPostings

_FAMILIES = (
    (
        "ambiguous title",
        r"applied scientist|research scientist|ai engineer|ai/ml|scientist.*engine",
    ),
    ("data analyst", r"\banalyst|\banalytics?\b|\bbi\b"),
    (
        "data engineer",
        r"\bdata (?:platform |warehouse )?(?:engineer|architect)|\bdatabase\b|\betl\b",
    ),
    ("software engineer", r"\b(?:developer|software|devops|backend|back-end|frontend|front-end)\b"),
)


def families_of(postings: LabeledPostings) -> NDArray[np.str_]:
    """Return which kind of job each posting is by its `family` column, else by its title.

    It is "" where nothing tells.
    """
    if "family" in postings.columns:
        return np.array(postings.columns["family"])
    return np.array([family_of_title(title) if title else "" for title in titles.of(postings)])


def family_of_title(title: str) -> str:
    """Return the kind of job a title names, for postings that are neither role by their work.

    >>> family_of_title("Senior Analytics Engineer")
    'data analyst'
    """
    claimed = title_role(title)
    if claimed is not None:
        return f"titled {claimed.label}"
    return (
        next((name for name, words in _FAMILIES if re.search(words, title.lower())), "") or "other"
    )
