"""Tables of postings opened by their form, from disk or afar."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import Any, BinaryIO

from jobclf import limits
from jobclf.documents.encodings import Seen
from jobclf.errors import DatasetError, PostingError, Reason, option
from jobclf.tables import (
    arriving,
    csv_reader,
    excel,
    fasttext,
    feeds,
    forms,
    json_blocks,
    json_reader,
    parquet_reader,
    rows,
    sqlite,
    streams,
    zipped,
)
from jobclf.tables.columns import Columns, check_width, choose
from jobclf.tables.rows import Arriving, Found
from jobclf.tables.table import Batch, Table
from jobclf.tables.wanted import Wanted

_START = 4096  # bytes that tell the form
# What is left of a table after its first rows, by those, None where they are no help.
Rest = Callable[[Sequence[dict[str, Any]], Columns, tuple[str, ...]], Iterator[Batch] | None]


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
    form = forms.form_of(name, wanted.form)
    if form == forms.DOCUMENT and name != "-":
        raise DatasetError(
            "it is no table",
            f"give {' '.join(forms.ENDINGS)}, also .gz, .zst and .zip",
            reason=Reason.UNSUPPORTED,
            path=name,
        )
    said: tuple[str, ...] = ()
    with ExitStack() as opening:
        stream, size, share = streams.opened(name, opening)
        form = _told(stream, name, form, wanted)
        _check_parts(form, wanted, name)
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
            table = replace(table, separator=cells.separator, seen=cells.seen)
        else:
            found: Arriving
            columns: tuple[str, ...] = ()
            rest: Rest | None = None
            seen = Seen()
            if form == "excel":
                book = excel.read(stream, name, wanted.sheet, opening)
                columns, found, said = book.columns, book.rows, book.said
            elif form == "sqlite":
                base = sqlite.read(stream, name, wanted.table, opening)
                columns, found, said = base.columns, base.rows, base.said
            elif form == "feed":
                columns, found = feeds.read(stream, name)
            elif form == "fasttext":
                columns, found = ("label", "text"), fasttext.rows(stream, name)
            else:
                read_json = json_reader.read(stream, name, seen)
                found = json_reader.tasks(read_json.rows)
                if read_json.lines is not None:
                    rest = partial(_in_blocks, read_json, name, seen)
                if arriving.comes_slowly(stream):
                    found, rest = arriving.as_they_come(found), None
            table = from_rows(name, columns, found, wanted, size=size, share=share, rest=rest)
            table = replace(table, seen=seen)
        close = opening.pop_all().close  # from here on the rows keep the file open
    return replace(closed_by(table, close), said=said)


def _told(stream: BinaryIO, name: str, form: str, wanted: Wanted) -> str:
    """Return the form of a table by how it begins, where that is sure; else as it was."""
    with streams.reading(name):
        start = stream.peek(_START) if hasattr(stream, "peek") and wanted.form is None else b""
        start = start[:_START]
    sure = forms.packed(start, name)
    if sure is None and start.startswith(zipped.START) and form not in {"excel", forms.DOCUMENT}:
        raise DatasetError(
            "it is a zip archive of several files, damaged or with a password",
            "unpack it, and name the file or the folder",
            reason=Reason.UNSUPPORTED,
            path=name,
        )
    if form == forms.DOCUMENT:  # on standard input, with columns named
        return "csv"
    if form == "excel" and start and sure is None:
        from jobclf.tables.markup_sheets import is_markup

        if is_markup(start):
            return "excel"  # HTML or XML, as many sites write what they call a workbook
        return forms.told(start, name) or "csv"  # as some sites call what they export
    return sure or form


def _check_parts(form: str, wanted: Wanted, name: str) -> None:
    """Refuse a sheet or table that is named of what has none, which would be passed over."""
    for kind, holder, part, value in (
        ("excel", "workbook", "sheet", wanted.sheet),
        ("sqlite", "database", "table", wanted.table),
    ):
        if value is not None and form != kind:
            raise DatasetError(
                f"it is no {holder} and has no {part} {value!r}",
                f"leave out {option(part)}",
                reason=Reason.NO_COLUMN,
                path=name,
            )


def from_rows(
    name: str,
    columns: tuple[str, ...],
    found: Arriving,
    wanted: Wanted,
    *,
    size: int = 0,
    share: Callable[[], float] = lambda: 0.0,
    rest: Rest | None = None,
) -> Table:
    """Return the table of a reader that gives a dictionary of cells for each row, and its fault.

    Without `columns` they are the keys of the first rows. None among the rows says that the next
    one is not there yet, and those before it are not to wait for it.
    """
    found = iter(found)
    ahead: list[tuple[dict[str, Any], PostingError | None]] = []
    held = 0
    late: list[None] = []
    for row in found:
        if row is None:
            if ahead:
                late.append(None)
                break
            continue
        ahead.append(row)
        held += rows.size_of(row[0])
        if len(ahead) == limits.AHEAD_ROWS or held >= limits.AHEAD:
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
    batches = rest([row for row, _ in ahead], chosen, columns) if rest is not None else None
    if batches is None:
        batches = rows.batches(chain(ahead, late, found), chosen, columns)
    return Table(name, columns, chosen, batches, size=size, share=share)


def _in_blocks(
    read_json: json_reader.Read,
    name: str,
    seen: Seen,
    first: Sequence[dict[str, Any]],
    chosen: Columns,
    columns: tuple[str, ...],
) -> Iterator[Batch] | None:
    """Return the rows of lines of JSON, some of which are there, None if not plain."""
    lines = read_json.lines
    schema = json_blocks.schema_of(first, columns)
    if lines is None or schema is None or len(first) != 1 + lines.read:  # several of a line, blanks
        return None

    def careful(block: bytes, number: int) -> Found:
        return json_reader.tasks(json_reader.of_block(block, number, name, seen))

    begun = rows.batches(((row, None) for row in first), chosen, columns)
    after = len(first)
    more = json_blocks.batches(
        lines, schema, chosen, careful, row=1 + after, line=read_json.line + after
    )
    return chain(begun, more)


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
    sample = [
        row for cells, _ in ahead for row in rows.python_rows(cells.slice(0, limits.AHEAD_ROWS))
    ]
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

    return replace(table, batches=closing(), close=close)


def groups(path: str | os.PathLike[str]) -> list[int]:
    """Return how many rows each row group of a Parquet file has."""
    name = os.fspath(path)
    with ExitStack() as opening:
        stream, _, _ = streams.opened(name, opening)
        metadata = parquet_reader.opened(stream, name).metadata
        return [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)]
