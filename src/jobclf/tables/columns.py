"""The columns of a table: which hold the text, the title and what else a row is judged by."""

import re
from collections.abc import Iterable, Sequence

from jobclf.errors import DatasetError

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
_TITLES = ("title", "jobtitle", "positiontitle", "jobname", "position", "roletitle")


def chosen(
    columns: tuple[str, ...], name: str, text: str | None, title: str | None
) -> tuple[str, str | None]:
    """Return the columns of text and title, those named or else those that go by a usual name."""
    for option, column in (("--text-column", text), ("--title-column", title)):
        if column is not None and column not in columns:
            raise DatasetError(
                f"{name} has no column {column!r} for {option}; it has {listed(columns)}"
            )
    if _is_lever(columns):
        return text or usual(columns, _TEXTS[:3]) or "text", title or "text"
    text = text or usual(columns, _TEXTS)
    if text is None:
        raise DatasetError(
            f"{name} has no column known as the text; name one with --text-column: "
            f"{listed(columns)}"
        )
    return text, title or usual([each for each in columns if each != text], _TITLES)


def _is_lever(columns: Iterable[str]) -> bool:
    """Tell whether rows are Lever's: its `text` is the title, the text stands in parts."""
    return {"text", "lists"} <= {*columns} and usual(columns, _TEXTS[:3]) is not None


def usual(columns: Iterable[str], names: tuple[str, ...]) -> str | None:
    """Return the first column that goes by one of the names, letters and digits alone compared."""
    plain: dict[str, str] = {}
    for column in columns:
        plain.setdefault(re.sub(r"[^a-z0-9]", "", column.lower()), column)
    return next((plain[name] for name in names if name in plain), None)


def needed(text: str, title: str | None) -> set[str]:
    """Return the columns that a row is judged by, those of Lever's parts among them."""
    return {text, title or text, "lists", "additionalPlain", "additional"}


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
            f"{name} has {len(columns):,} columns and {MOST_COLUMNS:,} are the most; leave some out"
        )
