"""The columns of a table: which hold the text, the title and what else a row is judged by."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jobclf.errors import DatasetError, Reason

MOST_COLUMNS = 10_000  # each row has a cell for every one
_LONGEST_NAME = 200  # letters; what is longer is no name
_SHOWN = 40  # letters of a name in messages
# What people call the columns, letters and digits only, the surest first.
_TEXTS = (
    "descriptionplain", "jobdescription", "description", "descriptionhtml", "fulldescription",
    "descriptiontext", "jobtext", "postingtext", "fulltext", "text", "body", "content", "jd",
    "jobdetails", "details", "posting",
)  # fmt: skip
COMPANIES = ("company", "companyname", "employer", "organization", "hiringorganization")
LABELS = ("label", "role", "class", "category", "target", "jobrole", "labels")
_TITLES = ("title", "jobtitle", "positiontitle", "jobname", "position", "roletitle")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns that a caller names, by their names or dotted paths; empty for what is usual."""

    texts: tuple[str, ...] = ()
    title: str | None = None
    company: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what: their names, or dotted paths into nested ones.

    `texts` holds those that a row's text is put together from; each row takes what it has.
    `by_content` tells whether they were found by what they hold, as no name is known.
    """

    texts: tuple[str, ...]
    title: str | None = None
    company: str | None = None
    label: str | None = None
    by_content: bool = False


def choose(columns: tuple[str, ...], name: str, wanted: Wanted) -> Columns:
    """Return the columns of a table that are read, those named or else those of usual names."""
    text, title = wanted.texts[0] if wanted.texts else None, wanted.title
    for option, column in (("--text-column", text), ("--title-column", title)):
        if column is not None and column not in columns:
            raise DatasetError(
                f"there is no column {column!r} for {option}",
                f"name one of {listed(columns)}",
                reason=Reason.NO_COLUMN,
                path=name,
            )
    company = wanted.company or usual(columns, COMPANIES)
    label = wanted.label or usual(columns, LABELS)
    if _is_lever(columns):
        text = text or usual(columns, _TEXTS[:3]) or "text"
        return Columns((text,), title or "text", company, label)
    text = text or usual(columns, _TEXTS)
    if text is None:
        raise DatasetError(
            "no column is known as the text",
            f"name one with --text-column: {listed(columns)}",
            reason=Reason.NO_COLUMN,
            path=name,
        )
    title = title or usual([each for each in columns if each != text], _TITLES)
    return Columns((text,), title, company, label)


def path_in(row: dict[str, Any], path: str) -> Any:
    """Return what a column or a dotted path finds in a row; None for nothing."""
    if path in row:
        return row[path]
    found: Any = row
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _is_lever(columns: Iterable[str]) -> bool:
    """Tell whether rows are Lever's: its `text` is the title, the text stands in parts."""
    return {"text", "lists"} <= {*columns} and usual(columns, _TEXTS[:3]) is not None


def usual(columns: Iterable[str], names: tuple[str, ...]) -> str | None:
    """Return the first column that goes by one of the names, letters and digits alone compared."""
    plain: dict[str, str] = {}
    for column in columns:
        plain.setdefault(re.sub(r"[^a-z0-9]", "", column.lower()), column)
    return next((plain[name] for name in names if name in plain), None)


def listed(columns: tuple[str, ...]) -> str:
    """Return the names of the first twenty columns, long ones cut, for messages."""
    names = [name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…" for name in columns[:20]]
    shown = ", ".join(" ".join(name.split()) for name in names)
    if len(columns) > 20:  # noqa: PLR2004
        shown = f"{shown} and {len(columns) - 20} more"
    if any(len(name) > _LONGEST_NAME for name in columns):
        return f"{shown} (the first line looks like data: put names of columns there)"
    return shown


def check_width(columns: Sequence[str], name: str) -> None:
    """Refuse a table with more columns than any has."""
    if len(columns) > MOST_COLUMNS:
        raise DatasetError(
            f"{len(columns):,} columns are more than {MOST_COLUMNS:,}",
            "leave some out",
            reason=Reason.TOO_LARGE,
            path=name,
        )


def is_named(columns: Iterable[str]) -> bool:
    """Tell whether one of some columns goes by a name that is usual for texts."""
    return usual(columns, _TEXTS) is not None


def is_usual(name: str) -> bool:
    """Tell whether a column of texts or titles may go by this name."""
    return usual([name], (*_TEXTS, *_TITLES)) is not None
