"""The kernel: texts to counts of known terms, counts to TF-IDF values, values to logits.

NumPy alone. It gives the numbers of the scikit-learn pipeline that `features.pipeline` builds.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobclf.text import BREAK, FUNCTION_WORDS, ngrams, tokenize

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each known term stands in each text, rows compressed as in a CSR matrix."""

    starts: Integers  # shape (texts + 1,): where a text's terms begin in the two arrays below
    terms: Integers  # shape (nonzero,): term numbers, ascending within a text
    counts: Floats  # shape (nonzero,)
    words: Integers  # shape (texts,): words of each text, known or not
    known: Integers  # shape (texts,): those that are terms by themselves or function words


class Lexicon:
    """The terms of a model, numbered by their place."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._numbers = {term: number for number, term in enumerate(terms)}
        self._longest = max((term.count(" ") + 1 for term in terms), default=1)

    def __len__(self) -> int:
        return len(self._numbers)

    def count(self, texts: Sequence[str]) -> TermCounts:
        """Count the known terms of each text."""
        numbers = self._numbers
        starts, terms = [0], list[int]()
        counts, words, known = list[int](), list[int](), list[int]()
        for text in texts:
            found = tokenize(text)
            inside = Counter(
                numbers[term] for term in ngrams(found, self._longest) if term in numbers
            )
            order = sorted(inside)
            terms.extend(order)
            counts.extend(inside[number] for number in order)
            starts.append(len(terms))
            words.append(sum(word != BREAK for word in found))
            known.append(sum(word in numbers or word in FUNCTION_WORDS for word in found))
        return TermCounts(
            np.array(starts, dtype=np.int64),
            np.array(terms, dtype=np.int64),
            np.array(counts, dtype=np.float64),
            np.array(words, dtype=np.int64),
            np.array(known, dtype=np.int64),
        )


def tfidf(counts: TermCounts, idf: Floats) -> Floats:
    """Return (1 + ln count) x idf, each text scaled to length one; shape (nonzero,)."""
    values = (1.0 + np.log(counts.counts)) * idf[counts.terms]
    rows = _rows(counts)
    squares = np.bincount(rows, values * values, minlength=len(counts.words))
    lengths = np.sqrt(squares)
    lengths[lengths == 0.0] = 1.0
    return values / lengths[rows]


def logits(counts: TermCounts, values: Floats, weights: Floats, intercepts: Floats) -> Floats:
    """Return the score of each text under each head; weights (terms, heads) to (texts, heads)."""
    rows = _rows(counts)
    sums = [
        np.bincount(rows, values * weights[counts.terms, head], minlength=len(counts.words))
        for head in range(weights.shape[1])
    ]
    return np.stack(sums, axis=1) + intercepts


def _rows(counts: TermCounts) -> Integers:
    return np.repeat(np.arange(len(counts.words)), np.diff(counts.starts))
