"""Tables of markup under the name of a workbook are read by what they are, never as CSV."""

from pathlib import Path

import pytest

from jobclf import limits
from jobclf.errors import DatasetError, Reason
from jobclf.tables import reader

TEXT = "You deploy models; you watch them, and mend what drifts. " * 4
HTML = f"""<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body>
<table><tr><td>Export of May, by R&amp;D</td></tr></table>
<table><thead><tr><th>No</th><th><b>Job Title</b></th><th>Description</th></tr></thead>
<tr><td rowspan=2>7</td><td>Engineer</td><td>Duties<br>{TEXT}</td></tr>
<tr><td>Nurse</td><td>{TEXT}</td></tr></table>"""
XML = f"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="May"><Table>
<Row><Cell><Data ss:Type="String">No</Data></Cell><Cell><Data ss:Type="String">Job Title</Data>
</Cell><Cell><Data ss:Type="String">Description</Data></Cell></Row>
<Row><Cell><Data ss:Type="Number">7</Data></Cell><Cell><Data ss:Type="String">Engineer</Data></Cell>
<Cell><Data ss:Type="String">Duties&#10;{TEXT}</Data></Cell></Row>
<Row><Cell ss:Index="2"><Data ss:Type="String">Nurse</Data></Cell>
<Cell><Data ss:Type="String">{TEXT}</Data></Cell></Row></Table></Worksheet></Workbook>"""
MHTML = f"""MIME-Version: 1.0
Content-Type: multipart/related; boundary="x"

--x
Content-Type: text/html; charset=utf-8

{HTML}
--x--
"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("jobs.xls", HTML),
        ("jobs.xlsx", f"\ufeff<!DOCTYPE html>\n{HTML}"),
        ("jobs.xls", MHTML),
        ("jobs.xls", XML),
        ("jobs.xml", XML),
    ],
)
def test_markup_is_read_as_a_sheet(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    table = reader.read(tmp_path / name)
    rows = list(table.rows)
    assert table.columns == ("No", "Job Title", "Description")
    assert [row.title for row in rows] == ["Engineer", "Nurse"]
    assert [row.text.strip() for row in rows] == [f"Duties\n{TEXT}".strip(), TEXT.strip()]
    assert str(rows[0].values["No"]) == "7"


def test_a_page_without_a_table_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text(f"<html><body><p>{TEXT}</p></body></html>")
    with pytest.raises(DatasetError, match=r"page without a table.*name it \.html"):
        reader.read(tmp_path / "a.xls")


def test_the_headers_of_a_page_saved_as_a_workbook_are_bounded(tmp_path: Path) -> None:
    headers = "".join(f"X-{number}: a\n" for number in range(limits.MAIL_HEADERS))
    (tmp_path / "a.xls").write_text(MHTML.replace("\n", f"\n{headers}", 1))
    with pytest.raises(DatasetError, match="headers") as refused:
        reader.read(tmp_path / "a.xls")
    assert refused.value.reason is Reason.TOO_LARGE
