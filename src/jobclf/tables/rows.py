"""Rows of any reader as batches: the text and the title of each, and what is wrong with it."""

from collections.abc import Iterable, Iterator
from typing import Any

from jobclf.documents.html import has_markup, text_in
from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.tables import values
from jobclf.tables.columns import Columns, path_in
from jobclf.tables.streams import decoded, first_line
from jobclf.tables.table import Batch

LARGEST_TEXT = 32 * 2**20  # letters of a text to be judged
MOST_ROWS = 512  # of a batch
MOST_BYTES = 1 << 22  # of the cells of a batch; more are only in one that has a single row
LONGEST_TITLE = 300  # letters
Found = Iterable[tuple[dict[str, Any], PostingError | None]]  # cells of a row, and its fault


def batches(found: Found, chosen: Columns, columns: tuple[str, ...]) -> Iterator[Batch]:
    """Put rows into batches, as many into each as their cells allow.

    All that a reader has to give is a row of cells by column, whatever they are, and None or a
    `PostingError` with what is wrong with the row: its number is filled in here.
    """
    rows: list[dict[str, Any]] = []
    faults: dict[int, PostingError] = {}
    size, first = 0, 1
    for row, fault in found:
        if fault is not None:
            faults[len(rows)] = fault
        rows.append(row)
        size += _size(row)
        if len(rows) == MOST_ROWS or size >= MOST_BYTES:
            yield _batch(rows, faults, chosen, columns, first)
            rows, faults, size, first = [], {}, 0, first + len(rows)
    if rows:
        yield _batch(rows, faults, chosen, columns, first)


def _size(value: Any) -> int:
    """Return about how many bytes a value takes."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(len(key) + _size(each) for key, each in value.items())
    return sum(map(_size, value)) if isinstance(value, list) else 8


def _batch(
    rows: list[dict[str, Any]],
    faults: dict[int, PostingError],
    chosen: Columns,
    columns: tuple[str, ...],
    first: int,
) -> Batch:
    return judged_by(values.record_batch(rows, columns), rows, faults, chosen, first)


def of_arrow(cells: Iterable[Any], chosen: Columns) -> Iterator[Batch]:
    """Yield Arrow record batches with the text and title of each row."""
    first = 1
    for each in cells:
        yield judged_by(each, _python(each), {}, chosen, first)
        first += each.num_rows


def _python(cells: Any) -> list[dict[str, Any]]:
    try:
        return values.rows_of(cells)
    except Exception as error:  # noqa: BLE001  # dates beyond Python's, time zones of no place
        fact = f"{type(error).__name__}: {first_line(error)}"
        raise DatasetError(
            f"a value cannot be read: {fact}", "leave the column out", reason=Reason.BAD_VALUE
        ) from None


def judged_by(
    cells: Any,
    rows: list[dict[str, Any]],
    faults: dict[int, PostingError],
    chosen: Columns,
    first: int,
) -> Batch:
    """Return rows as a batch, with the text and title of each."""
    texts: list[str | None] = []
    known = dict(faults)
    for at, row in enumerate(rows):
        text = None
        if at not in known:
            try:
                text = _text(row, chosen.texts[0])
            except PostingError as error:
                known[at] = error
        texts.append(text)
    placed = {at: fault.at(row=first + at) for at, fault in known.items()}
    titles = [_title(row, chosen.title) for row in rows]
    return Batch(cells, values.array_of(texts, str), values.array_of(titles, str), placed, first)


def _title(row: dict[str, Any], column: str | None) -> str | None:
    named = path_in(row, column) if column is not None else None
    return " ".join(named.split())[:LONGEST_TITLE] or None if isinstance(named, str) else None


def _text(row: dict[str, Any], column: str) -> str:
    cell = path_in(row, column)
    if isinstance(cell, bytes):
        cell = decoded(cell)
    if cell is None or cell == "":
        raise PostingError("the cell is empty", reason=Reason.EMPTY, column=column)
    if not isinstance(cell, str):
        raise PostingError("the cell holds no text", reason=Reason.BAD_VALUE, column=column)
    if len(cell) > LARGEST_TEXT:
        raise PostingError(
            f"the cell is over {LARGEST_TEXT >> 20} MB, as no posting is",
            reason=Reason.TOO_LARGE,
            column=column,
        )
    parts = [cell]
    lists = row.get("lists")
    if isinstance(lists, list):  # Lever keeps the duties and demands apart
        for each in lists:
            if isinstance(each, dict):
                parts += [str(each.get("text", "")), str(each.get("content", ""))]
        parts.append(str(row.get("additionalPlain") or row.get("additional") or ""))
    return "\n".join(text_in(part) if has_markup(part) else part for part in parts)
