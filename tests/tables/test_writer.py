"""Rows are written as they are, or harmless to spreadsheets."""

import csv
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jobclf
from jobclf.errors import OutputError
from jobclf.tables import writer
from jobclf.tables.writer import harmless

FORMULAS = [
    "=1+1",
    "=cmd|'/c calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tplain",
    "  =1",
    '"=1',
    "'=1",
    "' \"=1",
    "\ufeff=1",
    "\u00a0=1",
    "＝1",
    "- Deploy models",
    "-1.5e",
    "+",
    "-١",
]
HARMLESS = ["", "plain", "a = b", "-1.5", "+3", "-1e-9", "-.5", "1", "007", "x@y", "• -1", "a\tb"]


@pytest.mark.parametrize("cell", FORMULAS, ids=repr)
def test_a_formula_gets_an_apostrophe(cell: str) -> None:
    found = harmless(cell)
    assert found[0] == "'"
    assert found.replace("'", "") == cell.replace("'", "")


@pytest.mark.parametrize("cell", HARMLESS, ids=repr)
def test_anything_else_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text(alphabet="=+-@\t\r\n '\"a1.e", max_size=8))
def test_no_cell_begins_as_a_formula(cell: str) -> None:
    made = harmless(cell)
    assert made.replace("'", "") == cell.replace("'", "")
    first = made.strip('" \t\r\n')[:1]
    assert first not in {"=", "@"}
    if first in {"+", "-"} and first:
        float(made)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz"])
def test_tables_are_made_safe_on_request_alone(tmp_path: Path, name: str) -> None:
    rows = [{"=text": "=1+1", "pay": -1.5, "more": ["=1"]}]
    texts = []
    for safe in (False, True):
        writer.write_rows(tmp_path / name, ["=text", "pay", "more"], rows, safe_csv=safe)
        content = (tmp_path / name).read_bytes()
        if name.endswith(".gz"):
            import gzip

            content = gzip.decompress(content)
        mark = "\t" if "tsv" in name else ","
        texts.append(list(csv.reader(content.decode().splitlines(), delimiter=mark)))
    assert texts[0] == [["=text", "pay", "more"], ["=1+1", "-1.5", '["=1"]']]
    assert texts[1] == [["'=text", "pay", "more"], ["'=1+1", "-1.5", '["=1"]']]


def test_only_what_spreadsheets_open_can_be_made_safe(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text\na\n")
    with pytest.raises(OutputError, match="no CSV or TSV"):
        jobclf.predict_table(tmp_path / "in.csv", output=tmp_path / "out.jsonl", safe_csv=True)
    with pytest.raises(OutputError, match="name one with output"):
        jobclf.predict_table(tmp_path / "in.csv", safe_csv=True)


def test_parquet_refuses_what_it_cannot_hold(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")

    class Nothing:
        pass

    rows = [{"a": 1}] * 2000 + [{"a": Nothing()}]
    with pytest.raises(OutputError, match="changes its type"):
        writer.write_rows(tmp_path / "a.parquet", ["a"], rows)
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_has_a_filter_and_columns_as_wide_as_what_they_hold(tmp_path: Path) -> None:
    rows = [{"id": n, "text": "We deploy models. " * n} for n in range(9)]
    writer.write_rows(tmp_path / "a.xlsx", ["id", "text"], rows)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<autoFilter ref="A1:B10"/>' in sheet
    assert 'state="frozen"' in sheet
    narrow, wide = (float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet))
    assert 3 * narrow < wide < 70  # letters
