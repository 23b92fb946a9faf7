"""Tables of postings, row by row: CSV, TSV, JSON lines, JSON and Parquet, from disk or afar."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jobclf.errors import DatasetError
from jobclf.tables import csv_reader, json_reader, parquet_reader, streams
from jobclf.tables.columns import chosen, listed
from jobclf.tables.rows import Chunk, Row, chunked

KINDS = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".json": "json", ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
PACKINGS = frozenset({".gz", ".zst"})


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
        return listed(self.columns)


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
        stream, size, share = streams.opened(name, opening)
        if form == "parquet":
            file = parquet_reader.opened(stream, name)
            schema = file.schema_arrow
            columns = tuple(schema.names)
        elif form in {"csv", "tsv"}:
            separator = "\t" if form == "tsv" else None
            columns, found = csv_reader.read(stream, name, separator, opening)
        else:
            read_json = json_reader.read_lines if form == "jsonl" else json_reader.read
            columns, found = read_json(stream, name)
        text, title = chosen(columns, name, text_column, title_column)
        if form == "parquet":
            wanted = range(file.num_row_groups) if groups is None else groups
            reading = parquet_reader.Groups(file, name, wanted, text, title)
            chunks, share = reading.chunks(), reading.share
        else:
            schema, chunks = None, chunked(found, text, title)
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
        stream, _, _ = streams.opened(name, opening)
        metadata = parquet_reader.opened(stream, name).metadata
        return [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)]
