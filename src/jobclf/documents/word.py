"""Word: the text of a document as it is shown, found by what its parts say of each other."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from jobclf import limits
from jobclf.documents import encodings
from jobclf.documents.archives import Archive, Relation, local, opened, parsed
from jobclf.documents.html import text_in
from jobclf.documents.page_title import job_title, title_beside
from jobclf.documents.posting import Posting, row_lines
from jobclf.errors import PostingError, Reason

_MAIN = "officeDocument"  # the relationship to the main part
_MAIN_TYPE = ".main+xml"  # how the types of main parts end
_CHUNK = "aFChunk"
_OFF = frozenset({"0", "false", "off"})
_AFTER = {
    "p": "\n", "br": "\n", "cr": "\n", "tab": " ", "ptab": " ", "sym": " ", "noBreakHyphen": "-",
}  # fmt: skip
# Deleted and moved text, codes of fields, properties, and how letters are pronounced.
_UNSHOWN = frozenset({
    "del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "tblPr", "trPr",
    "tcPr", "sectPr", "sdtPr", "rt",
})  # fmt: skip
_TEXTS = ("{*}t", "{*}altChunk")
_LISTS = ("ListBullet", "ListNumber")  # how the names of styles of lists begin
_TITLES = frozenset({"Title", "Titel", "Titre", "Ttulo", "Titolo"})  # the style, by language
_HTML = ("html", "xhtml", "htm")
_MAILS = ("mht", "mhtml", "eml")
_SAVE_AGAIN = "open it in Word and save it again"


def read(content: bytes, *, depth: int = 0) -> Posting | None:
    """Read a Word document of any kind (Strict, with macros, a template); None for other archives.

    Changes that are tracked are read as accepted, text boxes once and after the paragraph that
    they are in, footnotes at the end. What Word does not print (hidden text, codes of fields,
    prompts of empty fields, comments) is left out.

    Parameters
    ----------
    content : bytes
        The file.
    depth : int
        How many documents it is embedded in.

    Raises
    ------
    PostingError
        For what is damaged, protected, without text or too large.
    """
    with opened(content, "Word file") as archive:
        found = _Document(archive, depth)
        if found.root is None:
            return None
        text = found.whole().strip("\n")
        title = found.title or title_beside(found.property("title"), text)
    if not text.strip():
        raise PostingError(
            "the Word file has no text", "save the posting as text", reason=Reason.NO_TEXT
        )
    return Posting(text, title)


def read_xml(content: bytes) -> Posting | None:
    """Read a Word document that is one file of XML (Flat OPC, Word 2003); None for other XML."""
    from lxml import etree

    try:
        root = parsed(content)
    except etree.LxmlError:
        return None
    main = next((each for each in root.iter("{*}document", "{*}wordDocument")), None)
    if main is None:
        return None
    reader = _Reader()
    text = reader.text(main)
    for kind in ("footnote", "endnote"):
        for each in root.iter(f"{{*}}{kind}") if reader.notes else ():
            if f"{kind}Reference {_attribute(each, 'id')}" in reader.notes:
                text += f"\n{reader.text(each)}"
    text = text.strip("\n")
    if not text:
        return None
    named = next(root.iter("{http://purl.org/dc/elements/1.1/}title", "{*}Title"), None)
    beside = "" if named is None else named.text or ""
    return Posting(text, reader.title or title_beside(beside, text))


class _Reader:
    """The text of elements of WordprocessingML, by their names in any namespace."""

    def __init__(self) -> None:
        self.title: str | None = None  # the first paragraph of the style for titles
        self.notes: list[str] = []  # keys of the footnotes and endnotes that are shown
        self._boxes: list[str] = []  # of the paragraph at hand
        self._within = 0  # paragraphs
        self._fields: list[tuple[list[str], int, str]] = []  # where their codes start

    def text(self, root: Any) -> str:
        """Return the text of an element."""
        pieces: list[str] = []
        self._show(root, pieces)
        return "".join(pieces)

    def embedded(self, _element: Any) -> str:
        """Return the text of a file of another kind that stands in the document."""
        return ""

    def _show(self, element: Any, pieces: list[str]) -> None:
        """Add the text of an element to the pieces."""
        name = local(element)
        if name is None or name in _UNSHOWN:
            return
        if name == "t":
            pieces.append(element.text or "")
        elif name in self._special:
            self._special[name](self, element, pieces)
        elif not (
            (name == "r" and _has(element, "rPr", "vanish"))
            or (name == "sdt" and _has(element, "sdtPr", "showingPlcHdr"))
        ):
            for each in element:
                self._show(each, pieces)
            if name in _AFTER:
                pieces.append(_AFTER[name])

    def _paragraph(self, element: Any, pieces: list[str]) -> None:
        style = _value(element, "pPr", "pStyle") or ""
        start = len(pieces)
        if _has(element, "pPr", "numPr") or style.startswith(_LISTS):
            pieces.append("- ")
        self._within += 1
        for each in element:
            self._show(each, pieces)
        self._within -= 1
        if style in _TITLES and self.title is None:
            self.title = job_title("".join(pieces[start:]))
        mark = _child(_child(element, "pPr"), "rPr")
        if not any(_child(mark, gone) is not None for gone in ("del", "moveFrom")):
            pieces.append("\n")
        if not self._within and self._boxes:
            pieces += self._boxes
            self._boxes = []

    def _box(self, element: Any, pieces: list[str]) -> None:
        """Keep the text of a box for after the paragraph, which it may stand in the middle of."""
        boxed: list[str] = []
        for each in element:
            self._show(each, boxed)
        if self._within:
            self._boxes += boxed
        else:
            pieces += boxed

    def _alternatives(self, element: Any, pieces: list[str]) -> None:
        """Add the first of the forms in which something stands that has any text."""
        for each in element:
            if any((text.text or "x").strip() for text in each.iter(*_TEXTS)):
                for inner in each:
                    self._show(inner, pieces)
                return

    def _row(self, element: Any, pieces: list[str]) -> None:
        """Add the cells of a row: a line each, or a name and what it names in one."""
        if any(_has(element, "trPr", gone) for gone in ("del", "moveFrom")):
            return
        pieces.append(row_lines([self.text(each) for each in _cells(element)]))

    def _field(self, element: Any, pieces: list[str]) -> None:
        """Leave out what stands in a field before its result; add what is chosen of a list."""
        kind = next((value for key, value in element.items() if key.endswith("fldCharType")), "")
        if kind == "begin":
            self._fields.append((pieces, len(pieces), _chosen(element)))
        elif self._fields:
            owner, start, chosen = self._fields[-1]
            if owner is pieces and start >= 0:
                del pieces[start:]
            if kind == "separate":
                self._fields[-1] = (pieces, -1, "")
            else:
                self._fields.pop()
                pieces.append(chosen)

    def _note(self, element: Any, pieces: list[str]) -> None:
        self.notes.append(f"{local(element)} {_attribute(element, 'id')}")
        pieces.append(" ")

    def _chunk(self, element: Any, pieces: list[str]) -> None:
        pieces += (self.embedded(element), "\n")

    def _art(self, element: Any, pieces: list[str]) -> None:
        pieces.append(element.get("string") or "")

    _special: ClassVar[dict[str, Callable[[Any, Any, list[str]], None]]] = {
        "p": _paragraph,
        "txbxContent": _box,
        "AlternateContent": _alternatives,
        "tr": _row,
        "fldChar": _field,
        "footnoteReference": _note,
        "endnoteReference": _note,
        "altChunk": _chunk,
        "textpath": _art,
    }


class _Document(_Reader):
    """The text of the main part, and of what it relates to."""

    def __init__(self, archive: Archive, depth: int) -> None:
        super().__init__()
        self._archive, self._depth = archive, depth
        self._package = archive.related("")
        self._name = self._of_kind(self._package, _MAIN) or next(
            archive.of_type(_MAIN_TYPE), "word/document.xml"
        )
        self._related: dict[str, Relation] | None = None
        self._chunks = 0
        content = archive.find(self._name)
        root = None if content is None else parsed(content)
        self.root = None if root is None or local(root) != "document" else root

    def whole(self) -> str:
        """Return the text of the main part and of its notes."""
        return "\n".join([self.text(self.root), *self._notes()])

    def property(self, name: str) -> str:
        """Return one of the core properties, "" where there is none."""
        part = self._of_kind(self._package, "core-properties")
        content = None if part is None else self._archive.find(part)
        if content is None:
            return ""
        return next((each.text or "" for each in parsed(content).iter(f"{{*}}{name}")), "")

    def embedded(self, _element: Any) -> str:
        """Return the text of a file of another kind that stands in the document."""
        self._chunks += 1
        if self._chunks > limits.WORD_FILES:
            raise self._archive.too_large()
        found = self._parts().get(_attribute(_element, "id"))
        content = None if found is None else self._archive.find(found.name)
        if found is None or found.kind != _CHUNK or content is None:
            return ""
        return _embedded(content, found.name.rpartition(".")[2].lower(), self._depth)

    def _notes(self) -> Iterator[str]:
        """Yield the texts of the footnotes and endnotes that the text refers to."""
        wanted = set(self.notes)
        for kind in ("footnote", "endnote"):
            part = self._of_kind(self._parts(), f"{kind}s") if wanted else None
            content = None if part is None else self._archive.find(part)
            for each in () if content is None else parsed(content):
                if f"{kind}Reference {_attribute(each, 'id')}" in wanted:
                    yield self.text(each)

    def _parts(self) -> dict[str, Relation]:
        if self._related is None:
            self._related = self._archive.related(self._name)
        return self._related

    @staticmethod
    def _of_kind(related: dict[str, Relation], kind: str) -> str | None:
        return next((each.name for each in related.values() if each.kind == kind), None)


def _embedded(content: bytes, ending: str, depth: int) -> str:
    if content.startswith(b"PK\x03\x04"):
        if depth >= limits.WORD_DEPTH:
            raise PostingError(
                "the Word file holds files in each other", _SAVE_AGAIN, reason=Reason.TOO_LARGE
            )
        inner = read(content, depth=depth + 1)
        return "" if inner is None else inner.text
    if ending in _MAILS or b"MIME-Version:" in content[:1000]:
        from jobclf.documents import mail

        message = mail.parse(content)
        return "\n".join(map(text_in, message.html)) or message.plain
    if content.startswith(b"{\\rtf"):
        from jobclf.documents import rtf

        return rtf.read(content).text
    found = read_xml(content) if ending == "xml" else None
    if found is not None:
        return found.text
    text = encodings.decode(content).text
    return text_in(text) if ending in _HTML or "<" in text[:100] else text


def _child(element: Any, name: str) -> Any:
    if element is None:
        return None
    return next((each for each in element if local(each) == name), None)


def _attribute(element: Any, name: str) -> str:
    return next((v for k, v in element.items() if k.rpartition("}")[2] == name), "")


def _value(element: Any, properties: str, name: str) -> str | None:
    """Return what a property of an element is set to, None where it is not there."""
    found = _child(_child(element, properties), name)
    return None if found is None else _attribute(found, "val") or "true"


def _has(element: Any, properties: str, name: str) -> bool:
    """Tell whether a property of an element is set."""
    value = _value(element, properties, name)
    return value is not None and value.lower() not in _OFF


def _cells(row: Any) -> Iterator[Any]:
    """Yield the cells of a row, those in content controls and insertions too."""
    for each in row:
        name = local(each)
        if name == "tc":
            yield each
        elif name is not None and name not in _UNSHOWN:
            yield from _cells(each)


def _chosen(field: Any) -> str:
    """Return the entry of a list that a field of a form shows."""
    choices = next(field.iter("{*}ddList"), None)
    if choices is None:
        return ""
    entries = [_attribute(each, "val") for each in choices if local(each) == "listEntry"]
    at = next((_attribute(each, "val") for each in choices if local(each) == "result"), "0")
    return entries[int(at)] if at.isdecimal() and int(at) < len(entries) else ""
