"""Strings in, answers out, as Arrow: the one function that engines with batches of rows call."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from jobclf.batch.names import ADDED
from jobclf.classifier.answers import BASES, ROLES, Answers, Bools
from jobclf.classifier.counts import Floats
from jobclf.classifier.model import RoleModel
from jobclf.errors import PostingError
from jobclf.tables import texts as cell_texts
from jobclf.tables import values
from jobclf.tables.columns import Columns

ARROW_SCHEMA = pa.schema([(name, getattr(pa, kind)()) for name, kind in ADDED.items()])
_TOGETHER = 512  # rows, as many as a table is read in
_PLACES, _NEAR = 1e4, 1e-6  # ten to the places that probabilities are given to
_HALF = 0.5
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
        of_answers(_answered(model, text, title, prevalence))
        for text, title in _pairs(given, named)
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
    if hasattr(type(given), "columns"):
        kind = type(given).__name__
        raise TypeError(f"{name} must be one column and not a {kind}; name one of its columns")
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


def _answered(model: RoleModel, text: Any, title: Any, prevalence: float | None) -> Answers:
    rows = pa.RecordBatch.from_arrays([text, title], [_TEXT, _TITLE])
    chosen = Columns((_TEXT,), _TITLE, in_order=True)
    found, titles, faults = cell_texts.in_batch(rows, rows.to_pylist, chosen, {})
    texts = [each or "" for each in found.to_pylist()]
    plain = {at: _without_column(fault) for at, fault in faults.items()}
    return model.answers(texts, titles.to_pylist(), prevalence).failing(plain)


def _without_column(fault: PostingError) -> PostingError:
    return PostingError(fault.fact, fault.remedy, reason=fault.reason)


def of_answers(found: Answers) -> Any:
    """Return answers as a record batch of `ARROW_SCHEMA`."""
    each, valid, faults = found.probabilities(), found.valid(), [None] * len(found)
    said, reasons = list[str | None](faults), list[str | None](faults)
    for at, fault in found.faults.items():
        said[at] = str(PostingError(fault.fact, fault.remedy, column=fault.column))
        reasons[at] = str(fault.reason)
    roles = tuple(map(str, ROLES))
    arrays = [
        _names(each.argmax(axis=0), valid, roles),
        _numbers(each.max(axis=0), valid),
        _names(found.is_ml_engineer.astype(np.int16), valid, roles),
        _numbers(found.probability, valid),
        _flags(found.scope >= _HALF, valid),
        _numbers(found.scope, valid),
        _names(found.claimed, valid, roles),
        _numbers(found.text, valid & ~np.isnan(found.text)),
        _names(found.family, valid, found.families),
        _names(found.by_title.astype(np.int16), valid, BASES),
        _flags(found.truncated, valid),
        values.array_of(said, str),
        values.array_of(reasons, str),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=ARROW_SCHEMA)


def _names(codes: Any, valid: Bools, names: tuple[str, ...]) -> Any:
    """Return the names that codes stand for, null for -1 and where nothing is valid."""
    at = np.maximum(codes, 0).astype(np.int16)
    return values.array_of(names, str).take(_buffers(pa.int16(), at, valid & (codes >= 0)))


def _numbers(found: Floats, valid: Bools) -> Any:
    """Return probabilities to four places, as `round` gives them."""
    shifted = np.where(valid, found, 0.0) * _PLACES
    whole = np.rint(shifted)
    rounded = whole / _PLACES
    # Whether it is up or down, four places do not tell near the middle of two.
    for at in np.flatnonzero(np.abs(np.abs(shifted - whole) - _HALF) < _NEAR).tolist():
        rounded[at] = round(float(found[at]), 4)
    return _buffers(pa.float64(), rounded, valid)


def _flags(found: Bools, valid: Bools) -> Any:
    return _buffers(pa.bool_(), np.packbits(found, bitorder="little"), valid)


def _buffers(kind: Any, data: Any, valid: Bools) -> Any:
    # What Arrow itself makes of arrays of NumPy, it makes with pandas, which takes half a second.
    mask = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(kind, len(valid), [mask, pa.py_buffer(data)])
