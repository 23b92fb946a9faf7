"""What bytes are: Markdown, PDF, Word, OpenDocument, RTF, or a form that is not read, by name."""

import io
import re

from jobclf import limits
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason
from jobclf.text.patterns import pattern

_PICTURE = pattern(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL)
# How the streams in old Office files are named, what each is, and what to do with it.
_OLD = (
    ("EncryptedPackage", "an Office file with a password", "save it without one"),
    ("WordDocument", "an old Word file", "save it as .docx or PDF"),
    ("__substg1.0_", "an Outlook message", "save it as .eml or as text"),
    ("PowerPoint Document", "an old presentation", "save it as PDF"),
    ("Workbook", "an Excel file", "save it as CSV"),
    ("Book", "an Excel file", "save it as CSV"),
)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."  # near the start of such an archive
# What other archives hold, what each is, and what to do with it.
_ARCHIVES = (
    ("xl/", "an Excel file", "save it as CSV"),
    ("ppt/", "a presentation", "save it as PDF"),
    ("Index/", "a document of Apple's Pages, Numbers or Keynote", "export it as .docx or PDF"),
    ("META-INF/container.xml", "an e-book", "save the posting as text"),
)
_OPEN_TEXT = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_XML_START = 4096  # bytes in which a document of one file of XML says what it is
_WORD_XML = (
    b"http://schemas.microsoft.com/office/2006/xmlPackage",
    b"http://schemas.microsoft.com/office/word/2003/wordml",
)
WEB_ARCHIVE = b"bplist00"  # how the archives begin that Safari writes
_FRONT_MATTER = pattern(r"\A---\n(.*?\n)---\n", re.DOTALL)
_LINK = pattern(r"\]\([^()\s]*\)")
# Where links lead to that are named.
_LEADS = pattern(r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]+\S+.*$", re.MULTILINE)
_COMMENT, _COMMENT_END = "<!--", "-->"


def packed(content: bytes) -> Posting | None:
    """Read a document by what it begins as, refuse what is read from none; None for other bytes."""
    if b"%PDF-" in content[:1024]:
        from jobclf.documents import pdf

        return pdf.read(content)
    if content.startswith(b"PK\x03\x04"):
        return _archived(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _old_office(content)
    if _PICTURE.match(content):
        raise _unsupported("it is a picture", "save the posting as text", Reason.NOT_TEXT)
    if content.startswith(b"{\\rtf"):
        from jobclf.documents import rtf

        return rtf.read(content)
    return _xml(content) if content[:200].lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?") else None


def _xml(content: bytes) -> Posting | None:
    """Read a document that is one file of XML; None for any other."""
    start = content[:_XML_START]
    if any(each in start for each in _WORD_XML):
        from jobclf.documents import word

        return word.read_xml(content)
    if _OPEN_TEXT in start:
        from jobclf.documents import open_document

        return open_document.read_xml(content)
    return None


def _old_office(content: bytes) -> PostingError:
    """Return what the storage is that old Office files are, and new ones with a password."""
    for name, what, remedy in _OLD:
        if name.encode("utf-16-le") in content:
            reason = Reason.PASSWORD if "password" in what else Reason.UNSUPPORTED
            return _unsupported(f"it is {what}", remedy, reason)
    return _unsupported("it is an old Office file", "save it as .docx or PDF")


def web_archive(content: bytes) -> tuple[Posting, ...]:
    """Read a page that Safari saved with all that it shows, its frames after it."""
    import plistlib

    from jobclf.documents import encodings, pages

    try:
        parts = plistlib.loads(content)
        whole = [parts, *parts.get("WebSubframeArchives", [])[: limits.PAGE_FRAMES]]
        mains = [each["WebMainResource"] for each in whole]
        texts = [
            encodings.decode(each["WebResourceData"], each.get("WebResourceTextEncodingName")).text
            for each in mains
            if "html" in each.get("WebResourceMIMEType", "")
        ]
    except Exception:  # noqa: BLE001  # a damaged file can raise anything at all
        fact = "the web archive is damaged"
        raise _unsupported(fact, "save the page again", Reason.DAMAGED) from None
    if not texts:
        raise _unsupported("the web archive holds no page", "save the posting as text")
    return pages.postings(texts[0], texts[1:])


def markdown(text: str) -> Posting:
    """Read Markdown, its front matter for the title; neither where links lead nor comments."""
    matter = _FRONT_MATTER.match(text)
    title = None
    if matter is not None:
        named = re.search(r"^title:[ \t]*(.+)$", matter.group(1), re.MULTILINE)
        title = named.group(1).strip().strip("\"'") if named else None
        text = text[matter.end() :]
    return Posting(_LEADS.sub("", _LINK.sub("]", _shown(text))), title)


def _shown(text: str) -> str:
    """Return Markdown without its comments; one without an end is text."""
    pieces, at = [], 0
    while (start := text.find(_COMMENT, at)) >= 0:
        end = text.find(_COMMENT_END, start)
        if end < 0:
            break
        pieces.append(text[at:start])
        at = end + len(_COMMENT_END)
    return "".join([*pieces, text[at:]])


def _archived(content: bytes) -> Posting:
    """Read what a zip archive holds; refuse one that holds no document."""
    kind = content[:200].partition(_OPEN_DOCUMENT)[2]
    if kind.startswith(b"text"):
        from jobclf.documents import open_document

        return open_document.read(content)
    from jobclf.documents import word

    found = word.read(content)
    if found is None:
        raise _no_document(content, kind)
    return found


def _no_document(content: bytes, kind: bytes) -> PostingError:
    """Return what a zip archive is that holds no document."""
    import zipfile

    if kind.startswith((b"spreadsheet", b"presentation")):
        what, remedy = ("table", "CSV") if kind.startswith(b"s") else ("presentation", "PDF")
        return _unsupported(f"it is an OpenDocument {what}", f"save it as {remedy}")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    for start, what, remedy in _ARCHIVES:
        if any(name.startswith(start) for name in names):
            return _unsupported(f"it is {what}", remedy)
    return _unsupported("it is a zip archive and no Word file", "unpack it")


def _unsupported(fact: str, remedy: str, reason: Reason = Reason.UNSUPPORTED) -> PostingError:
    return PostingError(fact, remedy, reason=reason)
