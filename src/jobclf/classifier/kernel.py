"""The kernel: texts to counts of known terms, NumPy alone, a batch of texts at a time.

It counts what `text.tokenize` and `text.ngrams` yield.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from jobclf.classifier.counts import Floats, Integers, TermCounts
from jobclf.classifier.hashing import (
    Bytes,
    HashTable,
    Keys,
    Numbers,
    Phrases,
    Places,
    Words,
    multipliers,
)
from jobclf.errors import unusable
from jobclf.text.cleaning import letters
from jobclf.text.tokens import (
    ALWAYS_HEADS,
    BOILERPLATE,
    BREAK,
    FUNCTION_WORDS,
    MARK_BYTES,
    MARKS,
    OTHER_SCRIPT,
    OTHER_SCRIPT_LETTER,
    SINGLE_LETTERS,
    TITLE_HEADS,
    TITLE_MODIFIERS,
    TO_MARK_BYTES,
    fold_codes,
)

_CHARACTERS = 1 << 20  # texts are taken together up to so many: fewer calls, little memory
_LARGEST_PIECE = 31 << 20  # bytes; glibc goes up to 32 MB
_ATTEMPTS = 100  # draws of keys; even the second will hardly ever be needed
_EDGE = "~"  # the word between two texts; no text folds to it
_GAP = "\0\0\0"  # three separators, the middle one of which becomes the edge

# What a word is, one bit each.
_KNOWN, _FUNCTION, _HEAD, _MODIFIER, _FIRST, _SECOND, _SINGLE, _BREAK = (
    1 << bit for bit in range(8)
)


@cache
def _special() -> dict[str, int]:
    """Return the words that mean something to the tokeniser, and what."""
    letters = {chr(code) for code in (*b"0123456789abcdefghijklmnopqrstuvwxyz", OTHER_SCRIPT)}
    special = dict.fromkeys(letters - SINGLE_LETTERS, _SINGLE)
    special |= {BREAK: _BREAK, _EDGE: _BREAK}
    boilerplate = [phrase.split() for phrase in BOILERPLATE]
    for words, bit in (
        (FUNCTION_WORDS, _KNOWN | _FUNCTION),
        (TITLE_HEADS, _HEAD),
        (TITLE_MODIFIERS, _MODIFIER),
        ((word for phrase in boilerplate for word in phrase), 0),
        ((phrase[0] for phrase in boilerplate), _FIRST),
        ((phrase[1] for phrase in boilerplate), _SECOND),
    ):
        for word in words:
            special[word] = special.get(word, 0) | bit
    return special


@cache
def _term_table() -> bytes:
    """Return the map from the characters of a term to those of a folded text, A for any other."""
    plain = b"0123456789abcdefghijklmnopqrstuvwxyz \n" + bytes([OTHER_SCRIPT])
    table = bytearray(b"A") * 256
    for one, other in zip(plain + MARKS, plain + MARK_BYTES, strict=True):
        table[one] = other
    return bytes(table)


@cache
def _keep_memory() -> None:
    """Have the C library keep freed memory for the next batch instead of handing it back.

    glibc hands back what is larger than the largest piece it has seen freed, and the kernel then
    has to clear each page anew, a quarter of all time. No page of this piece is ever touched.
    """
    np.empty(_LARGEST_PIECE, dtype=np.uint8)


class TermTables:
    """The terms of a model, numbered by their place, in tables that take many texts at once.

    Words are told apart by 64-bit keys. No two words of the terms share one, which is seen to when
    the tables are made. A word of a text that is none of them is taken for one with a chance of
    their number / 2^64, some 10^-15, and never if neither has more than eight letters.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        _keep_memory()
        special = _special()
        codes, words = _spelled(terms)
        table, self._multipliers = _numbered(words)
        ends = codes.take(words.starts + words.lengths)
        sizes = np.diff(np.flatnonzero(ends == ord("\n")), prepend=-1)[len(special) :]
        numbers = table.numbers[len(special) :]
        self._size = len(terms)
        self._words = table
        self._number = dict(zip(special, table.numbers[: len(special)].tolist(), strict=True))
        self._unigrams = np.full(len(table) + 1, -1, dtype=np.int32)
        alone = np.flatnonzero(sizes == 1)
        self._unigrams[numbers[(np.cumsum(sizes) - 1)[alone]]] = alone
        self._kinds = (self._unigrams >= 0).astype(np.uint8) * np.uint8(_KNOWN)
        for word, kind in special.items():
            self._kinds[self._number[word]] |= kind
        self._phrases = Phrases(numbers, sizes, len(table))
        self._boilerplate = self._own_phrases(BOILERPLATE)
        self._edge, self._break = self._number[_EDGE], self._number[BREAK]
        self._always = np.zeros(len(table) + 1, dtype=bool)
        self._always[[self._number[word] for word in ALWAYS_HEADS]] = True

    def __len__(self) -> int:
        return self._size

    def _own_phrases(self, phrases: Sequence[str]) -> Phrases:
        words = [phrase.split() for phrase in phrases]
        return Phrases(
            np.array([self._number[word] for phrase in words for word in phrase], dtype=np.int32),
            np.array([len(phrase) for phrase in words]),
            len(self._kinds) - 1,
        )

    def count(self, texts: Sequence[str], *, normal: bool = False) -> TermCounts:
        """Count the known terms of each text; `normal` ones are normalised, and only split."""
        parts = [self._count(batch, normal=normal) for batch in _batches(texts)]
        if len(parts) == 1:
            return parts[0]
        ends = np.cumsum([0, *(len(part.terms) for part in parts)])
        return TermCounts(
            np.concatenate(
                [
                    *(part.starts[:-1] + end for part, end in zip(parts, ends, strict=False)),
                    ends[-1:],
                ]
            ),
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("terms", "counts", "words", "known", "function")
            ),
        )

    def _count(self, texts: Sequence[str], *, normal: bool) -> TermCounts:
        words = (
            self._words.find(_written(texts).keys(self._multipliers))
            if normal
            else self._read(texts)
        )
        kinds = self._kinds.take(words)
        if not normal:
            self._drop(words, kinds)
        edges = np.flatnonzero(words == self._edge)
        content = (kinds & _BREAK) == 0
        known = (kinds & _KNOWN) != 0
        function = (kinds & _FUNCTION) != 0
        kept = words.take(np.flatnonzero(~function))
        rows, terms, counts = self._terms(kept, len(texts))
        return TermCounts(
            starts=np.searchsorted(rows, np.arange(len(texts) + 1)),
            terms=terms,
            counts=counts,
            words=np.add.reduceat(content, edges[:-1], dtype=np.int64),
            known=np.add.reduceat(known, edges[:-1], dtype=np.int64),
            function=np.add.reduceat(function, edges[:-1], dtype=np.int64),
        )

    def _read(self, texts: Sequence[str]) -> Numbers:
        """Return the numbers of the words of all texts in order, an edge before and after each."""
        texts = letters(texts)
        codes = fold_codes(_GAP.join(["", *texts, ""]))
        lengths = np.array([0, *map(len, texts)])
        codes[np.cumsum(lengths + len(_GAP)) - 1] = ord(_EDGE)
        if (codes == ord(BREAK)).any():
            spaced = codes.tobytes().replace(BREAK.encode(), f" {BREAK} ".encode())
            codes = np.frombuffer(spaced, dtype=np.uint8)
        words = self._words.find(Words(codes).keys(self._multipliers))
        return words.take(np.flatnonzero((self._kinds.take(words) & _SINGLE) == 0))

    def _drop(self, words: Numbers, kinds: Bytes) -> None:
        """Put breaks in the place of titles and boilerplate."""
        heads = np.flatnonzero(kinds & _HEAD)
        others = np.flatnonzero((kinds & _MODIFIER) == 0)
        first = others[np.searchsorted(others, heads) - 1] + 1
        whole = (first < heads) | self._always[words[heads]]
        dropped = [_ranges(first[whole], heads[whole] + 1)]
        likely = np.flatnonzero((kinds[:-1] & _FIRST) & (kinds[1:] >> 1))
        for size, (at, _) in enumerate(self._boilerplate.find(words, likely), 2):
            dropped.append(_ranges(at, at + size))
        gone = np.concatenate(dropped)
        words[gone] = self._break
        kinds[gone] = _BREAK

    def _terms(self, words: Numbers, texts: int) -> tuple[Integers, Integers, Floats]:
        """Return text, term and count for each term of each text, in that order."""
        size = max(len(self), 1)
        kind = np.dtype(np.int32 if texts * size < np.iinfo(np.int32).max else np.int64)
        edges = np.flatnonzero(words == self._edge)
        base = np.repeat(np.arange(texts, dtype=kind) * kind.type(size), np.diff(edges))
        unigrams = self._unigrams.take(words)
        at = np.flatnonzero(unigrams >= 0)
        found = [base.take(at) + unigrams.take(at)]
        for at, terms in self._phrases.find(words):
            found.append(base.take(at) + terms)
        places = np.concatenate(found)
        places.sort()
        new = np.flatnonzero(np.append(True, places[1:] != places[:-1])[: len(places)])
        counts = np.diff(np.append(new, len(places)))
        places = places.take(new)
        rows = places // kind.type(size)
        return rows, (places - rows * kind.type(size)).astype(np.int64), counts.astype(np.float64)


