"""Folders, patterns and addresses give their files in order, and say what they leave out."""

import os
from pathlib import Path

import pytest

from jobclf.errors import JobclfError
from jobclf.tables import listing


def made(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")


def found(folder: Path, *paths: str) -> list[str]:
    names = listing.files_of([folder / path for path in paths]).names
    return [Path(name).relative_to(folder).as_posix() for name in names]


def test_folders_and_patterns(tmp_path: Path) -> None:
    made(tmp_path, "b.txt", "a.html", "deep/er/c.PDF", ".hidden.txt", "not.me", ".git/d.txt")
    made(tmp_path, "t0.csv", "t1.csv", "t4.csv", "deep/x.xlsx", "deep/_parts/a.json", "~$x.xlsx")
    (tmp_path / "deep" / "loop").symlink_to(tmp_path)
    every = ["a.html", "b.txt", "t0.csv", "t1.csv", "t4.csv", "deep/x.xlsx", "deep/er/c.PDF"]
    assert found(tmp_path, ".") == every
    assert found(tmp_path, "*.*") == every[:5]
    assert found(tmp_path, "t[0-3].csv", "?.txt") == ["t0.csv", "t1.csv", "b.txt"]
    assert found(tmp_path, "**/*.PDF") == ["deep/er/c.PDF"]
    assert found(tmp_path, "*.me") == ["not.me"]
    assert found(tmp_path, "d*p") == ["deep/x.xlsx", "deep/er/c.PDF"]


def test_what_is_no_pattern_is_left_as_it_is(tmp_path: Path) -> None:
    made(tmp_path, "a[0].csv", "a0.csv")
    assert found(tmp_path, "a[0].csv") == ["a[0].csv"]
    assert listing.files_of(["-", "none.txt", "https://a.example/?x=*"]).names == [
        "-",
        "none.txt",
        "https://a.example/?x=*",
    ]


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    made(tmp_path, "a.txt", "b.png", "c.png", "d.zip", "e")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    said = listing.files_of([tmp_path]).said
    assert said == (
        f"{tmp_path}: 6 files are not read (2 .png, 2 special files, 1 .zip, 1 without an ending)",
    )
    assert listing.files_of([f"{tmp_path}/[ab].*"]).said == (
        f"{tmp_path}/[ab].*: 1 file is not read (1 .png)",
    )


def test_addresses_are_listed(tmp_path: Path) -> None:
    made(tmp_path, "a.csv", "b.csv", "c.png", "deep/d.parquet", "deep/_SUCCESS")
    start = f"file://{tmp_path}"
    assert listing.files_of([f"{start}/[ab].csv"]).names == [f"{start}/a.csv", f"{start}/b.csv"]
    assert listing.files_of([f"{start}/"]).names == [
        f"{start}/a.csv",
        f"{start}/b.csv",
        f"{start}/deep/d.parquet",
    ]


@pytest.mark.parametrize(
    ("path", "fact"),
    [("none*", "it matches no file; check"), ("empty", "it is empty; jobclf reads"),
     ("pictures", r"no file in it is read \(1 .png\); jobclf reads")],
)  # fmt: skip
def test_nothing_to_read_is_said(tmp_path: Path, path: str, fact: str) -> None:
    made(tmp_path, "pictures/a.png", "empty/.hidden")
    with pytest.raises(JobclfError, match=fact) as error:
        listing.files_of([tmp_path / path])
    assert error.value.path == str(tmp_path / path)
