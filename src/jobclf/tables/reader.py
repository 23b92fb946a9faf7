"""Tables of postings opened by their form, from disk or afar."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import Any

from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.tables import csv_reader, json_reader, parquet_reader, rows, streams
from jobclf.tables.columns import Wanted, check_width, choose
from jobclf.tables.rows import Found
from jobclf.tables.table import Batch, Table

KINDS = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".json": "json", ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
PACKINGS = frozenset({".gz", ".zst"})
_AHEAD = 200  # rows looked at for the names of columns and for what they hold
_AHEAD_BYTES = 1 << 23  # of them, at most


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
    wanted: Wanted = Wanted(),  # noqa: B008  # frozen
    *,
    groups: Sequence[int] | None = None,
) -> Table:
    """Open a table and find its columns; rows that cannot be read come with their fault.

    Parameters
    ----------
    path : str or path
        A file, an address, or `-`.
    wanted : Wanted
        The columns that are named by the caller.
    groups : sequence of int, optional
        The row groups of a Parquet file to be read, all without it.
    """
    name = os.fspath(path)
    form = kind(name) or ("csv" if name == "-" else None)
    if form is None:
        raise DatasetError(
            "it is no table",
            f"give {' '.join(KINDS)}, also .gz and .zst",
            reason=Reason.UNSUPPORTED,
            path=name,
        )
    with ExitStack() as opening:
        stream, size, share = streams.opened(name, opening)
        if form == "parquet":
            file = parquet_reader.opened(stream, name)
            picked = range(file.num_row_groups) if groups is None else groups
            reading = parquet_reader.Groups(file, stream, name, picked)
            table = from_arrow(
                name, reading.schema, reading.batches(), wanted, size=size, share=reading.share
            )
        elif form in {"csv", "tsv"}:
            cells = csv_reader.read(stream, name, "\t" if form == "tsv" else None)
            table = from_arrow(name, cells.schema, cells.batches, wanted, size=size, share=share)
        else:
            found = json_reader.read(stream, name)
            table = from_rows(name, (), found, wanted, size=size, share=share)
        close = opening.pop_all().close  # from here on the rows keep the file open
    return closed_by(table, close)


def from_rows(
    name: str,
    columns: tuple[str, ...],
    found: Found,
    wanted: Wanted,
    *,
    size: int = 0,
    share: Callable[[], float] = lambda: 0.0,
) -> Table:
    """Return the table of a reader that gives a dictionary of cells for each row, and its fault.

    Without `columns` they are the keys of the first rows.
    """
    found = iter(found)
    ahead: list[tuple[dict[str, Any], PostingError | None]] = []
    held = 0
    for row in found:
        ahead.append(row)
        held += rows.size_of(row[0])
        if len(ahead) == _AHEAD or held >= _AHEAD_BYTES:
            break
    if not columns:
        columns = tuple(dict.fromkeys(key for row, _ in ahead for key in row))
        check_width(columns, name)
    if not columns:
        fault = next((fault.fact for _, fault in ahead if fault is not None), "it is empty")
        raise DatasetError(
            f"no row can be read: {fault}", "give rows", reason=Reason.EMPTY, path=name
        )
    chosen = choose(columns, name, wanted, [row for row, _ in ahead])
    batches = rows.batches(chain(ahead, found), chosen, columns)
    return Table(name, columns, chosen, batches, size=size, share=share)


def from_arrow(
    name: str,
    schema: Any,
    found: Iterable[tuple[Any, Mapping[int, PostingError]]],
    wanted: Wanted,
    *,
    size: int = 0,
    share: Callable[[], float] = lambda: 0.0,
) -> Table:
    """Return the table of a reader that gives Arrow record batches, each with faults by place."""
    found = iter(found)
    ahead = list(islice(found, 1))
    sample = [row for cells, _ in ahead for row in rows.python_rows(cells.slice(0, _AHEAD))]
    columns = tuple(schema.names)
    chosen = choose(columns, name, wanted, sample)
    batches = rows.of_arrow(chain(ahead, found), chosen)
    return Table(name, columns, chosen, batches, schema, size, share)


def closed_by(table: Table, close: Callable[[], None]) -> Table:
    """Return a table that calls `close` after its last row, or when it is closed before."""

    def closing() -> Iterator[Batch]:
        try:
            yield from table.batches
        finally:
            close()

    return Table(
        table.name,
        table.columns,
        table.chosen,
        closing(),
        table.schema,
        table.size,
        table.share,
        close,
    )


def groups(path: str | os.PathLike[str]) -> list[int]:
    """Return how many rows each row group of a Parquet file has."""
    name = os.fspath(path)
    with ExitStack() as opening:
        stream, _, _ = streams.opened(name, opening)
        metadata = parquet_reader.opened(stream, name).metadata
        return [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)]
