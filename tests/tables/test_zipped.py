"""A zip archive of one file is read as that file, and any other is refused by what it is."""

import io
import zipfile
from pathlib import Path

import pytest

from jobclf.errors import DatasetError, JobclfError, Reason
from jobclf.tables import sources

ROWS = b"title,description\nBaker,We bake.\n"


def packed(*names: str, content: bytes = ROWS) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize("name", ["jobs.csv", "jobs.csv.zip", "archive.zip", "no_ending"])
def test_the_one_file_is_read_whatever_the_archive_is_called(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(packed("jobs.csv", "__MACOSX/._jobs.csv"))
    (found,) = sources.open_postings(path)
    assert found.row == {"title": "Baker", "description": "We bake."}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(packed("a.csv", "b.csv"), id="two files"),
        pytest.param(packed(), id="no file"),
        pytest.param(packed("a.csv")[:40], id="cut off"),
        pytest.param(packed("a.csv").replace(b"\0\0\0\x08\0", b"\0\x01\0\x08\0"), id="locked"),
        pytest.param(b"PK\x03\x04" + b"\0" * 99, id="zeros"),
    ],
)
def test_another_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_bytes(content)
    with pytest.raises(JobclfError) as caught:
        list(sources.open_postings(path))
    assert caught.value.reason in {Reason.UNSUPPORTED, Reason.NO_COLUMN}
    assert caught.value.remedy


def test_damage_within_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    whole = bytearray(packed("jobs.csv", content=ROWS * 99))
    whole[60] ^= 0xFF
    path.write_bytes(whole)
    with pytest.raises(DatasetError) as caught:
        list(sources.open_postings(path))
    assert caught.value.reason in {Reason.DAMAGED, Reason.UNSUPPORTED}


def test_a_file_that_unpacks_to_much_is_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_bytes(packed("jobs.csv", content=ROWS + b"Baker,We bake.\n" * 200_000))
    assert path.stat().st_size < 1 << 16
    assert sum(1 for _ in sources.open_postings(path).batches()) > 1
