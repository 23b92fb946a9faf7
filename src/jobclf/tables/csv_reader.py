"""CSV and TSV as Arrow record batches: by pyarrow where quotes stand right, by care elsewhere."""

import codecs
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from jobclf import limits
from jobclf.documents import encodings
from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.tables import csv_dialect, values
from jobclf.tables.csv_dialect import Dialect
from jobclf.tables.streams import reading

_BLOCK = 1 << 20  # bytes that are parted at once
_START = 1 << 18  # bytes that tell how a table is written
_MARKED = 400  # bytes that tell the encoding
_EMPTY = re.compile(r"[\r\n]++")  # lines, under one column
_BLANKS = re.compile(r"(?:[^\S\r\n]*+[\r\n]++)++")
_QUOTE, _LF, _CR, _TAB = b'"\n\r\t'


class Read(NamedTuple):
    """A table of cells: its columns, its Arrow schema, and its rows with their faults by place."""

    columns: tuple[str, ...]
    schema: Any
    batches: Iterator[tuple[Any, Mapping[int, PostingError]]]
    separator: str
    seen: encodings.Seen


def read(stream: BinaryIO, name: str, separator: str | None = None) -> Read:
    """Read rows under the names of columns; without a separator it is told from the first rows.

    Cells are text as it stands, and null where a row ends before them.
    """
    import pyarrow as pa

    source = _Source(stream, name)
    dialect = _dialect(source, name, separator)
    schema = pa.schema([(column, pa.string()) for column in dialect.columns])
    if dialect.arranged:
        rows = [list(row) for row in dialect.sample]
        whole = iter([(_batch(rows, len(dialect.columns), schema), dict[int, PostingError]())])
        return Read(dialect.columns, schema, whole, dialect.separator, source.seen)
    batches = _batches(source, dialect, schema)
    return Read(dialect.columns, schema, batches, dialect.separator, source.seen)


def _dialect(source: "_Source", name: str, separator: str | None) -> Dialect:
    """Return how a table is written, and leave what comes before its rows behind."""
    source.fill(_START)
    if not source.has_line():
        source.fill(limits.HEADER)
        if not source.has_line() and not source.ended:
            raise DatasetError(
                "its first line is over a million letters long",
                "put the names of columns into it",
                reason=Reason.TOO_LARGE,
                path=name,
            )
    while True:
        text = source.buffer.decode()
        found = csv_dialect.tell(text, name, is_whole=source.ended, separator=separator)
        if source.ended or len(text) > limits.CELL or (found is not None and found.sample):
            break
        separator = separator if found is None else found.separator
        source.fill(2 * len(source.buffer))
    if found is None:
        raise DatasetError(
            "it is empty", "give rows under names of columns", reason=Reason.EMPTY, path=name
        )
    source.take(len(text[: found.start].encode()))
    return found


