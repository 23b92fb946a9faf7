"""Rows written as CSV, TSV, JSON lines, Parquet or Excel."""

import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from jobclf.atomic import replacing
from jobclf.errors import OutputError, Reason, option
from jobclf.tables import lines, values, workbook

ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet", ".xlsx")
_PACKED_ALREADY = frozenset({".parquet", ".xlsx"})
OF_TEXT = frozenset({".csv", ".tsv", ".jsonl"})
_PACKINGS = (".gz", ".zst")
_UNFIT = (ValueError, TypeError, LookupError, OverflowError, ArithmeticError, NotImplementedError)
_WINDOWS = "cp1252"
_PIECE = 1 << 20  # letters that are encoded together
_CHUNK = 1024  # rows of a Parquet group that are put together one by one
_GROUP_BYTES = 1 << 24  # of a Parquet group of record batches, in memory while it grows
# What a spreadsheet may run, also behind blanks, quotes and letters that are not seen.
_UNSEEN = r"\s\"\0-\x20\x7f-\xa0\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_SIGN = r"[=+\-@＝＋－＠]"
_FORMULA = re.compile(rf"[\t\r\n]|[{_UNSEEN}']*(?:{_SIGN}|sep=)", re.IGNORECASE)
# The same where a program that parts cells by another separator would begin one. A run is looked
# at once, from its start.
_PART = re.compile(rf"(?<![,;|{_UNSEEN}])[,;|{_UNSEEN}]++(?={_SIGN})")
_ENDS = re.compile(r"[,;|\t\r\n]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


class Layout(NamedTuple):
    """How rows of text are written: what stands between cells, and in which encoding."""

    separator: str = ","
    encoding: str = "utf-8"


def form(path: str | os.PathLike[str], *, safe_csv: bool = False) -> str:
    """Return the ending that says how rows are written to a path; refuse what is unknown."""
    name = os.fspath(path).lower()
    for packing in _PACKINGS:
        name = name.removesuffix(packing)
    ending = Path(name).suffix
    packed = name != os.fspath(path).lower()
    if ending not in ENDINGS or (packed and ending in _PACKED_ALREADY):
        raise OutputError(
            "it has no ending that rows can be written by",
            f"use {', '.join(ENDINGS)}",
            reason=Reason.UNSUPPORTED,
            path=os.fspath(path),
        )
    if safe_csv and ending not in {".csv", ".tsv"}:
        raise OutputError(
            "it is no CSV or TSV that could be made safe",
            f"leave out {option('safe_csv')}",
            reason=Reason.BAD_OPTION,
            path=os.fspath(path),
        )
    return ending


def write_rows(
    path: str | os.PathLike[str],
    columns: Sequence[str],
    rows: Iterable[dict[str, Any]],
    *,
    schema: Any = None,
    types: dict[str, str] | None = None,
    safe_csv: bool = False,
    layout: Layout = Layout(),  # noqa: B008  # frozen
) -> tuple[str, ...]:
    """Write rows by the ending of the path, as they come; nothing is there until all are.

    For Parquet, `schema` holds the Arrow types of the columns that came with some, and `types`
    names those of others. With `safe_csv`, no cell of CSV or TSV is a formula. `layout` is for CSV
    and TSV; what its encoding cannot hold is written in UTF-8, and said in what is returned.
    """
    if form(path) in OF_TEXT:
        batches = (values.record_batch(chunk) for chunk in _chunks(rows))
        return write_lines(path, columns, batches, safe_csv=safe_csv, layout=layout)
    with replacing(path) as stream:
        if form(path) == ".parquet":
            import pyarrow as pa

            known = {name: getattr(pa, kind)() for name, kind in (types or {}).items()}
            known |= {name: schema.field(name).type for name in (schema.names if schema else ())}
            _write_parquet(stream, columns, rows, known, str(path))
        else:
            workbook.write(stream, columns, rows, str(path))
    return ()


def write_lines(
    path: str | os.PathLike[str],
    columns: Sequence[str],
    batches: Iterable[Any],
    *,
    alone: bool = False,
    safe_csv: bool = False,
    layout: Layout = Layout(),  # noqa: B008  # frozen
) -> tuple[str, ...]:
    """Write record batches as CSV, TSV or JSON lines, as `write_rows` does.

    Rows of JSON have other columns than these as well, unless they are to come out `alone`.
    """
    ending, notes = form(path), list[str]()
    with replacing(path) as stream:
        if ending == ".jsonl":
            with _packed(stream, str(path).lower()) as packed:
                packed.writelines(lines.json_lines(batches, columns if alone else None))
        else:
            mark = "\t" if ending == ".tsv" else layout.separator
            written = harmless if safe_csv else None
            with _encoded(stream, str(path), layout.encoding) as (text, notes):
                text.writelines(lines.separated(batches, columns, mark, written))
    return tuple(notes)


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    source = iter(rows)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk


@contextmanager
def _encoded(
    stream: BinaryIO, path: str, encoding: str
) -> Iterator[tuple[io.TextIOWrapper, list[str]]]:
    """Yield where to write text, and what there is to say of its encoding at the end."""
    notes: list[str] = []
    if encoding != _WINDOWS:
        with _written(stream, path.lower(), encoding) as text:
            yield text, notes
        return
    # Whether its few letters are enough is known at the end.
    with tempfile.TemporaryFile() as waiting:
        text = io.TextIOWrapper(waiting, "utf-8", "replace", newline="")
        yield text, notes
        text.flush()
        text.seek(0)
        try:
            for piece in iter(lambda: text.read(_PIECE), ""):
                piece.encode(encoding)
        except UnicodeEncodeError:
            encoding = "utf-8-sig"
            notes.append(f"{path}: written in UTF-8, for Windows-1252 cannot hold its letters")
        text.seek(0)
        with _written(stream, path.lower(), encoding) as target:
            shutil.copyfileobj(text, target)


@contextmanager
def _written(stream: BinaryIO, name: str, encoding: str) -> Iterator[io.TextIOWrapper]:
    with _packed(stream, name) as packed:
        text = io.TextIOWrapper(packed, encoding, "replace", newline="")
        yield text
        text.flush()
        text.detach()


@contextmanager
def _packed(stream: BinaryIO, name: str) -> Iterator[Any]:
    packed: Any = stream
    if name.endswith(".gz"):
        import gzip

        packed = gzip.GzipFile("", "wb", fileobj=stream, mtime=0)
    elif name.endswith(".zst"):
        import pyarrow as pa

        packed = pa.CompressedOutputStream(stream, "zstd")
    yield packed
    if packed is not stream:
        packed.close()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay as they are.

    Neither is any part of it one that begins behind a separator or line end, where a program that
    parts cells by another separator would begin a new cell.

    >>> harmless("=1+1"), harmless(" @SUM(A1)"), harmless("-1.5"), harmless("a = b")
    ("'=1+1", "' @SUM(A1)", '-1.5', 'a = b')
    >>> harmless("a;=1+1")
    "a;'=1+1"
    """
    if _NUMBER.fullmatch(cell):
        return cell
    safe = _PART.sub(_apart, cell)
    return f"'{safe}" if _FORMULA.match(cell) else safe


def _apart(found: re.Match[str]) -> str:
    return f"{found[0]}'" if _ENDS.search(found[0]) else found[0]


def _write_parquet(
    stream: BinaryIO,
    columns: Sequence[str],
    rows: Iterable[dict[str, Any]],
    known: dict[str, Any],
    name: str,
) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    source = iter(rows)
    chunk = list(islice(source, _CHUNK))
    types = known | {
        column: _type(pa, [row.get(column) for row in chunk])
        for column in columns
        if column not in known
    }
    as_text = {column for column in columns if types[column] is None}
    schema = pa.schema([(column, types[column] or pa.string()) for column in columns])
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while chunk:
            for row in chunk:
                if unknown := row.keys() - set(columns):
                    raise lines.late(min(unknown))
                for column in as_text & row.keys():
                    row[column] = None if row[column] is None else lines.cell_text(row[column])
            try:
                writer.write_table(pa.Table.from_pylist(chunk, schema=schema))
            except _UNFIT as error:
                fact = str(error).split("\n", 1)[0]
                raise OutputError(
                    f"a column changes its type down the table ({fact})",
                    "write .jsonl",
                    reason=Reason.BAD_VALUE,
                    path=name,
                ) from None
            chunk = list(islice(source, _CHUNK))


def write_batches(path: str | os.PathLike[str], batches: Iterable[Any], schema: Any) -> None:
    """Write Arrow record batches to a Parquet file as they come; it is there once all are."""
    import pyarrow as pa
    from pyarrow import parquet

    with (
        replacing(path) as stream,
        parquet.ParquetWriter(stream, schema, compression="zstd") as writer,
    ):
        group: list[Any] = []
        size = 0
        for batch in batches:
            group.append(batch)
            size += batch.nbytes
            if size >= _GROUP_BYTES:
                writer.write_table(pa.Table.from_batches(group, schema))
                group, size = [], 0
        if group:
            writer.write_table(pa.Table.from_batches(group, schema))


def _type(pa: Any, values: list[Any]) -> Any:
    """Return the Arrow type of values; None, for text, if nested, mixed, or null so far."""
    try:
        found = pa.array(values).type
    except _UNFIT:
        return None
    return None if pa.types.is_nested(found) or pa.types.is_null(found) else found
