"""Files that are either whole or not there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from jobclf.errors import JobclfError


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file to be written beside its place and moved there once it is whole.

    What was there before stays until then, and stays if anything goes wrong. A pipe or a device is
    written as it is.
    """
    target = Path(path)
    try:
        target = target.resolve()  # a link stays a link
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise JobclfError(f"{path} is a folder; name a file to write")
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
        raise JobclfError(f"{path} cannot be written: {error.strerror or error}") from None
