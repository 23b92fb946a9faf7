"""The grid of a sheet: which row holds the names of the columns, which sheet holds postings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jobclf.errors import option
from jobclf.tables.columns import is_named, is_usual

Cells = Sequence[Any]
_LOOKED_AT = 30  # rows in which the names of the columns are looked for
_SAMPLE = 200  # rows that a sheet is weighed by
_LONGEST_NAME = 120  # letters; a longer cell is no name
_LEAST_KNOWN = 2  # names in the first column of a sheet that is turned
_SHOWN = 5  # sheets named in messages
_TEXT = 80  # letters of a cell, from which it may be a posting's text
_MOST_COUNTED = 10_000  # letters of one cell


def header_row(rows: Sequence[Cells]) -> int | None:
    """Return the place of the row of names, None where the first row is data already.

    It is the first row that has a name that is usual for texts or titles, or else the first that
    is as wide as most rows and has names in it, and nothing else.

    >>> header_row([["Jobs of May"], [], ["Title", "Description"], ["Nurse", "Cares."]])
    2
    """
    widths = sorted(_width(row) for row in rows[:_LOOKED_AT] if _width(row))
    usual = widths[len(widths) // 2] if widths else 0
    first = None
    for at, row in enumerate(rows[:_LOOKED_AT]):
        if not (_width(row) and _is_names(row)):
            continue
        known = _usual(row)
        if known > 1 or (known and _width(row) >= usual - 1):
            return at
        if first is None and _width(row) >= max(usual - 1, (usual + 1) // 2):
            first = at
    return first


def _width(row: Cells) -> int:
    """Return how many cells hold something."""
    return sum(cell not in {None, ""} for cell in row)


def _is_names(row: Cells) -> bool:
    filled = [cell for cell in row if cell not in {None, ""}]
    return all(isinstance(cell, str) and len(cell) <= _LONGEST_NAME for cell in filled)


def upright(rows: Sequence[Cells]) -> Sequence[Cells]:
    """Return the cells of a sheet with the names of its first column, if it has them, as a row.

    So is a form for one posting, and a table that was turned.

    >>> upright([["Job title:", "Baker"], ["Location", "Ulm"], ["Duties", "You bake."]])
    [['Job title:', 'Location', 'Duties'], ['Baker', 'Ulm', 'You bake.']]
    """
    filled = [row for row in rows if _width(row)]
    first = [row[0] for row in filled if row[0] not in {None, ""}]
    if len(filled) > _LOOKED_AT or not _is_names(first) or not is_named(first):
        return rows
    known = sum(map(is_usual, first))
    if known < _LEAST_KNOWN or any(_usual(row) > 1 for row in filled):
        return rows
    return [list(cells) for cells in zip(*filled, strict=True)]


def _usual(row: Cells) -> int:
    return sum(isinstance(cell, str) and is_usual(cell) for cell in row)


def column_names(header: Cells | None, filled: Sequence[bool]) -> list[str | None]:
    """Return a name for each column: its own, its letter where it has none, None where it is empty.

    >>> column_names(["Title", "", "", "Title"], [True, True, False, True])
    ['Title', 'B', None, 'Title (D)']
    """
    names: list[str | None] = []
    taken: set[str | None] = set()
    for at, has_cells in enumerate(filled):
        given = "" if header is None or at >= len(header) else header[at]
        name = " ".join(str("" if given is None else given).split())
        if not name:
            names.append(letters(at) if has_cells else None)
        else:
            names.append(name if name not in taken else f"{name} ({letters(at)})")
        taken.add(names[-1])
    return names


def letters(at: int) -> str:
    """Return what spreadsheets call a column.

    >>> letters(0), letters(25), letters(26), letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a sheet or table looks like one of postings, by its first rows.

    `text` is the column with most letters in long cells, None where no cell is long.
    """

    text: str | None
    rank: tuple[bool, int, int]

    def is_of(self, columns: Sequence[str], other: "Weight") -> bool:
        """Tell whether another table's text stands under a name that is among some columns."""
        return self.text is not None and other.text is not None and other.text in columns


def weigh(columns: Sequence[str], rows: Sequence[Cells]) -> Weight:
    """Say how much rows look like postings."""
    some = rows[:_SAMPLE]
    letters = [
        sum(
            min(len(row[at]), _MOST_COUNTED)
            for row in some
            if isinstance(row[at], str) and len(row[at]) >= _TEXT
        )
        for at in range(len(columns))
    ]
    total = sum(letters)
    text = columns[letters.index(max(letters))] if total else None
    return Weight(text, (total > 0 and is_named(columns), total, len(rows)))


def said(kind: str, chosen: Sequence[str], left_out: Sequence[str]) -> tuple[str, ...]:
    """Say which sheets or tables are read, and which are not.

    >>> from jobclf.errors import spelled
    >>> spelled(*said("sheet", ["May", "June"], ["'Counts' (12 rows)"]))
    "read from the sheets 'May', 'June'; left out: 'Counts' (12 rows); sheet names another"
    """
    if len(chosen) == 1 and not left_out:
        return ()
    many = "s" if len(chosen) > 1 else ""
    told = f"read from the {kind}{many} {_some(list(map(repr, chosen)))}"
    if left_out:
        told = f"{told}; left out: {_some(left_out)}; {option(kind)} names another"
    return (told,)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
