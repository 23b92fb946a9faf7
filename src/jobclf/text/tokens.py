"""One normaliser and one tokeniser for everything that is text.

Every text is cleaned first (`cleaning`). `fold` then maps each character to exactly one byte, so a
place in the folded text is the same place in the clean one. Everything else here, and the scoring
kernel, works on folded bytes.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jobclf.text import cleaning
from jobclf.text.patterns import pattern

# fmt: off
# Terms whose inner marks belong to the word. Anywhere else the same marks separate words.
JOINED = (
    "c++", "c#", "f#", ".net", "asp.net", "node.js", "ci/cd", "a/b", "r&d", "pl/sql", "t-sql",
    "scikit-learn", "e-commerce",
)

# Words that hold English together and tell nothing about the work: terms pass over them, so that
# "deploying a model" and "deploying models" are as close as they sound.
FUNCTION_WORDS = frozenset({
    "a", "an", "the", "and", "or", "of", "to", "in", "for", "on", "with", "from", "by", "at", "as",
    "is", "are", "be", "our", "their", "your", "its", "that", "this", "into", "we", "you", "will",
    "have", "has", "it",
})

# A role title is a run of modifiers before a head. Bare `ALWAYS` heads are dropped as well, for
# labels that come from titles would leak through them.
ALWAYS_HEADS = frozenset({"scientist", "scientists", "engineer", "engineers"})
TITLE_HEADS = ALWAYS_HEADS | {
    "developer", "developers", "analyst", "analysts", "architect", "architects",
}
TITLE_MODIFIERS = frozenset({
    "data", "decision", "applied", "research", "ai", "ml", "machine", "learning", "mlops", "deep",
    "nlp", "vision", "genai", "llm", "analytics", "software", "backend", "platform", "cloud",
    "devops", "bi", "business", "intelligence", "artificial", "senior", "junior", "sr", "jr",
    "lead", "principal", "staff", "associate", "chief", "head",
})

# Words of the page around a posting, not of the posting.
BOILERPLATE = (
    "show more", "show less", "see more", "read more", "apply now", "easy apply", "save job",
    "share this job", "report this job", "about the job", "job description", "back to jobs",
    "similar jobs", "sign in", "log in", "cookie policy", "privacy policy", "accept cookies",
    "seniority level", "employment type", "job function", "full job description", "see who",
    "days ago", "hours ago", "weeks ago", "be among the first", "job id", "requisition id",
)
# fmt: on

# Marks inside a joined term, and the bytes that stand for them as part of a word. Bytes from "0" on
# are word bytes, "|" apart, and those below are not: the kernel needs one comparison for each.
MARKS = b"+#/-.&"
MARK_BYTES = b":;<=>?"
OTHER_SCRIPT = 0xFF  # a letter of another script: part of a word, never of a known one
OTHER_SCRIPT_LETTER = "ж"  # what such a letter reads as in a word; folds to itself
BREAK = "|"  # stands where something was dropped, and stays a break when normalised again
SINGLE_LETTERS = frozenset("rc")  # R and C are languages; other single letters are noise

WORD = pattern(rf"[0-9:-?a-z{OTHER_SCRIPT_LETTER}]+|\|+")
TO_MARK_BYTES = bytes.maketrans(MARKS, MARK_BYTES)


class Token(NamedTuple):
    """A word and the half-open range of characters where it stands in the clean text."""

    word: str
    start: int
    end: int


_LETTERS = (
    range(0x0250, 0x2000),
    range(0x2C00, 0x3000),
    range(0x3040, 0xE000),
    range(0xF900, 0xFE00),
)
_NO_LETTERS = (range(0x02B0, 0x0370), range(0xD800, 0xE000))  # accents on their own; surrogates
_LATIN = (
    range(0x80),
    range(0xAA, 0x250),
    range(0x1E00, 0x1F00),
    range(0xFF01, 0xFF5F),
    range(0x1D400, 0x1D800),  # bold and italic letters that people paste from editors
)
_FEW = 100  # characters beyond Latin-1 up to which no table is built for them


def _table() -> bytes:
    """Build the map from code point to folded byte; the last entry serves all code points above."""
    table = bytearray(b" ") * 0x1D801
    for blocks, byte in ((_LETTERS, OTHER_SCRIPT), (_NO_LETTERS, ord(" "))):
        for block in blocks:
            table[block.start : block.stop] = bytes([byte]) * len(block)
    for block in _LATIN:
        for code in block:
            table[code] = _fold_character(chr(code))
    return bytes(table)


@cache
def _fold_code(code: int) -> int:
    """Return what the table says of a code point."""
    if any(code in block for block in _LATIN):
        return _fold_character(chr(code))
    if any(code in block for block in _NO_LETTERS):
        return ord(" ")
    return OTHER_SCRIPT if any(code in block for block in _LETTERS) else ord(" ")


def _fold_character(character: str) -> int:
    plain = unicodedata.normalize("NFKD", character)[0].lower()[0]
    if plain in {"ı", "ß", "æ", "ø", "ł", "đ", "œ", "þ", "ð"}:
        plain = dict(zip("ıßæøłđœþð", "isaoldotd", strict=True))[plain]
    if plain.isascii():
        return ord(plain) if plain.isalnum() or plain in "+#/-.&|" else ord(" ")
    return OTHER_SCRIPT if plain.isalpha() else ord(" ")


@cache
def fold_table() -> NDArray[np.uint8]:
    """Return the fold map as an array, code point to byte, shape (0x1D801,)."""
    return np.frombuffer(_table(), dtype=np.uint8)


@cache
def _latin_table() -> bytes:
    codes = (*range(0x80), *range(0xAA, 0x100))
    table = bytearray(b" ") * 0x100
    for code in codes:
        table[code] = _fold_character(chr(code))
    return bytes(table)


@cache
def _joins() -> tuple[NDArray[np.bool_], NDArray[np.bool_], dict[int, list[tuple[bytes, bytes]]]]:
    """Return how to find joined terms by their first mark.

    Which bytes stand before which mark, which stand after it, and by each such pair before and at
    the mark (a number of 16 bits) the terms, each with what it becomes.
    """
    before = np.zeros((256, 256), dtype=bool)
    after = np.zeros((256, 256), dtype=bool)
    terms: dict[int, list[tuple[bytes, bytes]]] = {}
    for joined in JOINED:
        for left in b" /" if joined in {"c++", "c#"} else b" ":
            term = bytes([left]) + joined.encode()
            at = next(place for place in range(1, len(term)) if term[place] in MARKS)
            becomes = term[:at] + term[at:].translate(TO_MARK_BYTES)
            terms.setdefault(term[at - 1] << 8 | term[at], []).append((term, becomes))
            before[term[at - 1], term[at]] = True
            after[term[at], term[at + 1] if at + 1 < len(term) else slice(None)] = True
    return before, after, terms


def fold(text: str) -> bytes:
    r"""Fold a clean text to lower-case bytes, one a character, with a space before and after.

    >>> fold("Café, C++ & R")
    b' cafe  c:: & r '
    """
    return fold_codes(text).tobytes()


def fold_codes(text: str) -> NDArray[np.uint8]:
    """Fold a text to a new array of bytes, shape (characters + 2,)."""
    codes = np.empty(len(text) + 2, dtype=np.uint8)
    codes[0] = codes[-1] = ord(" ")
    if text.isascii():
        codes[1:-1] = np.frombuffer(text.encode().translate(_latin_table()), dtype=np.uint8)
    else:
        wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        narrow = wide.astype(np.uint8).tobytes().translate(_latin_table())
        codes[1:-1] = np.frombuffer(narrow, dtype=np.uint8)
        beyond = np.flatnonzero(wide >= len(_latin_table()))
        if len(beyond) <= _FEW:
            codes[beyond + 1] = [*map(_fold_code, wide[beyond].tolist())]
        else:
            table = fold_table()
            codes[beyond + 1] = table[np.minimum(wide[beyond], len(table) - 1)]
    _join(codes)
    return codes


def _join(codes: NDArray[np.uint8]) -> None:
    """Turn the inner marks of joined terms into word bytes, in place."""
    marks = np.flatnonzero((codes - np.uint8(ord(" ") + 1)) < ord("0") - ord(" ") - 1)
    before, after, terms = _joins()
    own, left = codes.take(marks), codes.take(marks - 1)
    likely = before[left, own] & after[own, codes.take(marks + 1)]
    pairs = set((left[likely].astype(np.uint16) << 8 | own[likely]).tolist())
    if pairs:
        content = codes.tobytes()
        for pair in pairs:
            for term, becomes in terms[pair]:
                content = content.replace(term, becomes)
        codes[:] = np.frombuffer(content, dtype=np.uint8)


@cache
def _unfold() -> dict[int, str]:
    marks = {code: chr(mark) for code, mark in zip(MARK_BYTES, MARKS, strict=True)}
    return {**marks, OTHER_SCRIPT: OTHER_SCRIPT_LETTER}


def _letters(text: str) -> str:
    (cleaned,) = cleaning.letters([text])
    return fold(cleaned).decode("latin-1").replace(chr(OTHER_SCRIPT), OTHER_SCRIPT_LETTER)


def _spelled(word: str) -> str:
    """Return a word of a folded text as people write it."""
    if word.isalnum():
        return word
    return BREAK if word[0] == BREAK else word.translate(_unfold())


def _counts(word: str) -> bool:
    return len(word) > 1 or word in SINGLE_LETTERS or word == BREAK


@cache
def _boilerplate() -> dict[str, tuple[list[str], ...]]:
    phrases: dict[str, tuple[list[str], ...]] = {}
    for phrase in BOILERPLATE:
        words = phrase.split()
        phrases[words[0]] = (*phrases.get(words[0], ()), words)
    return phrases


@cache
def _suspects() -> frozenset[str]:
    """Return the words that something dropped ends or begins with."""
    return TITLE_HEADS | _boilerplate().keys()


def _dropped(words: list[str]) -> set[int]:
    """Return the places of titles and boilerplate."""
    dropped: set[int] = set()
    suspects = _suspects()
    for at in [at for at, word in enumerate(words) if word in suspects]:
        word = words[at]
        if word in TITLE_HEADS:
            first = at
            while first and words[first - 1] in TITLE_MODIFIERS:
                first -= 1
            if first < at or word in ALWAYS_HEADS:
                dropped.update(range(first, at + 1))
        for phrase in _boilerplate().get(word, ()):
            if words[at : at + len(phrase)] == phrase:
                dropped.update(range(at, at + len(phrase)))
    return dropped


def tokens(text: str) -> list[Token]:
    """Return the words of a text with their places; dropped titles and boilerplate are breaks."""
    found = [
        Token(word, match.start() - 1, match.end() - 1)
        for match in WORD.finditer(_letters(text))
        if _counts(word := _spelled(match.group()))
    ]
    dropped = _dropped([token.word for token in found])
    return [
        token._replace(word=BREAK) if at in dropped else token for at, token in enumerate(found)
    ]


def tokenize(text: str) -> list[str]:
    """Return the words of a text in order, `|` where a title or page boilerplate was dropped.

    >>> tokenize("Senior Data Scientist: A/B tests in R, C++ • CI/CD")
    ['|', 'a/b', 'tests', 'in', 'r', 'c++', 'ci/cd']
    """
    words = WORD.findall(_letters(text))
    if not all(map(str.isalnum, words)):
        words = [word if word.isalnum() else _spelled(word) for word in words]
    words = [word for word in words if len(word) > 1 or _counts(word)]
    for at in _dropped(words):
        words[at] = BREAK
    if BREAK in words:
        words = [
            word
            for word, before in zip(words, ["", *words], strict=False)
            if word != BREAK or before != BREAK
        ]
    return words


def normalize(text: str) -> str:
    r"""Return a text as the words that count, one space between; doing it twice changes nothing.

    >>> normalize("\u2022  Naïve   Bayes\u00a0models - Show more")
    'naive bayes models |'
    """
    return " ".join(tokenize(text))


def ngrams(words: list[str], longest: int) -> Iterator[str]:
    """Yield the terms of one to `longest` words; they pass over function words and cross no break.

    >>> list(ngrams(tokenize("deploying a model"), 2))
    ['deploying', 'deploying model', 'model']
    """
    kept = [word for word in words if word not in FUNCTION_WORDS]
    for at, word in enumerate(kept):
        if word == BREAK:
            continue
        yield word
        term = word
        for after in kept[at + 1 : at + longest]:
            if after == BREAK:
                break
            term = f"{term} {after}"
            yield term
