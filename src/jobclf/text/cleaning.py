r"""The one cleaning of characters, for everything that is text: files, cells, strings, seeds.

It makes one of what looks alike: ligatures and wide letters become plain ones, what is invisible
goes, spaces are spaces and hyphens hyphens, entities and Markdown escapes are what they stand for,
and letters that were decoded twice are decoded once. Cleaning twice changes nothing more.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from jobclf.text.patterns import pattern

_PASSES = 4  # an entity of an entity of an entity is nobody's text
_MARKS = 8  # combining marks on one letter; the time that composing takes grows with their square
_LONGEST_ENTITY = 40  # characters
_FEW = 30  # characters to replace, each by a walk of its own; more by one that is slower
_SHORT = 1000  # characters, up to which Python's own sets are the quickest
_MARKS_OF_WORDS = "+#/-.&|\\"  # that make or part words, or stand for a character
_UNKNOWN = "\ufffd"
_CONTROLS = dict.fromkeys((*range(9), *range(14, 32), 127), " ") | {11: "\n", 12: "\n"}
_CONTROL_BYTES = bytes(_CONTROLS)
_ASCII = bytes(range(128))

_SPELLED = {
    **dict.fromkeys("\u2010\u2011\u2012\u2212", "-"),  # hyphens of all kinds, the minus sign
    **dict.fromkeys("\u2044\u2215", "/"),
    **dict.fromkeys("\u2028\u2029", "\n"),
    **dict.fromkeys("\u034f\u115f\u1160\u3164\uffa0", ""),  # joiner and fillers without a shape
    "\uf001": "fi",  # where old fonts keep the two ligatures
    "\uf002": "fl",
}
_BY_CATEGORY = {"Cf": "", "Zs": " ", "Co": " ", "Cs": _UNKNOWN}  # invisible, blank, private, half
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # of a shape for the letter before
# What compatibility decomposition is good for: letters in another shape. It would also glue "TM" to
# a name, and make numbers of footnotes.
_SHAPES = frozenset({"<font>", "<wide>", "<narrow>", "<small>", ""})
_LIGATURES = (
    range(0x132, 0x134),
    range(0x1C4, 0x1CD),
    range(0x2160, 0x2180),
    range(0xFB00, 0xFB07),
)

# The first halves in UTF-16 of bold and other letters that people paste, and of invisible marks.
_HALVES = frozenset({0xD835, 0xDB40})
_DECODED_TWICE = frozenset("\xc2\xc3\xe2\xf0")  # of which texts are full that were

_ENTITY = pattern(r"&(?:#[xX]?[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);|&(?:nbsp|amp)(?![A-Za-z0-9=])")
_AMPERSANDS = pattern(r"&(?:(?:amp|#0{0,5}38|#[xX]0{0,5}26);)+")
# Each run of backslashes is looked at once: not begun in its middle, and never given back.
_ESCAPE = pattern(r"(?<!\\)\\++(?=[!-/:-@\[\]-`{-~])")
_CODES = pattern(r"(?<!\\)\\++(?:u([0-9a-fA-F]{4})|(x[0-9a-fA-F]{2}(?:\\x[0-9a-fA-F]{2})*+))")
_LINE_ENDS = pattern(r"(?<!\\)(?:\\++r)?\\++n|(?<!\\)\\++r")
_TABS = pattern(r"(?<!\\)\\++t")


def clean(text: str) -> str:
    r"""Return a text with its characters cleaned, as it is kept, shown and explained.

    >>> clean("work\ufb02ows in scikit\\-learn&nbsp;&amp; C\\+\\+, no soft hy\xadphens")
    'workflows in scikit-learn & C++, no soft hyphens'
    """
    if not text.isascii() or "&" in text or "\\" in text:
        text = _cleaned(text)
    content = text.encode()
    if len(content.translate(None, _CONTROL_BYTES)) < len(content):
        text = text.translate(_CONTROLS)
    return text


def line_ends(text: str) -> str:
    r"""Return a text whose lines end as in Unix.

    >>> line_ends("of Windows\r\nof old Macs\r.")
    'of Windows\nof old Macs\n.'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def letters(texts: Sequence[str]) -> list[str]:
    """Return texts cleaned of all that changes their words, many at a time.

    What is a space to the tokeniser anyway may stay: controls, other spaces, lone surrogates.
    """
    found = list(texts)
    for at in _suspects(found):
        found[at] = _cleaned(found[at])
    return found


def unescape(text: str) -> str:
    """Return a text with the characters that its entities stand for, in one pass.

    Unlike `html.unescape` it takes numbers of any length, and leaves `&copy=1` alone.
    """
    return _ENTITY.sub(_entity, text)


