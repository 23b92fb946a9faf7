"""Files are written whole or not at all."""

from pathlib import Path

import pytest

from jobclf import files
from jobclf.errors import OutputError


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    target.write_text("old")
    files.write(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("place", ["missing/page.html", "folder"])
def test_places_that_cannot_be_written_are_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"folder"):
        files.check(tmp_path / place)
    with pytest.raises(OutputError, match="cannot be written"):
        files.write(tmp_path / place, b"new")
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]
