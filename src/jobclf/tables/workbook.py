"""Rows written as an Excel workbook: text that is only text, numbers, and nothing that runs."""

import math
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from jobclf.errors import OutputError, Reason, extra_missing
from jobclf.reports.markup import to_json

# What a sheet of Excel holds at most.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_CELL = 32_767  # units of UTF-16
_MOST_DIGITS = 2**53  # above which a number loses its last digits there
_SEEN = 50  # rows by which columns are as wide as what they hold
_WIDTHS = (8, 60)  # letters
_REMEDY = "write .csv, .jsonl or .parquet instead"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write(
    stream: BinaryIO, columns: Sequence[str], rows: Iterable[dict[str, Any]], path: str
) -> None:
    """Write rows under the names of columns to the only sheet of a workbook.

    Raises
    ------
    OutputError
        For what no sheet can hold. Nothing has been written to the stream by then.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise extra_missing("writing Excel", "excel", kind=OutputError) from None
    if len(columns) > MOST_COLUMNS:
        raise _too_large(path, f"{len(columns):,} columns are more than the {MOST_COLUMNS:,}")
    with tempfile.TemporaryDirectory() as near:
        book = xlsxwriter.Workbook(stream, {**_OPTIONS, "tmpdir": near})
        sheet = book.add_worksheet("jobclf")
        sheet.freeze_panes(1, 0)
        known, number = set(columns), 0
        widths = [len(column) + 3 for column in columns]  # the button of the filter beside the name
        try:
            for at, column in enumerate(columns):
                _write(sheet, 0, at, column, path, column)
            for number, row in enumerate(rows, 1):
                if number == MOST_ROWS:
                    raise _too_large(path, f"there are more rows than the {MOST_ROWS:,}")
                if unknown := row.keys() - known:
                    raise OutputError(
                        f"the column {min(unknown)!r} first comes far down the table",
                        "write .jsonl instead",
                        path=path,
                    )
                for at, column in enumerate(columns):
                    _write(sheet, number, at, row.get(column), path, column)
                if number <= _SEEN:
                    cells = (row.get(column, "") for column in columns)
                    widths = [
                        max(width, len(str(cell)) + 1)
                        for width, cell in zip(widths, cells, strict=True)
                    ]
            _lay_out(sheet, widths, number)
        except BaseException:
            book.filename = str(Path(near, "lost.xlsx"))  # it closes its own files in no other way
            book.close()
            raise
        book.close()


def _lay_out(sheet: Any, widths: list[int], rows: int) -> None:
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(max(width, _WIDTHS[0]), _WIDTHS[1]))
    if widths:
        sheet.autofilter(0, 0, rows, len(widths) - 1)


def _write(sheet: Any, row: int, column: int, value: Any, path: str, name: str) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int) and abs(value) <= _MOST_DIGITS:
        sheet.write_number(row, column, value)
    elif isinstance(value, float):
        if math.isfinite(value):
            sheet.write_number(row, column, value)
    else:
        text = to_json(value) if isinstance(value, dict | list) else str(value)
        content = text.encode("utf-16-le", "replace")
        if len(content) > 2 * LONGEST_CELL:
            fact = f"a cell has {len(content) // 2:,} letters, over the {LONGEST_CELL:,}"
            raise _too_large(path, fact, row=row, column=name)
        sheet.write_string(row, column, content.decode("utf-16-le"))


def _too_large(
    path: str, fact: str, *, row: int | None = None, column: str | None = None
) -> OutputError:
    reason = Reason.TOO_LARGE
    fact = f"{fact} that a sheet of Excel holds"
    return OutputError(fact, _REMEDY, reason=reason, path=path, row=row, column=column)
