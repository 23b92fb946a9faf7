"""What can go wrong in the world, as values: where, why, and what to do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, ClassVar, Self

_LONGEST = 1000  # characters of a message
# What stands for an option in a message until it is read; printed text has none of the two letters.
_OPTION = "\x0e([a-z_]+)(?:=([^\x0e\x0f]*)\x0e([^\x0e\x0f]*))?\x0f"
_OTHER_NAMES = {"mapping": "map"}  # of options whose parameters are called otherwise
_on_command_line = False


def option(name: str, value: object = None, typed: str | None = None) -> str:
    """Return what stands for an option in facts, remedies and notes.

    Parameters
    ----------
    name : str
        The parameter of the function.
    value : object, optional
        What it is to be given; True for a flag.
    typed : str, optional
        The same on the command line, where that is something else than its `str`.

    >>> said = f"keep both with {option('prefix')}, or give {option('force', value=True)}"
    >>> spelled(said)
    'keep both with prefix, or give force=True'
    >>> with as_on_command_line():
    ...     spelled(said)
    'keep both with --prefix, or give --force'
    """
    if value is None:
        return f"\x0e{name}\x0f"
    typed = "" if value is True else str(value) if typed is None else typed
    return f"\x0e{name}={value!r}\x0e{typed}\x0f"


def spelled(text: str) -> str:
    """Return a text with its options as the reader writes them: `text_column`, `--text-column`."""
    return re.sub(_OPTION, _spelled, text) if "\x0e" in text else text


def _spelled(found: re.Match[str]) -> str:
    name, value, typed = found.groups()
    if not _on_command_line:
        return name if value is None else f"{name}={value}"
    return f"--{_OTHER_NAMES.get(name, name).replace('_', '-')} {typed or ''}".strip()


@contextmanager
def as_on_command_line(on: bool = True) -> Iterator[None]:  # noqa: FBT001, FBT002
    """Name options as the command line has them, or as parameters again."""
    global _on_command_line  # noqa: PLW0603
    before, _on_command_line = _on_command_line, on
    try:
        yield
    finally:
        _on_command_line = before


class Reason(StrEnum):
    """Why something could not be done: the code of an error, for programs and for counting."""

    # What is given
    NOT_FOUND = "not_found"  # no such file, folder, address, pattern without a match
    UNREADABLE = "unreadable"  # there, and the system refuses to read it
    UNSUPPORTED = "unsupported"  # a form that is not read, named with what to do
    EXTRA_MISSING = "extra_missing"  # a form that needs an optional library
    DAMAGED = "damaged"  # cut off, corrupt, or other than its ending says
    PASSWORD = "password"  # noqa: S105  # wants one
    TOO_LARGE = "too_large"  # beyond a limit
    NOT_TEXT = "not_text"  # binary data, a picture
    # What a posting is
    EMPTY = "empty"
    NO_TEXT = "no_text"  # a document without text: pictures, a page that has not loaded
    TOO_SHORT = "too_short"
    NOT_ENGLISH = "not_english"
    CLOSED = "closed"  # the page says that the posting is closed
    LIST = "list"  # a list of results and no posting
    SEVERAL = "several"  # several postings where one is asked for
    NOT_POSTING = "not_posting"  # a CV, a report, a form of another kind
    # What a table is
    NO_COLUMN = "no_column"
    BAD_ROW = "bad_row"  # a row that cannot be parsed
    BAD_VALUE = "bad_value"  # a cell that holds no text, or no value that can be kept
    # What labels are
    NO_LABEL = "no_label"
    BAD_LABEL = "bad_label"
    CONFLICT = "conflict"  # one posting under two labels
    TOO_FEW = "too_few"  # postings, groups, words
    OVERLAP = "overlap"  # what is measured was learned from
    # What is written
    UNWRITABLE = "unwritable"
    EXISTS = "exists"  # something that would be lost
    CHANGED = "changed"  # changed by another while at work
    # What is asked for
    BAD_OPTION = "bad_option"
    BAD_MODEL = "bad_model"
    BAD_SEEDS = "bad_seeds"
    CLUSTER = "cluster"
    STOPPED = "stopped"  # ended from outside, or over a limit of time or memory
    OTHER = "other"


class JobclfError(Exception):
    r"""The root of all errors that jobclf raises on purpose.

    Parameters
    ----------
    fact : str
        What is so, as a clause without the place: `the PDF is damaged`.
    remedy : str
        What to do, in the imperative: `save it again`.
    reason : Reason
        The code.
    path : str
        The file, folder, address or `standard input` that it is about.
    row : int
        The row of a table, from 1, headers not counted.
    column : str
        The column of a table.

    >>> error = JobclfError("the cell is empty", "fill it", path="a.csv", row=3, column="text")
    >>> str(error)
    "a.csv row 3 column 'text': the cell is empty; fill it"
    >>> str(JobclfError("no column 'a\nb\x1b[2J'"))
    "no column 'a�b�[2J'"
    """

    default: ClassVar[Reason] = Reason.OTHER

    def __init__(
        self,
        fact: str,
        remedy: str = "",
        *,
        reason: Reason | None = None,
        path: str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(fact, remedy)
        self._fact, self._remedy = fact, remedy
        self.reason = self.default if reason is None else reason
        self.path, self.row, self.column = path, row, column

    def at(
        self, *, path: str | None = None, row: int | None = None, column: str | None = None
    ) -> Self:
        """Return the same error at a place; what it knew of its place it keeps."""
        return type(self)(
            self._fact,
            self._remedy,
            reason=self.reason,
            path=self.path if self.path is not None else path,
            row=self.row if self.row is not None else row,
            column=self.column if self.column is not None else column,
        )

    @property
    def fact(self) -> str:
        """What is so, its options named as they are where it is read."""
        return spelled(self._fact)

    @property
    def remedy(self) -> str:
        """What to do, in the same way."""
        return spelled(self._remedy)

    @property
    def as_made(self) -> tuple[str, str]:
        """Fact and remedy for another process, where options may be named in another way."""
        return self._fact, self._remedy

    @property
    def place(self) -> str:
        """Where it is, "" where that is nowhere in particular."""
        parts = [
            self.path or "",
            "" if self.row is None else f"row {self.row:,}",
            "" if self.column is None else f"column {self.column!r}",
        ]
        return " ".join(filter(None, parts))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, those that are known, `message` among them."""
        fields = {
            "reason": str(self.reason),
            "message": str(self),
            "fact": self.fact,
            "remedy": self.remedy,
            "path": self.path,
            "row": self.row,
            "column": self.column,
        }
        return {name: value for name, value in fields.items() if value not in {None, ""}}

    def __str__(self) -> str:
        # Messages quote what the world wrote: names of files, columns and roles.
        whole = f"{self.place}: {self.fact}" if self.place else self.fact
        whole = whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}…"
        return printable(f"{whole}; {self.remedy}" if self.remedy else whole)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:  # errors come from other processes too
        known = (*self.as_made, self.reason, self.path, self.row, self.column)
        return _rebuilt, (type(self), *known)


