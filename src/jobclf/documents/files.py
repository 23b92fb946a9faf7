"""Postings from files of one posting each, whatever they are written in."""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from jobclf import limits
from jobclf.documents import encodings, formats
from jobclf.documents.html import as_text, is_page
from jobclf.documents.notices import is_blocked
from jobclf.documents.posting import Posting
from jobclf.errors import JobclfError, PostingError, Reason
from jobclf.text.cleaning import clean
from jobclf.text.job_lists import positions
from jobclf.text.patterns import pattern

MAILS = frozenset({".eml", ".emlx", ".mhtml", ".mht", ".mbox"})
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_MARKDOWN = frozenset({".md", ".markdown"})
_PACKED = frozenset({".pdf", ".docx", ".docm", ".dotx", ".dotm", ".odt", ".ott", ".webarchive"})
_OTHERS = frozenset({".txt", ".text", ".doc", ".rtf", ".fodt"})
ENDINGS = _OTHERS | MAILS | _PAGES | _MARKDOWN | _PACKED
_LOCKS = ("~$", ".~lock.")  # how the names of files begin that say that another is open
_LONGEST_NAME = 200  # letters of a text that may be the name of a file
_CONTROL_SHARE = 0.01  # of characters, above which bytes are no text
_BAD_SHARE = 0.1  # of bytes that are of no letter
_GZIP, _GZIP_FORM = b"\x1f\x8b\x08", 31
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v"))
_MAILBOX = pattern(r"From \S{1,200} .{0,80}\d\d:\d\d.{0,80}\n[A-Za-z][\w-]+: ", re.ASCII)
_MAIL_HEADER = pattern(r"(?:[A-Za-z][\w-]+: .*\n(?:[ \t].*\n)*)*MIME-Version:", re.ASCII)


def written(path: str | os.PathLike[str]) -> str:
    """Return a path as `pathlib` writes it, which takes as long to load as a posting to judge.

    >>> written("jobs/a.txt"), written("./jobs//a.txt")
    ('jobs/a.txt', 'jobs/a.txt')
    """
    name = os.fspath(path)
    parts = name.split("/")
    if os.sep == "/" and name and parts[-1] and "." not in parts and "" not in parts[1:]:
        return name
    from pathlib import Path

    return str(Path(name))


def suffix(path: str | os.PathLike[str]) -> str:
    """Return the ending of a path in small letters, "" for none.

    >>> suffix("jobs/a.TXT"), suffix("jobs/.hidden")
    ('.txt', '')
    """
    base = os.path.basename(written(path))  # noqa: PTH119
    at = base.rfind(".")
    return base[at:].lower() if 0 < at < len(base) - 1 else ""


def local(path: str | os.PathLike[str]) -> str:
    """Return the path of a file on this machine; refuse an address, which would lose a slash."""
    name = os.fspath(path)
    if "://" in name and not os.path.lexists(name):
        if name.lower().startswith(("http://", "https://")):
            raise PostingError(
                "it is a web address",
                "save the page and give the file",
                reason=Reason.UNSUPPORTED,
                path=name,
            )
        raise PostingError(
            "it is an address and no table",
            "copy the file and name the copy",
            reason=Reason.UNSUPPORTED,
            path=name,
        )
    return written(name)


def read(path: str | os.PathLike[str]) -> tuple[Posting, ...]:
    """Return the postings in a file, `-` for standard input; a page or a text can hold several."""
    named = written(path)
    return parsed(_content(named), suffix(named), named)


def parsed(content: bytes, ending: str, path: str) -> tuple[Posting, ...]:
    """Return the postings in the content of a file that ends in `ending`; `path` names it."""
    called = name(path)
    if content.startswith(_GZIP):
        content = _unpacked(content, called)
    if os.path.basename(written(path)).startswith(_LOCKS):  # noqa: PTH119
        fact = "it only says that a document is open in an office program"
        raise PostingError(fact, "name the document", reason=Reason.UNSUPPORTED, path=called)
    if len(content) > limits.FILE:
        raise PostingError(
            f"it is over {limits.FILE >> 20} MB, as no single posting is",
            "split it, or name another",
            reason=Reason.TOO_LARGE,
            path=called,
        )
    read_ = _postings if len(content) <= limits.ORDINARY_FILE else _apart
    try:
        found = read_(content, ending)
    except JobclfError as error:
        kind = type(error) if isinstance(error, PostingError) else PostingError
        raise kind(error.fact, error.remedy, reason=error.reason, path=called) from None
    return tuple(
        replace(
            each,
            text=clean(each.text),
            path=path if len(found) == 1 else f"{path}#{number}",
        )
        for number, each in enumerate(found, 1)
    )


