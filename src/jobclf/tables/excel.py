"""Excel and OpenDocument workbooks, and what is named so, read in a process of their own."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from jobclf import limits
from jobclf.errors import DatasetError, JobclfError, Reason, extra_missing, option
from jobclf.processes import parsing
from jobclf.tables import markup_sheets, sheets
from jobclf.tables.columns import check_width

if TYPE_CHECKING:
    from jobclf.tables.rows import Found

_BATCH = 256  # rows that come from the process together
_PIECE = 1 << 20  # bytes that are given to it at once
_SAMPLE = 200  # rows that a sheet is weighed by


@dataclass(frozen=True, slots=True)
class Workbook:
    """The rows of the sheets that hold postings, and the sheets that are left out, by name."""

    columns: tuple[str, ...]
    rows: "Found"
    sheets: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """What was chosen and what left out, for people; nothing where there was no choice."""
        return sheets.said("sheet", self.sheets, self.left_out)


def read(stream: BinaryIO, name: str, sheet: str | None, opening: ExitStack) -> Workbook:
    """Read the sheet with the postings, and those with the same columns; or the one named.

    What must be closed goes to `opening`.
    """
    content = _pieces(stream, name)
    found = opening.enter_context(
        closing(parsing.isolated("jobclf.tables.excel:parsed", sheet, content=content))
    )
    try:
        head = next(found)
    except JobclfError as error:
        raise _named(error, name) from None
    check_width(head["columns"], name)
    columns = tuple(head["columns"])

    def rows() -> Iterator[tuple[dict[str, Any], None]]:
        try:
            for batch in found:
                for cells in batch:
                    yield dict(zip(columns, cells, strict=True)), None
        except JobclfError as error:
            raise _named(error, name) from None

    return Workbook(columns, rows(), tuple(head["sheets"]), tuple(head["left_out"]))


def _named(error: JobclfError, name: str) -> JobclfError:
    kind = type(error) if isinstance(error, DatasetError) else DatasetError
    return kind(error.fact, error.remedy, reason=error.reason, path=name)


def _pieces(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the content of a stream; refuse what no workbook has."""
    size = 0
    while some := stream.read(_PIECE):
        size += len(some)
        if size > limits.WORKBOOK:
            raise DatasetError(
                f"the workbook is over {limits.WORKBOOK >> 20} MB",
                "save the sheet as CSV",
                reason=Reason.TOO_LARGE,
                path=name,
            )
        yield some


def parsed(source: BinaryIO, sheet: str | None) -> Iterator[Any]:
    """Yield what a workbook holds: its columns and sheets, then rows in batches.

    It is called in a process of its own.
    """
    if markup_sheets.is_markup(source.read(markup_sheets.START)):
        source.seek(0)
        written = markup_sheets.read(source.read())
        yield from _chosen(
            {name: (True, grid) for name, grid in written.items()}, [*written], sheet
        )
        return
    source.seek(0)
    try:
        import python_calamine as calamine
    except ImportError:
        raise extra_missing("reading Excel", "excel", kind=DatasetError) from None
    _check_size(source)
    try:
        book = calamine.CalamineWorkbook.from_filelike(source)
        grids = {
            each.name: (
                each.visible == calamine.SheetVisibleEnum.Visible,
                book.get_sheet_by_name(each.name).to_python(skip_empty_area=False),
            )
            for each in book.sheets_metadata
            if each.typ == calamine.SheetTypeEnum.WorkSheet and sheet in {None, each.name}
        }
        names = book.sheet_names
    except calamine.PasswordError:
        raise DatasetError(
            "the workbook wants a password", "save it without one", reason=Reason.PASSWORD
        ) from None
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001  # a panic in a damaged file is no Exception
        fact = str(error).split("\n", 1)[0]
        raise DatasetError(
            f"the workbook is damaged: {fact}", "save it again", reason=Reason.DAMAGED
        ) from None
    yield from _chosen(grids, names, sheet)


