"""Python values as Arrow columns and back: whatever a row holds, nested or mixed, is kept."""

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from jobclf.reports.markup import to_json

_MISSING = frozenset({"NAType", "NaTType"})  # of pandas, which need not be imported to know them
ABSENT = object()  # a row that has no such key
# How a column is to be read back, in the metadata of its field.
_KEY = b"jobclf"
_JSON = b"json"  # each cell is JSON; null where the row has no such key
_SPARSE = b"sparse"  # null where the row has no such key
_NUMBERS = {bool: ("bool_", "?"), int: ("int64", "i8"), float: ("float64", "f8")}
_UNFIT = (ValueError, TypeError, LookupError, OverflowError, ArithmeticError, NotImplementedError)


def is_missing(value: Any) -> bool:
    """Tell whether a value stands for none: None, NaN, and what pandas has for both.

    >>> [is_missing(value) for value in (None, float("nan"), "", 0)]
    [True, True, False, False]
    """
    if value is None or type(value).__name__ in _MISSING:
        return True
    return isinstance(value, float) and math.isnan(value)


def column(name: str, values: Sequence[Any]) -> tuple[Any, Any]:
    """Return the Arrow array and the field of a column of Python values, `ABSENT` among them.

    Values of one plain kind are an array of it; what is nested, mixed or too large is JSON.
    """
    import pyarrow as pa

    kinds = set(map(type, values))
    absent = type(ABSENT) in kinds
    null = type(None) in kinds
    kinds -= {type(ABSENT), type(None)}
    if kinds == {int, float}:  # what pandas and spreadsheets call numbers
        kinds = {float}
    if len(kinds) <= 1 and not (absent and null):
        given = [None if value is ABSENT else value for value in values] if absent else values
        with suppress(*_UNFIT):
            array = array_of(given, next(iter(kinds), str))
            if not pa.types.is_nested(array.type):
                return array, pa.field(name, array.type, metadata={_KEY: _SPARSE} if absent else {})
    cells = [None if value is ABSENT else to_json(value) for value in values]
    return array_of(cells, str), pa.field(name, pa.string(), metadata={_KEY: _JSON})


def array_of(values: Sequence[Any], kind: type) -> Any:
    """Return values of one Python type, and None, as an Arrow array.

    Those of the usual types are put together here, as `pyarrow.array` would import pandas.
    """
    import pyarrow as pa

    valid = np.fromiter((value is not None for value in values), bool, len(values))
    mask = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
    if kind is str:
        # A lone surrogate, as in the name of a file that is no UTF-8, becomes a question mark.
        cells = [b"" if value is None else value.encode("utf-8", "replace") for value in values]
        ends = np.zeros(len(cells) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, cells), np.int64, len(cells)), out=ends[1:])
        large = ends[-1] > np.iinfo(np.int32).max
        type_ = pa.large_string() if large else pa.string()
        offsets: Any = ends if large else ends.astype(np.int32)
        buffers = [mask, pa.py_buffer(offsets), pa.py_buffer(b"".join(cells))]
    elif kind in _NUMBERS:
        type_ = getattr(pa, _NUMBERS[kind][0])()
        plain = np.array([value or 0 for value in values], _NUMBERS[kind][1])
        data = np.packbits(plain, bitorder="little") if kind is bool else plain
        buffers = [mask, pa.py_buffer(data)]
    else:
        return pa.array(values)
    return pa.Array.from_buffers(type_, len(values), buffers)


def replaced(array: Any, by_place: Mapping[int, str | None]) -> Any:
    """Return an array of strings with others at some places."""
    import pyarrow as pa

    others = array_of([*by_place.values()], str)
    if others.type != array.type:
        others, array = others.cast(pa.large_string()), array.cast(pa.large_string())
    at = np.arange(len(array))
    at[list(by_place)] = len(array) + np.arange(len(by_place))
    indices = pa.Array.from_buffers(pa.int64(), len(at), [None, pa.py_buffer(at)])
    return pa.concat_arrays([array, others]).take(indices)


def letters_of(array: Any) -> tuple[Any, Any]:
    """Return the UTF-8 of Arrow strings and where each begins in it and the last one ends.

    Shapes (bytes,) and (strings + 1,).
    """
    import pyarrow as pa

    kind = np.dtype(np.int64 if pa.types.is_large_string(array.type) else np.int32)
    _, offsets, data = array.buffers()
    if offsets is None or not len(array):
        return np.zeros(0, np.uint8), np.zeros(len(array) + 1, np.int64)
    ends = np.frombuffer(offsets, kind)[array.offset :][: len(array) + 1].astype(np.int64)
    letters = np.frombuffer(data or b"", np.uint8)[ends[0] : ends[-1]]
    return letters, ends - ends[0]


def is_json(field: Any) -> bool:
    """Tell whether the cells of a column are JSON, by its Arrow field."""
    return bool(field.metadata) and field.metadata.get(_KEY) == _JSON


def is_sparse(field: Any) -> bool:
    """Tell whether null in a column says that the row has no such key, by its Arrow field."""
    return bool(field.metadata) and _KEY in field.metadata


def read_back(array: Any, field: Any) -> list[Any]:
    """Return the Python values of a column, `ABSENT` where a row has no such key."""
    values: list[Any] = array.to_pylist()
    if is_json(field):
        return [ABSENT if value is None else json.loads(value) for value in values]
    if is_sparse(field):
        return [ABSENT if value is None else value for value in values]
    return values


def record_batch(rows: Sequence[dict[str, Any]], columns: Sequence[str] = ()) -> Any:
    """Return rows as an Arrow record batch: `columns`, then what else rows have."""
    import pyarrow as pa

    names = dict.fromkeys([*columns, *(key for row in rows for key in row)])
    made = [column(name, [row.get(name, ABSENT) for row in rows]) for name in names]
    return pa.RecordBatch.from_arrays(
        [array for array, _ in made], schema=pa.schema([field for _, field in made])
    )


def rows_of(batch: Any) -> list[dict[str, Any]]:
    """Return a record batch as rows; keys that a row did not have it does not get."""
    fields = list(batch.schema)
    columns = [read_back(array, field) for array, field in zip(batch.columns, fields, strict=True)]
    names = [field.name for field in fields]
    if any(map(is_sparse, fields)):
        return [
            {name: cell for name, cell in zip(names, cells, strict=True) if cell is not ABSENT}
            for cells in zip(*columns, strict=True)
        ]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
