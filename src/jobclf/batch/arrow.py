"""Strings in, answers out, as Arrow: the one function that engines with batches of rows call."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from jobclf.batch.predictions import ADDED, Answer, cells
from jobclf.classifier.model import RoleModel
from jobclf.errors import PostingError
from jobclf.tables import texts as cell_texts
from jobclf.tables import values
from jobclf.tables.columns import Columns

ARROW_SCHEMA = pa.schema([(name, getattr(pa, kind)()) for name, kind in ADDED.items()])
_TOGETHER = 512  # rows, as many as a table is read in
_KINDS = {pa.string(): str, pa.float64(): float, pa.bool_(): bool}
_TEXT, _TITLE = "text", "title"


def predict_arrow(
    model: RoleModel, texts: Any, titles: Any = None, *, prevalence: float | None = None
) -> Any:
    """Return the answers for texts as a record batch of `ARROW_SCHEMA`, a row each, in order."""
    given = strings(texts, "texts")
    named = pa.chunked_array([pa.nulls(len(given), pa.string())])
    if titles is not None:
        named = strings(titles, "titles")
        if len(named) != len(given):
            raise ValueError(f"there are {len(given)} texts and {len(named)} titles")
    parts = [
        answers(_answered(model, text, title, prevalence)) for text, title in _pairs(given, named)
    ]
    if len(parts) == 1:
        return parts[0]
    return pa.Table.from_batches(parts, ARROW_SCHEMA).combine_chunks().to_batches()[0]


def strings(given: Any, name: str) -> Any:
    """Return strings as a chunked array, whatever Arrow makes of what is given.

    Raises
    ------
    TypeError
        If there is something else among them than strings and nulls.
    """
    if isinstance(given, str | bytes):
        raise TypeError(f"{name} must be many, not one {type(given).__name__}")
    if not isinstance(given, pa.ChunkedArray):
        try:
            made = pa.chunked_array(given) if hasattr(given, "__arrow_c_stream__") else None
            made = pa.array(given, from_pandas=True) if made is None else made
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            raise TypeError(f"{name} must be strings and nulls: {error}") from None
        given = made if isinstance(made, pa.ChunkedArray) else pa.chunked_array([made])
    plain = given.type.value_type if pa.types.is_dictionary(given.type) else given.type
    text = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    if not any(is_kind(plain) for is_kind in text):
        raise TypeError(f"{name} must be strings and nulls, not {given.type}")
    return given


def _pairs(given: Any, named: Any) -> Iterator[tuple[Any, Any]]:
    """Yield some hundred texts and titles at a time, as arrays."""
    for first in range(0, max(len(given), 1), _TOGETHER):
        yield _array(given.slice(first, _TOGETHER)), _array(named.slice(first, _TOGETHER))


def _array(given: Any) -> Any:
    if given.num_chunks == 1:
        return given.chunk(0)
    return pa.nulls(0, pa.string()) if not given.num_chunks else pa.concat_arrays(given.chunks)


def _answered(
    model: RoleModel, text: Any, title: Any, prevalence: float | None
) -> Iterable[Answer]:
    rows = pa.RecordBatch.from_arrays([text, title], [_TEXT, _TITLE])
    chosen = Columns((_TEXT,), _TITLE, named=True)
    found, titles, faults = cell_texts.in_batch(rows, rows.to_pylist, chosen, {})
    answered = model.predict_many(
        (each or "" for each in found.to_pylist()), titles.to_pylist(), prevalence=prevalence
    )
    for at, answer in enumerate(answered):
        fault = faults.get(at)
        if fault is None:
            yield answer
        else:
            yield PostingError(fault.fact, fault.remedy, reason=fault.reason)


def answers(found: Iterable[Answer]) -> Any:
    """Return answers as a record batch of `ARROW_SCHEMA`."""
    columns = list(zip(*map(cells, found), strict=True)) or [()] * len(ARROW_SCHEMA)
    arrays = [
        values.array_of(column, _KINDS[field.type]).cast(field.type)
        for column, field in zip(columns, ARROW_SCHEMA, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=ARROW_SCHEMA)
