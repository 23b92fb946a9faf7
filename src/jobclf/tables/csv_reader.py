"""CSV and TSV read row by row, whatever their encoding and separator."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import Any, BinaryIO

from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.tables.columns import check_width
from jobclf.tables.rows import Found
from jobclf.tables.streams import reading

LARGEST_CELL = 2**25  # letters; more is a quote that was never closed
LARGEST_HEADER = 2**20  # letters of the line of column names


def read(
    stream: BinaryIO, name: str, separator: str | None, opening: ExitStack
) -> tuple[tuple[str, ...], Found]:
    """Read rows under the column names of the first line; what must be closed goes to `opening`.

    Without a separator it is the one that the first line has most of.
    """
    import csv

    lines = opening.enter_context(_lines(stream, name))
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))
    with _reading(name):
        source = iter(lines)
        first = next(source)
        if len(first) > LARGEST_HEADER:
            raise DatasetError(f"{name} has a first line of over a million letters; name columns")
        mark = separator or max(",;\t|", key=first.count)
        reader = csv.reader(chain([first], source), delimiter=mark)
        columns = tuple(_mended(cell) for cell in next(reader, ()))
    if not any(columns):
        raise DatasetError(f"{name} begins with no column names; put them into the first line")
    check_width(columns, name)
    if len(set(columns)) != len(columns):
        twice = Counter(columns).most_common(1)[0][0]
        raise DatasetError(f"{name} has two columns named {twice!r}; rename one")

    def rows() -> Found:
        with _reading(name):
            for cells in reader:
                at = f"line {reader.line_num}"
                # A row that the reader went to the end for has a quote that is never closed.
                fault = f"{at} ends inside an open quote" if lines.ended else None
                if cells:
                    row, fault = _fitted(
                        columns, [_mended(cell) for cell in cells], mark, at, fault
                    )
                    yield row, PostingError(fault, reason=Reason.BAD_ROW) if fault else None

    return columns, rows()


@contextmanager
def _reading(name: str) -> Iterator[None]:
    import csv

    try:
        with reading(name):
            yield
    except csv.Error as error:
        raise DatasetError(f"{name} cannot be read: {error}; a quote may be left open") from None


@contextmanager
def _lines(stream: BinaryIO, name: str) -> Iterator["_Lines"]:
    with reading(name):
        start = stream.peek(4)[:4] if hasattr(stream, "peek") else b""
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    # Bytes that are no UTF-8 are marked here and read as Windows-1252 cell by cell.
    text = io.TextIOWrapper(stream, encoding, "surrogateescape", newline="")
    try:
        yield _Lines(text)
    finally:
        text.detach()  # the stream is closed by who opened it, standard input by nobody


class _Lines:
    """The lines of a text, and whether the end was reached."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        yield self._text.readline(LARGEST_HEADER + 1)
        while line := self._text.readline(LARGEST_CELL):
            yield line
        self.ended = True


def _mended(cell: str) -> str:
    """Return a cell with the bytes that are no UTF-8 read as Windows-1252."""
    if cell.isascii():
        return cell
    try:
        cell.encode()
    except UnicodeEncodeError:
        return cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return cell


def _fitted(
    columns: tuple[str, ...], cells: list[str], separator: str, at: str, fault: str | None
) -> tuple[dict[str, Any], str | None]:
    """Put cells under their columns; none is lost, and too many or too few are a fault."""
    if len(cells) > len(columns):
        extra = cells[len(columns) :]
        if any(extra):
            fault = f"{at} has {len(cells)} cells under {len(columns)} column names"
            cells = [*cells[: len(columns) - 1], separator.join(cells[len(columns) - 1 :])]
    elif len(cells) < len(columns):
        fault = fault or f"{at} has {len(cells)} cells under {len(columns)} column names"
    values: dict[str, Any] = dict.fromkeys(columns)
    return values | dict(zip(columns, cells, strict=False)), fault
