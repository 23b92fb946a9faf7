"""Files are written whole or not at all, and only where they were named."""

import errno
import os
import sys
from pathlib import Path

import pytest

from jobclf import atomic
from jobclf.atomic import replacing
from jobclf.errors import JobclfError, OutputError


def test_a_file_is_written_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as stream:
        stream.write(b"new")
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").read_bytes() == b"new"
    atomic.write(tmp_path / "a", b"newer")
    assert (tmp_path / "a").read_bytes() == b"newer"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_that_the_process_gives(
    tmp_path: Path, umask: int, mode: int
) -> None:
    before = os.umask(umask)
    try:
        atomic.write(tmp_path / "a", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode


def test_what_replaces_a_private_file_is_private_from_the_start(tmp_path: Path) -> None:
    (tmp_path / "a").touch(mode=0o600)
    with replacing(tmp_path / "a") as stream:
        (temporary,) = (path for path in tmp_path.iterdir() if path.name != "a")
        assert temporary.stat().st_mode & 0o777 == 0o600
        stream.write(b"new")


@pytest.mark.parametrize("name", ["é" * 127, "a" * 255, "\udce9" * 200])
def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path, name: str) -> None:
    atomic.write(tmp_path / name, b"new")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_does_not_verify_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def refuse(path: Path) -> None:
        assert path.read_bytes() == b"new"
        raise OutputError("it did not read back")

    with (
        pytest.raises(OutputError, match="did not read back"),
        replacing(tmp_path / "a", verify=refuse) as stream,
    ):
        stream.write(b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fail() -> None:
        with replacing(tmp_path / "a") as stream:
            stream.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (tmp_path / "a").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o600)
    (tmp_path / "link").symlink_to("a")
    atomic.write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to nothing"])
def test_a_link_out_of_its_folder_is_refused(tmp_path: Path, *, there: bool) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to("../victim")
    if there:
        (tmp_path / "victim").write_bytes(b"old")
    with pytest.raises(OutputError, match=r"link that leads out of its folder; name .*victim"):
        atomic.write(tmp_path / "in" / "link", b"new")
    assert (tmp_path / "victim").exists() == there
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["link"]


def test_a_folder_reached_by_a_link_can_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    atomic.write(tmp_path / "link" / "a", b"new")
    assert (tmp_path / "real" / "a").read_bytes() == b"new"


def test_pipes_and_devices_are_written_and_not_replaced(tmp_path: Path) -> None:
    atomic.write("/dev/null", b"gone")
    (tmp_path / "link").symlink_to("/dev/null")  # as /dev/stdout is one
    atomic.write(tmp_path / "link", b"gone")
    assert Path("/dev/null").is_char_device()
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    atomic.write(tmp_path / "pipe", b"through")
    assert os.read(reader, 10) == b"through"
    os.close(reader)


PLACES = {
    "a folder": ("folder", "is a folder"),
    "nothing": ("", "is a folder"),
    "no folder": ("missing/page.html", "the folder .* does not exist"),
    "a file for a folder": ("file/page.html", "the folder .* does not exist|Not a directory"),
    "a link in a circle": ("circle", "cannot be written"),
    "a zero byte": ("a\0b", "cannot be written"),
    "a long name": ("a" * 300, "cannot be written: File name too long"),
}


@pytest.mark.parametrize(("place", "fact"), PLACES.values(), ids=PLACES.keys())
def test_places_that_cannot_be_written_are_refused(tmp_path: Path, place: str, fact: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "circle").symlink_to("circle")
    before = sorted(tmp_path.rglob("*"))
    for write in (atomic.check, lambda path: atomic.write(path, b"new")):
        with pytest.raises(JobclfError, match=fact) as refused:
            write(tmp_path / place)
        assert "\n" not in str(refused.value)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("step", ["open", "fsync", "replace", "chmod"])
def test_a_disk_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, fault: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(fault, os.strerror(fault))

    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OutputError, match=f"cannot be written: {os.strerror(fault)}"):
        atomic.write(tmp_path / "a", b"new")
    monkeypatch.undo()
    assert (tmp_path / "a").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="there is no /sys here")
