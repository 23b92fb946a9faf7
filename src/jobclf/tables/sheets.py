"""The grid of a sheet: which row holds the names of the columns, which sheet holds postings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from jobclf.errors import option
from jobclf.tables.columns import is_named, is_usual
from jobclf.text.lines import Section, lines
from jobclf.text.patterns import pattern

Cells = Sequence[Any]
_LOOKED_AT = 30  # rows in which the names of the columns are looked for
_SAMPLE = 200  # rows that a sheet is weighed by
_LONGEST_NAME = 120  # letters; a longer cell is no name
_LEAST_KNOWN = 2  # names in the first column of a sheet that is turned
_MOST_LINES = 300  # rows that the lines of one posting take
_LEAST_LINES = 4  # lines of a posting
_LONGEST_LINE = 300  # letters that they have in the middle
_LEAST_WORDS = 8  # words of a sentence
_ITEMS = pattern(r"^[-\u2013*\u2022\u25cf\u25aa\u00b7]\s*\w", re.MULTILINE)
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


def arranged(rows: Sequence[Cells]) -> Sequence[Cells]:
    """Return the cells of a sheet as a table, if they are another arrangement of one.

    Lines of one posting under each other are its text; names in the first column are turned.

    >>> arranged([["Job title:", "Baker"], ["Location", "Ulm"], ["Duties", "You bake."]])
    [['Job title:', 'Location', 'Duties'], ['Baker', 'Ulm', 'You bake.']]
    """
    text = _lines_of_one(rows)
    return _upright(rows) if text is None else [["text"], [text]]


def _lines_of_one(rows: Sequence[Cells]) -> str | None:
    """Return the text of a posting whose lines stand in cells under each other, None for others.

    A posting has sentences or items of lists, and a column of titles, names or skills has none; nor
    has it any that is as long as postings are.
    """
    if len(rows) > _MOST_LINES:
        return None
    filled = [[cell for cell in row if cell not in {None, ""}] for row in rows]
    found = [row[0] for row in filled if row]
    if any(len(row) > 1 for row in filled) or not all(isinstance(each, str) for each in found):
        return None
    if len(found) < _LEAST_LINES or is_usual(found[0]) or median(map(len, found)) > _LONGEST_LINE:
        return None
    text = "\n".join(each.strip() for each in found)
    sentences = sum(map(_is_sentence, found))
    parts = {each.section for each in lines(text) if each.heading}
    is_listed = len(_ITEMS.findall(text)) > 1 or {Section.DUTIES, Section.REQUIREMENTS} & parts
    return text if sentences >= _LEAST_LINES - 1 and is_listed else None


def _is_sentence(line: str) -> bool:
    words = line.split()
    small = sum(word[0].islower() for word in words)
    return len(words) >= _LEAST_WORDS and 2 * small > len(words)


def _upright(rows: Sequence[Cells]) -> Sequence[Cells]:
    """Return the cells of a sheet with the names of its first column, if it has them, as a row.

    So is a form for one posting, and a table that was turned.
    """
    filled = [row for row in rows if _width(row)]
    first = [row[0] for row in filled if row[0] not in {None, ""}]
    if len(filled) > _LOOKED_AT or not _is_names(first) or not is_named(first):
        return rows
    known = sum(map(is_usual, first))
    single = all(_width(row) == 1 for row in filled)
    if single or known < _LEAST_KNOWN or any(_usual(row) > 1 for row in filled):
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
