"""Parts of the postings that a model may serve worse: by source, year, length, seniority."""

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jobclf.training.dataset import LabeledPostings

Values = NDArray[np.str_]

_NOT_SLICED = frozenset({"title", "company", "posted", "location", "family", "words"})
_LENGTHS = (150, 300, 600)  # words, where one class of length ends and the next begins
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SENIORITY = (
    ("intern", r"\b(?:intern|internship|trainee|working student|apprentice)\b"),
    ("manager", r"\b(?:manager|director|head|vp|chief)\b"),
    ("lead", r"\b(?:lead|principal|staff|distinguished|expert|architect)\b"),
    ("senior", r"\b(?:senior|sr|experienced)\b"),
    ("junior", r"\b(?:junior|jr|graduate|entry|associate)\b"),
)


def of(postings: LabeledPostings) -> dict[str, Values]:
    """Return the value of each posting under each way to slice, "" where it has none."""
    found = {
        name: np.array(values)
        for name, values in postings.columns.items()
        if name not in _NOT_SLICED and any(values)
    }
    if "posted" in postings.columns and "year" not in found:
        found["year"] = np.array([_year(posted) for posted in postings.columns["posted"]])
    if "seniority" not in found:
        found["seniority"] = np.array([seniority(title) for title in postings.titles])
    found["length"] = np.array([_length(text) for text in postings.texts])
    return {name: values for name, values in found.items() if len(set(values.tolist()) - {""}) > 1}


def seniority(title: str) -> str:
    """Return the level that a title names, "" if it names none.

    >>> seniority("Lead Data Scientist")
    'lead'
    """
    return _first(_SENIORITY, title)


def _first(patterns: tuple[tuple[str, str], ...], title: str) -> str:
    return next((name for name, words in patterns if re.search(words, title.lower())), "")


def _year(posted: str) -> str:
    match = _YEAR.search(posted)
    return match.group() if match else ""


def _length(text: str) -> str:
    words = len(text.split())
    if words >= _LENGTHS[-1]:
        return f"{_LENGTHS[-1]} words or more"
    low, high = next(pair for pair in pairwise((0, *_LENGTHS)) if words < pair[1])
    return f"{low} to {high - 1} words"
