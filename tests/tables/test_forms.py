"""The form of a file is told by its ending, and by how it begins where that says little."""

import io
import sys
from pathlib import Path

import pytest

from jobclf.errors import DatasetError
from jobclf.tables import forms


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", "csv"),
        ("A.Parquet", "parquet"),
        ("a.tsv.zst", "tsv"),
        ("s3://bucket/a.jsonl.gz?version=2", "jsonl"),
        ("s3://bucket/a.txt", "document"),
        ("a.XLSX", "excel"),
        ("a.ods", "excel"),
        ("jobs.sqlite3", "sqlite"),
        ("jobs.rss", "feed"),
        ("a.html", "document"),
        ("a.txt", "document"),
        ("a.gz", "document"),
        ("csv", "document"),
        (f"{'long' * 99}", "document"),
        ("a\0b", "document"),
    ],
)
def test_endings(name: str, form: str) -> None:
    assert forms.form_of(name) == form


POSTING = (
    b"Data Scientist, Rome\n\nWe look for somebody who, with us, tests, models, and explains.\n"
)


@pytest.mark.parametrize(
    ("start", "form"),
    [
        pytest.param(b'{"text": 1}', "jsonl", id="a JSON object"),
        pytest.param(b'\xef\xbb\xbf {"text": 1}', "jsonl", id="a byte-order mark"),
        pytest.param(b'{"a": 1}\n{"a": 2}', "jsonl", id="JSON lines"),
        pytest.param(b'{\n "jobs": [\n', "json", id="JSON over lines"),
        pytest.param(b'[ {"text": 1}]', "json", id="a JSON list"),
        pytest.param(b"[Remote] We look for a Data Scientist", None, id="a bracket"),
        pytest.param(b"{{ title }}", None, id="a template"),
        pytest.param(b"", None, id="nothing"),
        pytest.param(POSTING, None, id="a posting with commas"),
        pytest.param(b"Title: Nurse\nDescription: cares, heals\n", None, id="lines with colons"),
        pytest.param(b"title,description\nNurse,You care\n", "csv", id="commas"),
        pytest.param(b'id;Job Description\r\n1;"a;b"\r\n2;c\r\n', "csv", id="semicolons"),
        pytest.param(b"sep=;\r\nTitel;Text\r\n", "csv", id="sep="),
        pytest.param(b"title\tdescription\nNurse\tYou care\n", "csv", id="tabs"),
        pytest.param("\ufefftitle,text\nNurse,You care\n".encode("utf-16-le"), "csv", id="UTF-16"),
        pytest.param(b"title,description\n", None, id="names alone"),
        pytest.param(b"<?xml version='1.0'?><rss>", "feed", id="a feed"),
        pytest.param(b"<!doctype html><html>", None, id="a page"),
        pytest.param(b"PAR1", "parquet", id="Parquet"),
        pytest.param(b"SQLite format 3\0", "sqlite", id="SQLite"),
        pytest.param(b"PK\x03\x04 xl/workbook.xml", "excel", id="Excel"),
        pytest.param(b"PK\x03\x04 word/document.xml", None, id="Word"),
        pytest.param(b"%PDF-1.7", None, id="PDF"),
    ],
)  # fmt: skip
def test_what_a_file_or_standard_input_is_shows_in_how_it_begins(
    start: bytes, form: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert forms.told(start) == form
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(start))))
    assert forms.form_of("-") == (form or "document")
    assert sys.stdin.buffer.read() == start
    for name in ("a", "a.txt"):
        (tmp_path / name).write_bytes(start)
        assert forms.form_of(str(tmp_path / name)) == (form or "document")


def test_a_long_table_is_told_by_its_first_rows() -> None:
    rows = b"".join(b"%d,You care for people in ward %d\n" % (at, at) for at in range(999))
    assert forms.told((b"id,text\n" + rows)[:8192]) == "csv"


def test_a_form_that_is_named_is_believed() -> None:
    assert forms.form_of("a.txt", "csv") == "csv"
    assert forms.form_of("a.csv", "text") == "document"
    with pytest.raises(DatasetError, match="'pdf' is no form; name one of csv, tsv"):
        forms.form_of("a.csv", "pdf")
