"""PDF: the text of its pages and of its forms, as a viewer shows it."""

import io
import re
from collections.abc import Iterator
from typing import Any

from jobclf import limits
from jobclf.documents.main_text import is_whole
from jobclf.documents.names import TITLES, known_name
from jobclf.documents.page_title import (
    job_title,
    part_of_title,
    property_title,
    title_beside,
)
from jobclf.documents.pdf_content import plain_content
from jobclf.documents.pdf_fonts import Fonts, values_of
from jobclf.documents.pdf_lines import is_unreadable, joined
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason, extra_missing

_LIMITS: dict[str, Any] = {
    "jbig2dec_binary": None,  # runs no program for pictures
    "zlib_maximum_output_length": limits.PDF_STREAM,
    "lzw_maximum_output_length": limits.PDF_STREAM,
    "run_length_maximum_output_length": limits.PDF_STREAM,
    "brotli_maximum_output_length": limits.PDF_STREAM,
    "array_based_stream_maximum_output_length": limits.PDF_STREAM,
    "stream_parsing_work_maximum_count": limits.PDF_PARSING,
    "xform_maximum_invocations_per_extraction": limits.PDF_DRAWINGS,
}
# What the printers of browsers call themselves: the title of their files is that of the page.
_BROWSERS = re.compile(r"skia|chrom|mozilla|firefox|safari|wkhtml", re.IGNORECASE)
# What browsers print above a page: when it was, and its title.
_PRINTED = re.compile(r"\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? \d{1,2}:\d\d(?: ?[AP]M)?[, ]+(.+)")
_LONGEST_TITLE = 300  # letters
_PICTURE = 500_000  # pixels of the pictures of a page that may show text, such as a scan
_OUTLINES = 1000  # steps of a page without text that may draw it
_LEAST = 40  # letters of a page that has text
_HIDDEN = 0b100010  # flags of notes that are not shown
# What the first page of a form says that Adobe's readers alone can show.
_ADOBE_ALONE = re.compile(r"please wait|adobe (?:acrobat )?reader", re.IGNORECASE)


def read(content: bytes) -> Posting:
    """Read the text of a PDF, with what is filled into its fields and typed upon its pages.

    Raises
    ------
    PostingError
        For what is damaged, wants a password, has no text, or is larger than any posting; for
        pages of pictures, where without them it is hardly the whole posting.
    """
    import logging

    if len(content) > limits.PDF:
        raise _too_large(f"the PDF is over {limits.PDF >> 20} MB")
    try:
        import pypdf
        from pypdf.errors import DependencyError
    except ImportError:
        raise extra_missing("reading PDF", "documents") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks are no answers
    try:
        with pypdf.apply_configuration(**_LIMITS):
            return _Document(_opened(content)).posting()
    except PostingError:
        raise
    except DependencyError:
        raise extra_missing("reading an encrypted PDF", "documents") from None
    except Exception:  # noqa: BLE001  # a damaged PDF can raise anything at all
        fact = "the PDF is damaged"
        raise PostingError(fact, "save it again", reason=Reason.DAMAGED) from None


def _opened(content: bytes) -> Any:
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        is_open = not reader.is_encrypted or reader.decrypt("")
    except NotImplementedError:  # of the ways to protect a PDF the library knows passwords alone
        fact, remedy = "the PDF is protected by a certificate", "print it to PDF where it opens"
        raise PostingError(fact, remedy, reason=Reason.PASSWORD) from None
    if not is_open:
        fact, remedy = "the PDF wants a password", "save it without one"
        raise PostingError(fact, remedy, reason=Reason.PASSWORD)
    return reader


