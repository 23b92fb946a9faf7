"""Workbooks: the sheet and its names are found, every cell comes back, bombs do not go off."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from jobclf.errors import DatasetError, Reason
from jobclf.tables import excel

FILES = Path(__file__).parent / "files"
ML = (
    "You deploy models behind APIs, monitor them for drift, and keep pipelines fast and tested. "
    * 3
)
DS = "You design experiments, test hypotheses with statistics and present forecasts of demand. " * 3
HEADER = ["Job Title", "Job Description", "Salary"]
ROWS = [["Engineer", ML, 70_000], ["Analyst", DS, 61_500.5]]


def workbook(**sheets: list[list[Any]]) -> bytes:
    """Return an .xlsx file with sheets of cells."""
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "default_date_format": "d.m.yy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return held.getvalue()


def read(content: bytes, sheet: str | None = None) -> tuple[excel.Workbook, list[dict[str, Any]]]:
    with ExitStack() as opening:
        found = excel.read(io.BytesIO(content), "a.xlsx", sheet, opening)
        return found, [values for values, _ in found.rows]


@pytest.mark.parametrize(
    "above",
    [
        pytest.param([], id="header first"),
        pytest.param([["Postings of May"], []], id="a heading above"),
        pytest.param([[], ["Export", 3], ["by", "me"], []], id="pairs above"),
        pytest.param([["Column1", "Column2", "Column3"]], id="names of no meaning above"),
    ],
)
def test_the_row_of_names_is_found(above: list[list[Any]]) -> None:
    _, rows = read(workbook(Jobs=[*above, HEADER, *ROWS]))
    assert rows == [dict(zip(HEADER, row, strict=True)) for row in ROWS]


@pytest.mark.parametrize("count", [1, 2])
def test_a_sheet_with_names_in_its_first_column_is_turned(count: int) -> None:
    turned = [list(cells) for cells in zip(HEADER, *ROWS[:count], strict=True)]
    _, rows = read(workbook(Jobs=[[], *turned]))
    assert rows == [dict(zip(HEADER, row, strict=True)) for row in ROWS[:count]]


def test_without_names_columns_go_by_their_letters() -> None:
    found, rows = read(workbook(Jobs=ROWS))
    assert found.columns == ("A", "B", "C")
    assert [row["B"] for row in rows] == [ML, DS]


@pytest.mark.parametrize(
    ("sheets", "chosen", "left_out"),
    [
        pytest.param(
            {"Read me": [["Version", 2]], "Jobs": [HEADER, *ROWS]}, ("Jobs",), 1, id="not the first"
        ),
        pytest.param(
            {"May": [HEADER, ROWS[0]], "June": [[*HEADER, "Note"], [*ROWS[1], "new"]]},
            ("May", "June"),
            0,
            id="a sheet a month",
        ),
        pytest.param(
            {"Counts": [["City", "Jobs"], *[["Rome", 1]] * 500], "Jobs": [HEADER, *ROWS]},
            ("Jobs",),
            1,
            id="not the longest",
        ),
        pytest.param(
            {"Log": [["Step", "Said"], *[["x", "a line of the log, and long " * 9]] * 99],
             "Jobs": [HEADER, *ROWS]},
            ("Jobs",),
            1,
            id="not the one with most letters",
        ),
    ],
)  # fmt: skip
def test_the_sheets_with_postings_are_found(
    sheets: dict[str, list[list[Any]]], chosen: tuple[str, ...], left_out: int
) -> None:
    found, rows = read(workbook(**sheets))
    assert found.sheets == chosen
    assert len(found.left_out) == left_out
    assert {row["Job Description"] for row in rows} == {ML, DS}


def test_a_sheet_can_be_named() -> None:
    content = workbook(Jobs=[HEADER, *ROWS], Counts=[["City", "Jobs"], ["Rome", 1]])
    assert read(content, "Counts")[1] == [{"City": "Rome", "Jobs": 1}]
    with pytest.raises(DatasetError, match="no sheet 'Count'; sheet names one of 'Jobs', 'Counts'"):
        read(content, "Count")


def test_cells_come_back_as_people_see_them() -> None:
    row = [4203588570, 1.5, True, dt.date(2026, 5, 4), "'=1+1", " a ", None, "x"]
    header = ["id", "share", "new", "day", "formula", "text", "", "text"]
    found, rows = read(workbook(Jobs=[header, row]))
    assert found.columns == ("id", "share", "new", "day", "formula", "text", "text (H)")
    assert list(rows[0].values()) == [4203588570, 1.5, True, "2026-05-04", "'=1+1", " a ", "x"]


@pytest.mark.parametrize("name", ["postings.xls", "postings.ods"])
def test_older_and_open_forms_are_read(name: str) -> None:
    _, rows = read((FILES / name).read_bytes())
    assert [row["Job Title"] for row in rows] == ["Engineer", "Analyst"]
    assert [row["Id"] for row in rows] == [4203588570, 4203588571]
    assert "Kubernetes" in rows[0]["Job Description"]


def raw_xlsx(cells: str) -> bytes:
    """Return a workbook with a sheet of this XML."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Override '
        f'PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r" Type="{office}/worksheet" Target="worksheets/1.xml"/>'
        "</Relationships>",
        "xl/worksheets/1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData>'
        "</worksheet>",
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def cell(place: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>hi</t></is></c>'


def unpacks_to_much() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", b"")
        archive.filelist[0].file_size = 2 << 30
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(
            lambda: raw_xlsx(
                f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>'
            ),
            Reason.STOPPED,
            id="two cells in far corners",
        ),
        pytest.param(unpacks_to_much, Reason.TOO_LARGE, id="unpacks to much"),
        pytest.param(lambda: b"PK\x03\x04 no archive", Reason.DAMAGED, id="no archive"),
        pytest.param(lambda: workbook(A=[HEADER])[:900], Reason.DAMAGED, id="cut off"),
        pytest.param(lambda: workbook(A=[]), Reason.EMPTY, id="no rows"),
        pytest.param(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, Reason.DAMAGED,
                     id="no streams"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_one_error(content: Callable[[], bytes], reason: Reason) -> None:
    with pytest.raises(DatasetError) as error:
        read(content())
    assert error.value.reason is reason
    assert error.value.path == "a.xlsx"


def test_what_a_process_of_its_own_yields_is_what_is_read() -> None:
    """The same function, called here: columns and sheets first, then rows in batches."""
    content = workbook(Notes=[["a"]], Jobs=[["Postings of May"], [], HEADER, *ROWS])
    found, rows = read(content)
    head, *batches = excel.parsed(io.BytesIO(content), None)
    assert tuple(head["columns"]) == found.columns
    assert sum(map(len, batches)) == len(rows)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 and no more", b"no workbook"], ids=["cut", "none"]
)
def test_a_damaged_workbook_is_named_in_the_process_too(content: bytes) -> None:
    with pytest.raises(DatasetError) as raised:
        list(excel.parsed(io.BytesIO(content), None))
    assert raised.value.reason is Reason.DAMAGED


@pytest.mark.parametrize("left", [0.3, 0.6, 0.9])
def test_opendocument_without_an_end_is_refused_at_once(left: float) -> None:
    """Its library would look for the end until the process is ended."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(FILES / "postings.ods") as whole,
        zipfile.ZipFile(held, "w") as cut,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            cut.writestr(
                name, content[: int(left * len(content))] if "content" in name else content
            )
    with pytest.raises(DatasetError, match="the workbook is damaged") as caught:
        list(excel.parsed(io.BytesIO(held.getvalue()), None))
    assert caught.value.reason is Reason.DAMAGED
