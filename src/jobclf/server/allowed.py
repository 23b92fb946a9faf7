"""Files that an agent may have read: those below the folders that a person allowed."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from jobclf import limits
from jobclf.errors import JobclfError, PostingError, Reason

_FOLDER = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
# A pipe would be waited for, and a link may have come into the place since it was resolved.
_FILE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def folders(names: Sequence[str]) -> tuple[Path, ...]:
    """Return folders by their real paths; refuse what is none."""
    found = []
    for name in names:
        path = Path(name)
        if not path.is_dir():
            raise JobclfError(
                "it is no folder", "allow one that is there", reason=Reason.NOT_FOUND, path=name
            )
        found.append(path.resolve())
    return tuple(found)


def read(name: str, allowed: Sequence[Path]) -> bytes:
    """Return the content of a file below one of the folders, links resolved.

    Parameters
    ----------
    name : str
        A path, absolute or from one of the folders on.
    allowed : sequence of paths
        The folders, by their real paths.

    Raises
    ------
    PostingError
        If it is elsewhere, also by a link; is no plain file; or is too large.
    """
    found = next(filter(None, (_below(folder, name) for folder in allowed)), None)
    if found is None:
        # The same words for what is elsewhere and for what is not there: it tells nothing of it.
        shown = ", ".join(map(str, allowed))
        remedy = f"name a file below {shown}" if allowed else "start jobclf mcp with --allow FOLDER"
        raise PostingError(
            "there is no such file in a folder that is allowed",
            remedy,
            reason=Reason.NOT_FOUND,
            path=name,
        )
    try:
        return _content(*found)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise PostingError(f"it cannot be read: {why}", "check the file", path=name) from None
    except PostingError as error:
        raise error.at(path=name) from None


def _below(folder: Path, name: str) -> tuple[Path, tuple[str, ...]] | None:
    """Return a folder and the parts of the real path below it, None where it leads elsewhere."""
    try:
        real = Path(folder, name).resolve(strict=True)
        return folder, real.relative_to(folder).parts
    except (OSError, ValueError, RuntimeError):  # not there; elsewhere; a loop of links
        return None


def _content(folder: Path, parts: tuple[str, ...]) -> bytes:
    """Read a file, going down from the folder part by part, so that no new link is followed."""
    if not parts:
        raise PostingError("it is a folder", "name a file in it", reason=Reason.SEVERAL)
    if os.open in os.supports_dir_fd:
        at = os.open(folder, os.O_RDONLY | _FOLDER)
        try:
            for part in parts[:-1]:
                below = os.open(part, os.O_RDONLY | _FOLDER, dir_fd=at)
                os.close(at)
                at = below
            opened = os.open(parts[-1], os.O_RDONLY | _FILE, dir_fd=at)
        finally:
            os.close(at)
    else:
        opened = os.open(folder.joinpath(*parts), os.O_RDONLY | _FILE)
    try:
        kind = os.fstat(opened).st_mode
        if stat.S_ISDIR(kind):
            raise PostingError("it is a folder", "name a file in it", reason=Reason.SEVERAL)
        if not stat.S_ISREG(kind):
            raise PostingError("it is no file", "name a file", reason=Reason.UNSUPPORTED)
        with os.fdopen(opened, "rb", closefd=False) as stream:
            content = stream.read(limits.FILE + 1)
    finally:
        os.close(opened)
    if len(content) > limits.FILE:
        raise PostingError(
            f"it is over {limits.FILE >> 20} MB", "give less", reason=Reason.TOO_LARGE
        )
    return content
