"""PDF: the text of its pages and of its forms, as a viewer shows it."""

import io
import re
from collections.abc import Iterator
from typing import Any

from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason, extra_missing

_MOST_PAGES = 60  # no posting is longer
_LARGEST = 16 * 2**20  # bytes
_MOST_STEPS = 150_000  # operators on all pages; a page of text has some hundreds
_MOST_MAPPED = 1_000_000  # letters that all fonts map; each name on each page is mapped anew
_MOST_NESTED = 1000  # drawings within drawings that are looked at for fonts
_LARGEST_CODE = 0xFFFF  # of a letter in a font
_LIMITS: dict[str, Any] = {
    "jbig2dec_binary": None,  # runs no program for pictures
    "zlib_maximum_output_length": 8 * 2**20,
    "lzw_maximum_output_length": 8 * 2**20,
    "run_length_maximum_output_length": 8 * 2**20,
    "brotli_maximum_output_length": 8 * 2**20,
    "array_based_stream_maximum_output_length": 8 * 2**20,
    "stream_parsing_work_maximum_count": 300_000,
    "xform_maximum_invocations_per_extraction": 100,
}
_MAPPED = re.compile(rb"<\s*([0-9A-Fa-f]{1,8})\s*>\s*<\s*([0-9A-Fa-f]{1,8})\s*>\s*[<\[]")
# What the printers of browsers call themselves: the title of their files is that of the page.
_BROWSERS = re.compile(r"skia|chrom|mozilla|firefox|safari|wkhtml|quartz", re.IGNORECASE)


def read(content: bytes) -> Posting:
    """Read the text of a PDF.

    Raises
    ------
    PostingError
        For what is damaged, wants a password, has no text, or is larger than any posting.
    """
    import logging

    if len(content) > _LARGEST:
        raise _too_large(f"the PDF is over {_LARGEST >> 20} MB")
    try:
        import pypdf
        from pypdf.errors import DependencyError
    except ImportError:
        raise extra_missing("reading PDF", "documents") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks are no answers
    try:
        with pypdf.apply_configuration(**_LIMITS):
            return _read(pypdf.PdfReader(io.BytesIO(content)))
    except PostingError:
        raise
    except DependencyError:
        raise extra_missing("reading an encrypted PDF", "documents") from None
    except Exception as error:  # noqa: BLE001  # a damaged PDF can raise anything at all
        fact = f"the PDF is damaged ({type(error).__name__})"
        raise PostingError(fact, "save it again", reason=Reason.DAMAGED) from None


def _read(reader: Any) -> Posting:
    if reader.is_encrypted and not reader.decrypt(""):
        fact, remedy = "the PDF wants a password", "save it without one"
        raise PostingError(fact, remedy, reason=Reason.PASSWORD)
    count = len(reader.pages)
    if count > _MOST_PAGES:
        raise _too_large(f"the PDF has {count} pages, and no posting is so long")
    mapped = 0
    for page in reader.pages:
        mapped += _mapped(page)
        if mapped > _MOST_MAPPED:
            raise _too_large("the PDF has more letters in its fonts than any posting")
    steps = 0

    def count_step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps > _MOST_STEPS:
            raise _too_large("the PDF draws more than any posting")

    pages = [page.extract_text(visitor_operand_before=count_step) for page in reader.pages]
    text = "\n".join([*pages, *_filled(reader, "".join(pages))])
    if not text.strip():
        raise PostingError(
            "the PDF holds pictures and no text", "run it through OCR first", reason=Reason.NO_TEXT
        )
    return Posting(text, _title(reader))


def _too_large(fact: str) -> PostingError:
    return PostingError(fact, "save the text alone", reason=Reason.TOO_LARGE)


def _filled(reader: Any, shown: str) -> Iterator[str]:
    """Yield what is filled into the fields of a form and not drawn on its pages."""
    for field in (reader.get_fields() or {}).values():
        value = field.value
        if field.field_type in {"/Tx", "/Ch"} and isinstance(value, str):
            value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
            if value and "".join(value.split()) not in "".join(shown.split()):
                yield value


def _title(reader: Any) -> str | None:
    """Return the title that a browser gave the page that it printed."""
    from jobclf.documents.page_title import bare_title, fits_title

    facts = reader.metadata or {}
    made = f"{facts.get('/Producer')} {facts.get('/Creator')}"
    title = facts.get("/Title")
    if not isinstance(title, str) or not _BROWSERS.search(made) or not fits_title(title):
        return None
    return bare_title(title)


def _mapped(page: Any) -> int:
    """Return how many letters the fonts of a page map: for each, an entry is made in memory."""
    known: dict[int, int] = {}
    found, seen = 0, set[int]()
    waiting = [page.get("/Resources")]
    while waiting and len(seen) < _MOST_NESTED:
        resources = _object(waiting.pop())
        if not isinstance(resources, dict) or id(resources) in seen:
            continue
        seen.add(id(resources))
        for font in _values(resources.get("/Font")):
            if id(font) not in known:
                known[id(font)] = _letters(font)
            found += known[id(font)]
        waiting += [each.get("/Resources") for each in _values(resources.get("/XObject"))]
    return found


def _letters(font: dict[str, Any]) -> int:
    """Return how many letters a font maps and measures."""
    count = 0
    mapping = _object(font.get("/ToUnicode"))
    if hasattr(mapping, "get_data"):
        for first, last in _MAPPED.findall(mapping.get_data()):
            count += _range(int(first, 16), int(last, 16))
    for inner in _values(dict(enumerate(_object(font.get("/DescendantFonts")) or ()))):
        widths = [_object(each) for each in _object(inner.get("/W")) or ()]
        for at in range(len(widths) - 2):
            if all(isinstance(each, int) for each in widths[at : at + 2]):
                count += _range(widths[at], widths[at + 1])
    return count


def _range(first: int, last: int) -> int:
    return max(0, min(last, _LARGEST_CODE) - first + 1)


def _values(found: Any) -> list[dict[str, Any]]:
    found = _object(found)
    values = map(_object, found.values()) if isinstance(found, dict) else ()
    return [each for each in values if isinstance(each, dict)]


def _object(found: Any) -> Any:
    return found.get_object() if hasattr(found, "get_object") else found