class _Document:
    """The text of a PDF, read page by page within limits."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._fonts = Fonts()
        self._steps = 0
        self._titled: str | None = None  # by a field
        self._known: set[int] = set()  # fields, each of which may be shown several times

    def posting(self) -> Posting:
        """Return the posting."""
        reader = self._reader
        if "/Collection" in reader.root_object:
            fact, remedy = "the PDF is a portfolio of files", "save the posting in it"
            raise PostingError(fact, remedy, reason=Reason.SEVERAL)
        count = len(reader.pages)
        if count > limits.PDF_PAGES:
            raise _too_large(f"the PDF has {count} pages, and no posting is so long")
        pages, pictures = [], 0
        for page in reader.pages:
            text, pictured = self._page(page)
            pages.append(text)
            pictures += pictured
        text = joined("\n".join(pages))
        self._check(text, pictures, count)
        return Posting(text, self._titled or self._title(text))

    def _page(self, page: Any) -> tuple[str, bool]:
        """Return the text of a page, and whether what it shows is a picture."""
        from pypdf.generic import NameObject

        drawn = self._fonts.of_page(page)
        before, forms = self._steps, 0

        def count(operator: Any, operands: Any, *_: object) -> None:
            nonlocal forms
            self._steps += 1
            if operator == b"Do" and operands and operands[0] not in drawn.pictures:
                forms += 1
                self._fonts.count(drawn.form)
            if self._steps > limits.PDF_STEPS or forms > limits.PDF_DRAWINGS:
                raise _too_large("the PDF draws more than any posting")

        if (content := plain_content(page, drawn.unspaced)) is not None:
            page[NameObject("/Contents")] = content
        text = page.extract_text(visitor_operand_before=count)
        count(b"", ())  # again, for in drawings within drawings what it raises is lost
        text = "\n".join([text, *self._notes(page)])
        pictured = drawn.pixels >= _PICTURE or self._steps - before >= _OUTLINES
        return text, pictured and len(text.strip()) < _LEAST

    def _notes(self, page: Any) -> Iterator[str]:
        """Yield what is filled into the fields of a page, and typed upon it."""
        notes = values_of(page.get("/Annots"))
        if len(notes) > limits.PDF_NOTES:
            raise _too_large("the PDF has more fields than any posting")
        for note in notes:
            flags = note.get("/F", 0)
            if isinstance(flags, int) and flags & _HIDDEN:
                continue
            if note.get("/Subtype") == "/FreeText":
                yield _string(note.get("/Contents"))
            elif note.get("/Subtype") == "/Widget":
                yield self._filled(note)

    def _filled(self, widget: Any) -> str:
        """Return what is filled into a field, "" for what is none of text or is known already."""
        found: dict[str, Any] = {}
        field = widget
        for _ in range(limits.PDF_DEPTH):
            for key in ("/V", "/FT", "/T", "/TU", "/Opt"):
                if key not in found and key in field:
                    found[key] = field[key]
                    if key == "/V":
                        if id(field) in self._known:
                            return ""
                        self._known.add(id(field))
            if "/Parent" not in field:
                break
            field = field["/Parent"]
        if found.get("/FT") not in {"/Tx", "/Ch"}:
            return ""
        shown = {_string(each[0]): _string(each[1]) for each in _pairs(found.get("/Opt"))}
        value = found.get("/V")
        values = map(_string, value if isinstance(value, list) else [value])
        text = "\n".join(shown.get(each, each) for each in values).strip()
        if text and known_name(_string(found.get("/T") or found.get("/TU"))) in TITLES:
            self._titled = self._titled or text[:_LONGEST_TITLE]
        return text

    def _check(self, text: str, pictures: int, count: int) -> None:
        """Raise why there is no posting, if there is none."""
        form = self._reader.root_object.get("/AcroForm") or {}
        if "/XFA" in form and not is_whole(text) and _ADOBE_ALONE.search(text):
            fact = "the PDF is a form that only Adobe Reader shows"
            remedy = "print it to PDF there"
            raise PostingError(fact, remedy, reason=Reason.UNSUPPORTED)
        remedy = "run it through OCR first"
        if not text.strip():
            fact = "the PDF holds pictures and no text"
            raise PostingError(fact, remedy, reason=Reason.NO_TEXT)
        if is_unreadable(text):
            fact = "the PDF does not say which letters its fonts show"
            raise PostingError(fact, remedy, reason=Reason.NO_TEXT)
        if pictures and (2 * pictures >= count or not is_whole(text)):
            fact = f"{pictures} of the {count} pages of the PDF are pictures without text"
            raise PostingError(fact, remedy, reason=Reason.NO_TEXT)

    def _title(self, text: str) -> str | None:
        """Return the title that the PDF names beside its text, if it is that of a posting."""
        facts = self._reader.metadata or {}
        title = property_title(_string(facts.get("/Title")))
        made = f"{facts.get('/Producer')} {facts.get('/Creator')}"
        if title and _BROWSERS.search(made):
            return part_of_title(title) or title_beside(title, text)
        if above := _PRINTED.match(text):
            return part_of_title(above[1])
        named = job_title(title)
        if named and named.lower() in text[:_LONGEST_TITLE].lower():
            return named
        return title_beside(title, text)


def _too_large(fact: str) -> PostingError:
    return PostingError(fact, "save the text alone", reason=Reason.TOO_LARGE)


def _pairs(options: Any) -> list[Any]:
    """Return the choices of a field that are shown as something else."""
    found = options if isinstance(options, list) else []
    return [each for each in found if isinstance(each, list) and len(each) > 1]


def _string(found: Any) -> str:
    """Return a string of a PDF, which may be bytes or stand in a stream, with plain line ends."""
    found = found.get_object() if hasattr(found, "get_object") else found
    if hasattr(found, "get_data"):
        found = found.get_data()
    if isinstance(found, bytes):
        found = found.decode("utf-8", "replace")
    return found.replace("\r\n", "\n").replace("\r", "\n") if isinstance(found, str) else ""
