"""Tables of postings, row by row: CSV, TSV, JSON lines, JSON and Parquet, from disk or afar."""

import io
import json
import os
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from jobclf import pages, workers
from jobclf.errors import DatasetError, PostingError

LARGEST_CELL = 2**25  # letters; more is a quote that was never closed
LARGEST_JSON = 2**28  # bytes of a JSON file that is read as a whole
LARGEST_HEADER = 2**20  # letters of the line of column names
LARGEST_TEXT = 32 * 2**20  # letters of a text to be judged
MOST_COLUMNS = 10_000  # each row has a cell for every one
MOST_MARKS = 1 << 24  # brackets and commas in JSON read at once, which takes 100 bytes for each
KINDS = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".json": "json", ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
PACKINGS = frozenset({".gz", ".zst"})
_DEEPEST = 100  # levels of JSON within each other
_HALF_LETTER = re.compile(rb"\\u[dD][89a-fA-F]")
_BROKEN = (OSError, EOFError, ValueError, zlib.error)  # what damaged files raise while read
_ROWS = 512  # of a chunk
_CHARACTERS = 1 << 22  # of the texts of a chunk; more are only in one that has a single row
_PAGES = 1 << 20  # bytes of a Parquet column read at once
_AHEAD = 200  # rows of JSON looked at for the names of the columns

# What people call the columns, letters and digits only, the surest first.
_TEXTS = (
    "descriptionplain", "jobdescription", "description", "descriptionhtml", "fulldescription",
    "descriptiontext", "jobtext", "postingtext", "fulltext", "text", "body", "content", "jd",
    "jobdetails", "details", "posting",
)  # fmt: skip
_TITLES = ("title", "jobtitle", "positiontitle", "jobname", "position", "roletitle")
_LISTS = ("jobs", "postings", "results", "data", "items")  # where an answer of a board keeps them


