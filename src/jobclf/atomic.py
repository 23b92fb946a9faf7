"""Files that are either whole or not there, and the places where they may be put."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from jobclf.errors import OutputError, Reason

AnyPath = str | os.PathLike[str]

_PAGES = frozenset({".html", ".htm"})
_LONGEST_NAME = 80  # bytes of the target's name that a temporary file bears
_RANDOM = 6  # bytes that tell it from others


def check(path: AnyPath, *, plain: bool = False) -> Path:
    """Return the place that a path leads to; refuse what nothing can be written to.

    Parameters
    ----------
    path : path
        Where something is to be written. A link stays a link, and may not leave its folder.
    plain : bool
        Refuse pipes and devices as well, which cannot be read back.
    """
    link = Path(path)
    try:
        if not (_is_plain(link) or link.is_dir()):
            if plain:
                raise _refusal("it is a pipe or device", "name a file", path)
            return link
        target = link.resolve()
        if target.is_dir():
            raise _refusal("it is a folder", "name a file in it", path)
        if not target.parent.is_dir():
            raise _refusal(f"the folder {target.parent} does not exist", "create it first", path)
        if link.is_symlink() and target.parent != link.parent.resolve() and _is_plain(target):
            raise _refusal("it is a link that leads out of its folder", f"name {target}", path)
    except (OSError, ValueError, RuntimeError) as error:  # links in a circle are the last
        raise unwritable(path, error) from None
    return target


def check_not_read(target: AnyPath, sources: Iterable[AnyPath]) -> None:
    """Refuse to write over a file that is read, `-` for standard input, also by its address."""
    if not _is_file(Path(target)):
        return
    for source in sources:
        name = os.fspath(source)
        # Addresses of files in archives, caches and the like have several parts.
        names = [name, *(part.rpartition("://")[2] for part in name.split("::"))]
        if any(_is_same(target, name) for name in names):
            raise _refusal("it is what is read", "name another output", target, Reason.EXISTS)


def _is_same(target: AnyPath, source: str) -> bool:
    try:
        if source == "-" and sys.stdin is not None:
            return os.path.samestat(os.stat(target), os.fstat(sys.stdin.fileno()))  # noqa: PTH116
        return os.path.samefile(target, source)  # noqa: PTH121
    except (OSError, ValueError):  # what is not there, is elsewhere or has no name
        return False


def check_page(path: AnyPath, sources: Iterable[AnyPath]) -> None:
    """Refuse what no page can be written to, what is no page, and what is read."""
    if _is_plain(check(path)) and Path(path).suffix.lower() not in _PAGES:
        raise _refusal("it does not end in .html or .htm, as a page does", "name another", path)
    check_not_read(path, sources)


def check_room(path: AnyPath) -> None:
    """Refuse a place in a folder that no file can be made in, before there is work to lose."""
    import tempfile

    target = check(path)
    try:
        if _is_plain(target):
            tempfile.TemporaryFile(dir=target.parent).close()
    except OSError as error:
        raise unwritable(path, error) from None


def make_folder(path: AnyPath) -> None:
    """Make a folder and those above it, where they are missing."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        fact = f"it cannot be made a folder: {_reason(error)}"
        raise _refusal(fact, "name another", path) from error


@contextmanager
def replacing(
    path: AnyPath, *, verify: Callable[[Path], object] | None = None
) -> Iterator[BinaryIO]:
    """Open a file to be written beside its place and moved there once it is whole.

    What was there before stays until then, and stays if anything goes wrong. It keeps its
    permissions; a new file gets those that the process gives to new files.

    Parameters
    ----------
    path : path
        The place. A pipe or a device is written as it is, unless `verify` is given.
    verify : callable
        Called with the file before it is moved; what it raises leaves the old one.
    """
    try:
        target = check(path, plain=verify is not None)
        if not _is_plain(target):
            with target.open("wb") as stream:
                yield stream
            return
        old = target.stat().st_mode & 0o7777 if target.exists() else None
        # What replaces a private file is private from its first byte on.
        with _beside(target, 0o666 if old is None else 0o600) as (temporary, stream):
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            if old is not None:
                temporary.chmod(old)
            if verify is not None:
                verify(temporary)
            temporary.replace(target)
    except OSError as error:
        raise unwritable(path, error) from error


@contextmanager
def _beside(target: Path, mode: int) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a file beside a place, held until it is moved there, and removed if it is not."""
    name = os.fsdecode(os.fsencode(target.name)[:_LONGEST_NAME])
    opener = partial(os.open, mode=mode)
    with ExitStack() as opening:
        while True:
            temporary = target.with_name(f".{name}.{os.urandom(_RANDOM).hex()}")
            stream = open(temporary, "xb", opener=opener)  # noqa: SIM115  # closed by the stack
            opening.callback(temporary.unlink, missing_ok=True)
            opening.callback(stream.close)
            if os.name != "posix":  # where nobody can remove or move a file that is open
                break
            handle = os.dup(stream.fileno())  # holds it when the stream is closed
            opening.callback(os.close, handle)
            if _hold(handle):
                break
        yield temporary, stream


def remove_abandoned(folder: AnyPath, start: str) -> None:
    """Remove what writers of files that begin so have left in a folder, when they were killed.

    What another process is writing is held by it, and stays.
    """
    left = re.compile(rf"\.{re.escape(start)}.*\.[0-9a-f]{{{2 * _RANDOM}}}")
    with suppress(OSError):
        for each in list(Path(folder).iterdir()):
            with suppress(OSError):
                if left.fullmatch(each.name):
                    _remove_abandoned(each)


def _remove_abandoned(path: Path) -> None:
    if os.name != "posix":
        path.unlink()
        return
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        if _hold(handle):
            path.unlink()
    finally:
        os.close(handle)


def _hold(handle: int) -> bool:
    """Lock an open file until its last handle is closed; tell whether it is there and is ours."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk without locks
        return True
    return os.fstat(handle).st_nlink > 0


def write(path: AnyPath, content: bytes) -> None:
    """Write a file whole."""
    with replacing(path) as stream:
        stream.write(content)


def unwritable(path: AnyPath, error: Exception) -> OutputError:
    """Return the error for a place that the system refuses."""
    fact = f"it cannot be written: {_reason(error)}"
    return _refusal(fact, "make room, or name another output", path)


def _refusal(
    fact: str, remedy: str, path: AnyPath, reason: Reason = Reason.UNWRITABLE
) -> OutputError:
    return OutputError(fact, remedy, reason=reason, path=os.fspath(path))


def _reason(error: Exception) -> object:
    return getattr(error, "strerror", None) or error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or none at all
        return False


def _is_plain(path: Path) -> bool:
    """Tell a file, or a place for one, from pipes and devices."""
    try:
        return path.is_file() or not path.exists()
    except ValueError:  # no name at all
        return True
