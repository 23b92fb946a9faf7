"""Record batches as lines of CSV and of JSON, column by column: what the writers write of text."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

from jobclf.errors import OutputError, Reason
from jobclf.reports.markup import to_json
from jobclf.tables import values

Written = Callable[[str], str]


def separated(
    batches: Iterable[Any], columns: Sequence[str], mark: str, written: Written | None = None
) -> Iterator[str]:
    """Yield the lines of a table, those of some hundred rows at a time, its header first.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch
        Columns that they lack are empty.
    columns : sequence of str
        All that there may be.
    mark : str
        What stands between cells.
    written : function
        Makes cells harmless.
    """
    quoted = _Quotes(mark)
    header = [quoted(written(name) if written else name) for name in columns]
    yield _lines(mark, [header])
    for batch in batches:
        names = batch.schema.names
        if unknown := set(names) - set(columns):
            raise late(min(unknown))
        cells = dict(zip(names, map(_plain, batch.columns, batch.schema), strict=True))
        empty = [""] * batch.num_rows
        shown: list[list[str]] = []
        for name in columns:
            own = cells.get(name, empty)
            shown.append([*map(quoted, map(written, own) if written else own)])
        yield _lines(mark, zip(*shown, strict=True))


def _lines(mark: str, rows: Iterable[Sequence[str]]) -> str:
    # A row of one empty cell would be no row.
    return "".join(f"{mark.join(row) or _EMPTY}\n" for row in rows)


_EMPTY = '""'


# Cells that need quotes: readers end a row at either line end, and a cell at the separator of their
# language; a file that begins with "ID" is of another form to Excel.
_QUOTED = re.compile(r"[,;|\t\r\n\"]|^ID")


class _Quotes:
    """Puts quotes around the cells that need them."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def __call__(self, cell: str) -> str:
        if _QUOTED.search(cell) or self._mark in cell:
            return '"' + cell.replace('"', '""') + '"'
        return cell


def late(column: str) -> OutputError:
    """Return what is wrong where a column comes after the header is written."""
    return OutputError(
        "it first comes far down the table",
        "write .jsonl instead",
        reason=Reason.BAD_VALUE,
        column=column,
    )


def _plain(array: Any, field: Any) -> list[str]:
    """Return the cells of a column as text."""
    if _is_text(array, field):
        return [cell or "" for cell in array.to_pylist()]
    return [cell_text(value) for value in values.read_back(array, field)]


def cell_text(value: Any) -> str:
    """Return a value as the text of a cell."""
    if value is None or value is values.ABSENT:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return to_json(value)
    return str(value)


def json_lines(batches: Iterable[Any], shown: Sequence[str] | None = None) -> Iterator[str]:
    """Yield lines of JSON, those of some hundred rows at a time; keys that rows lack are left out.

    Of all columns only those `shown` are written, if they are named, null where a row lacks one.
    """
    for batch in batches:
        columns = dict(
            zip(batch.schema.names, map(_json, batch.columns, batch.schema), strict=True)
        )
        if shown is not None:
            missing = ["null"] * batch.num_rows
            columns = {
                name: [cell or "null" for cell in columns.get(name, missing)] for name in shown
            }
        yield _objects(columns, batch.num_rows)


def _objects(columns: Mapping[str, list[str | None]], count: int) -> str:
    keyed = []
    for name, cells in columns.items():
        key = f"{to_json(name)}: "
        keyed.append([None if cell is None else key + cell for cell in cells])
    rows: Iterable[tuple[str | None, ...]] = zip(*keyed, strict=True) if keyed else [()] * count
    return "".join(f"{{{', '.join(filter(None, row))}}}\n" for row in rows)


def _json(array: Any, field: Any) -> list[str | None]:
    """Return the cells of a column as JSON, None where a row has no such key."""
    if values.is_json(field):
        found: list[str | None] = array.to_pylist()
        return found
    if _is_text(array, field):
        missing = None if values.is_sparse(field) else "null"
        return [missing if cell is None else encode_basestring(cell) for cell in array.to_pylist()]
    return [_json_cell(value) for value in values.read_back(array, field)]


_NAMED = {None: "null", True: "true", False: "false"}


def _json_cell(value: Any) -> str | None:
    if value is values.ABSENT:
        return None
    if value is None or isinstance(value, bool):
        return _NAMED[value]
    if type(value) is float:
        return repr(value) if math.isfinite(value) else "null"
    return to_json(value)


def _is_text(array: Any, field: Any) -> bool:
    import pyarrow as pa

    kind = array.type
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return bool(text) and not values.is_json(field)
