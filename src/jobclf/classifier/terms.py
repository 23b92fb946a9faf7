"""The terms of a model file: a line each, none twice, all such as the tokeniser makes."""

import operator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from jobclf import limits
from jobclf.errors import unusable
from jobclf.text.tokens import (
    ALWAYS_HEADS,
    FUNCTION_WORDS,
    JOINED,
    MARKS,
    SINGLE_LETTERS,
)

_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NEVER_KEPT = (frozenset(_LETTERS) - SINGLE_LETTERS) | FUNCTION_WORDS | ALWAYS_HEADS
_ALLOWED = _LETTERS.encode() + MARKS + b" \n"  # bytes of terms


def _never() -> NDArray[np.uint16]:
    """Return, by their first two bytes, how long the words are that stand in no term: bit n."""
    never = np.zeros(1 << 16, dtype=np.uint16)
    for word in _NEVER_KEPT:
        for after in b" \n" if len(word) == 1 else word[1].encode():
            never[ord(word[0]) << 8 | after] |= 1 << len(word)
    return never


_NEVER = _never()


def read(text: str) -> tuple[str, ...]:
    """Return the terms in the lines of a text, or refuse them with a `ModelFileError`."""
    terms = tuple(text.split("\n"))
    sorted_ = all(map(operator.lt, terms, islice(terms, 1, None)))  # as they are written: quick
    if not sorted_ and len(set(terms)) != len(terms):
        raise unusable("a term stands twice")
    if not text.isascii():
        raise unusable("a term is not plain")
    if max(map(len, terms)) > limits.TERM:
        raise unusable(f"a term has more than {limits.TERM} characters")
    at = _first_unknown(text)
    if at is not None:
        term = terms[text.count("\n", 0, at)]
        raise unusable(f"no posting can hold its term {term[:100]!a}, which is not plain")
    return terms


def _first_unknown(text: str) -> int | None:
    """Return where the first word stands that no term can hold, None if there is none.

    The text is looked at as arrays: to tokenise each term would take longer than all else.
    """
    content = f" {text} ".encode()
    foreign = content.translate(None, _ALLOWED)
    if foreign:
        return content.index(foreign[:1]) - 1
    codes = np.frombuffer(content, dtype=np.uint8)
    edges = np.flatnonzero(codes <= ord(" "))
    starts, lengths = edges[:-1] + 1, np.diff(edges) - 1
    begins = (codes.take(starts).astype(np.uint16) << 8) | codes.take(starts + 1, mode="clip")
    likely = (_NEVER.take(begins) >> np.minimum(lengths, 15)) & 1
    marks = np.flatnonzero((codes - np.uint8(ord(" ") + 1)) < ord("0") - ord(" ") - 1)
    likely[np.searchsorted(edges, marks) - 1] = 1
    likely[lengths == 0] = 1
    for at in np.flatnonzero(likely).tolist():
        start = int(starts[at]) - 1
        if not _fits(text[start : start + int(lengths[at])]):
            return start
    return None


def _fits(word: str) -> bool:
    """Say whether the tokeniser can make a word, for one of those it makes or one with marks."""
    if word.isalnum():
        return word not in _NEVER_KEPT
    return any(word.startswith(joined) and f"{word}0"[len(joined) :].isalnum() for joined in JOINED)
