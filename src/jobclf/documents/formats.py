"""Files that are more than text: Markdown, PDF and Word, each from its bytes."""

import io
import re
from typing import Any

from jobclf.documents.posting import Posting
from jobclf.errors import PostingError

_MOST_PAGES = 60  # of a PDF; no posting is longer
_LARGEST_PDF = 16 * 2**20  # bytes
_MOST_PDF_STEPS = 150_000  # operators on all pages; a page of text has some hundreds
_PDF_LIMITS: dict[str, Any] = {
    "jbig2dec_binary": None,  # runs no program for pictures
    "zlib_maximum_output_length": 8 * 2**20,
    "lzw_maximum_output_length": 8 * 2**20,
    "run_length_maximum_output_length": 8 * 2**20,
    "brotli_maximum_output_length": 8 * 2**20,
    "array_based_stream_maximum_output_length": 8 * 2**20,
    "stream_parsing_work_maximum_count": 300_000,
    "xform_maximum_invocations_per_extraction": 100,
}
_LARGEST_UNPACKED = 128 * 2**20  # bytes in a DOCX
_LARGEST_XML = 8 * 2**20  # bytes of its XML, which takes many times as much when read
_WORD_PACKINGS = (0, 8)  # stored and deflated
_WORD_BLANKS = ("w:br", "w:tab", "w:cr")
_PICTURE = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL)
_OLD_NAMES = ("WordDocument", "Workbook", "Book")  # of the streams in old Word and Excel files
_EXCEL = "it is an Excel file; save it as CSV"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."  # near the start of such an archive
_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_LINK = re.compile(r"\]\([^()\s]*\)")


def packed(content: bytes) -> Posting | None:
    """Read a PDF or Word file, refuse what only looks like one; None for anything else."""
    if b"%PDF-" in content[:1024]:
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _docx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        streams = (name for name in _OLD_NAMES if name.encode("utf-16-le") in content)
        if next(streams, "").endswith("ook"):
            raise PostingError(_EXCEL)
        raise PostingError("it is an old Word file; save it as .docx")
    if _PICTURE.match(content):
        raise PostingError("it is a picture; save the posting as text")
    if content.startswith(b"{\\rtf"):
        raise PostingError("it is RTF; save it as .docx or .txt")
    return None


def markdown(text: str) -> Posting:
    """Read Markdown, its front matter for the title, its links without their addresses."""
    matter = _FRONT_MATTER.match(text)
    title = None
    if matter is not None:
        named = re.search(r"^title:[ \t]*(.+)$", matter.group(1), re.MULTILINE)
        title = named.group(1).strip().strip("\"'") if named else None
        text = text[matter.end() :]
    return Posting(_LINK.sub("]", text), title)


def _missing(kind: str) -> PostingError:
    return PostingError(f"reading {kind} needs `pip install 'jobclf[documents]'`")


def _pdf(content: bytes) -> Posting:
    import logging

    if len(content) > _LARGEST_PDF:
        raise PostingError(f"the PDF is over {_LARGEST_PDF >> 20} MB; save the text alone")
    try:
        import pypdf
    except ImportError:
        raise _missing("PDF") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks are no answers
    steps = 0

    def count_step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps > _MOST_PDF_STEPS:
            raise PostingError("the PDF draws more than any posting; save the text alone")

    try:
        with pypdf.apply_configuration(**_PDF_LIMITS):
            reader = pypdf.PdfReader(io.BytesIO(content))
            if reader.is_encrypted and not reader.decrypt(""):
                raise PostingError("the PDF wants a password; save it without one")
            count = len(reader.pages)
            if count > _MOST_PAGES:
                raise PostingError(f"the PDF has {count} pages; no single posting is so long")
            text = "\n".join(
                page.extract_text(visitor_operand_before=count_step) for page in reader.pages
            )
    except PostingError:
        raise
    except Exception as error:  # noqa: BLE001  # a damaged PDF can raise anything at all
        raise PostingError(f"the PDF is damaged ({type(error).__name__}); save it again") from None
    if not text.strip():
        raise PostingError("the PDF holds pictures and no text; run it through OCR first")
    return Posting(text)


def _docx(content: bytes) -> Posting:
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except Exception:  # noqa: BLE001  # also of versions to come, or of none
        raise PostingError("the Word file is damaged; save it again") from None
    if not any(part.filename == "word/document.xml" for part in parts):
        raise PostingError(_archive(content, {part.filename for part in parts}))
    if (
        sum(part.file_size for part in parts) > _LARGEST_UNPACKED
        or sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
        > _LARGEST_XML
    ):
        raise PostingError("the Word file unpacks to more than any posting; save it as text")
    if any(part.compress_type not in _WORD_PACKINGS for part in parts):
        raise PostingError("the Word file is packed as none is; save it again")
    try:
        import docx
        from docx.oxml.ns import qn
    except ImportError:
        raise _missing("DOCX") from None
    try:
        body = docx.Document(io.BytesIO(content)).element.body
        # Every paragraph, those in tables, text boxes and form fields too.
        text = "".join(
            element.text or "" if element.tag == qn("w:t") else shown[element.tag]
            for shown in [{qn("w:p"): "\n", **dict.fromkeys(map(qn, _WORD_BLANKS), " ")}]
            for element in body.iter(qn("w:t"), *shown)
        )
    except Exception as error:  # noqa: BLE001  # a damaged file can raise anything at all
        raise PostingError(
            f"the Word file is damaged ({type(error).__name__}); save it again"
        ) from None
    if not text.strip():
        raise PostingError("the Word file has no text; save the posting as text")
    return Posting(text.removeprefix("\n"))


def _archive(content: bytes, names: set[str]) -> str:
    """Say what a zip archive with files of these names is that holds no Word file."""
    kind = content[:200].partition(_OPEN_DOCUMENT)[2]
    if kind.startswith(b"text"):
        return "it is an OpenDocument text; save it as .docx"
    if kind.startswith(b"spreadsheet"):
        return "it is an OpenDocument table; save it as CSV"
    if any(name.startswith("xl/") for name in names):
        return _EXCEL
    return "it is a zip archive and no Word file; unpack it"
