"""The files that names stand for: files, folders, patterns, addresses; and what is left out."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator

from jobclf.documents.files import ENDINGS as DOCUMENTS
from jobclf.documents.files import suffix
from jobclf.errors import DatasetError, JobclfError, PostingError, Reason
from jobclf.tables import forms

# What tools keep beside data, jobclf itself among them.
_NOT_DATA = frozenset(
    {"_manifest.json", "_SUCCESS", "_metadata", "_common_metadata", "desktop.ini"}
)
_NOT_FOLDERS = frozenset({"_parts", "__MACOSX", "__pycache__", "node_modules"})
_SHOWN = 5  # endings named in messages
_MOST_NAMED = 500  # files that are not read
_INDEX = "index.csv"  # beside folders, it says more of what is in them
_OTHER = "special files"  # pipes, devices and links that lead nowhere


class Listing:
    """The names of files and addresses in order, and by folder what in it is not read.

    `not_read` names the first of those, `left_out` counts all by their endings.
    """

    def __init__(self, left_out: dict[str, Counter[str]] | None = None) -> None:
        self.names: list[str] = []
        self.left_out = left_out or {}
        self.not_read: list[str] = []

    def leave(self, name: str) -> None:
        """Note a file that is not read."""
        if len(self.not_read) < _MOST_NAMED:
            self.not_read.append(name)

    @property
    def said(self) -> tuple[str, ...]:
        """What is left out, a line a folder, for people.

        >>> Listing({"jobs": Counter({".png": 12, ".zip": 1})}).said
        ('jobs: 13 files are not read (12 .png, 1 .zip)',)
        """
        return tuple(
            f"{folder}: {counts.total():,} file{'s are' if counts.total() > 1 else ' is'} not read "
            f"({_shown(counts)})"
            for folder, counts in self.left_out.items()
            if counts
        )


def _shown(counts: Counter[str]) -> str:
    most = counts.most_common(_SHOWN)
    rest = counts.total() - sum(count for _, count in most)
    shown = [f"{count:,} {kind}" for kind, count in most]
    return ", ".join([*shown, f"{rest:,} others"] if rest else shown)


def files_of(paths: Iterable[str | os.PathLike[str]]) -> Listing:
    """List the files that paths name.

    Parameters
    ----------
    paths : iterable of str or path
        Files as they are, also such as are not there: who reads them says so. Of folders all that
        is within, by the endings that are read. Of patterns (`*`, `?`, `[0-3]`, `**`) what they
        match, by those endings if some have them. `-` for standard input, and addresses.

    Raises
    ------
    DatasetError
        Where a folder or a pattern has nothing that is read.
    """
    found = Listing()
    for path in [os.fspath(each) for each in paths]:
        if path == "-":
            found.names.append(path)
        elif "://" in path and not os.path.lexists(path):
            found.names.extend(_addresses(path))
        elif os.path.isdir(path):  # noqa: PTH112  # odd names are no folders to it
            _walk(path, found)
        elif _is_pattern(path) and not os.path.lexists(path):
            _match(path, found)
        else:
            found.names.append(path)
    return found


def _addresses(address: str) -> Iterator[str]:
    """Yield what a pattern or a folder elsewhere names; any other address as it is."""
    from jobclf.tables import streams

    marks = "*[" if address.lower().startswith("http") else "*?["  # `?` begins a query there
    if address.endswith("/") and not address.lower().startswith("http"):
        names = [each for each in streams.remote(f"{address}**") if forms.is_read(each)]
        yield from (each for each in names if not _is_aside(each.rpartition("/")[2]))
    elif forms.ending(address) in forms.ENDINGS and any(mark in address for mark in marks):
        yield from streams.remote(address)
    else:
        yield address


def _walk(folder: str, found: Listing) -> None:
    """Add what a folder has; links to folders are not followed, so it ends."""
    before = len(found.names)
    counts = found.left_out.setdefault(folder, Counter())

    def unread(_: OSError) -> None:
        counts["folders that cannot be searched"] += 1

    for place, folders, names in os.walk(folder, onerror=unread):
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and each not in _NOT_FOLDERS
        )
        for each in sorted(names):
            if _is_aside(each) or (each == _INDEX and folders):
                continue
            path = os.path.join(place, each)  # noqa: PTH118  # a third of the time
            if not os.path.isfile(path):  # noqa: PTH113
                counts[_OTHER] += 1
                found.leave(path)
            elif forms.is_read(each):
                found.names.append(path)
            else:
                counts[suffix(each) or "without an ending"] += 1
                found.leave(path)
    if len(found.names) == before:
        raise DatasetError(
            f"no file in it is read ({_shown(counts)})" if counts else "it is empty",
            f"jobclf reads {_read()}",
            reason=Reason.EMPTY,
            path=folder,
        )


def _is_aside(name: str) -> bool:
    return name.startswith((".", "~$")) or name in _NOT_DATA


def _read() -> str:
    return " ".join(sorted({*forms.ENDINGS, *DOCUMENTS}))


def _is_pattern(name: str) -> bool:
    return "*" in name or "?" in name or "[" in name


def _matching(pattern: str) -> list[str]:
    """Return what a pattern matches, but for what is hidden; `**` follows no links."""
    from pathlib import Path

    parts = Path(pattern).parts
    first = next(at for at, part in enumerate(parts) if _is_pattern(part))
    base = Path(*parts[:first])
    try:
        found = [each.relative_to(base) for each in base.glob(str(Path(*parts[first:])))]
    except (ValueError, OSError, RecursionError):  # `**` beside letters, or a thousand folders
        return []
    shown = [each for each in found if not any(map(_is_aside, each.parts))]
    return sorted(str(base / each) for each in shown)


def _match(pattern: str, found: Listing) -> None:
    matches = _matching(pattern)
    folders = [each for each in matches if os.path.isdir(each)]  # noqa: PTH112
    names = [each for each in matches if os.path.isfile(each)]  # noqa: PTH113
    known = [each for each in names if forms.is_read(each)]
    if "**" not in pattern and not names:  # folders alone: what is in them
        for each in folders:
            _walk(each, found)
        if folders:
            return
    if not names:
        raise PostingError(
            "it matches no file", "check the pattern", reason=Reason.NOT_FOUND, path=pattern
        )
    if known:
        others = [each for each in names if not forms.is_read(each)]
        found.left_out[pattern] = Counter(map(suffix, others))
        for each in others:
            found.leave(each)
    found.names.extend(known or names)


def has_table(paths: Iterable[str | os.PathLike[str]], form: str | None = None) -> bool:
    """Tell whether a table is among what paths name, so that the answer is rows."""
    try:
        names = files_of(paths).names
    except JobclfError:  # it is raised when they are opened
        return False
    return any(forms.form_of(name, form) != forms.DOCUMENT for name in names)


def left_out(paths: Iterable[str | os.PathLike[str]]) -> tuple[str, ...]:
    """Return what the folders and patterns among paths hold that is not read, a line each."""
    try:
        return files_of(paths).said
    except JobclfError:  # it is raised when they are opened
        return ()


def read_files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """Yield the files and addresses that paths name, themselves among them."""
    for path in paths:
        yield os.fspath(path)
        try:
            yield from files_of([path]).names
        except JobclfError:
            continue
