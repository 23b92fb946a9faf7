"""Feeds and other XML of job boards with a posting in each item: RSS, Atom and their own forms."""

import codecs
import html.entities
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, BinaryIO

from jobclf import limits
from jobclf.errors import DatasetError, Reason
from jobclf.tables.columns import check_width
from jobclf.tables.rows import Found

_PIECE = 1 << 16  # bytes read at once
# What the items are called, letters alone compared: with the common endings, or as they are.
_ITEM_NAMES = (
    "item entry job position vacancy posting jobposting offer joboffer opening jobopening jobinfo "
    "listing joblisting ad jobad advert requisition jobrequisition vacature stelle anzeige "
    "stellenanzeige offre emploi annonce oferta vaga empleo"
)
_ITEMS = frozenset(_ITEM_NAMES.split())
_HTML_NAMES = (
    "p br div span ul ol li b strong i em u a h1 h2 h3 h4 h5 h6 table tr td th tbody font hr "
    "section article blockquote pre img"
)
_HTML = frozenset(_HTML_NAMES.split())
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_START = re.compile(r"\s*<(?:\?xml|rss|feed|rdf:RDF|source|jobs)\b")
_BEFORE = re.compile(
    r"(?>(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*)", re.DOTALL
)
_NOT_FEEDS = frozenset({"html", "svg", "worddocument", "workbook", "package"})
_ENCODINGS = ("iso8859", "cp", "koi8", "mac", "gb", "big5", "euc", "shift", "ascii")
# What a part of a posting is made of: one of these and one of those.
_HEADS = ("name", "title", "heading", "label", "header")
_BODIES = ("value", "content", "description", "body", "text")
_PAIRS = frozenset(frozenset({head, body}) for head in _HEADS for body in _BODIES)
_OTHER_NAMES = {"encoded": "content"}  # of RSS, where the whole text stands
# What has no elements within, and how it ends: text as it is, comments, what is for programs.
_OPENED = re.compile(r"<!\[CDATA\[|<!--|<\?")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_SIGN = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};)(\w{1,31};)?")
_XML_SIGNS = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


def is_feed(start: bytes) -> bool:
    """Tell XML of positions by how it begins, from pages that are XML as well.

    >>> is_feed(b"<?xml version='1.0'?><workzag-jobs>"), is_feed(b"<?xml version='1.0'?><html>")
    (True, False)
    """
    text = start[: limits.FEED_START].decode(_encoding(start), "replace")
    if _START.match(text) is None:
        return False
    root = _root(text)
    return root is None or root.group(1).lower() not in _NOT_FEEDS


def _root(text: str) -> re.Match[str] | None:
    """Return where the root element begins, behind comments and the document type."""
    before = _BEFORE.match(text)
    return _ROOT.search(text, before.end() if before else 0)


def read(stream: BinaryIO, name: str) -> tuple[tuple[str, ...], Found]:
    """Read an item a row; the columns are those of the first ones.

    Elements are columns by their names, those within others by dotted paths. What is repeated is
    one cell with a line for each.
    """
    rows = _rows(stream, name)
    ahead = list(islice(rows, limits.AHEAD_ROWS))
    columns = tuple(dict.fromkeys(key for values in ahead for key in values))
    if not columns:
        raise DatasetError(
            "the XML holds no list of positions",
            "name a feed with an element for each, or save the postings as pages",
            reason=Reason.NOT_POSTING,
            path=name,
        )
    check_width(columns, name)
    return columns, ((values, None) for values in chain(ahead, rows))


def _rows(stream: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
    for item in _items(stream, name):
        values = dict(_values(item))
        if values:
            yield values


def _items(stream: BinaryIO, name: str) -> Iterator[Any]:
    """Yield the elements that are items as they end; what has been read is forgotten."""
    from lxml import etree

    # Neither entities nor anything outside the stream is read.
    parser = etree.XMLPullParser(
        events=("start", "end"), recover=True, resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    walk = _Walk(name)
    kept = 0  # letters since the last item
    try:
        for text in _sliced(_repaired(_decoded(stream), name)):
            parser.feed(text)
            kept += len(text)
            for item in walk.ended(parser.read_events()):
                kept = 0
                yield item
            if kept > limits.FEED_ITEM:
                raise _refused(f"no item ends within {limits.FEED_ITEM >> 20} MB", name)
        root = parser.close()
        yield from walk.ended(parser.read_events())
    except (etree.XMLSyntaxError, OSError, EOFError, ValueError) as error:
        fact = str(error).split("\n", 1)[0]
        raise _refused(f"the XML is damaged: {fact}", name) from None
    if walk.kind is None and root is not None:
        yield from _repeated(root)


def _decoded(stream: BinaryIO) -> Iterator[str]:
    """Yield the text of XML from its root element on: what is before it is not for its items."""
    start = stream.read(limits.FEED_START)
    decoder = codecs.getincrementaldecoder(_encoding(start))("replace")
    head = decoder.decode(start)
    root = _root(head)
    before = _BEFORE.match(head)
    yield head[root.start() if root else before.end() if before else 0 :]
    while piece := stream.read(_PIECE):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]{1,40})", start)
    try:
        known = codecs.lookup(declared.group(1).decode()).name if declared else "utf-8"
    except LookupError:
        known = "utf-8"
    return known if known.startswith(_ENCODINGS) else "utf-8-sig"


