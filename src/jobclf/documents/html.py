"""HTML: parsed safely, and the text of an element, one line for each block."""

import re
from collections.abc import Container
from typing import Any

from jobclf.errors import PostingError, Reason

# fmt: off
# Elements that never hold the text of a posting.
_SILENT = frozenset({
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "head",
    "button", "select", "option", "textarea", "input", "label",
})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "thead", "tr", "ul",
})
# fmt: on
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MOST_ELEMENTS = 100_000  # of a page; those of job boards have some thousands
_LONGEST_LINE = 300  # letters of a title or a company's name
_MARKUP = re.compile(
    r"</?(?:p|br|div|ul|ol|li|strong|b|em|i|u|h[1-6]|span|table|a|section)\b[^<>]*>", re.IGNORECASE
)
_BLOCK_MARKUP = re.compile(r"</?(?:p|br|div|ul|ol|li|h[1-6]|table|tr|section)\b", re.IGNORECASE)
_ESCAPED = re.compile(r"&lt;/?(?:p|br|div|ul|ol|li|strong|b|em|h[1-6]|span)\b", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def parse(markup: str) -> Any:
    """Parse HTML that may be anything: no network, no entities of its own."""
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        raise PostingError(
            "the page cannot be read as HTML", "save it again", reason=Reason.DAMAGED
        )
    if root.xpath("count(//*)") > _MOST_ELEMENTS:
        raise PostingError(
            f"the page has over {_MOST_ELEMENTS:,} elements",
            "save its text alone",
            reason=Reason.TOO_LARGE,
        )
    return root


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
    import html

    if "<" not in markup and "&" not in markup:
        return tidy(markup)
    if "&lt;" in markup and _ESCAPED.search(markup) and not _MARKUP.search(markup):
        markup = html.unescape(markup)
    if not _MARKUP.search(markup):
        return tidy(html.unescape(markup))
    return text_of(parse(markup), lines=_BLOCK_MARKUP.search(markup) is None)


def text_of(root: Any, left_out: Container[Any] = (), *, lines: bool = False) -> str:
    """Return the text of an element as it is shown.

    Parameters
    ----------
    root : lxml element
        Where to begin; it is never left out itself.
    left_out : container of lxml elements
        What to leave out, besides what is no text or hidden.
    lines : bool
        Whether line ends of the source are line ends of the text, as in `<pre>`.
    """
    pieces: list[str] = []
    add = pieces.append
    waiting: list[Any] = [root]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            add(here)
            continue
        tag = here.tag
        silent = tag in _SILENT and not (tag == "button" and here.getparent().tag in _HEADINGS)
        if here is not root and (silent or here in left_out or is_hidden(here)):
            continue
        block = tag in _BLOCKS
        if block:
            add("\n- " if tag == "li" else "\n")
        elif tag in {"td", "th"}:
            add(" ")
        if text := here.text:
            add(text if lines or tag == "pre" else text.replace("\n", " "))
        if block:
            waiting.append("\n")
        for child in reversed(here):
            if tail := child.tail:
                waiting.append(tail if lines or tag == "pre" else tail.replace("\n", " "))
            waiting.append(child)
    return tidy("".join(pieces))


def is_hidden(element: Any) -> bool:
    """Tell whether an element says that it is not shown."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


def tidy(text: str) -> str:
    """Return a text without stray blanks: single spaces, no empty line."""
    rows = [" ".join(row.split()) for row in text.replace("\xad", "").splitlines()]
    return "\n".join(row for row in rows if row not in {"", "-"})


def line(text: str) -> str | None:
    """Return a text as one short line, such as a title; None for nothing."""
    return " ".join(text.split())[:_LONGEST_LINE] or None
