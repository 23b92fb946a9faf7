"""OpenDocument: the text of `.odt` and its kind as it is shown, packed or as one file of XML."""

from collections.abc import Callable
from typing import Any, ClassVar

from jobclf.documents.archives import Archive, local, opened, parsed
from jobclf.documents.page_title import job_title, title_beside
from jobclf.documents.posting import Posting, row_lines
from jobclf.errors import PostingError, Reason

_ENCRYPTED = b"encryption-data"  # in the list of the parts
_UNSHOWN = frozenset({
    "tracked-changes", "annotation", "annotation-end", "forms", "scripts", "ruby-text", "desc",
    "sequence-decls", "variable-decls", "user-field-decls", "hidden-text", "hidden-paragraph",
    "covered-table-cell", "event-listeners", "image-map",
})  # fmt: skip
_LETTERS = {"s": " ", "tab": " ", "line-break": "\n", "soft-page-break": ""}
_TITLES = frozenset({"Title"})  # the style has this name in every language


def read(content: bytes) -> Posting:
    """Read a text document in a zip archive.

    Raises
    ------
    PostingError
        For what is damaged, protected, without text or too large.
    """
    with opened(content, "OpenDocument text") as archive:
        manifest = archive.find("META-INF/manifest.xml") or b""
        if _ENCRYPTED in manifest:
            fact = "the OpenDocument text is protected by a password"
            raise PostingError(fact, "save it without one", reason=Reason.PASSWORD)
        main = archive.find("content.xml")
        if main is None:
            fact = "the OpenDocument text is damaged (its content is missing)"
            raise PostingError(fact, "save it again", reason=Reason.DAMAGED)
        return _posting(parsed(main), _meta(archive))


def read_xml(content: bytes) -> Posting | None:
    """Read a text document that is one file of XML; None for other XML."""
    from lxml import etree

    try:
        root = parsed(content)
    except etree.LxmlError:
        return None
    if local(root) != "document" or next(root.iter("{*}body"), None) is None:
        return None
    return _posting(root, root)


def _meta(archive: Archive) -> Any:
    content = archive.find("meta.xml")
    return None if content is None else parsed(content)


def _posting(root: Any, meta: Any) -> Posting:
    body = next((each for each in root.iter("{*}body")), root)
    reader = _Reader(root)
    text = reader.text(body)
    text = "\n".join([text, *reader.notes]).strip("\n")
    if not text.strip():
        raise PostingError(
            "the OpenDocument text has no text", "save the posting as text", reason=Reason.NO_TEXT
        )
    dublin = "{http://purl.org/dc/elements/1.1/}title"
    named = None if meta is None else next(meta.iter(dublin), None)
    beside = "" if named is None else named.text or ""
    return Posting(text, reader.title or title_beside(beside, text))


class _Reader:
    """The text of elements, by their names in any namespace."""

    def __init__(self, root: Any) -> None:
        self.title: str | None = None  # the first paragraph of the style for titles
        self.notes: list[str] = []
        self._boxes: list[str] = []  # of the paragraph at hand
        self._within = 0  # paragraphs
        self._hidden: set[str] = set()  # styles
        self._titled = set(_TITLES)
        for style in root.iter("{*}style"):
            name = _attribute(style, "name")
            if _attribute(style, "parent-style-name") in _TITLES:
                self._titled.add(name)
            if any(_attribute(each, "display") == "none" for each in style):
                self._hidden.add(name)

    def text(self, root: Any) -> str:
        """Return the text of an element."""
        pieces: list[str] = []
        self._show(root, pieces)
        return "".join(pieces)

    def _show(self, element: Any, pieces: list[str]) -> None:
        """Add the text of an element to the pieces."""
        name = local(element)
        if name is None or name in _UNSHOWN or _attribute(element, "style-name") in self._hidden:
            return
        if name in _LETTERS:
            pieces.append(_LETTERS[name])
        elif name in self._special:
            self._special[name](self, element, pieces)
        else:
            self._children(element, pieces)

    def _children(self, element: Any, pieces: list[str]) -> None:
        """Add what stands in an element; letters count in paragraphs alone."""
        if self._within:
            pieces.append(_spaced(element.text))
        for each in element:
            self._show(each, pieces)
            if self._within:
                pieces.append(_spaced(each.tail))

    def _paragraph(self, element: Any, pieces: list[str]) -> None:
        start = len(pieces)
        self._within += 1
        self._children(element, pieces)
        self._within -= 1
        if _attribute(element, "style-name") in self._titled and self.title is None:
            self.title = job_title("".join(pieces[start:]))
        pieces.append("\n")
        if not self._within and self._boxes:
            pieces += self._boxes
            self._boxes = []

    def _apart(self, element: Any) -> str:
        """Return the text of what stands in a paragraph and is no part of its line."""
        within, self._within = self._within, 0
        text = "".join(self.text(each) for each in element)
        self._within = within
        return text

    def _box(self, element: Any, pieces: list[str]) -> None:
        """Keep the text of a box for after the paragraph, which it may stand in the middle of."""
        text = self._apart(element)
        (self._boxes if self._within else pieces).append(text)

    def _note(self, element: Any, pieces: list[str]) -> None:
        pieces.append(" ")
        self.notes += [self._apart(each) for each in element if local(each) == "note-body"]

    def _item(self, element: Any, pieces: list[str]) -> None:
        pieces.append("- ")
        self._children(element, pieces)

    def _row(self, element: Any, pieces: list[str]) -> None:
        cells = [self.text(each) for each in element if local(each) == "table-cell"]
        pieces.append(row_lines(cells))

    _special: ClassVar[dict[str, Callable[[Any, Any, list[str]], None]]] = {
        "p": _paragraph,
        "h": _paragraph,
        "text-box": _box,
        "note": _note,
        "list-item": _item,
        "table-row": _row,
    }


def _spaced(text: str | None) -> str:
    """Return letters as they are shown: the ends of lines in a file are blanks."""
    return "" if text is None else text.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def _attribute(element: Any, name: str) -> str:
    return next((v for k, v in element.items() if k.rpartition("}")[2] == name), "")
