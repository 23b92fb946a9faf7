"""Rows of any reader as batches: the text and the title of each, and what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from jobclf import limits
from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.tables import texts, values
from jobclf.tables.columns import Columns
from jobclf.tables.streams import first_line
from jobclf.tables.table import Batch

_OBJECT = 48  # bytes of a value of Python besides what it holds
Found = Iterable[tuple[dict[str, Any], PostingError | None]]  # cells of a row, and its fault
# The same, and None where the next row is not there yet.
Arriving = Iterable[tuple[dict[str, Any], PostingError | None] | None]


def batches(
    found: Arriving, chosen: Columns, columns: tuple[str, ...], first: int = 1
) -> Iterator[Batch]:
    """Put rows into batches, as many into each as their cells allow.

    All that a reader has to give is a row of cells by column, whatever they are, and None or a
    `PostingError` with what is wrong with the row: its number is filled in here. Rows before None
    do not wait for those behind it. `first` is the number of the first row.
    """
    rows: list[dict[str, Any]] = []
    faults: dict[int, PostingError] = {}
    size = 0

    def taken() -> Batch:
        cells = values.record_batch(rows, columns)
        return _batch(cells, lambda: rows, chosen, faults, first)

    for each in found:
        if each is not None:
            row, fault = each
            if fault is not None:
                faults[len(rows)] = fault
            rows.append(row)
            size += size_of(row)
        full = len(rows) == limits.BATCH_ROWS or size >= limits.BATCH
        if full or (each is None and rows):
            yield taken()
            first += len(rows)
            rows, faults, size = [], {}, 0
    if rows:
        yield taken()


def size_of(value: Any) -> int:
    """Return about how many bytes a value takes, one that is empty or a number as well."""
    if isinstance(value, str | bytes):
        return _OBJECT + len(value)
    if isinstance(value, dict):
        return _OBJECT + sum(_OBJECT + len(key) + size_of(each) for key, each in value.items())
    return _OBJECT + (sum(map(size_of, value)) if isinstance(value, list) else 0)


def of_arrow(
    cells: Iterable[tuple[Any, Mapping[int, PostingError]]], chosen: Columns, first: int = 1
) -> Iterator[Batch]:
    """Yield Arrow record batches, each with the faults of rows by place, as batches."""
    for each, faults in cells:
        yield _batch(each, cache(lambda each=each: python_rows(each)), chosen, faults, first)
        first += each.num_rows


def python_rows(cells: Any) -> list[dict[str, Any]]:
    """Return a record batch as Python rows; refuse values that Python has none for."""
    try:
        return values.rows_of(cells)
    except Exception as error:  # noqa: BLE001  # dates beyond Python's, time zones of no place
        fact = f"{type(error).__name__}: {first_line(error)}"
        raise DatasetError(
            f"a value cannot be read: {fact}", "leave its column out", reason=Reason.BAD_VALUE
        ) from None


def _batch(
    cells: Any,
    rows: Callable[[], Sequence[dict[str, Any]]],
    chosen: Columns,
    faults: Mapping[int, PostingError],
    first: int,
) -> Batch:
    """Return rows as a batch, with the text and title of each."""
    found, titles, empty = texts.in_batch(cells, rows, chosen, faults)
    placed = {at: fault.at(row=first + at) for at, fault in {**faults, **empty}.items()}
    return Batch(cells, found, titles, placed, first)