class _Source:
    """A stream as UTF-8 that grows at one end and is taken from at the other, and counts lines."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        with reading(name):
            start = stream.peek(_MARKED) if hasattr(stream, "peek") else b""
        codec = encodings.stream_encoding(start[:_MARKED])
        marked = not codec.startswith("utf-8") or start.startswith(codecs.BOM_UTF8)
        self.seen = encodings.Seen(codec if marked else "utf-8")
        # Bytes that are no UTF-8 are marked here, and read as Windows-1252.
        errors = "surrogateescape" if codec.startswith("utf-8") else "replace"
        self._decoder = codecs.getincrementaldecoder(codec)(errors)
        self.buffer, self.ended, self.line = b"", False, 1

    def fill(self, size: int) -> None:
        """Read on until so many bytes are there, or to the end."""
        pieces = [self.buffer]
        missing = size - len(self.buffer)
        while missing > 0 and not self.ended:
            with reading(self._name):
                content = self._stream.read(missing)
            self.ended = not content
            text = self._decoder.decode(content, final=self.ended)
            piece = self.seen.repair(text)
            pieces.append(piece)
            missing -= len(piece)
        self.buffer = b"".join(pieces)

    def has_line(self) -> bool:
        """Tell whether a line ends in what is there."""
        return b"\n" in self.buffer or b"\r" in self.buffer

    def take(self, size: int) -> None:
        """Leave so many bytes behind."""
        gone = self.buffer[:size]
        self.line += gone.count(b"\n") or gone.count(b"\r")
        self.buffer = self.buffer[size:]


def _batches(
    source: _Source, dialect: Dialect, schema: Any
) -> Iterator[tuple[Any, Mapping[int, PostingError]]]:
    while True:
        source.fill(_BLOCK)
        if not source.buffer:
            return
        end = 0  # of what can be parted fast
        if not dialect.escaped:
            end = _clean_end(source.buffer, dialect.separator, is_whole=source.ended)
        fast = _fast(source.buffer[:end], dialect, schema) if end else None
        if fast is not None:
            source.take(end)
            for cells in fast:
                yield cells, {}
        else:
            yield from _careful(source, end or _BLOCK, dialect, schema)


def _clean_end(content: bytes, separator: str, *, is_whole: bool) -> int:
    """Return where the last whole row ends before the first quote that stands in a wrong place."""
    letters = np.frombuffer(content, np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    good = len(content)
    if len(quotes):
        ends = np.zeros(256, bool)
        ends[[_LF, _CR, *separator.encode()]] = True
        before = ends[letters[np.maximum(quotes - 1, 0)]] | (quotes == 0)
        after = ends[letters[np.minimum(quotes + 1, good - 1)]] | (quotes == good - 1)
        beside = np.diff(quotes) == 1
        right = before  # of those that open a cell, or are the second of two
        right[1::2] = after[1::2]  # of those that close one, or are the first of two
        right[2::2] |= beside[1::2]
        right[1:-1:2] |= beside[1::2]
        if separator == "\t":  # a cell with tabs and line ends may be rows between stray quotes
            tabs, lines = (
                np.diff(np.searchsorted(np.flatnonzero(letters == mark), quotes))[::2] > 0
                for mark in (_TAB, _LF)
            )
            right[: 2 * len(tabs) : 2] &= ~(tabs & lines)
        wrong = np.flatnonzero(~right)
        if len(wrong):
            good = int(quotes[wrong[0]])
    if is_whole and good == len(content) and len(quotes) % 2 == 0:
        return good
    return _row_end(content, quotes, good)


def _row_end(content: bytes, quotes: Any, end: int) -> int:
    """Return the end of the last line before a place that is not within quotes."""
    line = b"\n" if b"\n" in content else b"\r"
    while (end := content.rfind(line, 0, end)) >= 0:
        if int(np.searchsorted(quotes, end)) % 2 == 0:
            return end + 1
        # Within quotes: the next to look at is before the one that opened them.
        end = int(quotes[int(np.searchsorted(quotes, end)) - 1])
    return 0


def _fast(content: bytes, dialect: Dialect, schema: Any) -> list[Any] | None:
    """Return rows by pyarrow, None where it cannot part them."""
    import pyarrow as pa
    from pyarrow import csv

    if len(dialect.separator.encode()) > 1 or b"\0" in content:
        return None
    try:
        table = csv.read_csv(
            pa.py_buffer(content),
            csv.ReadOptions(
                use_threads=False, block_size=len(content) + 1, column_names=schema.names
            ),
            csv.ParseOptions(delimiter=dialect.separator, newlines_in_values=True),
            csv.ConvertOptions(column_types=schema, strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    return list(table.to_batches(max_chunksize=limits.BATCH_ROWS))


def _careful(
    source: _Source, size: int, dialect: Dialect, schema: Any
) -> Iterator[tuple[Any, Mapping[int, PostingError]]]:
    """Part rows one by one, until as many bytes are behind or no more are there."""
    rows, width = dialect.rows(), len(dialect.columns)
    blank = _BLANKS if width > 1 else _EMPTY
    cells: list[list[str]] = []
    faults: dict[int, PostingError] = {}
    held = done = at = 0
    text = source.buffer.decode()
    line, counted = source.line, 0
    rows.look_at(text, is_whole=source.ended)
    while done < size and at < len(text):
        empty = blank.match(text, at)
        if empty is not None:
            at = empty.end()
            done += len(empty.group().encode())
            continue
        row = rows.part(at)
        if row is None:
            source.take(done)
            size -= done
            source.fill(2 * len(source.buffer) + _BLOCK)
            text, at, done = source.buffer.decode(), 0, 0
            line, counted = source.line, 0
            rows.look_at(text, is_whole=source.ended)
            continue
        if row.end - at > limits.CELL:
            raise DatasetError(
                f"line {line + _lines(text[counted:at])} is over {limits.CELL >> 20} MB",
                "a quote may be left open: close it, or split the row",
                reason=Reason.TOO_LARGE,
            )
        if row.fault is not None:
            line += _lines(text[counted:at])
            counted = at
            fact = f"line {line}: {row.fault}"
            faults[len(cells)] = PostingError(fact, "correct the row", reason=Reason.BAD_ROW)
        piece = text[at : row.end]
        at = row.end
        done += len(piece) if piece.isascii() else len(piece.encode())
        if width > 1 and not piece.strip():  # the last line, without an end
            faults.pop(len(cells), None)
            continue
        cells.append(row.cells)
        held += len(piece)
        if len(cells) == limits.BATCH_ROWS or held >= limits.BATCH:
            yield _batch(cells, width, schema), faults
            cells, faults, held = [], {}, 0
    source.take(done)
    if cells:
        yield _batch(cells, width, schema), faults


def _lines(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _batch(rows: list[list[str]], width: int, schema: Any) -> Any:
    import pyarrow as pa

    columns = [*zip_longest(*rows)]
    columns += [(None,) * len(rows)] * (width - len(columns))
    arrays = [values.array_of(column, str) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
