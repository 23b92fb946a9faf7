"""Files that are written whole or not at all."""

import os
import tempfile
from pathlib import Path

from jobclf.errors import OutputError


def shown(name: str) -> str:
    r"""Return a name with nothing in it that could steer a terminal.

    >>> shown("a\x1b[2J.txt")
    'a�[2J.txt'
    """
    return "".join(letter if letter.isprintable() else "�" for letter in name)


def check(target: Path) -> None:
    """Refuse early a place that nothing can be written to."""
    if target.is_dir():
        raise OutputError(f"{target} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise OutputError(f"{target.parent} is no folder to write to; create it first")


def write(target: Path, content: bytes) -> None:
    """Write beside a file's place and move it there, so that no half of it is ever seen."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror}; name another") from None
