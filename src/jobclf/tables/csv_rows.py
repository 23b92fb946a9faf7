"""Rows of CSV parted with care: a quote that is never closed costs its own row and no other."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from jobclf import limits

_FARTHEST = 1 << 16  # letters in which a cell with quotes of its own is looked for the end of
_MOST_LINES = 2000  # in which the next row is looked for after a broken one
_LONG = 100  # letters of a last cell without quotes, from which a short row may be cut in its text
_ESCAPED = re.compile(r'\\(["\\\r\n])')
_NUMBER = re.compile(r"\s*\d[\d.,:/+\-TZ ]*")


class Parted(NamedTuple):
    """A row: its cells, where the next one begins, and what is wrong with it."""

    cells: list[str]
    end: int
    fault: str | None = None


class _Cells(NamedTuple):
    cells: list[str]
    end: int
    opened: int | None  # where a quote opens a cell and is not closed before the cell's end
    plain: bool = True  # no quote stands in a cell that does not begin with one
    quoted: bool = False  # the last cell is


class Rows:
    """A window on the text of a table, parted row by row.

    Parameters
    ----------
    separator : str
        What stands between cells.
    width : int
        How many cells a row should have; 0 if that is not known yet.
    sample : sequence of rows
        Some that are whole: columns that hold numbers in all of them tell a row from a line.
    fit : bool
        Whether rows of more cells are made to fit.
    escaped : bool
        Whether a backslash stands before quotes within a cell, as Spark and MySQL write them.
    prose : int, optional
        The column of texts, in which separators may stand that nobody put into quotes.
    """

    def __init__(
        self,
        separator: str,
        width: int = 0,
        sample: Sequence[Sequence[str]] = (),
        *,
        fit: bool = True,
        escaped: bool = False,
        prose: int | None = None,
    ) -> None:
        mark = re.escape(separator)
        blanks = "[ ]*" if separator == "\t" else r"[ \t]*"
        ends = rf"{blanks}(?=[{mark}\r\n]|\Z)"
        self._mark, self._width, self._fit = separator, width, fit
        self._plain = re.compile(rf"[^{mark}\r\n]*+")
        self._escaped, self._prose = escaped, prose
        own, any_ = (r"\\", r'""|\\[\s\S]') if escaped else ("", '""')
        in_line = any_.replace(r"[\s\S]", r"[^\r\n]")
        body = rf'[^"{own}]*+(?:(?:{any_})[^"{own}]*+)*+'
        line = rf'[^"{own}\r\n]*+(?:(?:{in_line})[^"{own}\r\n]*+)*+'
        self._quoted = re.compile(rf'{blanks}"({body})"{ends}')
        self._quoted_line = re.compile(rf'{blanks}"({line})"{ends}')
        # Loose: of a cell whose own quotes are not doubled.
        self._loose_line = re.compile(rf'{blanks}"([^\r\n]*?)"{ends}')
        self._loose = re.compile(rf'{blanks}"([\s\S]*?)"{ends}')
        # One that ends a line ends a row only behind the last cell.
        ends = rf"{blanks}(?={mark})"
        self._loose_inner = re.compile(rf'{blanks}"([\s\S]*?)"{ends}')
        self._unclosed = re.compile(rf'{blanks}"{body}["{own}]?\Z')
        whole = [row for row in sample if len(row) == width]
        self._numbers = [
            at
            for at in range(width)
            if len(whole) > 1 and all(_NUMBER.fullmatch(row[at]) for row in whole)
        ]
        self._text, self._is_whole = "", True
        self._searched: tuple[int, int, int | None] = (0, 0, None)
        self._return = 1, 0  # a place, and where the next carriage return stands

    def look_at(self, text: str, *, is_whole: bool) -> None:
        """Take another window; `is_whole` tells whether the table ends with it."""
        self._text, self._is_whole = text, is_whole
        self._searched = (0, 0, None)
        self._return = 1, 0

    def part(self, at: int) -> Parted | None:
        """Return the row that begins at a place, None if the window may end within it."""
        row = self._cells(self._quoted, at)
        is_cut = not self._is_whole and len(self._text) - at < limits.CELL
        if is_cut and (row.end == len(self._text) or self._may_close(row.opened)):
            return None
        if row.opened is None and not self._swallows(row, at):
            return self._fitted(self._rejoined(row, at))
        start, searched_all = self._next_start(at) if self._width else (None, False)
        if is_cut and start is None and searched_all:
            return None
        return self._broken(at, start, searched_all=searched_all)

    def _cells(
        self,
        quoted: re.Pattern[str],
        at: int,
        limit: int | None = None,
        last: re.Pattern[str] | None = None,
    ) -> _Cells:
        """Part a row, by a pattern of cells in quotes, and perhaps another for the last cell."""
        text, cells, plain, opened = self._text, list[str](), True, None
        limit = len(text) if limit is None else limit
        line_end, after = self._line(at)
        end = min(line_end, limit)
        if text.find('"', at, end) < 0:
            return _Cells(text[at:end].split(self._mark), after, None)
        while True:
            is_last = last is not None and len(cells) >= self._width - 1
            found = (last if is_last and last else quoted).match(text, at, limit)
            is_quoted = found is not None
            if found is not None:
                cell = found.group(1).replace('""', '"')
                cells.append(_ESCAPED.sub(r"\1", cell) if self._escaped else cell)
                at = found.end()
            else:
                end = self._plain.match(text, at, limit).end()  # type: ignore[union-attr]
                cell = text[at:end]
                if '"' in cell:
                    plain = False
                    if opened is None and cell.lstrip(" \t").startswith('"'):
                        opened = at
                cells.append(cell)
                at = end
            if at >= limit or text[at] != self._mark:
                break
            at += 1
        _, after = self._line(at)
        return _Cells(cells, after, opened, plain=plain, quoted=is_quoted)

    def _line(self, at: int) -> tuple[int, int]:
        """Return where a line ends, and where the next begins."""
        text = self._text
        first, back = self._return
        if not first <= at <= back:
            back = text.find("\r", at)
            back = len(text) if back < 0 else back
            self._return = at, back
        end = text.find("\n", at, back)
        if end >= 0:
            return end, end + 1
        end = back
        return end, min(end + 1 + text.startswith("\n", end + 1), len(text))

    def _may_close(self, opened: int | None) -> bool:
        return opened is not None and self._unclosed.match(self._text, opened) is not None

    def _fits(self, cells: Sequence[str]) -> bool:
        return len(cells) == self._width or (
            len(cells) > self._width and not any(cells[self._width :])
        )

    def _swallows(self, row: _Cells, at: int) -> bool:
        """Tell whether a row of too many or too few cells has whole ones within it.

        Two quotes in rows of tabs, where nobody means them as such, may also make one that fits.
        """
        odd = (
            self._mark == "\t"
            and any("\t" in each and "\n" in each for each in row.cells)
            and self._text.count("\t", at, self._line(at)[0]) == self._width - 1
        )
        if not self._width or (self._fits(row.cells) and not odd):
            return False
        if self._line(at)[1] >= row.end:
            return False
        start, _ = self._next_start(at)
        return start is not None and start < row.end

    def _next_start(self, at: int) -> tuple[int | None, bool]:
        """Return where the next line begins that is a row, and whether all lines were looked at."""
        first, last, found = self._searched
        if not (first <= at < last and (found is None or at < found)):
            first, found, last = at, None, at
            for _ in range(_MOST_LINES):
                last = self._line(last)[1]
                if last >= len(self._text):
                    break
                if self._is_row(last):
                    found = last
                    break
            self._searched = (first, last, found)
        return found, last >= len(self._text)

    def _is_row(self, at: int) -> bool:
        row = self._cells(self._quoted, at)
        if self._mark == "\t":  # whatever quotes it has
            row = _Cells(self._text[at : self._line(at)[0]].split("\t"), row.end, None)
        if row.opened is not None:
            row = self._cells(self._quoted_line, at)
        elif not row.plain:
            return False
        return (
            1 < self._width == len(row.cells)
            and any(row.cells)
            and all(_NUMBER.fullmatch(row.cells[place]) for place in self._numbers)
        )

    def _broken(self, at: int, start: int | None, *, searched_all: bool) -> Parted:
        """Part a row with a quote in the wrong place, before the next row begins."""
        line = self._cells(self._loose_line, at)
        if line.opened is None and self._fits(line.cells):
            return self._fitted(line, loose=True)
        limit = min(at + _FARTHEST, len(self._text))
        more = self._cells(self._loose_inner, at, limit, self._loose)
        if (
            more.opened is None
            and self._width
            and self._fits(more.cells)
            and (start is None or more.end <= start)
            and (more.end < limit or limit == len(self._text))
        ):
            return self._fitted(more, loose=True)
        line = self._cells(self._quoted_line, at)
        cells, end = line.cells, line.end
        if start is not None:
            end = start
        elif searched_all and not self._fits(cells):
            end = len(self._text)
        if end > line.end:
            cells[-1] += f"\n{self._text[line.end : end]}".rstrip("\r\n")
        elif self._fits(cells) and self._text.count('"', at, end) % 2 == 0:
            return self._fitted(line)  # words in quotes at the start of a cell
        fault = "a quote is opened and never closed"
        return self._fitted(line)._replace(end=end, fault=fault)

    def _rejoined(self, row: _Cells, at: int) -> _Cells:
        """Put a text together that was parted at its own commas, as it has blanks behind them."""
        more = len(row.cells) - self._width
        if self._prose is None or more <= 0 or not self._fit or not any(row.cells[self._width :]):
            return row
        pieces = row.cells[self._prose : self._prose + more + 1]
        text = self._mark.join(pieces)
        unquoted = text in self._text[at : row.end]
        if len(text) < _LONG or not unquoted or not all(each[:1] == " " for each in pieces[1:]):
            return row
        cells = [*row.cells[: self._prose], text, *row.cells[self._prose + more + 1 :]]
        return row._replace(cells=cells)

    def _fitted(self, row: _Cells, *, loose: bool = False) -> Parted:
        """Put cells under their columns; none is lost."""
        cells, width, fault = row.cells, self._width, None
        if loose:
            cells = [cell.replace('\\"', '"') for cell in cells]
        if not self._fit:
            return Parted(cells, row.end)
        if width == 1:
            cells = [self._mark.join(cells)]
        elif 0 < width < len(cells):
            if any(cells[width:]):
                fault = f"it has {len(cells)} cells under {width} column names"
                cells = [*cells[: width - 1], self._mark.join(cells[width - 1 :])]
            cells = cells[:width]
        elif len(cells) < width and len(cells[-1]) >= _LONG and not row.quoted:
            fault = f"it has {len(cells)} cells under {width} column names"
        return Parted(cells, row.end, fault)
