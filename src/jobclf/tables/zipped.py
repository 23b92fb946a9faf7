"""Zip archives that hold one file, as data is handed out: that file as a stream."""

import zipfile
from contextlib import ExitStack
from typing import Any, BinaryIO

from jobclf import limits

START = b"PK\x03\x04"
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1  # a flag of a part
_TAIL = 1 << 16  # bytes at the end in which an archive says what it holds
_END, _LARGE = b"PK\x05\x06", b"PK\x06\x07"
_OF_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/", "Index/")
_ASIDE = "__MACOSX/"


def only_part(stream: BinaryIO, opening: ExitStack) -> Any:
    """Return the one file in an archive as a stream, None for any other archive.

    An archive of several, with a password or of an office program is left at its start for who
    reads those, or says what it is.
    """
    try:
        if _is_small(stream):
            archive = opening.enter_context(zipfile.ZipFile(stream))
            parts = [
                part
                for part in archive.infolist()
                if not (part.is_dir() or part.filename.startswith(_ASIDE))
            ]
            if len(parts) == 1 and _is_plain(parts[0]):
                return archive.open(parts[0])
    except (zipfile.BadZipFile, NotImplementedError, UnicodeError):
        pass
    stream.seek(0)
    return None


def _is_plain(part: zipfile.ZipInfo) -> bool:
    return (
        part.compress_type in _PACKINGS
        and not part.flag_bits & _ENCRYPTED
        and not part.filename.startswith(_OF_OFFICE)
    )


def _is_small(stream: BinaryIO) -> bool:
    """Tell by its last bytes whether an archive has few parts, before all of them are listed."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read()
    at = tail.rfind(_END)
    return (
        at >= 0
        and _LARGE not in tail
        and int.from_bytes(tail[at + 10 : at + 12], "little") <= limits.ARCHIVE_PARTS
        and int.from_bytes(tail[at + 12 : at + 16], "little") <= limits.ARCHIVE_READ
    )
