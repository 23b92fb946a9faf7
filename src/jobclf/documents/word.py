"""Word: the text of a document as it is shown, found by what its parts say of each other."""

import io
import posixpath
import zipfile
from typing import Any

from jobclf.documents import encodings
from jobclf.documents.html import text_in
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason

_LARGEST = 128 * 2**20  # bytes of all parts, unpacked
_LARGEST_XML = 8 * 2**20  # bytes of the parts that are read, which take many times as much then
_MOST_PARTS = 10_000
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1  # a flag of a part
_MAIN = "/officeDocument"  # how the type of the relationship to the main part ends
_CHUNK = "/aFChunk"
_MOST_CHUNKS = 100
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OFF = frozenset({"0", "false", "off"})
_AFTER = {"p": "\n", "br": "\n", "cr": "\n", "tab": " ", "ptab": " ", "noBreakHyphen": "-"}
# Deleted and moved text, codes of fields, and properties.
_UNSHOWN = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText"})
_UNSHOWN |= {"rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr", "sdtPr"}
_HTML = ("html", "xhtml", "htm")
_MAILS = ("mht", "mhtml")


def read(content: bytes, *, depth: int = 0) -> Posting:
    """Read the text of a Word document of any kind: by its relationships, Strict, with macros.

    Changes that are tracked are read as accepted, and text boxes once.

    Parameters
    ----------
    content : bytes
        The file.
    depth : int
        How many documents it is embedded in.

    Raises
    ------
    PostingError
        For what is no Word document, damaged, protected, without text or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = _Package(archive)
            text = _Reader(found, depth).main()
    except PostingError:
        raise
    except Exception as error:  # noqa: BLE001  # a damaged file can raise anything at all
        fact = f"the Word file is damaged ({type(error).__name__})"
        raise PostingError(fact, "save it again", reason=Reason.DAMAGED) from None
    if not text.strip():
        raise PostingError(
            "the Word file has no text", "save the posting as text", reason=Reason.NO_TEXT
        )
    return Posting(text.strip("\n"))


class _Package:
    """The parts of a document, read within limits."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = _LARGEST_XML
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > _LARGEST or len(parts) > _MOST_PARTS:
            raise _too_large()
        self._parts = {part.filename.lower(): part for part in parts}

    def find(self, name: str) -> bytes | None:
        """Return the bytes of a part, None where it is missing."""
        part = self._parts.get(name.lstrip("/").lower())
        if part is None:
            return None
        if part.flag_bits & _ENCRYPTED:
            fact = "the Word file is protected by a password"
            raise PostingError(fact, "save it without one", reason=Reason.PASSWORD)
        if part.compress_type not in _PACKINGS:
            fact = "the Word file is packed as none is"
            raise PostingError(fact, "save it again", reason=Reason.DAMAGED)
        if part.file_size > self._left:
            raise _too_large()
        with self._archive.open(part) as stream:
            content = stream.read(part.file_size)
        self._left -= len(content)
        return content

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Return the type and the name of each part that a part relates to, by its key."""
        folder, base = posixpath.split(name)
        content = self.find(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for each in () if content is None else parsed(content).iter(_RELATION):
            target = posixpath.normpath(posixpath.join("/", folder, each.get("Target", "")))
            if each.get("TargetMode") != "External":
                found[each.get("Id", "")] = each.get("Type", ""), target.lstrip("/")
        return found


def parsed(content: bytes) -> Any:
    """Parse XML from a stranger: no entities, no network, no depth beyond the parser's."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def _too_large() -> PostingError:
    fact = "the Word file unpacks to more than any posting"
    return PostingError(fact, "save it as text", reason=Reason.TOO_LARGE)


class _Reader:
    """The text of the main part, and of what is embedded in it."""

    def __init__(self, package: _Package, depth: int) -> None:
        self._package, self._depth = package, depth
        self._name = next(
            (name for kind, name in package.related("").values() if kind.endswith(_MAIN)),
            "word/document.xml",
        )
        self._related: dict[str, tuple[str, str]] | None = None
        self._chunks = 0

    def main(self) -> str:
        """Return the text."""
        content = self._package.find(self._name)
        root = None if content is None else parsed(content)
        if root is None or _local(root) != "document":
            fact = "it is an archive and no Word file"
            raise PostingError(fact, "unpack it", reason=Reason.UNSUPPORTED)
        pieces: list[str] = []
        self._show(root, pieces)
        return "".join(pieces)

    def _show(self, element: Any, pieces: list[str]) -> None:
        """Add the text of an element to the pieces."""
        name = _local(element)
        if name is None or name in _UNSHOWN:
            return
        if name == "t":
            pieces.append(element.text or "")
        elif name == "altChunk":
            pieces += (self._chunk(element), "\n")
        elif name == "AlternateContent":
            self._show_one(element, pieces)
        elif not (
            (name == "r" and _has(element, "rPr", "vanish"))
            or (name == "sdt" and _has(element, "sdtPr", "showingPlcHdr"))
        ):
            pieces.append(_before(name, element))
            for each in element:
                self._show(each, pieces)
            pieces.append(_AFTER.get(name, ""))

    def _show_one(self, element: Any, pieces: list[str]) -> None:
        """Add the first of the forms in which something stands that has any text."""
        for each in element:
            before = len(pieces)
            for inner in each:
                self._show(inner, pieces)
            if "".join(pieces[before:]).strip():
                return
            del pieces[before:]

    def _chunk(self, element: Any) -> str:
        """Return the text of a file of another kind that stands in the document."""
        if self._related is None:
            self._related = self._package.related(self._name)
        self._chunks += 1
        key = next((value for name, value in element.items() if name.endswith("}id")), "")
        kind, name = self._related.get(key, ("", ""))
        content = self._package.find(name) if kind.endswith(_CHUNK) else None
        if content is None or self._chunks > _MOST_CHUNKS:
            return ""
        return _embedded(content, name.rpartition(".")[2].lower(), self._depth)


def _embedded(content: bytes, ending: str, depth: int) -> str:
    if content.startswith(b"PK\x03\x04"):
        return read(content, depth=depth + 1).text if not depth else ""
    if ending in _MAILS or b"MIME-Version:" in content[:1000]:
        from jobclf.documents import mail

        message = mail.parse(content)
        return "\n".join(map(text_in, message.html)) or message.plain
    if content.startswith(b"{\\rtf"):
        return ""
    text = encodings.decode(content).text
    return text_in(text) if ending in _HTML or "<" in text[:100] else text


def _local(element: Any) -> str | None:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else None


def _child(element: Any, name: str) -> Any:
    return next((each for each in element if _local(each) == name), None)


def _has(element: Any, properties: str, name: str) -> bool:
    """Tell whether something is set among the properties of an element."""
    within = _child(element, properties)
    found = None if within is None else _child(within, name)
    if found is None:
        return False
    return next((v for k, v in found.items() if k.endswith("}val")), "true").lower() not in _OFF


def _before(name: str, element: Any) -> str:
    """Return what stands before the text of an element: a bullet, or the line end of a box."""
    if name == "txbxContent":
        return "\n"
    return "- " if name == "p" and _has(element, "pPr", "numPr") else ""
