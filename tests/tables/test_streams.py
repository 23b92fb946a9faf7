"""A table afar is read like one at hand, and told from what it becomes."""

import os
from pathlib import Path

import pytest

from jobclf.batch.folders import Folder
from jobclf.errors import DatasetError, OutputError
from jobclf.tables import reader, streams


def test_an_address_is_read_through_fsspec() -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
    with fsspec.open("memory://streams/a.jsonl", "wb") as stream:
        stream.write(b'{"text": "one"}\n{"text": "two"}\n')
    assert [row.text for row in reader.read("memory://streams/a.jsonl").rows] == ["one", "two"]
    assert streams.remote("memory://streams/*.jsonl") == ["memory:///streams/a.jsonl"]
    with pytest.raises(DatasetError, match="names no table"):
        streams.remote("memory://streams/*.csv")
    with pytest.raises(DatasetError, match="does not exist"):
        reader.read("memory://streams/none.csv")
    with pytest.raises(DatasetError, match="cannot be opened"):
        reader.read("nothing-known://a/b.csv")


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


@pytest.mark.parametrize(
    ("said", "needed"),
    [
        ("Install s3fs to access S3", "s3fs"),
        ("Please install gcsfs to access Google Storage", "gcsfs"),
        ('HTTPFileSystem requires "requests" and "aiohttp" to be installed', "aiohttp"),
    ],
)
def test_an_address_says_which_package_it_needs(
    monkeypatch: pytest.MonkeyPatch, said: str, needed: str
) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")

    def fail(*_: object, **__: object) -> None:
        raise ImportError(said)

    monkeypatch.setattr(fsspec, "open", fail)
    monkeypatch.setattr(fsspec.core, "url_to_fs", fail)
    for read in (reader.read, streams.remote, streams.stamp):
        with pytest.raises(DatasetError) as caught:
            read("far://bucket/a.csv")
        assert caught.value.path == "far://bucket/a.csv"
        assert str(caught.value).endswith(f" -m pip install {needed}")
    with (
        pytest.raises(OutputError, match=f" -m pip install {needed}"),
    ):
        Folder("far://bucket/out").write("a", b"")