@dataclass(frozen=True, slots=True)
class Row:
    """One row: all its cells, the text and title to judge, and what is wrong with it if anything.

    `text` is empty where `fault` says why.
    """

    values: dict[str, Any]
    text: str
    title: str | None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """Some rows' cells that are needed to judge them, small enough to be sent to a process."""

    rows: Any  # a dictionary a row, or an Arrow record batch
    faults: list[str | None]
    text: str
    title: str | None

    def __iter__(self) -> Iterator[Row]:
        rows = self.rows if isinstance(self.rows, list) else _values(self.rows)
        for values, fault in zip(rows, self.faults, strict=True):
            yield _row(values, fault, self.text, self.title)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some hundred rows: what is needed to judge them, and all that came with them."""

    cells: Iterable[Row]
    whole: Any  # a dictionary a row, or an Arrow record batch

    def values(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries."""
        return self.whole if isinstance(self.whole, list) else _values(self.whole)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is read while it is asked for, once; the last row closes its file."""

    name: str
    columns: tuple[str, ...]
    text_column: str
    title_column: str | None
    chunks: Iterator[Chunk]
    schema: Any = None  # the Arrow schema of a Parquet file
    close: Callable[[], None] = lambda: None
    size: int = 0  # bytes, 0 if unknown
    share: Callable[[], float] = lambda: 0.0  # of it that has been read

    @property
    def rows(self) -> Iterator[Row]:
        """The rows one by one, with all their cells."""
        for chunk in self.chunks:
            for row, values in zip(chunk.cells, chunk.values(), strict=True):
                yield replace(row, values=values)

    @property
    def listed(self) -> str:
        """The names of the columns, the first twenty at most, for messages."""
        return _listed(self.columns)


def kind(address: str) -> str | None:
    """Return what kind of table an address names by its ending, None for no table."""
    if address == "-":
        return _stdin_kind()
    name = Path(address.partition("?")[0] if "://" in address else address)
    ending = (name.with_suffix("") if name.suffix.lower() in PACKINGS else name).suffix
    return KINDS.get(ending.lower())


def _stdin_kind() -> str | None:
    """Tell JSON on standard input from a posting by its first letters, which stay unread."""
    peek = getattr(sys.stdin.buffer, "peek", None)
    start = re.match(rb"(?:\xef\xbb\xbf)?\s*(?:(\{\s*\")|\[\s*\{\s*\")", peek(64) if peek else b"")
    if start is None:
        return None
    return "jsonl" if start.group(1) else "json"


def read(
    path: str | os.PathLike[str],
    *,
    text_column: str | None = None,
    title_column: str | None = None,
    groups: Sequence[int] | None = None,
) -> Table:
    """Open a table and find its columns; rows that cannot be read come with their fault.

    `groups` are the row groups of a Parquet file to be read, all without it.
    """
    name = os.fspath(path)
    form = kind(name) or ("csv" if name == "-" else None)
    if form is None:
        raise DatasetError(f"{name} is no table; jobclf reads {' '.join(KINDS)}, also .gz and .zst")
    with ExitStack() as opening:
        stream, size, share = _opened(name, opening)
        if form == "parquet":
            file = _parquet(stream, name)
            schema = file.schema_arrow
            columns = tuple(schema.names)
        elif form in {"csv", "tsv"}:
            lines = opening.enter_context(_lines(stream, name))
            columns, found = _separated(lines, name, "\t" if form == "tsv" else None)
        else:
            columns, found = _json_lines(stream, name) if form == "jsonl" else _json(stream, name)
        text, title = _chosen(columns, name, text_column, title_column)
        if form == "parquet":
            wanted = range(file.num_row_groups) if groups is None else groups
            reading = _Groups(file, name, wanted, text, title)
            chunks, share = reading.chunks(), reading.share
        else:
            schema, chunks = None, _chunks(found, text, title)
        close = opening.pop_all().close  # from here on the rows keep the file open

    def closing() -> Iterator[Chunk]:
        try:
            yield from chunks
        finally:
            close()

    return Table(name, columns, text, title, closing(), schema, close, size, share)


def groups(path: str | os.PathLike[str]) -> list[int]:
    """Return how many rows each row group of a Parquet file has."""
    name = os.fspath(path)
    with ExitStack() as opening:
        metadata = _parquet(_opened(name, opening)[0], name).metadata
        return [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)]


# What changes with the content of a file afar, as the kinds of address name it.
_STAMPS = ("size", "etag", "md5", "generation", "created", "modified", "mtime", "checksum")


def stamp(path: str | os.PathLike[str]) -> str:
    """Return what changes when a table does: of a file its size and time, afar what is told."""
    name = os.fspath(path)
    if "://" not in name:
        try:
            known = Path(name).stat()
        except OSError as error:
            raise DatasetError(f"{name} cannot be read: {error.strerror}") from None
        return f"{known.st_size} {known.st_mtime_ns}"
    with _listing(name) as (system, place):
        system.invalidate_cache()
        told = system.info(place)
    kept = {
        key: str(value)
        for key, value in told.items()
        if any(word in re.sub("[^a-z0-9]", "", key.lower()) for word in _STAMPS)
    }
    return json.dumps(kept, sort_keys=True)


def _chunks(found: "Found", text: str, title: str | None) -> Iterator[Chunk]:
    needed = _needed(text, title)
    rows: list[dict[str, Any]] = []
    faults: list[str | None] = []
    characters = 0

    def taken() -> Chunk:
        cells = [{name: values[name] for name in needed & values.keys()} for values in rows]
        return Chunk(Cells(cells, faults, text, title), rows)

    for values, fault in found:
        rows.append(values)
        faults.append(fault)
        cell = values.get(text)
        characters += len(cell) if isinstance(cell, str) else 0
        if len(rows) == _ROWS or characters >= _CHARACTERS:
            yield taken()
            rows, faults, characters = [], [], 0
    if rows:
        yield taken()


def _needed(text: str, title: str | None) -> set[str]:
    """Return the columns that a row is judged by, those of Lever's parts among them."""
    return {text, title or text, "lists", "additionalPlain", "additional"}


