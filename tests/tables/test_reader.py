"""Tables of any kind give their rows, all of them, with the right texts and titles."""

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from jobclf.errors import DatasetError, Reason
from jobclf.tables import reader
from jobclf.tables.wanted import Wanted

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
from pyarrow import parquet  # noqa: E402

ROWS: list[dict[str, Any]] = [
    {"id": "007", "Job Title": "Analyst", "Job Description": 'Line one\nline "two", three'},
    {"id": "008", "Job Title": "", "Job Description": "Größe; naïve\ttext"},
]
CSV = (
    'id,Job Title,Job Description\n007,Analyst,"Line one\nline ""two"", three"\n'
    "008,,Größe; naïve\ttext\n"
)


def parquet_bytes(rows: list[dict[str, Any]]) -> bytes:
    target = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), target)
    return target.getvalue()


def zstd(content: bytes) -> bytes:
    packed: bytes = pa.compress(content, codec="zstd", asbytes=True)
    return packed


LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.csv", CSV.encode(), id="csv"),
        pytest.param("a.csv", CSV.encode("utf-8-sig"), id="csv-bom"),
        pytest.param("a.csv", CSV.encode("utf-16"), id="csv-utf-16"),
        pytest.param("a.csv", CSV.encode("cp1252"), id="csv-cp1252"),
        pytest.param("a.csv", CSV.replace("\n", "\r\n").encode(), id="csv-crlf"),
        pytest.param("a.CSV", CSV.rstrip("\n").encode(), id="csv-no-last-newline"),
        pytest.param("a.csv", ("\n".join(CSV.splitlines()) + "\n\n").encode(), id="csv-blank-line"),
        pytest.param(
            "a.csv",
            b'id;Job Title;Job Description\n007;Analyst;"Line one\nline ""two"", three"\n'
            + '008;;"Größe; naïve\ttext"'.encode(),
            id="csv-semicolon",
        ),
        pytest.param("a.csv.gz", gzip.compress(CSV.encode()), id="csv-gz"),
        pytest.param("a.csv.zst", zstd(CSV.encode()), id="csv-zst"),
        pytest.param("a.jsonl", LINES, id="jsonl"),
        pytest.param("a.ndjson", b"\xef\xbb\xbf" + LINES, id="jsonl-bom"),
        pytest.param("a.jsonl.gz", gzip.compress(LINES), id="jsonl-gz"),
        pytest.param("a.json", json.dumps(ROWS).encode(), id="json-list"),
        pytest.param("a.json", json.dumps({"meta": 1, "jobs": ROWS}).encode(), id="json-jobs"),
        pytest.param("a.parquet", parquet_bytes(ROWS), id="parquet"),
    ],
)
def test_every_form_gives_the_same_rows(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    table = reader.read(tmp_path / name)
    rows = list(table.rows)
    assert table.columns == ("id", "Job Title", "Job Description")
    assert (table.chosen.texts, table.chosen.title) == (("Job Description",), "Job Title")
    plain = [
        {key: value.replace("\r\n", "\n") for key, value in row.values.items()} for row in rows
    ]
    assert plain == ROWS
    assert [row.text.replace("\r\n", "\n") for row in rows] == [
        row["Job Description"] for row in ROWS
    ]
    assert [row.title for row in rows] == ["Analyst", None]
    assert [row.fault for row in rows] == [None, None]


def test_tsv_and_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.tsv").write_text("title\ttext\nA, B\tone, two\n")
    (row,) = reader.read(tmp_path / "a.tsv").rows
    assert (row.title, row.text) == ("A, B", "one, two")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(LINES))))
    assert len(list(reader.read("-").rows)) == 2


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        pytest.param("a.csv", "id,text\n1,\n", "column 'text': the cell is empty", id="empty-cell"),
        pytest.param("a.csv", "id,text\n1\n", "the cell is empty", id="short"),
        pytest.param("a.csv", "id,text\n1,a,b\n", "3 cells under 2", id="long"),
        pytest.param("a.csv", 'id,text\n1,b\n2,"a', "line 3: a quote is opened", id="open-quote"),
        pytest.param("a.jsonl", '{"text": "a"}\n{"text": 7}', "holds no text", id="number"),
        pytest.param("a.jsonl", '{"text": "a"}\n{"text"', "line 2 is no JSON", id="broken-line"),
        pytest.param("a.jsonl", '{"text": "a"}\n[1]', "no JSON object", id="no-object"),
        pytest.param("a.jsonl", '{"text": "a"}\n' + "[" * 99999, "no JSON", id="deep"),
        pytest.param(
            "a.jsonl",
            '{"text": "a"}\n{"id": 1}',
            "column 'text': the cell is empty",
            id="column-missing",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_with_its_fault(
    tmp_path: Path, name: str, content: str, fault: str
) -> None:
    (tmp_path / name).write_text(content)
    last = list(reader.read(tmp_path / name).rows)[-1]
    assert fault in str(last.fault)
    assert last.fault is not None
    assert last.fault.row == last.number
    assert last.text == ""


@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        pytest.param("a.csv", b"", "it is empty", id="empty"),
        pytest.param("a.csv", b"id,name\n1,2\n", "no column is known as the text", id="no-text"),
        pytest.param("a.csv.gz", gzip.compress(CSV.encode())[:60], "to its end", id="cut-gzip"),
        pytest.param("a.csv.zst", b"\x28\xb5\x2f\xfd", "cannot be read", id="cut-zstd"),
        pytest.param("a.parquet", b"PAR1 nothing", "is no Parquet file", id="no-parquet"),
        pytest.param("a.json", b"{oops", "is no JSON", id="no-json"),
        pytest.param("a.json", b"3", "entry 1 is no JSON object", id="no-list"),
        pytest.param("a.jsonl", b"1\n2\n", "no JSON object", id="no-objects"),
        pytest.param("a.pdf", b"PK", "is no table", id="other-ending"),
    ],
)
def test_a_table_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes, fact: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match=fact) as caught:
        list(reader.read(tmp_path / name).rows)
    assert str(caught.value).startswith(str(tmp_path / name))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv.gz", CSV.encode()),
        ("a.csv.zst", CSV.encode()),
        ("a.csv", gzip.compress(CSV.encode())),
    ],
)
def test_what_a_file_is_packed_by_is_told_by_its_bytes(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / "plain.csv").write_text(CSV, "utf-8")
    (tmp_path / name).write_bytes(content)
    wanted = [row.text for row in reader.read(tmp_path / "plain.csv").rows]
    assert [row.text for row in reader.read(tmp_path / name).rows] == wanted


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(DatasetError, match="needs the extra 'tables'; install it: ") as caught:
        reader.read("memory://a.csv")
    assert caught.value.reason is Reason.EXTRA_MISSING


@pytest.mark.parametrize(
    ("option", "fact"),
    [("sheet", "it is no workbook and has no sheet 'a'"), ("table", "it is no database and has")],
)
@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_a_sheet_or_table_of_what_has_none_is_refused(
    tmp_path: Path, name: str, option: str, fact: str
) -> None:
    (tmp_path / name).write_text("text\na\n" if name == "t.csv" else '{"text": "a"}\n')
    with pytest.raises(DatasetError, match=fact) as caught:
        reader.read(tmp_path / name, Wanted.of(**{option: "a"}))
    assert caught.value.remedy == f"leave out {option}"