def _rebuilt(
    kind: type[JobclfError],
    fact: str,
    remedy: str,
    reason: Reason,
    path: str | None,
    row: int | None,
    column: str | None,
) -> JobclfError:
    return kind(fact, remedy, reason=reason, path=path, row=row, column=column)


class PostingError(JobclfError):
    """A posting that cannot be read or answered."""

    default = Reason.UNREADABLE


class DatasetError(JobclfError):
    """Tables or labelled postings that cannot be read or learned from."""

    default = Reason.UNREADABLE


class SeedError(JobclfError):
    """A seed vocabulary that contradicts itself."""

    default = Reason.BAD_SEEDS


class OutputError(JobclfError):
    """A file or folder that cannot be written."""

    default = Reason.UNWRITABLE


class ModelFileError(JobclfError):
    """A model file that is missing, not one, newer, damaged or hostile."""

    default = Reason.BAD_MODEL


def unusable(fact: str, *, reason: Reason | None = None) -> ModelFileError:
    """Return the error for a model file that is damaged, foreign or hostile, by what shows it."""
    return ModelFileError(fact, "train it again, or name another", reason=reason)


def printable(text: str) -> str:
    r"""Return what the world wrote in a form that cannot steer a terminal.

    >>> printable("posting\x1b[2J.txt")
    'posting�[2J.txt'
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def extra_missing(what: str, extra: str, *, kind: type[JobclfError] = PostingError) -> JobclfError:
    """Return the error for a form that needs an optional library.

    Names the command that works where the user is: this interpreter's own pip, and the libraries
    by name, for no index has jobclf; or a clone by its path where jobclf runs uninstalled from one.

    Parameters
    ----------
    what : str
        What needs it: `reading PDF`.
    extra : str
        The extra of the package: `documents`.
    kind : type of JobclfError
        The class of the error.
    """
    import sys

    needed = " ".join(f"'{each}'" for each in _requirements(extra) or [_source(extra)])
    command = f"install it: {sys.executable} -m pip install {needed}"
    return kind(f"{what} needs the extra {extra!r}", command, reason=Reason.EXTRA_MISSING)


def _requirements(extra: str) -> list[str]:
    """Return what an extra of the installed package is made of, none where it is not installed."""
    from importlib import metadata

    try:
        requires = metadata.requires("jobclf") or []
    except metadata.PackageNotFoundError:
        return []
    found: list[str] = []
    for requirement, _, condition in (each.partition(";") for each in requires):
        if f"extra == {extra!r}" in condition.replace('"', "'"):
            inner = requirement.strip().removeprefix("jobclf[").removesuffix("]")
            found += [inner] if inner == requirement.strip() else _requirements(inner)
    return found


def _source(extra: str) -> str:
    from pathlib import Path

    clone = Path(__file__).parents[2]
    return f"{clone if (clone / 'pyproject.toml').exists() else 'jobclf'}[{extra}]"
