"""Tables written as markup under the name of a workbook: HTML, also as MHTML, and Excel 2003's XML.

Job boards and applicant tracking systems export so, and Excel opens it with a warning.
"""

import re
from collections.abc import Iterator
from typing import Any

from jobclf import limits
from jobclf.documents import encodings, mail
from jobclf.documents.html import Flow, parse
from jobclf.errors import DatasetError, Reason

START = 4096  # bytes in which markup says what it is
_SHEETS = b"urn:schemas-microsoft-com:office:spreadsheet"
_MHTML = re.compile(rb"MIME-Version:", re.IGNORECASE)
_MARKUP = re.compile(r"\s*<(?:[!?]|[a-zA-Z])")
_MOST_SPANNED = 1000  # rows or columns that one cell may reach over
Grid = list[list[Any]]


def is_markup(start: bytes) -> bool:
    """Tell markup by how it begins.

    >>> is_markup(b"<html><table>"), is_markup(b"title;text"), is_markup(b"PK")
    (True, False, False)
    """
    return bool(_MHTML.match(start) or _MARKUP.match(encodings.decode(start).text))


def is_spreadsheet(start: bytes) -> bool:
    """Tell Excel's XML of 2003 from pages and any other XML, by how it begins."""
    return start.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml") and (
        b"<Workbook" in start and _SHEETS in start
    )


def read(content: bytes) -> dict[str, Grid]:
    """Return the cells of each sheet or table by its name, all rows of one as wide."""
    if is_spreadsheet(content[:START]):
        found = dict(_worksheets(content))
    else:
        is_saved = _MHTML.match(content)
        pages = mail.parse(content).html if is_saved else [encodings.decode(content).text]
        tables = (table for page in pages for table in parse(page, most=None).iter("table"))
        found = {f"Table {number}": _grid(table) for number, table in enumerate(tables, 1)}
    if not found:
        raise DatasetError(
            "it is a page without a table, and no workbook",
            "name it .html if it is one posting",
            reason=Reason.NO_TEXT,
        )
    return {name: _rectangle(grid) for name, grid in found.items()}


def _grid(table: Any) -> Grid:
    """Return the cells of a table of HTML; those that reach over several stand in each row."""
    grid: Grid = []
    reaching: dict[int, tuple[int, str]] = {}  # by column: for how many rows more, and the text
    rows = table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
    for row in rows:
        cells: list[str] = []
        waiting = [each for each in row if each.tag in {"td", "th"}]
        for cell in waiting:
            _fill(cells, reaching)
            flow = Flow(cell, lines=len(cell) == 0)
            text = flow.text(without=flow.unshown)
            below = _number(cell.get("rowspan"), _MOST_SPANNED) - 1
            for at in range(_number(cell.get("colspan"), _MOST_SPANNED)):
                if below:
                    reaching[len(cells)] = below, "" if at else text
                cells.append("" if at else text)
        _fill(cells, reaching)
        grid.append(cells)
    return grid


def _fill(cells: list[str], reaching: dict[int, tuple[int, str]]) -> None:
    """Put in what reaches down from the rows above."""
    while (above := reaching.pop(len(cells), None)) is not None:
        left, text = above
        if left > 1:
            reaching[len(cells)] = left - 1, text
        cells.append(text)


def _number(given: str | None, most: int) -> int:
    return min(max(int(given), 1), most) if given is not None and given.isdecimal() else 1


def _worksheets(content: bytes) -> Iterator[tuple[str, Grid]]:
    from lxml import etree

    # Neither entities nor anything outside the file is read.
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    root = etree.fromstring(content.lstrip(), parser)
    sheets = [] if root is None else root.iter("{*}Worksheet")
    for number, sheet in enumerate(sheets, 1):
        name = _attribute(sheet, "Name") or f"Sheet{number}"
        yield name, [_row(row) for row in sheet.iterfind("{*}Table/{*}Row")]


def _row(row: Any) -> list[Any]:
    cells: list[Any] = []
    for cell in row.iterfind("{*}Cell"):
        at = _number(_attribute(cell, "Index"), limits.COLUMNS + 1) - 1
        cells += [""] * (at - len(cells))
        cells.append(_value(cell.find("{*}Data")))
        across = _attribute(cell, "MergeAcross")
        cells += [""] * (_number(across, _MOST_SPANNED) if across and across != "0" else 0)
    return cells


def _value(data: Any) -> Any:
    if data is None:
        return ""
    text = "".join(data.itertext())
    if _attribute(data, "Type") == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _attribute(element: Any, name: str) -> str | None:
    found: str | None = element.get(f"{{{_SHEETS.decode()}}}{name}")
    return found


def _rectangle(grid: Grid) -> Grid:
    width = max(map(len, grid), default=0)
    return [[*row, *[""] * (width - len(row))] for row in grid]
