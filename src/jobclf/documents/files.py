"""Postings from files of one posting each, whatever they are written in."""

import codecs
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from jobclf.documents import formats, pages
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, printable

LARGEST_FILE = 32 * 2**20  # bytes; no posting is near it
_MAILS = frozenset({".eml", ".mhtml", ".mht"})
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_MARKDOWN = frozenset({".md", ".markdown"})
_PACKED = frozenset({".pdf", ".docx"})
ENDINGS = frozenset({".txt", ".text"}) | _MAILS | _PAGES | _MARKDOWN | _PACKED
_CONTROL_SHARE = 0.01  # of characters, above which bytes are no text
_CONTROLS = dict.fromkeys(set(range(32)) - set(map(ord, "\t\n\r\f\v")))
_MAIL_HEADER = re.compile(r"(?:[A-Za-z][\w-]+: .*\n(?:[ \t].*\n)*)*MIME-Version:", re.ASCII)


def local(path: str | os.PathLike[str]) -> Path:
    """Return the path of a file on this machine; refuse an address, which would lose a slash."""
    name = os.fspath(path)
    if "://" in name and not os.path.lexists(name):
        if name.lower().startswith(("http://", "https://")):
            raise PostingError(f"{name} is a web address; save the page and give the file")
        raise PostingError(f"{name} is an address and no table; copy the file and name the copy")
    return Path(name)


def _matching(pattern: str) -> list[str] | None:
    """Return what a pattern matches, None for what is no pattern."""
    import glob

    return sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else None  # noqa: PTH207


def find(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Path]:
    """Yield the files that paths name: files as they are, folders and globs by known endings."""
    for path in [os.fspath(path) for path in paths]:
        if path == "-" or (os.path.lexists(path) and not Path(path).is_dir()):
            yield Path(path)
        elif Path(path).is_dir():
            yield from _inside(Path(path))
        elif "://" not in path and (matches := _matching(path)) is not None:
            if not matches:
                raise PostingError(f"{path} matches no file; check the pattern")
            files = [match for match in map(Path, matches) if match.is_file()]
            yield from [file for file in files if file.suffix.lower() in ENDINGS] or files
        else:
            yield local(path)  # the reader says what else is wrong with it


def _inside(folder: Path) -> Iterator[Path]:
    empty = True
    for place, folders, names in os.walk(folder):  # does not follow links, so it ends
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for each in sorted(names):
            if Path(each).suffix.lower() in ENDINGS and not each.startswith("."):
                empty = False
                yield Path(place, each)
    if empty:
        known = " ".join(sorted(ENDINGS))
        raise PostingError(f"{folder} holds no posting; jobclf reads {known}")


def read(path: Path) -> tuple[Posting, ...]:
    """Return the postings in a file, `-` for standard input; only a page can hold several."""
    called, content = name(path), _content(path)
    try:
        found = _postings(content, path.suffix.lower(), called)
    except PostingError as error:
        known = str(error).startswith(printable(called))
        raise (error if known else error.at(path=called)) from None
    return tuple(
        replace(
            each,
            text=_plain(each.text),
            path=str(path) if len(found) == 1 else f"{path}#{number}",
        )
        for number, each in enumerate(found, 1)
    )


def _postings(content: bytes, ending: str, called: str) -> tuple[Posting, ...]:
    """Read bytes by what they are, and by the file's ending where that does not show."""
    packed = formats.packed(content)
    if packed is not None:
        return (packed,)
    if ending in _PACKED:
        raise PostingError(f"it ends in {ending} and is none; save it again")
    text = decode(content, called).replace("\r\n", "\n").replace("\r", "\n")
    if ending in _MAILS or (not ending and _MAIL_HEADER.match(text)):
        return formats.mail(content)
    if ending in _PAGES or pages.is_page(text):
        return pages.postings(text)
    return (formats.markdown(text) if ending in _MARKDOWN else Posting(text),)


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
    controls = len(text) - len(text.translate(_CONTROLS))
    if controls > _CONTROL_SHARE * len(text):
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


def _plain(text: str) -> str:
    """Return a text with ligatures and wide letters as plain ones, and no soft hyphens."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return text.replace("\xad", "")