def _opened(name: str, opening: ExitStack) -> tuple[BinaryIO, int, Callable[[], float]]:
    """Open a file or an address, unpacked; what must be closed later is added to `opening`.

    Also return its bytes, 0 if they are unknown, and a function that tells the share read so far.
    """
    try:
        if name == "-":
            return sys.stdin.buffer, 0, lambda: 0.0
        stream = _afar(name) if "://" in name else Path(name).open("rb")  # noqa: SIM115
        opening.callback(stream.close)
        raw = stream
        size = os.fstat(raw.fileno()).st_size if "://" not in name else getattr(raw, "size", 0) or 0
        if name.lower().endswith(".gz"):
            import gzip

            stream = gzip.GzipFile(fileobj=stream)
            opening.callback(stream.close)
        elif name.lower().endswith(".zst"):
            stream = _arrow("zstd").CompressedInputStream(stream, "zstd")
            opening.callback(stream.close)
        if not isinstance(stream, io.BufferedReader):
            stream = io.BufferedReader(stream)
    except FileNotFoundError:
        raise DatasetError(f"{name} does not exist; check the path") from None
    except _BROKEN as error:
        reason = getattr(error, "strerror", None) or _first_line(error)
        raise DatasetError(f"{name} cannot be read: {reason}") from None
    return stream, size, lambda: raw.tell() / size if size else 0.0


def _afar(name: str) -> Any:
    try:
        import fsspec
    except ImportError:
        raise DatasetError("reading from an address needs `pip install 'jobclf[tables]'`") from None
    try:
        return fsspec.open(name, "rb").open()
    except FileNotFoundError:
        raise
    except Exception as error:  # noqa: BLE001  # each kind of address has errors of its own
        raise DatasetError(f"{name} cannot be opened: {error}") from None


def afar(pattern: str) -> list[str]:
    """Return the addresses that a pattern such as s3://bucket/*.parquet names, sorted."""
    with _listing(pattern) as (system, path):
        found = [system.unstrip_protocol(each) for each in sorted(system.glob(path))]
    if not found:
        raise DatasetError(f"{pattern} names no table; check the address")
    return found


@contextmanager
def _listing(address: str) -> Iterator[tuple[Any, str]]:
    """Yield the file system of an address and its path there; name what goes wrong."""
    try:
        import fsspec
    except ImportError:
        raise DatasetError("reading from an address needs `pip install 'jobclf[tables]'`") from None
    try:
        yield fsspec.core.url_to_fs(address)
    except FileNotFoundError:
        raise DatasetError(f"{address} does not exist; check the address") from None
    except Exception as error:  # noqa: BLE001  # each kind of address has errors of its own
        raise DatasetError(f"{address} cannot be listed: {_first_line(error)}") from None


def _arrow(what: str) -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        raise DatasetError(f"reading {what} needs `pip install 'jobclf[tables]'`") from None
    return pa


Found = Iterator[tuple[dict[str, Any], str | None]]  # cells of a row, and its fault


def _parquet(stream: BinaryIO, name: str) -> Any:
    arrow = _arrow("Parquet")
    from pyarrow import parquet

    try:
        # Row groups may be larger than memory: their columns are read page by page.
        file = parquet.ParquetFile(stream, buffer_size=_PAGES, pre_buffer=False)
    except (arrow.ArrowException, OSError) as error:
        raise DatasetError(f"{name} is no Parquet file: {_first_line(error)}") from None
    _check_width(file.schema_arrow.names, name)
    return file


