"""Counts of known terms: to TF-IDF values, and values to logits.

The numbers are those of the scikit-learn pipeline that `features.pipeline` builds.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class TermCounts(NamedTuple):
    """How often each known term stands in each text, rows compressed as in a CSR matrix."""

    starts: Integers  # shape (texts + 1,): where a text's terms begin in the two arrays below
    terms: Integers  # shape (nonzero,): term numbers, ascending within a text
    counts: Floats  # shape (nonzero,)
    words: Integers  # shape (texts,): words of each text, known or not
    known: Integers  # shape (texts,): those that are terms by themselves or function words
    function: Integers  # shape (texts,): function words


def tfidf(counts: TermCounts, idf: Floats) -> Floats:
    """Return (1 + ln count) x idf, each text scaled to length one; shape (nonzero,)."""
    values = (1.0 + np.log(counts.counts)) * idf.take(counts.terms)
    lengths = np.sqrt(_sums(counts, values * values))
    lengths[lengths == 0.0] = 1.0
    scaled: Floats = values / np.repeat(lengths, np.diff(counts.starts))
    return scaled


def logits(counts: TermCounts, values: Floats, weights: Floats, intercepts: Floats) -> Floats:
    """Return the score of each text under each head; weights (terms, heads) to (texts, heads)."""
    sums = [_sums(counts, values * head.take(counts.terms)) for head in weights.T]
    return np.stack(sums, axis=1) + intercepts


def _sums(counts: TermCounts, values: Floats) -> Floats:
    """Add up the values of each text."""
    sums = np.zeros(len(counts.words))
    some = np.flatnonzero(np.diff(counts.starts))
    if len(some):
        sums[some] = np.add.reduceat(values, counts.starts[some])
    return sums