def _spelled(terms: Sequence[str]) -> tuple[Bytes, Words]:
    """Write the special words and the terms as folded lines; what no text can hold becomes `A`."""
    before = "\n".join(("", *_special(), "")).encode("latin-1")
    text = (
        "\n".join((*terms, ""))
        .replace(chr(OTHER_SCRIPT), "A")
        .replace(OTHER_SCRIPT_LETTER, chr(OTHER_SCRIPT))
    )
    codes = np.frombuffer(
        before + text.encode("latin-1", "replace").translate(_term_table()), dtype=np.uint8
    )
    words = Words(codes)
    separators = len(codes) - int(words.lengths.sum())
    if separators != len(words.starts) + 1 or text.count("\n") != len(terms):
        return _spelled(
            [term if "\n" not in term and all(term.split(" ")) else "A" for term in terms]
        )
    return codes, words


def _written(texts: Sequence[str]) -> Words:
    """Return the words of normalised texts in order, an edge before and after each."""
    joined = _GAP.join([" ", *texts, " "]).replace(_GAP, f" {_EDGE} ")
    folded = joined.replace(OTHER_SCRIPT_LETTER, chr(OTHER_SCRIPT)).encode("latin-1")
    return Words(np.frombuffer(folded.translate(TO_MARK_BYTES), dtype=np.uint8))


def _numbered(words: Words) -> tuple[HashTable, Keys]:
    """Give each word a number, by keys that no two of them share."""
    windows = words.windows()
    for attempt in range(_ATTEMPTS):
        chosen = multipliers(windows, attempt)
        keys = words.keys(chosen)
        if keys.all():
            table = HashTable(keys)
            if words.same(table.places.take(table.numbers - 1)):
                return table, chosen
    # By chance this never happens; words can be made for it, by whoever knows the draws.
    raise unusable("its terms are made so that they cannot be told apart")


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    first = characters = 0
    for at, text in enumerate(texts):
        characters += len(text)
        if characters >= _CHARACTERS:
            yield texts[first : at + 1]
            first, characters = at + 1, 0
    if first < len(texts) or not texts:
        yield texts[first:]


def _ranges(starts: Places, ends: Places) -> Places:
    """Return all places from each start up to its end."""
    sizes = ends - starts
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    places: Places = np.repeat(starts, sizes) + within
    return places
