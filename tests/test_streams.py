"""A table afar is read like one at hand, and told from what it becomes."""

import os
from pathlib import Path

import pytest

from jobclf import streams, tables
from jobclf.errors import DatasetError


def test_an_address_is_read_through_fsspec() -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
    with fsspec.open("memory://streams/a.jsonl", "wb") as stream:
        stream.write(b'{"text": "one"}\n{"text": "two"}\n')
    assert [row.text for row in tables.read("memory://streams/a.jsonl").rows] == ["one", "two"]
    assert streams.afar("memory://streams/*.jsonl") == ["memory:///streams/a.jsonl"]
    with pytest.raises(DatasetError, match="names no table"):
        streams.afar("memory://streams/*.csv")
    with pytest.raises(DatasetError, match="does not exist"):
        tables.read("memory://streams/none.csv")
    with pytest.raises(DatasetError, match="cannot be opened"):
        tables.read("nothing-known://a/b.csv")


def test_the_stamp_changes_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\none\n")
    first = streams.stamp(path)
    assert streams.stamp(path) == first
    os.utime(path, ns=(0, 0))
    later = streams.stamp(path)
    path.write_text("text\none and two\n")
    assert len({first, later, streams.stamp(path)}) == 3
    path.unlink()
    with pytest.raises(DatasetError, match="cannot be read"):
        streams.stamp(path)