class _Groups:
    """Row groups of a Parquet file while they are read."""

    def __init__(
        self, file: Any, name: str, wanted: Sequence[int], text: str, title: str | None
    ) -> None:
        self._file, self._name, self._wanted = file, name, list(wanted)
        self._text, self._title = text, title
        heads = [file.metadata.row_group(at) for at in self._wanted]
        self._rows = sum(head.num_rows for head in heads)
        size = sum(head.total_byte_size for head in heads)
        self._at_once = max(1, min(_ROWS, _CHARACTERS * self._rows // max(size, 1)))
        self._read = 0

    def share(self) -> float:
        """Return the share of the rows that has been read."""
        return self._read / self._rows if self._rows else 1.0

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows as record batches."""
        needed = _needed(self._text, self._title)
        with _reading(self._name):
            batches = self._file.iter_batches(
                self._at_once, row_groups=self._wanted, use_threads=False
            )
            for batch in workers.ahead(batches) if "://" in self._name else batches:
                self._read += batch.num_rows
                cells = batch.select([each for each in batch.schema.names if each in needed])
                faults: list[str | None] = [None] * batch.num_rows
                yield Chunk(Cells(cells, faults, self._text, self._title), batch)


def _values(batch: Any) -> list[dict[str, Any]]:
    """Return the rows of a record batch as dictionaries."""
    try:
        rows: list[dict[str, Any]] = batch.to_pylist()
    except Exception as error:  # noqa: BLE001  # dates beyond Python's, time zones of no place
        fact = f"{type(error).__name__}: {_first_line(error)}"
        raise DatasetError(f"the table holds a value that cannot be read: {fact}") from None
    return rows


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn what goes wrong while a table is read into one error that names it."""
    import csv

    try:
        yield
    except csv.Error as error:
        raise DatasetError(f"{name} cannot be read: {error}; a quote may be left open") from None
    except _BROKEN as error:
        raise DatasetError(f"{name} cannot be read to its end: {_first_line(error)}") from None


@contextmanager
def _lines(stream: BinaryIO, name: str) -> Iterator["_Lines"]:
    with _reading(name):
        start = stream.peek(4)[:4] if hasattr(stream, "peek") else b""
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    # Bytes that are no UTF-8 are marked here and read as Windows-1252 cell by cell.
    text = io.TextIOWrapper(stream, encoding, "surrogateescape", newline="")
    yield _Lines(text)
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


def _separated(lines: _Lines, name: str, separator: str | None) -> tuple[tuple[str, ...], Found]:
    import csv

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
    _check_width(columns, name)
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
                    yield _fitted(columns, [_mended(cell) for cell in cells], mark, at, fault)

    return columns, rows()


def _check_width(columns: Sequence[str], name: str) -> None:
    if len(columns) > MOST_COLUMNS:
        raise DatasetError(
            f"{name} has {len(columns):,} columns and {MOST_COLUMNS:,} are the most; leave some out"
        )


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


def _json_lines(stream: BinaryIO, name: str) -> tuple[tuple[str, ...], Found]:
    def rows() -> Found:
        number = 0
        with _reading(name):
            while line := stream.readline(LARGEST_CELL + 1):
                number += 1
                if len(line) > LARGEST_CELL:
                    most = f"{LARGEST_CELL >> 20} MB"
                    raise DatasetError(f"{name}: line {number} is over {most}; split it")
                if line.strip(b" \t\r\n\xef\xbb\xbf"):
                    yield _parsed(line, f"line {number}")

    return _looked_ahead(rows(), name)


def _parsed(line: bytes, at: str) -> tuple[dict[str, Any], str | None]:
    try:
        value = _loaded(line)
    except ValueError as error:
        return {}, f"{at} {error}"
    return (value, None) if isinstance(value, dict) else ({}, f"{at} is no JSON object")


def _loaded(content: bytes) -> Any:
    """Return the value that JSON holds, or raise a `ValueError` that says what is wrong with it."""
    opened = content.count(b"[") + content.count(b"{")
    if opened + content.count(b",") > MOST_MARKS:
        raise ValueError("holds too many values")
    try:
        value = json.loads(_decoded(content))
    except (ValueError, RecursionError):
        raise ValueError("is no JSON") from None
    if opened > _DEEPEST and _is_deep(value):
        raise ValueError("is nested too deep")
    if _HALF_LETTER.search(content):  # one that no file can hold: written as a question mark
        value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inside
            for each in level
            if isinstance(each, dict | list)
            for inside in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _json(stream: BinaryIO, name: str) -> tuple[tuple[str, ...], Found]:
    """Read a whole JSON file: a list of objects, or an object that holds one."""
    with _reading(name):
        content = stream.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise DatasetError(f"{name} is over {LARGEST_JSON >> 20} MB; write it as JSON lines")
    try:
        value = _loaded(content)
    except ValueError as error:
        raise DatasetError(f"{name} {error}; write one object a line as .jsonl") from None
    if isinstance(value, dict):
        value = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), [value])
    if not isinstance(value, list):
        raise DatasetError(f"{name} holds no list of postings")
    return _looked_ahead(
        (
            (each, None) if isinstance(each, dict) else ({}, f"entry {number} is no JSON object")
            for number, each in enumerate(value, 1)
        ),
        name,
    )


