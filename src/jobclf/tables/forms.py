"""The form of a file: told by its ending, and by how it begins where that says little."""

import os
import sys
from itertools import islice

from jobclf.documents.encodings import decode
from jobclf.documents.files import ENDINGS as DOCUMENTS
from jobclf.documents.files import suffix, written
from jobclf.errors import DatasetError, Reason
from jobclf.text.patterns import pattern

DOCUMENT = "document"  # a file of one posting, or of some in one page
FORMS = ("csv", "tsv", "json", "jsonl", "parquet", "excel", "sqlite", "feed", "fasttext", "text")
ENDINGS = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".json": "json", ".json5": "json", ".jsonc": "json", ".har": "json", ".parquet": "parquet",
    ".pq": "parquet", ".xlsx": "excel", ".xlsm": "excel", ".xls": "excel", ".xlsb": "excel",
    ".ods": "excel", ".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".xml": "feed",
    ".rss": "feed", ".atom": "feed", ".ft": "fasttext",
}  # fmt: skip
SEPARATORS = ",;\t|~^\x01"  # the last as Hive writes it
PACKINGS = frozenset({".gz", ".zst", ".zip"})
_UNSURE = frozenset({".txt", ".text", ".xml", ""})  # endings that say little
_START = 8192  # bytes that tell the form
_LINES = 20  # of a table on which its separator is tried
_LONGEST_NAME = 60  # letters of the name of a column
_JSON = pattern(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"']|\[\s*\{\s*[\"'])")
_SQLITE = b"SQLite format 3\0"
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_PACKED = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PK\3\4")  # by gzip, by zstd, by zip


def ending(name: str) -> str:
    """Return the ending of a file or address in small letters, without that of its packing.

    >>> ending("Jobs.CSV.gz"), ending("https://a.example/jobs.json?page=2"), ending("posting")
    ('.csv', '.json', '')
    """
    path = written(name.partition("?")[0] if "://" in name else name)
    found = suffix(path)
    return suffix(path[: -len(found)]) if found in PACKINGS else found


def is_packed(name: str) -> bool:
    """Tell by its ending whether a file is packed."""
    return suffix(name) in PACKINGS


def is_read(name: str) -> bool:
    """Tell by its ending whether a file in a folder is read."""
    found = ending(name)
    return found in ENDINGS or found in DOCUMENTS


def form_of(name: str, given: str | None = None) -> str:
    """Return the form that a file, an address or `-` is read as.

    Parameters
    ----------
    name : str
        The file; it is opened only where its ending says little, and an address never.
    given : str, optional
        One of `FORMS`, which is believed.
    """
    if given is not None:
        return _checked(given)
    by_name = ENDINGS.get(ending(name))
    if name != "-" and (ending(name) not in _UNSURE or "://" in name):
        return by_name or DOCUMENT
    if name == "-":
        peek = getattr(getattr(sys.stdin, "buffer", None), "peek", None)
        start = peek(_START) if peek is not None else b""
    else:
        start = _start(name)
    return told(start, name) or DOCUMENT


def _checked(given: str) -> str:
    if given not in FORMS:
        raise DatasetError(
            f"{given!r} is no form", f"name one of {', '.join(FORMS)}", reason=Reason.BAD_OPTION
        )
    return DOCUMENT if given == "text" else given


def _start(name: str) -> bytes:
    """Return how a file begins, nothing where it cannot be read: its reader says why."""
    try:
        if not os.path.isfile(name):  # noqa: PTH113  # odd names are no files to it
            return b""
        with open(written(name), "rb") as file:  # noqa: PTH123
            start = file.read(_START)
        if not start.startswith(_PACKED):
            return start
        from contextlib import ExitStack

        from jobclf.tables import streams

        with ExitStack() as opening:
            stream, _, _ = streams.opened(name, opening)
            return stream.read(_START)
    except (DatasetError, OSError, EOFError):
        return b""


def told(start: bytes, name: str = "") -> str | None:
    r"""Return the form of a table that begins so, None where it may be a document.

    >>> told(b'[{"text": "We deploy"}]'), told(b"<rss>"), told(b"title;text\nNurse;You care.\n")
    ('json', 'feed', 'csv')
    """
    found = packed(start, name)
    if found is not None or start.startswith((_ZIP, _OLE)):
        return found
    if start.startswith(b"__label__"):
        return "fasttext"
    if _JSON.match(start):
        return _kind_of_json(start)
    if b"<" in start:
        from jobclf.tables.markup_sheets import is_spreadsheet

        if is_spreadsheet(start):
            return "excel"
        if _is_feed(start):
            return "feed"
    return "csv" if _is_delimited(start) else None


def _is_feed(start: bytes) -> bool:
    from jobclf.tables import feeds

    return feeds.is_feed(start)


def packed(start: bytes, name: str = "") -> str | None:
    """Return the form of a table that is no text and begins so, None for anything else."""
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(_SQLITE):
        return "sqlite"
    if start.startswith((_ZIP, _OLE)):
        is_book = b"xl/" in start or b"opendocument.spreadsheet" in start[:200]
        return "excel" if is_book or ENDINGS.get(ending(name)) == "excel" else None
    return None


def _kind_of_json(start: bytes) -> str:
    """Tell lines of JSON from one value by the first line."""
    first, end, _ = start.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if first.startswith(b"["):
        return "json"
    import json

    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return "json" if end else "jsonl"
    return "jsonl"


def _is_delimited(start: bytes) -> bool:
    """Tell rows under names of columns, one of them usual, from a text."""
    text = decode(start).text
    if text.startswith("sep="):
        return True
    whole = len(start) < _START
    return any(_has_rows(text, mark, whole=whole) for mark in SEPARATORS)


def _has_rows(text: str, mark: str, *, whole: bool) -> bool:
    header = text.split("\n", 1)[0]
    if header.count(mark) == 0:
        return False
    first = header.splitlines()[0]
    if '"' not in first and max(map(len, map(str.strip, first.split(mark)))) > _LONGEST_NAME:
        return False
    import csv

    try:
        rows = list(islice(csv.reader(text.splitlines(keepends=True), delimiter=mark), _LINES))
    except csv.Error:
        return False
    rows = [row for row in rows if row]
    complete = rows if whole or len(rows) == _LINES else rows[:-1]  # the last is cut off
    names = [cell.strip() for cell in rows[0]]
    if (
        len(rows) < 2  # noqa: PLR2004  # a header and a row
        or any(len(name) > _LONGEST_NAME for name in names)
        or any(len(row) != len(names) for row in complete)
    ):
        return False
    from jobclf.tables.columns import is_usual

    return any(map(is_usual, names))
