"""How a table of cells is written: what stands between them, and where the names of columns are."""

import re
from dataclasses import dataclass

from jobclf.tables.columns import check_width, is_named, is_usual
from jobclf.tables.csv_rows import Rows
from jobclf.tables.forms import SEPARATORS
from jobclf.tables.sheets import arranged, column_names, header_row

LONGEST_NAME = 200  # letters; a cell that has more is no name of a column
_TRIED = 50  # rows that a separator is tried on
_NAMES = 100  # names that a separator is judged by
_NUMBERS = re.compile(r"\W*(?:id|ref|no|nr|num|index|key|row|#)", re.IGNORECASE)
_SEP_LINE = re.compile(r'"?sep=(.)"?[ \t,;]*(?:\r\n?|\n)', re.IGNORECASE)  # as Excel writes it


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written.

    `start` is where its rows begin in the text that it was told from; `sample` holds the first
    rows; `escaped` tells whether a backslash stands before quotes within cells, `arranged` that
    the sample is all of it, and stands in other rows than the text has.
    """

    separator: str
    columns: tuple[str, ...]
    start: int
    sample: tuple[tuple[str, ...], ...]
    escaped: bool = False
    arranged: bool = False

    def rows(self) -> Rows:
        """Return what parts its rows."""
        named = [at for at, name in enumerate(self.columns) if is_named([name])]
        return Rows(
            self.separator,
            len(self.columns),
            self.sample,
            escaped=self.escaped,
            prose=named[0] if len(named) == 1 else None,
        )


@dataclass(frozen=True, slots=True)
class _Trial:
    separator: str
    rows: list[list[str]]
    ends: list[int]
    escaped: bool

    @property
    def score(self) -> tuple[bool, float, int]:
        """How well the separator parts the rows: into several cells, as many in each."""
        widths = [len(row) for row in self.rows]
        if not widths:
            return False, 0.0, 0
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        first = self.rows[0][:_NAMES]
        known = sum(map(is_usual, first)) if len(first) > 1 else 0
        return usual > 1 or known > 0, widths.count(usual) / len(widths) + known, usual


def tell(text: str, name: str, *, is_whole: bool, separator: str | None = None) -> Dialect | None:
    """Return how a table that begins with a text is written, None for a text without rows.

    Parameters
    ----------
    text : str
        How it begins.
    name : str
        The table, for messages.
    is_whole : bool
        Whether that is all of it.
    separator : str, optional
        What is known to stand between cells.
    """
    begin = 0
    if (said := _SEP_LINE.match(text)) is not None:
        separator, begin = said.group(1), said.end()
    marks = separator or [mark for mark in SEPARATORS if mark == "," or mark in text]
    # Of equal ones the first is taken: a backslash is a letter but where it parts rows better.
    ways = (False, True) if '\\"' in text else (False,)
    trials = [
        _tried(text, begin, mark, is_whole=is_whole, escaped=way) for way in ways for mark in marks
    ]
    best = max(trials, key=lambda trial: trial.score)
    if not best.rows:
        return None
    if is_whole and len(best.rows) < _TRIED:
        wide = max(map(len, best.rows))
        grid = [[*row, *[""] * (wide - len(row))] for row in best.rows]
        if (other := arranged(grid)) is not grid:
            names = column_names(other[0], [True] * len(other[0]))
            sample = tuple(tuple(row) for row in other[1:])
            return Dialect(best.separator, tuple(map(str, names)), len(text), sample, arranged=True)
    at = _header(best.rows)
    header = None if at is None else best.rows[at]
    below = best.rows[0 if at is None else at + 1 :]
    width = len(header) if header is not None else max(map(len, below))
    check_width(range(width), name)
    named = header
    if header is not None and _are_numbered(header, below):
        named, width = ["", *header], width + 1  # R names all columns but that of row names
    columns = tuple(str(name) for name in column_names(named, [True] * width))
    start = begin if at is None else best.ends[at]
    sample = tuple(tuple(row) for row in below)
    return Dialect(best.separator, columns, start, sample, best.escaped)


def _are_numbered(header: list[str], rows: list[list[str]]) -> bool:
    """Tell whether all rows have their own number in front of as many cells as there are names."""
    return (
        len(rows) > 1
        and _NUMBERS.match(header[0]) is None
        and all(len(row) == len(header) + 1 and row[-1] for row in rows)
        and all(row[0] == str(int(rows[0][0] == "1") + at) for at, row in enumerate(rows))
    )


def _tried(text: str, at: int, mark: str, *, is_whole: bool, escaped: bool) -> _Trial:
    rows, found, ends = Rows(mark, fit=False, escaped=escaped), list[list[str]](), list[int]()
    rows.look_at(text, is_whole=is_whole)
    empty = re.compile(rf"(?:(?:[^\S\r\n]|{re.escape(mark)})*+[\r\n]++)*+")
    while True:
        at = empty.match(text, at).end()  # type: ignore[union-attr]
        if at >= len(text) or len(found) == _TRIED:
            break
        row = rows.part(at)
        if row is None:
            break
        at = row.end
        if not found and any(row.cells):
            rows = Rows(mark, len(row.cells), fit=False, escaped=escaped)
            rows.look_at(text, is_whole=is_whole)
        if any(cell.strip() for cell in row.cells):
            found.append(row.cells)
            ends.append(at)
    return _Trial(mark, found, ends, escaped)


def _header(rows: list[list[str]]) -> int | None:
    """Return the place of the row of names, None where data come first."""
    long = (at for at, row in enumerate(rows) if any(len(cell) > LONGEST_NAME for cell in row))
    before = rows[: next(long, len(rows))]
    if not before:
        return None
    usual = sorted(map(len, rows))[len(rows) // 2]
    found = header_row(before) or 0
    first, below = before[0], before[found]
    if len(first) >= max(usual - 1, min(usual, 2)) and (
        _filled(below) <= _filled(first) or _named(below) <= max(1, _named(first))
    ):
        return 0  # names, whatever they are, and no title padded to the width of the table
    # Under one name there may be text with separators, which names nothing.
    return 0 if _named(first) and not _named(below) else found


def _filled(row: list[str]) -> int:
    return sum(map(bool, map(str.strip, row)))


def _named(row: list[str]) -> int:
    return sum(map(is_usual, row))
