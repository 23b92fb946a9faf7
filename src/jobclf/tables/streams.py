"""Files and addresses as streams of bytes, unpacked; what an address names, and when it changes."""

import io
import json
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from jobclf.errors import DatasetError, JobclfError, Reason, extra_missing
from jobclf.tables import arriving, zipped

_BROKEN = (
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    zipfile.BadZipFile,
)  # what damaged files raise while read
_OFFICE = (".xlsx", ".xlsm", ".xlsb", ".ods", ".docx", ".odt")  # zip archives, read as such
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"  # how such files begin
# What changes with the content of a file afar, as the kinds of address name it.
_STAMPS = ("size", "etag", "md5", "generation", "created", "modified", "mtime", "checksum")


def opened(name: str, opening: ExitStack) -> tuple[BinaryIO, int, Callable[[], float]]:
    """Open a file or an address, unpacked; what must be closed later is added to `opening`.

    Also return its bytes, 0 if they are unknown, and a function that tells the share read so far.
    """
    try:
        if name == "-":
            return arriving.standard_input(), 0, lambda: 0.0
        stream = _remote(name) if "://" in name else Path(name).open("rb")  # noqa: SIM115
        opening.callback(stream.close)
        raw = stream
        size = os.fstat(raw.fileno()).st_size if "://" not in name else getattr(raw, "size", 0) or 0
        stream = _buffered(stream)
        begins = stream.peek(len(_ZSTD))  # what a browser saves it may have unpacked, or not
        if begins.startswith(_GZIP):
            import gzip

            stream = _buffered(gzip.GzipFile(fileobj=stream))
        elif begins.startswith(_ZSTD):
            import pyarrow as pa

            stream = _buffered(pa.CompressedInputStream(stream, "zstd"))
        elif begins.startswith(zipped.START) and not name.lower().endswith(_OFFICE):
            stream = _buffered(zipped.only_part(stream, opening) or stream)
        opening.callback(stream.close)
    except FileNotFoundError:
        raise _missing(name, "check the path") from None
    except _BROKEN as error:
        reason = getattr(error, "strerror", None) or first_line(error)
        raise DatasetError(f"it cannot be read: {reason}", "check it", path=name) from None

    def share() -> float:
        # Rows are still judged by other processes when all of them are read and the file is closed.
        return 1.0 if raw.closed else raw.tell() / size if size else 0.0

    return stream, size, share


def _buffered(stream: Any) -> io.BufferedReader:
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)


def _remote(name: str) -> Any:
    try:
        import fsspec
    except ImportError:
        raise extra_missing("reading from an address", "tables", kind=DatasetError) from None
    try:
        return fsspec.open(name, "rb").open()
    except FileNotFoundError:
        raise
    except Exception as error:  # noqa: BLE001  # each kind of address has errors of its own
        raise unreachable(error, name, "it cannot be opened") from None


def remote(pattern: str) -> list[str]:
    """Return the addresses that a pattern such as s3://bucket/*.parquet names, sorted."""
    with _listing(pattern) as (system, path):
        found = [system.unstrip_protocol(each) for each in sorted(system.glob(path))]
    if not found:
        raise DatasetError(
            "it names no table", "check the address", reason=Reason.NOT_FOUND, path=pattern
        )
    return found


def stamp(path: str | os.PathLike[str]) -> str:
    """Return what changes when a table does: of a file its size and time, afar what is told."""
    name = os.fspath(path)
    if "://" not in name:
        try:
            known = Path(name).stat()
        except OSError as error:
            fact = f"it cannot be read: {error.strerror}"
            raise DatasetError(fact, "check the path", path=name) from None
        return f"{known.st_size} {known.st_mtime_ns}"
    with _listing(name) as (system, place):
        system.invalidate_cache()
        told = system.info(place)
    kept = {
        key: str(value)
        for key, value in told.items()
        if any(word in re.sub("[^a-z0-9]", "", key.lower()) for word in _STAMPS)
    }
    return json.dumps(kept, sort_keys=True)


@contextmanager
def _listing(address: str) -> Iterator[tuple[Any, str]]:
    """Yield the file system of an address and its path there; name what goes wrong."""
    try:
        import fsspec
    except ImportError:
        raise extra_missing("reading from an address", "tables", kind=DatasetError) from None
    try:
        yield fsspec.core.url_to_fs(address)
    except FileNotFoundError:
        raise _missing(address, "check the address") from None
    except Exception as error:  # noqa: BLE001  # each kind of address has errors of its own
        raise unreachable(error, address, "it cannot be listed") from None


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what goes wrong while a table is read into one error that names it."""
    try:
        yield
    except _BROKEN as error:
        fact = f"it cannot be read to its end: {first_line(error)}"
        raise DatasetError(fact, "get it again", reason=Reason.DAMAGED, path=name) from None


def unreachable(
    error: Exception, address: str, fact: str, kind: type[JobclfError] = DatasetError
) -> JobclfError:
    """Return the error for an address by what fsspec raised: a package that it needs, or the fact.

    Parameters
    ----------
    error : Exception
        What fsspec raised.
    address : str
        The address.
    fact : str
        What could not be done.
    kind : type of JobclfError
        The class of the error.
    """
    named = re.search(r"[Ii]nstall (\w+) to access|\"(aiohttp)\"", str(error))
    if not isinstance(error, ImportError) or named is None:
        return kind(f"{fact}: {first_line(error)}", "check the address", path=address)
    package = named.group(1) or named.group(2)
    return kind(
        f"it needs the package {package}",
        f"install it: {sys.executable} -m pip install {package}",
        reason=Reason.EXTRA_MISSING,
        path=address,
    )


def _missing(name: str, remedy: str) -> DatasetError:
    return DatasetError("it does not exist", remedy, reason=Reason.NOT_FOUND, path=name)


def first_line(error: Exception) -> str:
    """Return the first line of what an error of another library says."""
    return str(error).split("\n", 1)[0]


def ahead(items: Iterable[Any]) -> Iterator[Any]:
    """Yield items while a thread waits for the next one."""
    with ThreadPoolExecutor(1) as thread:
        source = iter(items)
        coming = thread.submit(next, source, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, source, None)
            yield item
