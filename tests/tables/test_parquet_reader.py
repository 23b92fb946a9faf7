"""Parquet is read a few rows at a time, from disk or afar, all of it or some row groups."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jobclf import limits
from jobclf.errors import DatasetError
from jobclf.tables import parquet_pages, reader

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
from pyarrow import parquet  # noqa: E402

ROWS: list[dict[str, Any]] = [{"id": number, "text": f"text {number}"} for number in range(10)]


@pytest.fixture
def content() -> bytes:
    """Return a Parquet file with row groups of four, four and two rows."""
    target = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(ROWS), target, row_group_size=4)
    return target.getvalue()


def test_row_groups_are_read_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    assert reader.groups(path) == [4, 4, 2]
    table = reader.read(path, groups=[0, 2])
    assert [row.values for row in table.rows] == ROWS[:4] + ROWS[8:]
    assert table.share() == 1.0


def test_rows_come_a_few_at_a_time(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BATCH_ROWS", 3)
    (tmp_path / "a.parquet").write_bytes(content)
    table = reader.read(tmp_path / "a.parquet")
    batches = list(table.batches)
    assert max(map(len, batches)) == 3
    assert [row.values for batch in batches for row in batch.rows()] == ROWS
    assert [batch.first for batch in batches] == [1, 4, 5, 8, 9]


def test_an_address_is_read_through_fsspec(content: bytes) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
    with fsspec.open("memory://parquet/a.parquet", "wb") as stream:
        stream.write(content)
    assert [row.values for row in reader.read("memory://parquet/a.parquet").rows] == ROWS


LONG = "We bake bread for forty shops. " * 40


def test_cells_that_repeat_are_unpacked_a_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PARQUET_BATCH", 10 * len(LONG))
    monkeypatch.setattr(limits, "PARQUET_ROW", 12 * len(LONG))
    rows = [{"id": at, "text": LONG, "tags": [LONG, "a"], "in": {"s": LONG}} for at in range(100)]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    batches = list(reader.read(tmp_path / "a.parquet").batches)
    assert max(map(len, batches)) == 3
    assert [row.values for batch in batches for row in batch.rows()] == rows
    assert {text for batch in batches for text in batch.texts.to_pylist()} == {LONG}


@pytest.mark.parametrize("kind", ["list", "text"])
def test_a_row_that_unpacks_to_more_than_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(limits, "PARQUET_BATCH", 1000)
    monkeypatch.setattr(limits, "PARQUET_ROW", 4000)
    row = {"text": "short", "more": [LONG] * 9 if kind == "list" else LONG * 9}
    parquet.write_table(pa.Table.from_pylist([row] * 3), tmp_path / "a.parquet")
    with pytest.raises(DatasetError, match="a row has over 0 MB"):
        list(reader.read(tmp_path / "a.parquet").batches)


def test_names_that_are_no_utf_8_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(content.replace(b"text", b"te\xfft"))
    with pytest.raises(DatasetError, match="a name of a column is no UTF-8") as caught:
        reader.read(tmp_path / "a.parquet")
    assert caught.value.path == str(tmp_path / "a.parquet")


def test_each_column_gets_a_name_of_its_own(tmp_path: Path) -> None:
    columns = [pa.array(["a"]), pa.array(["b"]), pa.array([1])]
    table = pa.Table.from_arrays(columns, names=["text", "text", ""])
    parquet.write_table(table, tmp_path / "a.parquet")
    found = reader.read(tmp_path / "a.parquet")
    assert found.schema.names == ["text", "text (B)", "C"]
    assert [row.values for row in found.rows] == [{"text": "a", "text (B)": "b", "C": 1}]


@pytest.mark.parametrize(
    "kind",
    ["string", "large_string", "string_view", "dictionary", "binary"],
)
def test_texts_of_any_type_are_read(tmp_path: Path, kind: str) -> None:
    array = pa.array([LONG, None, "nan"])
    array = array.dictionary_encode() if kind == "dictionary" else array.cast(getattr(pa, kind)())
    parquet.write_table(pa.table({"text": array}), tmp_path / "a.parquet")
    rows = list(reader.read(tmp_path / "a.parquet").rows)
    assert [row.text for row in rows] == [LONG, "", ""]
    assert [row.fault and row.fault.reason for row in rows] == [None, "empty", "empty"]


def test_a_posting_may_stand_in_nested_columns(tmp_path: Path) -> None:
    rows = [{"job": {"title": "Baker", "description": LONG, "duties": ["Knead", "Sell"]}}]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (row,) = reader.read(tmp_path / "a.parquet").rows
    assert (row.title, row.values) == ("Baker", rows[0])
    assert row.text.endswith("Responsibilities\nKnead\nSell")


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("packing", ["none", "snappy"])
def test_a_page_that_says_it_has_gigabytes_is_refused_before_it_is_read(
    tmp_path: Path, version: str, packing: str
) -> None:
    words = [f"text {at}" * 40 for at in range(400)]
    path = tmp_path / "a.parquet"
    table = pa.table({"text": words, "id": range(400)})
    layout = {"data_page_version": version, "compression": packing, "use_dictionary": False}
    parquet.write_table(table, path, data_page_size=20_000, write_batch_size=50, **layout)
    content = path.read_bytes()
    with path.open("rb") as stream:
        ((texts, _),) = parquet_pages.chunks(stream)
        size, second = parquet_pages._page(stream, texts.start) or (0, 0)
    assert 10_000 < size < 100_000
    assert [row.text for row in reader.read(path).rows] == words
    # The sizes of the second page: numbers of three bytes, of which five make gigabytes.
    assert content[second + 2] == 0x15
    path.write_bytes(content[: second + 3] + b"\xfe\xff\xff\xff\x0f" + content[second + 6 :])
    with path.open("rb") as stream, pytest.raises(DatasetError, match="2,047 MB"):
        parquet_pages.check([texts], stream)


@pytest.mark.parametrize("dictionary", [True, False])
def test_columns_are_found_where_pyarrow_finds_them(tmp_path: Path, *, dictionary: bool) -> None:
    rows = [{"text": LONG, "tags": ["a", None], "at": 1.5, "is": True, "by": {"id": 1}}] * 300
    table = pa.Table.from_pylist(rows)
    path = tmp_path / "a.parquet"
    parquet.write_table(table, path, row_group_size=100, use_dictionary=dictionary)
    metadata = parquet.ParquetFile(path).metadata
    with path.open("rb") as stream:
        found = parquet_pages.chunks(stream)
    for group, columns in enumerate(found):
        for at, chunk in enumerate(columns):
            column = metadata.row_group(group).column(at)
            start = column.dictionary_page_offset or column.data_page_offset
            assert chunk == (start, start + column.total_compressed_size)
    assert [len(columns) for columns in found] == [5, 5, 5]


def test_a_column_that_cannot_be_ends_no_process(tmp_path: Path) -> None:
    """Which pyarrow does where a column's histogram has another length than its levels."""
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"text": [LONG, LONG]}), path)
    content = path.read_bytes()
    optional = content.rindex(b"%\x02\x18\x04text")  # of the schema
    path.write_bytes(content[: optional + 1] + b"\0" + content[optional + 2 :])
    code = f"from jobclf.tables import reader; list(reader.read({str(path)!r}).rows)"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "DatasetError" in done.stderr
