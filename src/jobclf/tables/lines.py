"""Record batches as lines of CSV and of JSON, column by column: what the writers write of text."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

import numpy as np

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
_QUOTED = re.compile(r"[,;|~^\x01\t\r\n\"]|^ID")


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


def json_lines(batches: Iterable[Any], shown: Sequence[str] | None = None) -> Iterator[bytes]:
    """Yield lines of JSON, those of some hundred rows at a time; keys that rows lack are left out.

    Of all columns only those `shown` are written, if they are named, null where a row lacks one.
    """
    for batch in batches:
        columns = dict(
            zip(batch.schema.names, map(_json, batch.columns, batch.schema), strict=True)
        )
        if shown is not None:
            missing = [_NULL] * batch.num_rows
            columns = {
                name: [cell or _NULL for cell in columns.get(name, missing)] for name in shown
            }
        yield _objects(columns, batch.num_rows)


def _objects(columns: Mapping[str, list[bytes | None]], count: int) -> bytes:
    keyed = []
    for name, cells in columns.items():
        key = f"{to_json(name)}: ".encode("utf-8", "replace")
        keyed.append([None if cell is None else key + cell for cell in cells])
    rows: Iterable[tuple[bytes | None, ...]] = zip(*keyed, strict=True) if keyed else [()] * count
    return b"".join(b"{%b}\n" % b", ".join(filter(None, row)) for row in rows)


_NULL = b"null"
# What JSON has in the place of letters within strings; all others below the blank are rare.
_ESCAPES = {b"\\": rb"\\", b'"': rb"\"", b"\n": rb"\n", b"\r": rb"\r", b"\t": rb"\t"}
_BLANK = 32


def _json(array: Any, field: Any) -> list[bytes | None]:
    """Return the cells of a column as JSON in UTF-8, None where a row has no such key."""
    if values.is_json(field):
        return [None if cell is None else cell.encode() for cell in array.to_pylist()]
    if _is_text(array, field):
        missing = None if values.is_sparse(field) else _NULL
        return [missing if cell is None else b'"%b"' % cell for cell in _escaped(array)]
    cells = map(_json_cell, values.read_back(array, field))
    return [None if cell is None else cell.encode("utf-8", "replace") for cell in cells]


def _escaped(array: Any) -> list[bytes | None]:
    """Return strings as they stand between the quotes of JSON.

    What has to be escaped is looked for in all of them at once, and replaced letter by letter: that
    takes a fifth of the time that looking at each letter does.
    """
    import pyarrow as pa

    letters, _ = values.letters_of(array)
    whole = letters.tobytes()
    found = [mark for mark in _ESCAPES if mark in whole]
    below = int(np.count_nonzero(letters < _BLANK))
    if below != sum(whole.count(mark) for mark in found if mark[0] < _BLANK) or not _is_valid(
        array
    ):
        return [
            None if cell is None else encode_basestring(cell)[1:-1].encode()
            for cell in array.to_pylist()
        ]
    kind = pa.large_binary() if pa.types.is_large_string(array.type) else pa.binary()
    cells: list[bytes | None] = array.cast(kind).to_pylist()
    for mark in found:
        to = _ESCAPES[mark]
        cells = [None if cell is None else cell.replace(mark, to) for cell in cells]
    return cells


def _is_valid(array: Any) -> bool:
    import pyarrow as pa

    try:
        array.validate(full=True)
    except pa.ArrowInvalid:  # no UTF-8
        return False
    return True


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
