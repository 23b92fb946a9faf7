"""Which posting to label next: one in doubt, like many others, and unlike those labelled.

Measured by `python -m benchmarks.active` against doubt alone, doubt of role and scope, likeness to
the whole pool, equal numbers of each answer, and information gained about the weights.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from jobclf.classifier.counts import Floats, Integers
from jobclf.text.tokens import normalize
from jobclf.training import features

NEIGHBOURS = 20  # postings that say how common a posting's kind is
_RARE = 750  # a term for the likeness of postings stands in one of so many
_COPY = 0.6  # cosine above which a neighbour is a copy, and no sign of a common kind
_BLOCK = 500  # postings compared with all others at once


class QueryStrategy:
    """Chooses from a pool of texts; knows how alike they are, and those labelled already."""

    def __init__(self, texts: Sequence[str], labelled: Sequence[str] = ()) -> None:
        everything = [*map(normalize, [*texts, *labelled])]
        terms = features.select_terms(everything, min_df=max(1, len(everything) // _RARE))
        counts = features.count_matrix(everything, terms)
        idf = features.inverse_document_frequency(counts)
        vectors = features.tfidf_matrix(counts, idf)
        self._vectors = vectors[: len(texts)]
        self._near = np.zeros(len(texts))
        self._common = _commonness(self._vectors)
        if labelled:
            likeness = (self._vectors @ vectors[len(texts) :].T).toarray()
            self._near = likeness.max(axis=1)

    def add(self, at: int) -> None:
        """Take a posting of the pool as labelled."""
        likeness = (self._vectors @ self._vectors[[at]].T).toarray()[:, 0]
        self._near = np.maximum(self._near, likeness)

    def best(self, among: Integers, role_probability: Floats) -> int:
        """Return the posting to label next, by the whole pool's probabilities of ML Engineer."""
        new = np.maximum(1.0 - self._near, 0.0)
        worth = doubt(role_probability) * np.sqrt(self._common) * new * new
        return int(among[np.argmax(worth[among])])


def doubt(probability: Floats) -> Floats:
    """Return the entropy of a yes or no in bits.

    >>> doubt(np.array([0.5, 1.0])).round(6).tolist()
    [1.0, 0.0]
    """
    sure = np.clip(probability, 1e-12, 1.0 - 1e-12)
    found: Floats = -(sure * np.log2(sure) + (1.0 - sure) * np.log2(1.0 - sure))
    return found


def _commonness(vectors: Any) -> Floats:
    """Return how like its nearest neighbours each posting is, 1 on average."""
    size = vectors.shape[0]
    nearest = min(NEIGHBOURS, size - 1)
    if nearest < 1:
        return np.ones(size)
    found = np.empty(size)
    for first in range(0, size, _BLOCK):
        likeness = (vectors[first : first + _BLOCK] @ vectors.T).toarray()
        rows = np.arange(len(likeness))
        likeness[rows, first + rows] = 0.0
        np.minimum(likeness, _COPY, out=likeness)
        found[first : first + _BLOCK] = np.partition(likeness, -nearest)[:, -nearest:].mean(axis=1)
    scaled: Floats = found / (found.mean() or 1.0)
    return scaled
