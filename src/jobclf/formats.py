"""Files that are more than text: Markdown, mail, PDF and Word, each from its bytes."""

import io
import re

from jobclf import pages
from jobclf.errors import PostingError
from jobclf.pages import JobPosting

_MOST_PAGES = 60  # of a PDF; no posting is longer
_LARGEST_UNPACKED = 256 * 2**20  # bytes in a DOCX
_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_LINK = re.compile(r"\]\([^()\s]*\)")
_FORWARDED = re.compile(r"^(?:(?:re|fwd?|aw|wg):\s*)+", re.IGNORECASE)


def packed(content: bytes) -> JobPosting | None:
    """Read a PDF or Word file, refuse what only looks like one; None for anything else."""
    if b"%PDF-" in content[:1024]:
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _docx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise PostingError("it is an old Word file; save it as .docx")
    if content.startswith(b"{\\rtf"):
        raise PostingError("it is RTF; save it as .docx or .txt")
    return None


def markdown(text: str) -> JobPosting:
    """Read Markdown, its front matter for the title, its links without their addresses."""
    matter = _FRONT_MATTER.match(text)
    title = None
    if matter is not None:
        named = re.search(r"^title:[ \t]*(.+)$", matter.group(1), re.MULTILINE)
        title = named.group(1).strip().strip("\"'") if named else None
        text = text[matter.end() :]
    return JobPosting(_LINK.sub("]", text), title)


def mail(content: bytes) -> tuple[JobPosting, ...]:
    """Read the body of a message, or of a page saved as one; attachments are left alone."""
    from email import message_from_bytes, policy
    from email.message import EmailMessage

    message = message_from_bytes(content, EmailMessage, policy=policy.default)
    texts = {"plain": "", "html": ""}
    for part in message.walk():
        kind = part.get_content_subtype()
        if part.get_content_maintype() != "text" or kind not in texts or part.is_attachment():
            continue
        try:
            body = str(part.get_content())
        except (LookupError, ValueError, KeyError):  # a charset nobody knows
            payload = part.get_payload(decode=True)
            body = payload.decode("latin-1") if isinstance(payload, bytes) else ""
        texts[kind] = texts[kind] or body.replace("\r\n", "\n").strip()
    subject = _FORWARDED.sub("", str(message["subject"] or ""))
    title = " ".join(subject.split()) or None
    if texts["html"] and 2 * len(texts["plain"]) < len(pages.text_in(texts["html"])):
        found = pages.postings(texts["html"])
        return tuple(
            JobPosting(each.text, title if each.company is None else each.title, each.company)
            for each in found
        )
    if not texts["plain"]:
        raise PostingError("the message has no text; save the posting itself")
    return (JobPosting(texts["plain"], title),)


def _missing(kind: str) -> PostingError:
    return PostingError(f"reading {kind} needs `pip install 'jobclf[documents]'`")


def _pdf(content: bytes) -> JobPosting:
    import logging

    try:
        import pypdf
    except ImportError:
        raise _missing("PDF") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks are no answers
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise PostingError("the PDF wants a password; save it without one")
        count = len(reader.pages)
        if count > _MOST_PAGES:
            raise PostingError(f"the PDF has {count} pages; no single posting is so long")
        text = "\n".join(page.extract_text() for page in reader.pages)
    except PostingError:
        raise
    except Exception as error:  # noqa: BLE001  # a damaged PDF can raise anything at all
        raise PostingError(f"the PDF is damaged ({type(error).__name__}); save it again") from None
    if not text.strip():
        raise PostingError("the PDF holds pictures and no text; run it through OCR first")
    return JobPosting(text)


def _docx(content: bytes) -> JobPosting:
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise PostingError("the Word file is damaged; save it again") from None
    if not any(part.filename == "word/document.xml" for part in parts):
        raise PostingError("it is a zip archive and no Word file; unpack it")
    if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise PostingError("the Word file unpacks to more than any posting; save it as text")
    try:
        import docx
        from docx.oxml.ns import qn
    except ImportError:
        raise _missing("DOCX") from None
    try:
        body = docx.Document(io.BytesIO(content)).element.body
        breaks = {qn("w:br"), qn("w:tab"), qn("w:cr")}
        # Every paragraph, those in tables, text boxes and form fields too.
        lines = (
            "".join(
                " " if run.tag in breaks else run.text or ""
                for run in paragraph.iter(qn("w:t"), *breaks)
            )
            for paragraph in body.iter(qn("w:p"))
        )
        text = "\n".join(lines)
    except Exception as error:  # noqa: BLE001  # a damaged file can raise anything at all
        raise PostingError(
            f"the Word file is damaged ({type(error).__name__}); save it again"
        ) from None
    if not text.strip():
        raise PostingError("the Word file has no text; save the posting as text")
    return JobPosting(text)
