"""Rows come back as they came: with their separator, in their encoding; or in a sheet of Excel."""

import codecs
import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jobclf
from jobclf.errors import OutputError, Reason
from jobclf.roles import Role
from jobclf.tables import lines, reader, values, workbook, writer
from tests.conftest import Run
from tests.factories import posting

TEXT = posting(Role.ML_ENGINEER, 1)
OTHER = posting(Role.DATA_SCIENTIST, 1)


def table(separator: str, note: str = "Größe") -> str:
    made = io.StringIO()
    rows = csv.writer(made, delimiter=separator)
    rows.writerows([["note", "text"], [note, TEXT], [note, OTHER]])
    return made.getvalue()


LAYOUTS = {
    "plain": (",", "utf-8"),
    "of a German Excel": (";", "utf-8-sig"),
    "bars": ("|", "utf-8"),
    "UTF-16": ("\t", "utf-16"),
    "of an old Windows": (";", "cp1252"),
}


@pytest.mark.parametrize(("separator", "encoding"), LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("packed", ["", ".gz"])
def test_a_table_comes_back_as_it_came(
    tmp_path: Path, separator: str, encoding: str, packed: str
) -> None:
    source, kept, rest = (tmp_path / name for name in ("a.csv", f"b.csv{packed}", "c.csv"))
    source.write_bytes(table(separator).encode(encoding))
    jobclf.predict_table(source, keep="ml_engineer", output=kept, rest=rest)
    for path, text in ((kept, TEXT), (rest, OTHER)):
        content = path.read_bytes()
        if path == kept and packed:
            import gzip

            content = gzip.decompress(content)
        assert content.startswith(codecs.BOM_UTF8) == (encoding == "utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(content.decode(encoding)), delimiter=separator)
        assert (row["note"], row["text"]) == ("Größe", text)


def test_what_an_encoding_cannot_hold_is_written_in_utf_8_and_said(
    tmp_path: Path, run: Run
) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_bytes(table(";", note="Größe \x8d").encode("latin-1"))  # no letter of it
    ran = run("predict", source, "-o", target)
    assert "written in UTF-8, for Windows-1252 cannot hold its letters" in ran.err
    content = target.read_bytes()
    assert content.startswith(codecs.BOM_UTF8)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert [row["note"] for row in rows] == ["Größe \ufffd"] * 2


def test_bad_bytes_of_a_table_are_counted_and_said(tmp_path: Path, run: Run) -> None:
    rows = table(",", note="ä~ÿ").encode().replace(b"~", b"\xff")
    (tmp_path / "a.csv").write_bytes(rows)
    line = json.dumps({"note": "ä~ÿ", "text": TEXT}, ensure_ascii=False).encode()
    (tmp_path / "a.jsonl").write_bytes(b"%b\n%b\n" % (line, line.replace(b"~", b"\xff", 1)))
    ran = run("predict", tmp_path / "a.csv", tmp_path / "a.jsonl", "--summary")
    counted = [line for line in ran.err.splitlines() if "replaced" in line]
    assert [line.partition("a.")[2] for line in counted] == [
        "csv: 2 bytes are of no letter in its encoding, and were replaced",
        "jsonl: 1 byte is of no letter in its encoding, and was replaced",
    ]


@given(st.lists(st.text(alphabet="a,;\"\r\n\t '=", max_size=5), min_size=2, max_size=2))
def test_what_is_written_as_csv_is_read_back_as_the_same_rows(cells: list[str]) -> None:
    columns = ["text", "b"]
    rows = [dict(zip(columns, cells, strict=True)), {"text": "x", "b": "y"}]
    text = "".join(lines.separated([values.record_batch(rows)], columns, ","))
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert back == [columns, cells, ["x", "y"]]


def sheet(path: Path) -> list[dict[str, Any]]:
    pytest.importorskip("python_calamine", reason="needs the extra `excel`")
    return [row.values for row in reader.read(path).rows]


ROW: dict[str, Any] = {
    "text": TEXT,
    "formula": "=1+1",
    "address": "https://example.org/",
    "number": "007",
    "letters": "a\x07b Größe 𝗠 _x0041_",
    "count": 7,
    "share": 0.5,
    "is": True,
    "list": ["a", None],
    "nothing": None,
    "infinite": float("inf"),
}


def test_a_sheet_holds_text_as_text(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="needs the extra `excel`")
    target = tmp_path / "a.xlsx"
    writer.write_rows(target, list(ROW), [ROW, ROW | {"letters": "\ud800"}])
    first, second = sheet(target)
    lost = {"nothing": None, "infinite": None}
    assert {name: first.get(name) for name in ROW} == ROW | lost | {"list": '["a", null]'}
    assert second["letters"] == "?"
    with zipfile.ZipFile(target) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in content
    assert b"<hyperlink" not in content


TOO_LARGE = {
    "a cell": ([{"text": "a" * 32_768}], "a.xlsx row 1 column 'text': a cell has 32,768 letters"),
    "a cell of wide letters": ([{"text": "𝗠" * 16_384}], "a cell has 32,768 letters"),
    "rows": ([{"text": "a"}] * 5, "there are more rows than the 5"),
}


@pytest.mark.parametrize(("rows", "fact"), TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_what_no_sheet_holds_is_refused_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]], fact: str
) -> None:
    pytest.importorskip("xlsxwriter", reason="needs the extra `excel`")
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    with pytest.raises(OutputError) as refused:
        writer.write_rows(tmp_path / "a.xlsx", ["text"], rows)
    assert fact in str(refused.value)
    assert refused.value.reason == Reason.TOO_LARGE
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_answers_are_written_to_a_sheet(tmp_path: Path, run: Run) -> None:
    pytest.importorskip("xlsxwriter", reason="needs the extra `excel`")
    (tmp_path / "a.csv").write_text(table(","))
    kept, rest = tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    ran = run("predict", tmp_path / "a.csv", "--keep", "ml_engineer", "-o", kept, "--rest", rest)
    assert ran.code == 0
    assert [row["answer"] for row in sheet(kept)] == ["ml_engineer"]
    assert [row["answer"] for row in sheet(rest)] == ["data_scientist"]
