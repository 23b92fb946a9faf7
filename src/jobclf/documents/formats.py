"""What bytes are: Markdown, a PDF, a Word file, or a form that is not read, by name."""

import io
import re

from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason

_PICTURE = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL)
_OLD_NAMES = ("WordDocument", "Workbook", "Book")  # of the streams in old Word and Excel files
_PROTECTED = "EncryptedPackage"
_EXCEL = ("it is an Excel file", "save it as CSV")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."  # near the start of such an archive
_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_LINK = re.compile(r"\]\([^()\s]*\)")


def packed(content: bytes) -> Posting | None:
    """Read a PDF or Word file, refuse what only looks like one; None for anything else."""
    if b"%PDF-" in content[:1024]:
        from jobclf.documents import pdf

        return pdf.read(content)
    if content.startswith(b"PK\x03\x04"):
        return _word(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _old_office(content)
    if _PICTURE.match(content):
        raise _unsupported("it is a picture", "save the posting as text", Reason.NOT_TEXT)
    if content.startswith(b"{\\rtf"):
        raise _unsupported("it is RTF", "save it as .docx or .txt")
    return None


def _old_office(content: bytes) -> PostingError:
    """Return what the storage is that old Office files are, and new ones with a password."""
    if _PROTECTED.encode("utf-16-le") in content:
        fact = "it is an Office file with a password"
        return _unsupported(fact, "save it without one", Reason.PASSWORD)
    streams = (name for name in _OLD_NAMES if name.encode("utf-16-le") in content)
    if next(streams, "").endswith("ook"):
        return _unsupported(*_EXCEL)
    return _unsupported("it is an old Word file", "save it as .docx")


def markdown(text: str) -> Posting:
    """Read Markdown, its front matter for the title, its links without their addresses."""
    matter = _FRONT_MATTER.match(text)
    title = None
    if matter is not None:
        named = re.search(r"^title:[ \t]*(.+)$", matter.group(1), re.MULTILINE)
        title = named.group(1).strip().strip("\"'") if named else None
        text = text[matter.end() :]
    return Posting(_LINK.sub("]", text), title)


def _word(content: bytes) -> Posting:
    from jobclf.documents import word

    found = word.read(content)
    if found is None:
        raise _archive(content)
    return found


def _archive(content: bytes) -> PostingError:
    """Return what a zip archive is that holds no Word file."""
    import zipfile

    kind = content[:200].partition(_OPEN_DOCUMENT)[2]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    if kind.startswith(b"text"):
        return _unsupported("it is an OpenDocument text", "save it as .docx")
    if kind.startswith(b"spreadsheet"):
        return _unsupported("it is an OpenDocument table", "save it as CSV")
    if any(name.startswith("xl/") for name in names):
        return _unsupported(*_EXCEL)
    if any(name.startswith("ppt/") for name in names):
        return _unsupported("it is a presentation", "save it as PDF")
    return _unsupported("it is a zip archive and no Word file", "unpack it")


def _unsupported(fact: str, remedy: str, reason: Reason = Reason.UNSUPPORTED) -> PostingError:
    return PostingError(fact, remedy, reason=reason)