def _check_size(source: BinaryIO) -> None:
    """Refuse an archive that unpacks to more than any workbook, or whose table has no end."""
    import zipfile

    if source.read(4) == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(source) as archive:
                parts = archive.infolist()
                unpacked = sum(part.file_size for part in parts)
                if unpacked <= limits.WORKBOOK_UNPACKED:
                    _check_whole(archive)
        except Exception:  # noqa: BLE001  # also of versions to come, or of none
            raise DatasetError(
                "the workbook is damaged", "save it again", reason=Reason.DAMAGED
            ) from None
        if len(parts) > limits.WORKBOOK_PARTS or unpacked > limits.WORKBOOK_UNPACKED:
            raise DatasetError(
                f"the workbook unpacks to over {limits.WORKBOOK_UNPACKED >> 20:,} MB",
                "save the sheet as CSV",
                reason=Reason.TOO_LARGE,
            )
    source.seek(0)


def _check_whole(archive: Any) -> None:
    """Raise for OpenDocument that is no XML to its end, for which calamine would look for ever."""
    from xml.parsers import expat

    if "content.xml" in archive.namelist():
        with archive.open("content.xml") as content:
            expat.ParserCreate().ParseFile(content)


def _chosen(
    grids: dict[str, tuple[bool, list[list[Any]]]], names: list[str], sheet: str | None
) -> Iterator[Any]:
    shown = ", ".join(map(repr, names[:20]))
    if sheet is not None and sheet not in grids:
        raise DatasetError(
            f"it has no sheet {sheet!r}",
            f"{option('sheet')} names one of {shown}",
            reason=Reason.NOT_FOUND,
        )
    tables = {
        name: _Grid(name, grid, visible)
        for name, (visible, grid) in grids.items()
        if any(any(cell not in {None, ""} for cell in row) for row in grid)
    }
    if not tables:
        raise DatasetError("the workbook has no rows", "fill a sheet", reason=Reason.EMPTY)
    best = max(tables.values(), key=lambda each: (each.visible, each.weight.rank))
    chosen = [each for each in tables.values() if each is best or each.continues(best)]
    columns = list(dict.fromkeys(name for each in chosen for name in each.columns))
    yield {
        "columns": columns,
        "sheets": [each.name for each in chosen],
        "left_out": [
            f"{each.name!r} ({each.size:,} rows)"
            for each in tables.values()
            if each.size and each not in chosen
        ],
    }
    for each in chosen:
        yield from each.batches(columns)


class _Grid:
    """The cells of a sheet under the names of its columns."""

    def __init__(self, name: str, grid: list[list[Any]], visible: bool) -> None:  # noqa: FBT001
        self.name, self.visible = name, visible
        grid = [*map(list, sheets.arranged(grid))]
        at = sheets.header_row(grid)
        header = None if at is None else grid[at]
        self._rows = [
            row
            for row in grid[0 if at is None else at + 1 :]
            if any(cell not in {None, ""} for cell in row)
        ]
        width = max(map(len, grid))
        filled = [any(row[place] not in {None, ""} for row in self._rows) for place in range(width)]
        names = sheets.column_names(header, filled)
        self._places = {name: place for place, name in enumerate(names) if name is not None}
        self.columns = list(self._places)
        self.size = len(self._rows)
        own = [[row[place] for place in self._places.values()] for row in self._rows[:_SAMPLE]]
        self.weight = sheets.weigh(self.columns, own)

    def continues(self, other: "_Grid") -> bool:
        """Tell whether its rows are of the same kind: its text stands under the same name."""
        same = self.weight.is_of(self.columns, other.weight)
        return self.visible and (same or {*self.columns} == {*other.columns})

    def batches(self, columns: list[str]) -> Iterator[list[list[Any]]]:
        """Yield the rows, cell by cell in the order of some columns."""
        places = [self._places.get(name) for name in columns]
        for first in range(0, self.size, _BATCH):
            some = self._rows[first : first + _BATCH]
            yield [[None if at is None else _value(row[at]) for at in places] for row in some]


def _value(cell: Any) -> Any:
    """Return a cell as a value of JSON: whole numbers as such, dates as ISO writes them."""
    if cell == "" and isinstance(cell, str):
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1 << 53:
        return int(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else cell
