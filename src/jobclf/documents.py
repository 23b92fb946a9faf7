"""One posting from one file, whatever it is written in."""

import codecs
import sys
from pathlib import Path

from jobclf.errors import PostingError

LARGEST_FILE = 32 * 2**20  # bytes; no posting is near it
_CONTROL_SHARE = 0.01  # of characters, above which bytes are no text


def read(path: Path) -> str:
    """Return the text of a posting file, `-` for standard input."""
    return decode(_content(path), name(path))


def name(path: Path) -> str:
    """Return what messages call a path."""
    return "standard input" if str(path) == "-" else str(path)


def _content(path: Path) -> bytes:
    called = name(path)
    try:
        if str(path) == "-":
            if sys.stdin is None:
                raise PostingError(f"{called} is closed; name a file or pipe the posting in")
            content = sys.stdin.buffer.read(LARGEST_FILE + 1)
        elif path.is_dir():
            raise PostingError(f"{called} is a folder; name a file in it")
        else:
            with path.open("rb") as stream:
                content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise PostingError(f"{called} does not exist; check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PostingError(f"{called} cannot be read: {reason}; check the path") from None
    if len(content) > LARGEST_FILE:
        raise PostingError(
            f"{called} is over {LARGEST_FILE >> 20} MB; no single posting is so long, name another"
        )
    return content


def decode(content: bytes, name: str = "the posting") -> str:
    """Decode UTF-8 (with or without BOM), UTF-16 or Windows-1252; refuse what is no text."""
    text = _decoded(content, name) if content.strip() else ""
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise PostingError(f"{name} is empty; give the full text of a posting")
    crumbs = sum(character < " " and character not in "\t\n\r\f\v" for character in text)
    if crumbs > _CONTROL_SHARE * len(text):
        raise PostingError(f"{name} is no text but binary data; save the posting as text")
    return text


def _decoded(content: bytes, name: str) -> str:
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16")
        if content[:400].count(0) > len(content[:400]) // 4:
            return content.decode("utf-16-be" if content[0] == 0 else "utf-16-le")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise PostingError(
            f"{name} is neither UTF-8, UTF-16 nor Windows-1252; save it as UTF-8"
        ) from None
