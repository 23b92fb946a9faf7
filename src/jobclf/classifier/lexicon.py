"""The terms of a model, and how often each stands in texts: one text at once, many in tables."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import compress, count
from typing import TYPE_CHECKING, Any

import numpy as np

from jobclf.classifier.counts import TermCounts
from jobclf.text.tokens import BREAK, FUNCTION_WORDS, ngrams, tokenize

if TYPE_CHECKING:
    from jobclf.classifier.kernel import TermTables

_LETTERS = bytes(set(range(256)) - set(b" \n"))
_FEW = 20_000  # characters that are counted by the tokeniser, if no others come after them


class Lexicon:
    """The terms of a model, numbered by their place.

    To make tables of them takes as long as ten postings do by the tokeniser, so the first posting,
    which may be the only one, does without. Both count the same.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = terms
        self._tables: TermTables | None = None
        self._asked = False

    def __len__(self) -> int:
        return len(self._terms)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_tables": self.tables}  # whoever it is sent to has much to count

    @property
    def tables(self) -> "TermTables":
        """The tables; a `ModelFileError` if the terms are made so that there can be none."""
        if self._tables is None:
            from jobclf.classifier.kernel import TermTables

            self._tables = TermTables(self._terms)
        return self._tables

    @cached_property
    def longest(self) -> int:
        """The words of the longest term."""
        return _longest(self._terms)

    def count(self, texts: Sequence[str]) -> TermCounts:
        """Count the known terms of each text."""
        first, self._asked = not self._asked, True
        if first and self._tables is None and sum(map(len, texts)) <= _FEW:
            return counted(self._terms, texts)
        return self.tables.count(texts)


def _longest(terms: Sequence[str]) -> int:
    """Return the words of the longest term, by the longest run of spaces without their letters."""
    joined = "\n".join(terms).encode("utf-8", "surrogatepass")
    spaces = joined.translate(None, _LETTERS)
    longest = 1
    while b" " * longest in spaces:
        longest += 1
    return longest


def counted(terms: Sequence[str], texts: Sequence[str]) -> TermCounts:
    """Count terms as `TermTables` does, by the tokeniser."""
    longest = _longest(terms)
    tokenized = [tokenize(text) for text in texts]
    given = {term for found in tokenized for term in ngrams(found, longest)}
    numbers = {terms[at]: at for at in compress(count(), map(given.__contains__, terms))}
    rows, words, known, function = [], [], [], []
    for found in tokenized:
        content = [word for word in found if word != BREAK]
        places = map(numbers.get, ngrams(found, longest))
        rows.append(sorted(Counter(at for at in places if at is not None).items()))
        words.append(len(content))
        known.append(sum(word in numbers or word in FUNCTION_WORDS for word in content))
        function.append(sum(word in FUNCTION_WORDS for word in content))
    each = [term for row in rows for term in row]
    return TermCounts(
        starts=np.cumsum([0, *map(len, rows)]),
        terms=np.array([at for at, _ in each], dtype=np.int64),
        counts=np.array([times for _, times in each], dtype=np.float64),
        words=np.array(words, dtype=np.int64),
        known=np.array(known, dtype=np.int64),
        function=np.array(function, dtype=np.int64),
    )
