"""Files that are either whole or not there."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from jobclf.errors import OutputError

_PAGES = frozenset({".html", ".htm"})


def check(path: str | os.PathLike[str]) -> Path:
    """Return the place that a path leads to; refuse what nothing can be written to."""
    link = Path(path)
    try:
        if not (_is_plain(link) or link.is_dir()):
            return link
        target = link.resolve()  # a link stays a link
        if target.is_dir():
            raise OutputError(f"{path} is a folder; name a file in it")
        if not target.parent.is_dir():
            raise OutputError(f"{target.parent} is no folder to write to; create it first")
        if link.is_symlink() and target.parent != link.parent.resolve() and _is_plain(target):
            raise OutputError(f"{path} is a link that leads out of its folder; name {target}")
    except (OSError, ValueError, RuntimeError) as error:  # links in a circle are the last
        raise _unwritable(path, error) from None
    return target


def check_not_read(
    target: str | os.PathLike[str], sources: Iterable[str | os.PathLike[str]]
) -> None:
    """Refuse to write over a file that is read, `-` for standard input."""
    if not Path(target).is_file():
        return
    for source in sources:
        if _is_same(target, os.fspath(source).removeprefix("file://")):
            raise OutputError(f"{target} is what is read; name another output")


def _is_same(target: str | os.PathLike[str], source: str) -> bool:
    try:
        if source == "-" and sys.stdin is not None:
            return os.path.samestat(os.stat(target), os.fstat(sys.stdin.fileno()))  # noqa: PTH116
        return os.path.samefile(target, source)  # noqa: PTH121
    except (OSError, ValueError):  # what is not there, is elsewhere or has no name
        return False


def check_page(path: str | os.PathLike[str], sources: Iterable[str | os.PathLike[str]]) -> None:
    """Refuse what no page can be written to, what is no page, and what is read."""
    if _is_plain(check(path)) and Path(path).suffix.lower() not in _PAGES:
        raise OutputError(f"{path} does not end in .html or .htm, as a page does; name another")
    check_not_read(path, sources)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file to be written beside its place and moved there once it is whole.

    What was there before stays until then, and stays if anything goes wrong. A pipe or a device is
    written as it is.
    """
    import tempfile

    try:
        target = check(path)
        if not _is_plain(target):
            with target.open("wb") as stream:
                yield stream
            return
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(target.stat().st_mode if target.exists() else 0o644)
            Path(name).replace(target)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def check_room(path: str | os.PathLike[str]) -> None:
    """Refuse a place in a folder that no file can be made in, before there is work to lose."""
    import tempfile

    target = check(path)
    try:
        if _is_plain(target):
            tempfile.TemporaryFile(dir=target.parent).close()
    except OSError as error:
        raise _unwritable(path, error) from None


def write(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file whole."""
    with replacing(path) as stream:
        stream.write(content)


def _is_plain(path: Path) -> bool:
    """Tell a file, or a place for one, from pipes and devices."""
    try:
        return path.is_file() or not path.exists()
    except ValueError:  # no name at all
        return True


def _unwritable(path: str | os.PathLike[str], error: Exception) -> OutputError:
    reason = getattr(error, "strerror", None) or error
    return OutputError(f"{path} cannot be written: {reason}; name another")
