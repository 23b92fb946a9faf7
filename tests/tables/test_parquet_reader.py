"""Parquet is read a few rows at a time, from disk or afar, all of it or some row groups."""

import io
from pathlib import Path
from typing import Any

import pytest

from jobclf.tables import parquet_reader, reader

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
    monkeypatch.setattr(parquet_reader, "MOST_ROWS", 3)
    (tmp_path / "a.parquet").write_bytes(content)
    table = reader.read(tmp_path / "a.parquet")
    batches = list(table.batches)
    assert max(map(len, batches)) == 3
    assert [row.values for batch in batches for row in batch.rows()] == ROWS
    assert [batch.first for batch in batches] == [1, 4, 7, 10]


def test_an_address_is_read_through_fsspec(content: bytes) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
    with fsspec.open("memory://parquet/a.parquet", "wb") as stream:
        stream.write(content)
    assert [row.values for row in reader.read("memory://parquet/a.parquet").rows] == ROWS
