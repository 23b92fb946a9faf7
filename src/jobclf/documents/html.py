"""HTML: parsed safely, and the text of an element, one line for each block."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from jobclf import limits
from jobclf.errors import PostingError, Reason
from jobclf.text.cleaning import unescape
from jobclf.text.patterns import pattern

# fmt: off
# Elements that never hold the text of a posting.
_SILENT = frozenset({
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "head",
    "button", "select", "option", "textarea", "input", "label", "datalist", "audio", "video",
    "math", "map", "title",
})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd",
    "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "nav", "ol", "p", "pre", "search", "section", "summary", "table", "tbody", "tfoot", "thead",
    "tr", "ul",
})
# fmt: on
_CELLS = frozenset({"td", "th"})
_NO_DRAWING = ("b", "i", "em", "strong", "span", "p", "div", "br", "ul", "ol", "li", "table", "h2")
_BUTTON_HOLDERS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary"})
HEAD = 4000  # characters in which a page says what wrote it
_LONGEST_LINE = 300  # letters of a title or a company's name
_MARKUP = pattern(
    r"</?(?:p|br|div|ul|ol|li|strong|b|em|i|u|h[1-6]|span|table|a|section)\b[^<>]*>", re.IGNORECASE
)
_BLOCK_MARKUP = pattern(r"</?(?:p|br|div|ul|ol|li|h[1-6]|table|tr|section)\b", re.IGNORECASE)
_FEW_BLOCKS, _MANY_LINES = 2, 5  # of a text whose lines are its own, with a stray tag
_ESCAPED = pattern(r"&lt;/?(?:p|br|div|ul|ol|li|strong|b|em|h[1-6]|span)\b", re.IGNORECASE)
_UNSHOWN = pattern(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_KEPT_LINES = pattern(r"white-?space\s*:?\s*-?\s*pre")
_SPOKEN = pattern(r"visually-?hidden|\bsr-only\b")  # aloud alone
_BOXES = pattern(
    r"</?(?:div|span|font|b|i|u|em|strong|section|article|main|table|tbody|tr|td|center|a|ul|ol|"
    r"blockquote|dl|dd)\b[^<>]*>",
    re.IGNORECASE,
)
_LONGEST_CODE = 200  # letters of an object that a text quotes
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?+|'[^']*+'?+|[^\s>]*+))?+"""
_TAG = pattern(rf"(<[a-zA-Z][^\s/>]*+)(?:{_ATTRIBUTE})*+[\s/]*+>?+")
_WHOLE_TAG = pattern(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE})*+")
_MANY_ATTRIBUTES = pattern(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{501}}")
_LEAST_LONG = 1000  # letters of a tag that may have too many attributes
_PAGE = pattern(
    r"\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--(?>.*?-->)\s*)*)<(?:!doctype\s+html|html|head|body|main|article|div"
    r"|section|script|p|h[1-6]|ul|table|span)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_page(text: str) -> bool:
    """Tell whether a text starts as an HTML page does."""
    return _PAGE.match(text[:HEAD]) is not None


def parse(markup: str, *, most: int | None = limits.PAGE_ELEMENTS) -> Any:
    """Parse HTML that may be anything: no network, no entities of its own, any depth.

    One with more than `most` elements is refused; None bounds them by memory alone.
    """
    if len(markup) > _LEAST_LONG:
        markup = _with_few_attributes(markup)
    root = _parsed(markup)
    if _is_cut(root):  # by the parser, where boxes in boxes are too many; without them all is there
        root = _parsed(_BOXES.sub("\n", markup))
    if most is not None and root.xpath("count(//*)") > most:
        raise PostingError(
            f"the page has over {most:,} elements",
            "save its text alone",
            reason=Reason.TOO_LARGE,
        )
    if "svg" in markup:
        _end_drawings(root)
    return root


def _end_drawings(root: Any) -> None:
    """Show what stands in drawings that no tag ends: as in browsers, elements of text end them."""
    for each in root.iter("svg"):
        drawn = each.iter(*_NO_DRAWING)
        if next(drawn, None) is not None and next(each.iter("foreignobject"), None) is None:
            each.tag = "div"


def _parsed(markup: str) -> Any:
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        raise PostingError(
            "the page cannot be read as HTML", "save it again", reason=Reason.DAMAGED
        )
    return root


def _with_few_attributes(markup: str) -> str:
    """Return HTML without the attributes of tags that have too many.

    The parser holds each against all before it: 3 MB in one tag would take minutes.
    """
    kept, at = [], 0
    if max(map(len, _WHOLE_TAG.findall(markup)), default=0) <= _LEAST_LONG:
        return markup
    for tag in _TAG.finditer(markup):
        if tag.end() - tag.start() > _LEAST_LONG and _MANY_ATTRIBUTES.match(tag[0]):
            kept += [markup[at : tag.start()], tag[1], ">"]
            at = tag.end()
    return "".join([*kept, markup[at:]]) if kept else markup


def _is_cut(root: Any) -> bool:
    """Tell whether the last element stands as deep as the parser goes."""
    depth = 0
    while len(root):
        root, depth = root[-1], depth + 1
    return depth >= limits.PAGE_DEPTH


def has_markup(text: str) -> bool:
    """Tell whether a text, such as the cell of a table, holds HTML, plain or escaped."""
    return ("<" in text and bool(_MARKUP.search(text))) or (
        "&lt;" in text and bool(_ESCAPED.search(text))
    )


def text_in(markup: str) -> str:
    r"""Return the text of a piece of HTML, one line for each block.

    >>> text_in("<p>Train &amp; deploy</p><ul><li>models</ul>")
    'Train & deploy\n- models'
    """
    if "<" not in markup and "&" not in markup:
        return tidy(markup)
    if "&lt;" in markup and _ESCAPED.search(markup) and not _MARKUP.search(markup):
        markup = unescape(markup)
    if not _MARKUP.search(markup):
        return tidy(unescape(markup))
    start, mark, rest = markup.partition("<")
    blocks = sum(1 for _ in islice(_BLOCK_MARKUP.finditer(markup), _FEW_BLOCKS + 1))
    lines = not blocks or (blocks <= _FEW_BLOCKS and markup.count("\n") > _MANY_LINES)
    if not lines and "\n" in start.strip():  # lines of text above the markup
        markup = start.replace("\n", "<br>") + mark + rest
    flow = Flow(parse(markup), lines=lines)
    return flow.text(without=flow.unshown)


def as_text(text: str) -> str:
    r"""Return a text that may hold markup or entities as the text that they stand for.

    >>> as_text("&lt;p&gt;Train &amp;amp; deploy&lt;/p&gt;"), as_text("a &gt; b")
    ('Train & deploy', 'a > b')
    """
    if has_markup(text):
        return text_in(text)
    return unescape(text) if "&" in text else text


class Flow:
    """The text of a page in the order in which it is read, and where each element's stands.

    Elements are named by their number in document order. Silent ones (scripts, buttons) have none.

    Parameters
    ----------
    root : lxml element
        Where to begin.
    lines : bool
        Whether line ends of the source are line ends of the text everywhere, as in `<pre>`.
    """

    __slots__ = (
        "attributes", "classes", "ends", "parents", "pieces", "starts", "tags", "unshown", "until",
    )  # fmt: skip

    def __init__(self, root: Any, *, lines: bool = False) -> None:
        self.attributes: list[dict[str, str]] = []
        self.tags: list[str] = []
        self.classes: list[str] = []
        self.parents: list[int] = []
        self.until: list[int] = []  # the number after an element's last descendant
        self.starts: list[int] = []  # the piece at which its text starts
        self.ends: list[int] = []  # and the one after its last
        self.pieces: list[str] = []
        self.unshown: list[int] = []  # elements that say that they are not shown
        self._walk(root, lines=lines)

    def _walk(self, root: Any, *, lines: bool) -> None:  # noqa: C901, PLR0912, PLR0915  # for speed
        pieces, attributes, parents = self.pieces, self.attributes, self.parents
        starts, ends, until = self.starts, self.ends, self.until
        tags, classes = self.tags, self.classes
        waiting: list[Any] = [root]
        take, put, add = waiting.pop, waiting.append, pieces.append
        above, none = -1, dict[str, str]()
        while waiting:
            here = take()
            if here.__class__ is str:
                add(here)
                continue
            if here.__class__ is int:
                above, until[here], ends[here] = parents[here], len(tags), len(pieces)
                continue
            tag = here.tag
            if tag in _SILENT and not _is_shown(here):
                continue
            if tag == "code" and is_data(here.text):
                continue
            number = len(tags)
            given = here.items()  # asked for once: each call for one takes as long
            has = dict(given) if given else none
            attributes.append(has)
            parents.append(above)
            starts.append(len(pieces))
            tags.append(tag)
            names = ""
            if given:
                names = has.get("class", "")
                if (
                    "hidden" in has
                    or ("style" in has and _UNSHOWN.search(has["style"]))
                    or (("sr-only" in names or "hidden" in names) and _SPOKEN.search(names))
                ):
                    self.unshown.append(number)
            classes.append(names)
            block = tag in _BLOCKS
            if block:
                add("\n- " if tag == "li" else "\n")
            elif tag in _CELLS:
                add(" ")
            kept = lines or tag == "pre"
            text = here.text
            if text:
                if "\n" in text and not kept:
                    if text.isspace():
                        text = " "
                    elif not (kept := _keeps_lines(here)):
                        text = text.replace("\n", " ")
                add(text)
            if not len(here):
                if block:
                    add("\n")
                ends.append(len(pieces))
                until.append(number + 1)
                continue
            ends.append(0)  # until all in it is read
            until.append(0)
            above = number
            put(number)
            if block:
                put("\n")
            for child in here[::-1]:  # quicker than its iterator
                tail = child.tail
                if tail:
                    put(tail if kept else " " if tail.isspace() else tail.replace("\n", " "))
                put(child)

    def text(self, number: int = 0, *, without: Iterable[int] = ()) -> str:
        """Return the text of an element without those of some elements in it."""
        if not self.tags:
            return ""
        at, end, kept = self.starts[number], self.ends[number], []
        for each in sorted(without):
            if self.starts[each] >= at and self.ends[each] <= end and each != number:
                kept += self.pieces[at : self.starts[each]]
                at = self.ends[each]
        return tidy("".join([*kept, *self.pieces[at:end]]))


def is_data(code: str | None) -> bool:
    """Tell whether a piece of code is data for scripts rather than shown."""
    return code is not None and len(code) > _LONGEST_CODE and code[:100].lstrip()[:1] == "{"


def _is_shown(silent: Any) -> bool:
    """Tell whether an element shows text though its kind does not."""
    if silent.tag == "button":  # the heading of an accordion
        above = silent.getparent()
        return above is not None and above.tag in _BUTTON_HOLDERS
    return silent.tag == "template" and silent.get("shadowrootmode") is not None


def _keeps_lines(element: Any) -> bool:
    """Tell whether an element, or the one around it, says that its line ends are shown."""
    for each in (element, element.getparent()):
        if each is not None:
            said = f"{each.get('style') or ''} {each.get('class') or ''}"
            if "pre" in said and _KEPT_LINES.search(said):
                return True
    return False


def tidy(text: str) -> str:
    """Return a text without stray blanks: single spaces, no empty line."""
    rows = [" ".join(row.split()) for row in text.replace("\xad", "").splitlines() if row]
    return "\n".join(row for row in rows if row not in {"", "-"})


def line(text: str) -> str | None:
    """Return a text as one short line, such as a title; None for nothing."""
    return " ".join(text.split())[:_LONGEST_LINE] or None
