"""The rows of a table, some hundred at once, and the text and title of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jobclf.documents.html import has_markup, text_in
from jobclf.errors import DatasetError, PostingError
from jobclf.tables.columns import needed
from jobclf.tables.streams import decoded, first_line

LARGEST_TEXT = 32 * 2**20  # letters of a text to be judged
MOST_ROWS = 512  # of a chunk
MOST_CHARACTERS = 1 << 22  # of the texts of a chunk; more are only in one that has a single row
Found = Iterator[tuple[dict[str, Any], str | None]]  # cells of a row, and its fault


@dataclass(frozen=True, slots=True)
class Row:
    """One row: all its cells, the text and title to judge, and what is wrong with it if anything.

    `text` is empty where `fault` says why. `name` is what it goes by if not by its title.
    """

    values: dict[str, Any]
    text: str
    title: str | None
    fault: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cells:
    """Some rows' cells that are needed to judge them, small enough to be sent to a process."""

    rows: Any  # a dictionary a row, or an Arrow record batch
    faults: list[str | None]
    text: str
    title: str | None

    def __iter__(self) -> Iterator[Row]:
        rows = self.rows if isinstance(self.rows, list) else _values(self.rows)
        for values, fault in zip(rows, self.faults, strict=True):
            yield _row(values, fault, self.text, self.title)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some hundred rows: what is needed to judge them, and all that came with them."""

    cells: Iterable[Row]
    whole: Any  # a dictionary a row, or an Arrow record batch

    def values(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries."""
        return self.whole if isinstance(self.whole, list) else _values(self.whole)


def chunked(found: Found, text: str, title: str | None) -> Iterator[Chunk]:
    """Put rows into chunks, as many into each as their texts allow."""
    kept = needed(text, title)
    rows: list[dict[str, Any]] = []
    faults: list[str | None] = []
    characters = 0

    def taken() -> Chunk:
        cells = [{name: values[name] for name in kept & values.keys()} for values in rows]
        return Chunk(Cells(cells, faults, text, title), rows)

    for values, fault in found:
        rows.append(values)
        faults.append(fault)
        cell = values.get(text)
        characters += len(cell) if isinstance(cell, str) else 0
        if len(rows) == MOST_ROWS or characters >= MOST_CHARACTERS:
            yield taken()
            rows, faults, characters = [], [], 0
    if rows:
        yield taken()


def _values(batch: Any) -> list[dict[str, Any]]:
    """Return the rows of a record batch as dictionaries."""
    try:
        rows: list[dict[str, Any]] = batch.to_pylist()
    except Exception as error:  # noqa: BLE001  # dates beyond Python's, time zones of no place
        fact = f"{type(error).__name__}: {first_line(error)}"
        raise DatasetError(f"the table holds a value that cannot be read: {fact}") from None
    return rows


def _row(values: dict[str, Any], fault: str | None, text: str, title: str | None) -> Row:
    named = values.get(title) if title is not None else None
    heading = " ".join(named.split())[:300] or None if isinstance(named, str) else None
    if fault is None:
        try:
            return Row(values, _text(values, text), heading)
        except PostingError as error:
            fault = str(error)
    return Row(values, "", heading, fault)


def _text(values: dict[str, Any], column: str) -> str:
    cell = values.get(column)
    if isinstance(cell, bytes):
        cell = decoded(cell)
    if cell is None or cell == "":
        raise PostingError(f"the cell {column!r} is empty")
    if not isinstance(cell, str):
        raise PostingError(f"the cell {column!r} holds no text")
    if len(cell) > LARGEST_TEXT:
        raise PostingError(f"the cell {column!r} is over {LARGEST_TEXT >> 20} MB; no posting is")
    parts = [cell]
    lists = values.get("lists")
    if isinstance(lists, list):  # Lever keeps the duties and demands apart
        for each in lists:
            if isinstance(each, dict):
                parts += [str(each.get("text", "")), str(each.get("content", ""))]
        parts.append(str(values.get("additionalPlain") or values.get("additional") or ""))
    return "\n".join(text_in(part) if has_markup(part) else part for part in parts)
