"""Frames of pandas, Polars and Arrow as tables, and answers put beside their columns."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from jobclf import limits
from jobclf.errors import PostingError
from jobclf.tables import reader, values
from jobclf.tables.sheets import column_names
from jobclf.tables.table import Table
from jobclf.tables.wanted import Wanted

_EXPORTS = ("__arrow_c_stream__", "__arrow_c_array__", "__dataframe__")


def is_frame(given: object) -> bool:
    """Tell whether something is a frame: it has columns, and Arrow can read them.

    No library is imported to tell.

    Raises
    ------
    TypeError
        If it is nearly one: a frame whose rows are not there yet, one column, or a dict.
    """
    if isinstance(given, str | os.PathLike):
        return False
    kind = type(given)
    exported = any(hasattr(kind, name) for name in _EXPORTS)
    if hasattr(kind, "columns") and not exported:
        how = next((f"{name}() it" for name in ("collect", "compute") if hasattr(kind, name)), "")
        raise TypeError(
            f"a {kind.__name__} has no rows that are there already; "
            f"{how or 'make a DataFrame of it'}, or map predict_arrow over its batches"
        )
    if not hasattr(kind, "columns") and (exported or kind.__name__ == "Series"):
        raise TypeError(
            f"a {kind.__name__} is one column and no frame; "
            "give a frame with a column of texts, or the texts to predict_many"
        )
    if isinstance(given, Mapping):
        raise TypeError(f"a {kind.__name__} is no frame; make one of it: pandas.DataFrame(…)")
    return exported


def read(frame: Any, wanted: Wanted) -> Table:
    """Return the table that a frame is."""
    cells = _without_views(_arrow(frame))
    batches = (
        (each, dict[int, PostingError]())
        for each in cells.to_batches(max_chunksize=limits.BATCH_ROWS)
    )
    return reader.from_arrow(type(frame).__name__, cells.schema, batches, wanted)


def joined(frame: Any, added: Any) -> Any:
    """Return a frame of the same kind, with its index and columns and more columns after them.

    What is of no known kind becomes a `pyarrow.Table`.

    Parameters
    ----------
    frame : pandas.DataFrame, polars.DataFrame, pyarrow.Table, pyarrow.RecordBatch or other
        What `read` took.
    added : pyarrow.Table
        As many rows.
    """
    import pyarrow as pa

    library = _library(frame)
    if library == "pandas":
        more = added.to_pandas(types_mapper=_nullable)
        more.index = frame.index
        return sys.modules["pandas"].concat([frame, more], axis=1)
    if library == "polars":
        return frame.hstack(sys.modules["polars"].from_arrow(added))
    cells = _arrow(frame)
    schema = pa.schema([*cells.schema, *added.schema], metadata=cells.schema.metadata)
    whole = pa.Table.from_arrays([*cells.columns, *added.columns], schema=schema)
    if isinstance(frame, pa.RecordBatch):
        return next(iter(whole.combine_chunks().to_batches()), schema.empty_table())
    return whole


def taken(frame: Any, places: list[int]) -> Any:
    """Return the rows of a frame at some places, a frame of the same kind."""
    library = _library(frame)
    if library == "pandas":
        return frame.iloc[places]
    if library == "polars":
        return frame[places]
    if not hasattr(frame, "take"):
        frame = _arrow(frame)
    return _without_views(frame).take(values.array_of(places, int)).cast(frame.schema)


def selected(frame: Any, names: Sequence[str], shown: Sequence[str]) -> Any:
    """Return the columns of a frame that are shown, in that order.

    Parameters
    ----------
    frame : what `joined` returns
        The columns stand in the order of `names`.
    names : sequence of str
        What the columns are called here, as the frame may have names that are no str.
    shown : sequence of str
        Some of them.
    """
    places = [names.index(name) for name in shown]
    library = _library(frame)
    if library == "pandas":
        return frame.iloc[:, places]
    if library == "polars":
        return frame.select(frame.columns[at] for at in places)
    return frame.select(places)


def _nullable(kind: Any) -> Any:
    """Return the type of pandas that holds what Arrow has, where its usual one lacks a null."""
    import pyarrow as pa

    return sys.modules["pandas"].BooleanDtype() if pa.types.is_boolean(kind) else None


def _without_views(cells: Any) -> Any:
    """Return cells of Arrow with no views of strings and bytes, of which it can take no rows."""
    import pyarrow as pa

    plain = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}
    if not any(field.type in plain for field in cells.schema):
        return cells
    fields = [field.with_type(plain.get(field.type, field.type)) for field in cells.schema]
    return cells.cast(pa.schema(fields, metadata=cells.schema.metadata))


def _library(frame: object) -> str:
    return type(frame).__module__.partition(".")[0]


def _arrow(frame: Any) -> Any:
    import pyarrow as pa

    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if _library(frame) != "pandas":
        return frame if isinstance(frame, pa.Table) else pa.table(frame)
    given = list(map(str, frame.columns))
    names = map(str, column_names(given, [True] * len(given)))
    made = [_column(name, frame.iloc[:, at]) for at, name in enumerate(names)]
    schema = pa.schema([field for _, field in made])
    return pa.Table.from_arrays([array for array, _ in made], schema=schema)


def _column(name: str, cells: Any) -> tuple[Any, Any]:
    """Return a column of pandas as Arrow; as JSON where its cells are of several kinds."""
    import pyarrow as pa

    try:
        array = pa.array(cells, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return values.column(name, cells.tolist())
    return array, pa.field(name, array.type)
