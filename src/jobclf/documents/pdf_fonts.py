"""How much the fonts and pictures of a PDF hold, counted before anything is made of them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from jobclf import limits
from jobclf.errors import PostingError, Reason

_LAST_CODE = 0xFFFF  # of a letter in a font
_BYTE = 0xFF
_HEX = rb"<\s*([0-9A-Fa-f]{1,8})\s*>"
# A range of codes and what they are mapped to: the first of a range, or each in brackets.
_RANGE = re.compile(rb"\[[^\[\]]*+\]|%b\s*%b\s*(?:%b)?" % (_HEX, _HEX, _HEX))
_PAIR = re.compile(rb"%b\s*<\s*([0-9A-Fa-f]++)\s*>" % _HEX)
_START, _END = b"beginbfrange", b"endbfrange"


class Drawn(NamedTuple):
    """What a page is drawn with."""

    form: int  # letters that are mapped for each drawing within a drawing, at most
    pictures: frozenset[str]  # names of those that are pictures, on the page itself
    pixels: int  # of all pictures
    unspaced: frozenset[str]  # names of fonts on the page itself that have no space


class Fonts:
    """Letters that the fonts of a PDF map, counted page by page."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        self._kept: list[Any] = []  # fonts, for their numbers are those of their places in memory
        self._left = limits.PDF_MAPPED

    def count(self, letters: int) -> None:
        """Count letters that are mapped; raise where they are more than any posting's."""
        self._left -= letters
        if self._left < 0:
            raise PostingError(
                "the PDF has more letters in its fonts than any posting",
                "save the text alone",
                reason=Reason.TOO_LARGE,
            )

    def of_page(self, page: Any) -> Drawn:
        """Count the letters of a page's own fonts; return what else it is drawn with."""
        seen: dict[int, Any] = {}
        waiting = [_object(_inherited(page, "/Resources"))]
        form, pixels, pictures = 0, 0, set[str]()
        unspaced = frozenset(_unspaced(waiting[0]))
        while waiting and len(seen) < limits.PDF_RESOURCES:
            resources = waiting.pop()
            if not isinstance(resources, dict) or id(resources) in seen:
                continue
            letters = sum(map(self._letters, values_of(resources.get("/Font"))))
            if seen:
                form = max(form, letters)
            else:
                self.count(letters)
            drawings = _object(resources.get("/XObject"))
            for name, drawing in drawings.items() if isinstance(drawings, dict) else ():
                each = _object(drawing)
                if not isinstance(each, dict):
                    continue
                if each.get("/Subtype") == "/Image":
                    pixels += _number(each.get("/Width")) * _number(each.get("/Height"))
                    if not seen:
                        pictures.add(name)
                elif "/Resources" in each:
                    waiting.append(_object(each["/Resources"]))
            seen[id(resources)] = resources
        return Drawn(form, frozenset(pictures), pixels, unspaced)

    def _letters(self, font: Any) -> int:
        """Return how many letters a font maps and measures."""
        if id(font) not in self._known:
            self._known[id(font)] = _count(font)
            self._kept.append(font)
        return self._known[id(font)]


def _count(font: Any) -> int:
    count = _narrowed(font)
    for inner in values_of(font.get("/DescendantFonts")):
        widths = list(map(_object, _object(inner.get("/W")) or ()))
        for first, last in pairwise(widths):
            if isinstance(first, int) and isinstance(last, int):
                count += _range(first, last)
    return count


def _unspaced(resources: Any) -> Iterator[str]:
    """Yield the names of the fonts that map their letters, and none to a space."""
    fonts = _object(resources.get("/Font")) if isinstance(resources, dict) else None
    for name, font in fonts.items() if isinstance(fonts, dict) else ():
        found = _object(font)
        mapping: Any = _object(found.get("/ToUnicode")) if isinstance(found, dict) else None
        if hasattr(mapping, "get_data") and not _has_space(mapping.get_data()):
            yield name


def _has_space(mapping: bytes) -> bool:
    alone = b" ".join(part.partition(b"endbfchar")[0] for part in mapping.split(b"beginbfchar")[1:])
    ranges = b" ".join(part.partition(_END)[0] for part in mapping.split(_START)[1:])
    return any(int(to, 16) == ord(" ") for _, to in _PAIR.findall(alone)) or any(
        int(to, 16) <= ord(" ") <= int(to, 16) + int(last, 16) - int(first, 16)
        for first, last, to in _RANGE.findall(ranges)
        if first and to
    )


def _narrowed(font: Any) -> int:
    """Count the letters in the ranges that a font maps, without those mapped to themselves.

    Beyond one byte such a range says nothing, and some printers map all letters so.
    """
    from pypdf.generic import DecodedStreamObject, NameObject

    mapping = _object(font.get("/ToUnicode"))
    if not hasattr(mapping, "get_data"):
        return 0
    count = 0

    def narrow(found: re.Match[bytes]) -> bytes:
        nonlocal count
        if found[1] is None:  # what the letters of a range are mapped to, one by one
            return found[0]
        first, last = int(found[1], 16), int(found[2], 16)
        if found[3] is not None and int(found[3], 16) == first and last > _BYTE:
            last = max(first, _BYTE)
            count += _range(first, last)
            end = b"%0*X" % (len(found[2]), last)
            return b"<%b> <%b> <%b>" % (found[1], end, found[3])
        count += _range(first, last)
        return found[0]

    content: bytes = mapping.get_data()
    before, *parts = content.split(_START)
    narrowed = before
    for part in parts:
        ranges, end, rest = part.partition(_END)
        narrowed += b"%b%b%b%b" % (_START, _RANGE.sub(narrow, ranges), end, rest)
    if narrowed != content:
        stream = DecodedStreamObject()
        stream.set_data(narrowed)
        font[NameObject("/ToUnicode")] = stream
    return count + content.count(b"<") // 2


def _range(first: int, last: int) -> int:
    return max(0, min(last, _LAST_CODE) - first + 1)


def _number(found: Any) -> int:
    found = _object(found)
    return max(0, found) if isinstance(found, int) else 0


def _inherited(page: Any, key: str) -> Any:
    """Return what a page says, or the nodes of the tree above it."""
    for _ in range(limits.PDF_RESOURCES):
        if key in page or "/Parent" not in page:
            break
        page = _object(page["/Parent"])
    return page.get(key)


def values_of(found: Any) -> list[Any]:
    """Return the dictionaries in a dictionary or list of a PDF."""
    found = _object(found)
    values = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return [each for each in map(_object, values) if isinstance(each, dict)]


def _object(found: Any) -> Any:
    return found.get_object() if hasattr(found, "get_object") else found