def _unpacked(content: bytes, called: str) -> bytes:
    """Return what is packed by gzip, whatever the file is called; no more than a file may hold."""
    import zlib

    try:
        return zlib.decompressobj(_GZIP_FORM).decompress(content, limits.FILE + 1)
    except zlib.error:
        fact = "it is packed by gzip and damaged"
        raise PostingError(fact, "get it again", reason=Reason.DAMAGED, path=called) from None


def _apart(content: bytes, ending: str) -> tuple[Posting, ...]:
    """Read bytes in a process of its own, which a file made for it may end."""
    from jobclf.processes import parsing

    found = parsing.isolated("jobclf.documents.files:given", ending, content=[content])
    return tuple(
        Posting(text, title, company, "", tuple(notes)) for text, title, company, notes in found
    )


def given(
    content: BinaryIO, ending: str
) -> Iterator[tuple[str, str | None, str | None, tuple[str, ...]]]:
    """Yield the text, title, company and notes of each posting in a file."""
    for each in _postings(content.read(), ending):
        yield each.text, each.title, each.company, each.notes


def _postings(content: bytes, ending: str) -> tuple[Posting, ...]:
    """Read bytes by what they are, and by the file's ending where that does not show."""
    packed = formats.packed(content)
    if packed is not None:
        return _each(packed)
    if content.startswith(formats.WEB_ARCHIVE):
        return formats.web_archive(content)
    if ending in _PACKED:
        raise PostingError(
            f"it ends in {ending} and is none", "save it again", reason=Reason.DAMAGED
        )
    decoded = decode(content)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    is_mailbox = _MAILBOX.match(text) is not None
    if ending in MAILS or is_mailbox or (ending in {"", ".doc"} and _MAIL_HEADER.match(text)):
        from jobclf.documents import mail

        return mail.read_all(content) if is_mailbox else mail.read(content)
    if ending in _PAGES or is_page(text):
        from jobclf.documents import pages

        found = pages.postings(text)
    elif is_blocked(text.lstrip().partition("\n")[0], text):
        fact = "it is the text of a page that was not found or may not be seen"
        raise PostingError(fact, "open the posting and save that", reason=Reason.NO_TEXT)
    else:
        found = _each(formats.markdown(text) if ending in _MARKDOWN else Posting(as_text(text)))
    return tuple(replace(each, notes=decoded.notes) for each in found)


def _each(posting: Posting) -> tuple[Posting, ...]:
    """Return the postings of a text that has several under their titles, if each is whole."""
    found = positions(posting.text)
    texts = [posting.text[each.start : each.end] for each in found]
    if texts:
        from jobclf.documents.main_text import is_whole

        if all(map(is_whole, texts)):
            pairs = zip(found, texts, strict=True)
            return tuple(replace(posting, text=text, title=each.title) for each, text in pairs)
    return (posting,)


def name(path: str | os.PathLike[str]) -> str:
    """Return what messages call a path."""
    return "standard input" if os.fspath(path) == "-" else written(path)


def _content(path: str) -> bytes:
    called = name(path)
    try:
        if path == "-":
            if sys.stdin is None:
                raise PostingError(
                    "it is closed", "name a file or pipe the posting in", path=called
                )
            content = sys.stdin.buffer.read(limits.FILE + 1)
        elif os.path.isdir(path):  # noqa: PTH112
            raise PostingError(
                "it is a folder", "name a file in it", reason=Reason.SEVERAL, path=called
            )
        else:
            with open(path, "rb") as stream:  # noqa: PTH123
                content = stream.read(limits.FILE + 1)
    except FileNotFoundError:
        raise PostingError(
            "it does not exist", "check the path", reason=Reason.NOT_FOUND, path=called
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PostingError(f"it cannot be read: {reason}", "check the path", path=called) from None
    return content


def decode(content: bytes) -> encodings.Decoded:
    """Decode bytes as `encodings.decode` does; refuse what is no text."""
    decoded = encodings.decode(content)
    text = decoded.text
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise PostingError("it is empty", "give the full text of a posting", reason=Reason.EMPTY)
    letters = text.encode("utf-8", "replace")
    controls = len(letters) - len(letters.translate(None, _CONTROLS))
    if controls > _CONTROL_SHARE * len(text) or decoded.replaced > _BAD_SHARE * len(content):
        raise PostingError(
            "it is no text but binary data", "save the posting as text", reason=Reason.NOT_TEXT
        )
    return decoded


def hinted(error: PostingError, text: str, function: str) -> PostingError:
    """Return the error on a text, with a hint to the function that reads where it names a file."""
    # `Path.is_file` would raise what the system says of odd names.
    if len(text) < _LONGEST_NAME and text.split() == [text] and os.path.isfile(text):  # noqa: PTH113
        remedy = f"{error.remedy}; to read a file use {function}"
        return PostingError(error.fact, remedy, reason=error.reason)
    return error