def test_a_folder_that_nobody_may_write_to_is_named() -> None:
    with pytest.raises(OutputError, match="/sys/kernel/a: it cannot be written: "):
        atomic.write("/sys/kernel/a", b"new")


def test_what_is_read_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, other = tmp_path / "one.html", tmp_path / "other.html"
    one.write_bytes(b"read")
    other.write_bytes(b"old")
    (tmp_path / "link.html").symlink_to("one.html")
    for source in (one, "one.html", "./one.html", "link.html", f"file://{one}"):
        for target in (one, "one.html", "link.html"):
            with pytest.raises(OutputError, match="is what is read; name another output"):
                atomic.check_not_read(target, [other, source])
            with pytest.raises(OutputError, match="is what is read"):
                atomic.check_page(target, [source])
    for source in (other, "none.html", "s3://bucket/one.html", "a\0b", "-", tmp_path):
        atomic.check_not_read(one, [source])
    atomic.check_not_read("new.html", [one, "new.html"])
    atomic.check_not_read("/dev/null", ["/dev/null"])


def test_standard_input_from_a_file_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = tmp_path / "one.csv"
    one.write_bytes(b"read")
    with one.open() as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", stream)
        with pytest.raises(OutputError, match="is what is read"):
            atomic.check_not_read(one, ["-"])
    monkeypatch.setattr(sys, "stdin", None)
    atomic.check_not_read(one, ["-"])


@pytest.mark.parametrize("name", ["a.txt", "a", "a.joblib", "a.html.gz", ".html"])
def test_a_page_replaces_nothing_but_a_page(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"does not end in \.html or \.htm"):
        atomic.check_page(tmp_path / name, [])
    for good in (tmp_path / "a.html", tmp_path / "a.HTM", "/dev/null"):
        atomic.check_page(good, [])


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="there is no /sys here")
def test_a_folder_without_room_is_named_before_anything_is_written() -> None:
    with pytest.raises(
        OutputError, match=r"/sys/kernel/a: it cannot be written: .*; make room, or name another"
    ):
        atomic.check_room("/sys/kernel/a")


def test_looking_for_room_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    atomic.check_room(tmp_path / "new")
    atomic.check_room(tmp_path / "old")
    atomic.check_room("/dev/null")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_bytes() == b"old"


NAMES = {
    "the same name": "read.csv",
    "a way round": "folder/../read.csv",
    "a link": "link.csv",
    "a hard link": "hard.csv",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_what_is_read_is_not_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "read.csv").write_bytes(b"old")
    (tmp_path / "link.csv").symlink_to("read.csv")
    (tmp_path / "hard.csv").hardlink_to(tmp_path / "read.csv")
    with pytest.raises(OutputError, match=r"csv: it is what is read; name another output"):
        atomic.check_not_read(tmp_path / name, ["-", tmp_path / "none", tmp_path / "read.csv"])


def test_what_a_killed_writer_left_goes_and_what_is_written_stays(tmp_path: Path) -> None:
    own, left = tmp_path / ".part-notes", tmp_path / f".part-1.csv.{'0' * 12}"
    other = tmp_path / f".parting.csv.{'0' * 12}"
    for each in (own, left, other):
        each.write_text("x")
    with atomic.replacing(tmp_path / "part-1.csv") as stream:
        stream.write(b"whole")
        atomic.remove_abandoned(tmp_path, "part-")
    assert (tmp_path / "part-1.csv").read_bytes() == b"whole"
    assert sorted(tmp_path.iterdir()) == sorted([own, other, tmp_path / "part-1.csv"])


@pytest.mark.parametrize(
    "address",
    [
        "file://{}",
        "local://{}",
        "simplecache::file://{}",
        "zip://a.csv::{}",
        "filecache::local://{}",
    ],
)
def test_an_address_of_what_is_written_is_told(tmp_path: Path, address: str) -> None:
    target, link = tmp_path / "x.csv", tmp_path / "y.csv"
    target.write_text("text")
    link.hardlink_to(target)
    for each in (target, link, tmp_path / "." / "x.csv"):
        with pytest.raises(OutputError, match="it is what is read"):
            atomic.check_not_read(target, [address.format(each)])
    atomic.check_not_read(tmp_path / "z.csv", [address.format(target)])