def _repaired(texts: Iterable[str], name: str) -> Iterator[str]:
    """Yield XML, in pieces that end with a mark, with each `&` that is no sign of XML as one.

    A parser would drop what stands after `R&D`, and what HTML alone has a name for, as `&nbsp;`.
    """
    left = ""
    for text in texts:
        left += text
        cut = left.rfind(">") + 1
        pieces, end = _without_comments(left, cut)
        yield "".join(pieces)
        left = left[end:]
        if len(left) > limits.FEED_ITEM:
            raise _refused(f"no element ends within {limits.FEED_ITEM >> 20} MB", name)
    pieces, end = _without_comments(left, len(left))
    yield "".join(pieces)
    if left.startswith("<![", end):  # text that is cut off
        yield left[end:]


def _sliced(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts in pieces, after each of which the depth is looked at."""
    for text in texts:
        for at in range(0, len(text), _PIECE):
            yield text[at : at + _PIECE]


def _without_comments(text: str, until: int) -> tuple[list[str], int]:
    """Return what stands before a place, without comments, and where it ends.

    It ends before what has no end yet: the parser would look for that end again and again.
    """
    pieces, at = [], 0
    while (opened := _OPENED.search(text, at, until)) is not None:
        pieces.append(_SIGN.sub(_sign, text[at : opened.start()]))
        last = _ENDS[opened.group()]
        end = text.find(last, opened.end(), until)
        if end < 0:
            return pieces, opened.start()
        at = end + len(last)
        if last == "]]>":
            pieces.append(text[opened.start() : at])
    pieces.append(_SIGN.sub(_sign, text[at:until]))
    return pieces, until


def _sign(found: re.Match[str]) -> str:
    text, named = found.group(), found.group(1)
    if named in html.entities.html5 and named not in _XML_SIGNS:
        return "".join(f"&#{ord(letter)};" for letter in html.entities.html5[named])
    return f"&amp;{text[1:]}" if text[0] == "&" and named not in _XML_SIGNS else text


class _Walk:
    """Where in the XML the parser is, and what its items are called once one has begun."""

    def __init__(self, name: str) -> None:
        self.kind: str | None = None
        self._name = name
        self._stack: list[str] = []

    def ended(self, events: Iterable[tuple[str, Any]]) -> Iterator[Any]:
        """Yield the items that end, and let go of them and what is before them."""
        for event, element in events:
            called = _name(element)
            if event == "start":
                if self.kind is None and self._stack and _is_item(called):
                    self.kind = called
                self._stack.append(called)
                if len(self._stack) > limits.FEED_DEPTH:
                    raise _refused("it is nested too deep", self._name)
                continue
            self._stack.pop()
            if called == self.kind and called not in self._stack:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]


def _refused(fact: str, name: str) -> DatasetError:
    return DatasetError(fact, "fetch or save it again", reason=Reason.DAMAGED, path=name)


def _name(element: Any) -> str:
    """Return the name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _is_item(name: str) -> bool:
    return re.sub("[^a-z]", "", name.lower()) in _ITEMS


def _repeated(root: Any) -> Iterator[Any]:
    """Yield the elements of one parent and name that hold the most text, two at least."""
    best, most = [], 0
    for parent in root.iter("*"):
        names = Counter(map(_name, parent))
        for name, count in names.items():
            if count > 1 and name.lower() not in _HTML:
                same = [child for child in parent if _name(child) == name and len(child)]
                text = sum(len("".join(child.itertext())) for child in same)
                if text > most:
                    best, most = same, text
    yield from best


def _values(item: Any) -> Iterator[tuple[str, str | None]]:
    """Yield the cells of an item, by the names of its elements and attributes."""
    found: dict[str, list[str]] = {}
    for key, value in item.attrib.items():
        found[key.rpartition("}")[2]] = [value]
    _gather(item, "", found)
    for key, texts in found.items():
        yield key, "\n".join(dict.fromkeys(filter(None, texts))) or None
    if not found and (text := _text(item)):
        yield _name(item), text


def _gather(element: Any, above: str, found: dict[str, list[str]]) -> None:
    for child in element:
        name = _name(child)
        if not name:
            continue
        path = f"{above}{_OTHER_NAMES.get(name, name)}"
        parts = [each for each in child if _name(each)]
        if not parts:
            text = _text(child)
            found.setdefault(path, []).append(text or child.get("href") or child.get("term") or "")
        elif all(_name(each).lower() in _HTML for each in parts):
            found.setdefault(path, []).append(_markup(child))
        elif (pairs := _pairs(parts)) is not None:
            found.setdefault(path, []).extend(pairs)
        else:
            _gather(child, f"{path}.", found)


def _pairs(parts: list[Any]) -> list[str] | None:
    """Return the texts of parts that have a heading and a text each, None if they are others."""
    texts = []
    for part in parts:
        leaves = {_name(each).lower(): each for each in part if _name(each)}
        if frozenset(leaves) not in _PAIRS:
            return None
        head = next(leaves[name] for name in _HEADS if name in leaves)
        body = next(leaves[name] for name in _BODIES if name in leaves)
        texts.append(f"{html.escape(_text(head), quote=False)}\n{_markup(body)}")
    return texts


def _text(element: Any) -> str:
    """Return the text of an element that has none within it, entities that no one declared too."""
    texts = [element.text or ""]
    for child in element:
        texts += [html.unescape(child.text or "") if not _name(child) else "", child.tail or ""]
    return "".join(texts).strip()


def _markup(element: Any) -> str:
    """Return what an element holds as HTML."""
    from lxml import etree

    if not any(map(_name, element)):
        return _text(element)
    content = [html.escape(element.text or "", quote=False)]
    content += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(content).strip()