def _suspects(texts: list[str]) -> Iterable[int]:
    """Return the places of the texts that have anything to clean."""
    suspects = {
        at
        for at, text in enumerate(texts)
        if ("&" in text and _ENTITY.search(text)) or ("\\" in text and _is_escaped(text))
    }
    wide = [at for at, text in enumerate(texts) if not text.isascii()]
    if wide:
        # UTF-16 is how most texts beyond ASCII are in memory.
        encoded = [texts[at].encode("utf-16-le", "surrogatepass") for at in wide]
        codes = np.frombuffer(b"".join(encoded), dtype="<u2")
        beyond = np.flatnonzero(codes >= 0x80)  # noqa: PLR2004  # where ASCII ends
        dirty = [code for code in _distinct(codes[beyond]) if _changes_words(code)]
        if dirty:
            places = beyond[np.isin(codes[beyond], dirty)]
            ends = np.cumsum([len(each) // 2 for each in encoded])
            suspects.update(wide[at] for at in set(np.searchsorted(ends, places, "right").tolist()))
    return suspects


def _distinct(codes: NDArray[np.uint16]) -> list[int]:
    if len(codes) < _SHORT:
        return list(set(codes.tolist()))
    seen = np.zeros(1 << 16, dtype=bool)
    seen[codes] = True
    found: list[int] = np.flatnonzero(seen).tolist()
    return found


def _is_escaped(text: str) -> bool:
    return bool(_ESCAPE.search(text) or _CODES.search(text)) or (
        "\n" not in text and bool(_LINE_ENDS.search(text) or _TABS.search(text))
    )


@cache
def _changes_words(code: int) -> bool:
    """Tell whether a text with this unit of UTF-16 may have other words once it is clean."""
    character = chr(code)
    if 0xD800 <= code < 0xE000:  # noqa: PLR2004  # halves
        return code in _HALVES
    if character in _DECODED_TWICE or unicodedata.combining(character):
        return True
    to = _spelling(character)
    if to == character:
        return False
    # A space to the tokeniser in either writing; but among letters it is taken for one of them.
    blank = len(to) == 1 and to.isascii() and not to.isalnum() and to not in _MARKS_OF_WORDS
    return not blank or 0x250 <= code < 0x2000  # noqa: PLR2004


@cache
def _spelling(character: str) -> str:
    """Return what a character is to be written as."""
    code, kind = ord(character), unicodedata.category(character)
    if character in _SPELLED:
        return _SPELLED[character]
    if any(code in block for block in _SELECTORS):
        return ""
    if kind == "Cc" and code > 127:  # noqa: PLR2004  # Windows-1252 that was read as Latin-1
        return bytes([code]).decode("cp1252", "ignore") or " "
    if kind in _BY_CATEGORY:
        return _BY_CATEGORY[kind]
    shape = unicodedata.decomposition(character).rpartition(">")[0]
    if (f"{shape}>" if shape else "") in _SHAPES or any(code in block for block in _LIGATURES):
        plain = unicodedata.normalize("NFKC", character)
        return "".join(_SPELLED.get(each, each) for each in plain)
    return character


def _cleaned(text: str) -> str:
    for _ in range(_PASSES):
        before = text
        text = plain = _plain(text)
        text = _unescaped(_without_entities(text))
        if text == before or (text == plain and not any(map(text.__contains__, _DECODED_TWICE))):
            return text
    return _twice().sub(" ", _plain(text).replace("&", " ").replace("\\", " "))


def _plain(text: str) -> str:
    """Return a text with every character as it is to be written."""
    if text.isascii():
        return text
    distinct = _characters(text)
    if max(distinct, default="") >= "\ud800" and any(
        "\ud800" <= each <= "\udfff" for each in distinct
    ):  # pairs are joined, halves go
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        distinct = _characters(text)
    if not distinct.isdisjoint(_DECODED_TWICE):
        text = _twice().sub(_decoded_once, text)
        distinct = _characters(text)
    changed, marks = _changes(distinct) if len(distinct) < _FEW else _found_changes(distinct)
    if len(changed) < _FEW:
        for code, to in changed.items():
            text = text.replace(chr(code), to)
    else:
        text = text.translate(changed)
    if marks:
        several = f"[{re.escape(marks)}]"
        text = re.sub(f"({several}{{{_MARKS}}}){several}+", r"\1", text)
        text = unicodedata.normalize("NFC", text)
    return text


def _found_changes(distinct: frozenset[str]) -> tuple[dict[int, str], str]:
    """Return how characters are to be written that change, and the combining marks then."""
    changed = {ord(each): _spelling(each) for each in distinct}
    changed = {code: to for code, to in changed.items() if to != chr(code)}
    marks = filter(unicodedata.combining, distinct.union(*changed.values()))
    return changed, "".join(sorted(marks))


_changes = lru_cache(1 << 12)(_found_changes)  # most texts have the same few


def _characters(text: str) -> frozenset[str]:
    """Return the characters of a text beyond ASCII."""
    beyond = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return frozenset(beyond.decode("utf-8", "surrogatepass"))


@cache
def _twice() -> re.Pattern[str]:
    """Return what letters look like that were decoded once too often."""
    after = "".join(
        letter
        for code in range(0x80, 0xC0)
        for letter in {bytes([code]).decode("cp1252", "ignore") or chr(code), chr(code)}
    )
    return re.compile(f"[\xc2\xc3][{after}]|\xe2[{after}]{{2}}|\xf0[{after}]{{3}}")


def _decoded_once(match: re.Match[str]) -> str:
    try:
        codes = b"".join(
            letter.encode("latin-1") if ord(letter) < 0x100 else letter.encode("cp1252")  # noqa: PLR2004
            for letter in match.group()
        )
        return codes.decode()
    except UnicodeError:
        return match.group()


def _without_entities(text: str) -> str:
    if "&" not in text:
        return text
    return unescape(_AMPERSANDS.sub("&", text))


def _entity(match: re.Match[str]) -> str:
    import html

    entity = match.group()
    if entity[1] == "#":
        digits = entity[2:-1].lstrip("xX0") or "0"
        if len(digits) > 7:  # noqa: PLR2004  # digits; the largest code point has as many
            return _UNKNOWN
        return html.unescape(f"&#x{digits};" if entity[2] in "xX" else f"&#{digits};") or " "
    return html.unescape(entity) if len(entity) <= _LONGEST_ENTITY else entity


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    if "\n" not in text:  # it was written on one line
        text = _TABS.sub("\t", _LINE_ENDS.sub("\n", text))
    return _ESCAPE.sub("", _CODES.sub(_code, text))


def _code(match: re.Match[str]) -> str:
    if match.group(1):
        return chr(int(match.group(1), 16))
    content = bytes.fromhex(match.group(2).replace("\\", "").replace("x", ""))
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