def _looked_ahead(rows: Found, name: str) -> tuple[tuple[str, ...], Found]:
    ahead = list(islice(rows, _AHEAD))
    columns = tuple(dict.fromkeys(key for values, _ in ahead for key in values))
    if not columns:
        raise DatasetError(f"{name} holds no JSON object; give one a line")
    _check_width(columns, name)
    return columns, chain(ahead, rows)


def _chosen(
    columns: tuple[str, ...], name: str, text: str | None, title: str | None
) -> tuple[str, str | None]:
    for option, column in (("--text-column", text), ("--title-column", title)):
        if column is not None and column not in columns:
            raise DatasetError(
                f"{name} has no column {column!r} for {option}; it has {_listed(columns)}"
            )
    if _is_lever(columns):
        return text or usual(columns, _TEXTS[:3]) or "text", title or "text"
    text = text or usual(columns, _TEXTS)
    if text is None:
        raise DatasetError(
            f"{name} has no column known as the text; name one with --text-column: "
            f"{_listed(columns)}"
        )
    return text, title or usual([each for each in columns if each != text], _TITLES)


def _is_lever(columns: Iterable[str]) -> bool:
    """Tell whether rows are Lever's: its `text` is the title, the text stands in parts."""
    return {"text", "lists"} <= {*columns} and usual(columns, _TEXTS[:3]) is not None


def usual(columns: Iterable[str], names: tuple[str, ...]) -> str | None:
    """Return the first column that goes by one of the names, letters and digits alone compared."""
    plain: dict[str, str] = {}
    for column in columns:
        plain.setdefault(re.sub(r"[^a-z0-9]", "", column.lower()), column)
    return next((plain[name] for name in names if name in plain), None)


def _listed(columns: tuple[str, ...]) -> str:
    shown = ", ".join(columns[:20])
    return f"{shown} and {len(columns) - 20} more" if len(columns) > 20 else shown  # noqa: PLR2004


def _row(values: dict[str, Any], fault: str | None, text: str, title: str | None) -> Row:
    named = values.get(title) if title is not None else None
    heading = " ".join(named.split())[:300] or None if isinstance(named, str) else None
    if fault is None:
        try:
            return Row(values, _text(values, text), heading)
        except PostingError as error:
            fault = str(error)
    return Row(values, "", heading, fault)


def _text(values: dict[str, Any], column: str) -> str:
    cell = values.get(column)
    if isinstance(cell, bytes):
        cell = _decoded(cell)
    if cell is None or cell == "":
        raise PostingError(f"the cell {column!r} is empty")
    if not isinstance(cell, str):
        raise PostingError(f"the cell {column!r} holds no text")
    if len(cell) > LARGEST_TEXT:
        raise PostingError(f"the cell {column!r} is over {LARGEST_TEXT >> 20} MB; no posting is")
    parts = [cell]
    lists = values.get("lists")
    if isinstance(lists, list):  # Lever keeps the duties and demands apart
        for each in lists:
            if isinstance(each, dict):
                parts += [str(each.get("text", "")), str(each.get("content", ""))]
        parts.append(str(values.get("additionalPlain") or values.get("additional") or ""))
    return "\n".join(pages.text_in(part) if pages.has_markup(part) else part for part in parts)
