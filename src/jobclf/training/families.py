"""The family of work that a title names."""

import re

from jobclf.text.titles import title_role

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
