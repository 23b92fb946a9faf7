"""The columns of a table: which hold the text, the title and what else a row is judged by."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from jobclf import limits
from jobclf.documents.names import (
    COMPANIES,
    NAMINGS,
    OF_COMPANIES,
    PART_OF,
    TEXT_IS_TITLE,
    TITLES,
    known_name,
    plain_name,
)
from jobclf.documents.parts import join_parts, literal_in, names_part, title_of
from jobclf.errors import DatasetError, Reason, option
from jobclf.roles import parse_role
from jobclf.tables.wanted import Wanted
from jobclf.text.patterns import pattern

LABELS = ("label", "labels", "role", "class", "category", "target", "jobrole")
_OF_TOOLS = ("choice", "choices", "annotation", "gold", "goldlabel", "truelabel", "cats")
_TOOLS = frozenset({"annotator", "annotationid", "leadtime", "annotationagent", "annotatedby"})
_LONGEST_NAME = 200  # letters; what is longer is no name
_LONGEST_TITLE = 150  # letters that titles have in the middle; what has more is text
_SHOWN = 40  # letters of a name in messages
_TRIED = 20  # rows of a sample that are put together, to see whether there is text
_LEAST_TEXT = 300  # letters that a column of unknown name has in the middle if it is the text
_LOOKED_AT = 1000  # letters of a text that tell whether it is prose
_LEAST_BLANKS = 0.08  # of its letters: addresses and codes have fewer, prose has .15
_LEAST_PART = 200  # letters of one beside columns of known names, some forty words
_WHOLE = 600  # letters of a description in the middle, from which it is taken for the whole text
# What long texts beside a posting are: of who offers the job or seeks it, or said about a row.
_BESIDE = pattern(
    r"company|employer|organi[sz]ation|firm|brand|benefit|perk|salary|compensation|legal|privacy"
    r"|policy|equal|eeo|resume|\bcv\b|cover|applicant|candidate|\bbio|email|location|address|note"
    r"|comment|review|feedback|reason|rational|expla|analy|answer|response|prompt|output|generated"
    r"|predict|summar|translat|query|html|url|link|token|keyword|metadata",
    re.IGNORECASE,
)
_LONGER = 3  # times the letters of columns of known names, from which it is the text all the same
Sample = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what: their names, or dotted paths into nested ones.

    `texts` holds those that a row's text is put together from; each row takes what it has.
    `in_order` tells whether they are taken in this order, as those are that the caller names;
    `by_content` whether one was found by what it holds, as its name is not known.
    """

    texts: tuple[str, ...]
    title: str | None = None
    company: str | None = None
    label: str | None = None
    in_order: bool = False
    by_content: bool = False


def choose(columns: tuple[str, ...], name: str, wanted: Wanted, sample: Sample) -> Columns:
    """Return the columns of a table that are read, those named or else those of usual names.

    Parameters
    ----------
    columns : tuple of str
        All of the table.
    name : str
        The table, for messages.
    wanted : Wanted
        Those that the caller names.
    sample : sequence of mapping
        The first rows, which tell columns that hold text from those that are empty.
    """
    named = [
        _found(column, asked, columns, sample, name)
        for asked, given in (
            ("text_column", wanted.texts),
            ("title_column", (wanted.title,)),
            ("company_column", (wanted.company,)),
            ("label_column", (wanted.label,)),
        )
        for column in given
        if column is not None
    ]
    texts, rest = tuple(named[: len(wanted.texts)]), iter(named[len(wanted.texts) :])
    title, company, label = (
        next(rest) if column is not None else None
        for column in (wanted.title, wanted.company, wanted.label)
    )
    label = label or _label(columns, sample, sure=wanted.labeled)
    codes = {label} if label and (wanted.labeled or _is_code(label, sample)) else set()
    title = title or _title([each for each in columns if each not in {*texts, *codes}], sample)
    company = company or _ranked(columns, COMPANIES, lambda column: _named_in(column, sample))
    company = company and _named_in(company, sample)
    if texts:
        return Columns(texts, title, company, label, in_order=True)
    taken = {company, label, None if wanted.title else title}
    free = [each for each in columns if each not in taken]
    found = _texts(free, sample)
    if not found.texts:
        raise DatasetError(
            "no column is known as the text, and none holds long text",
            f"name one with {option('text_column')}: {listed(columns)}",
            reason=Reason.NO_COLUMN,
            path=name,
        )
    return replace(found, title=title, company=company, label=label)


def _found(path: str, asked: str, columns: tuple[str, ...], sample: Sample, name: str) -> str:
    """Return a column or a path into nested ones as the table writes it."""
    found = matching(path, columns)
    if found is not None:
        return found
    keys = path.split(".")
    for count in range(len(keys) - 1, 0, -1):  # names may hold dots
        first = matching(".".join(keys[:count]), columns)
        below = first and _below(keys[count:], [row.get(first) for row in sample])
        if first and below:
            return f"{first}.{below}"
    raise DatasetError(
        f"there is no column {path!r} for {option(asked)}",
        f"name one of {listed(columns)}",
        reason=Reason.NO_COLUMN,
        path=name,
    )


def _below(keys: Sequence[str], sample: Iterable[Any]) -> str | None:
    found = []
    here = list(sample)
    for key in keys:
        inner = [each for each in here if isinstance(each, dict)]
        match = matching(key, dict.fromkeys(name for each in inner for name in each))
        if match is None:
            return None
        found.append(match)
        here = [each.get(match) for each in inner]
    return ".".join(found)


def matching(name: str, columns: Iterable[str]) -> str | None:
    """Return the column that goes by a name: as it is, or else without case, marks and blanks."""
    columns = list(columns)
    if name in columns:
        return name
    for same in (str.casefold, plain_name, _singular):
        if wanted := same(name):
            for column in columns:
                if same(column) == wanted:
                    return column
    return None


def _singular(name: str) -> str:
    return plain_name(name).removesuffix("s")


def _known(column: str) -> str:
    """Return the name in the tables of names that a column goes by, in the plural too."""
    return known_name(column) or known_name(column.rstrip().removesuffix("s"))


def _ranked(
    columns: Iterable[str], names: Sequence[str], fits: Callable[[str], object]
) -> str | None:
    """Return the first column, by the order of names, that goes by one of them and fits."""
    ranks = {name: rank for rank, name in enumerate(names)}
    known = [(ranks[found], column) for column in columns if (found := _known(column)) in ranks]
    known.sort(key=lambda each: each[0])
    return next((column for _, column in known if fits(column)), None)


def _label(columns: Sequence[str], sample: Sample, *, sure: bool) -> str | None:
    """Return the column of labels: where it matters, the one that holds names of roles."""
    plain = {plain_name(column): column for column in reversed(columns)}
    found = [plain[name] for name in (*LABELS, *(_OF_TOOLS if sure else ())) if name in plain]
    if sure:
        if not _TOOLS.isdisjoint(plain):  # the label goes by the name of what was asked
            found += [each for each in columns if _share_of_roles(each, sample) == 1.0]
        found.sort(key=lambda column: -_share_of_roles(column, sample))
    return found[0] if found else None


def _share_of_roles(column: str, sample: Sample) -> float:
    given = [row[column] for row in sample if row.get(column)]
    return sum(map(_says_roles, given)) / len(given) if given else 0.0


def _says_roles(value: Any) -> bool:
    """Tell whether a cell names a role, or lists some as labelling tools do."""
    value = (literal_in(value) or value) if isinstance(value, str) else value
    if isinstance(value, dict | list):
        inner = [*value.values()] if isinstance(value, dict) else value
        return bool(inner) and all(map(_says_roles, inner))
    return _is_role(str(value))


def _is_role(value: str) -> bool:
    try:
        parse_role(value)
    except DatasetError:
        return False
    return True


def _is_code(column: str, sample: Sample) -> bool:
    """Tell whether a column holds names of roles as programs write them, which are no titles."""
    given = [str(row[column]) for row in sample if row.get(column)]
    return bool(given) and all(
        _is_role(value) and (value == value.lower() or value.isupper()) for value in given
    )


def _title(columns: Sequence[str], sample: Sample) -> str | None:
    plain = {plain_name(column) for column in columns}
    if any(shape <= plain for shape in TEXT_IS_TITLE):
        text = next(column for column in columns if plain_name(column) == "text")
        if _is_short(text, sample):
            return text
    return _ranked(columns, TITLES, lambda column: _is_short(column, sample))


def _is_short(column: str, sample: Sample) -> bool:
    """Tell whether a column holds short texts; one that is empty so far may."""
    given = [row[column] for row in sample if row.get(column) is not None]
    named = [title_of(value) if isinstance(value, dict | list) else value for value in given]
    lengths = [len(value) for value in named if isinstance(value, str) and value.strip()]
    return not given or (bool(lengths) and median(lengths) <= _LONGEST_TITLE)


def _named_in(column: str, sample: Sample) -> str | None:
    """Return a column of names, or the path to the name in a column of objects."""
    keys = {plain_name(key): key for key in _keys(column, sample)}
    if not keys:
        return column
    return next((f"{column}.{keys[name]}" for name in NAMINGS if name in keys), None)


def _keys(column: str, sample: Sample) -> Iterable[str]:
    cells = (row.get(column) for row in sample)
    return dict.fromkeys(str(key) for cell in cells if isinstance(cell, dict) for key in cell)


def _texts(free: Sequence[str], sample: Sample) -> Columns:
    """Return the columns that hold parts of a posting: of known names, or found by what they hold.

    What tells of the company alone is none where there is any other.
    """
    known = [column for column in free if _known(column) in PART_OF or _holds_parts(column, sample)]
    lengths = {column: _length(column, sample) for column in free}
    parts = [column for column in known if _known(column) not in OF_COMPANIES]
    others = [column for column in free if column not in known]
    longest = max(others, key=lengths.__getitem__, default="")
    if joined := _beside(parts, others, lengths):
        return Columns(tuple(each for each in free if each in {*parts, *joined}), in_order=True)
    most = max(_LEAST_TEXT, _LONGER * sum(lengths[each] for each in parts))
    if longest and lengths[longest] >= most:
        return Columns((longest, *parts), by_content=True)
    return Columns(tuple(parts or known))


def _beside(parts: Sequence[str], others: Iterable[str], lengths: Mapping[str, float]) -> list[str]:
    """Return the columns of unknown names that hold more of the posting than those that are known.

    A description that is long is whole, and so is what a board nests. Beside a short one
    stands what is named as duties and requirements are; and beside single parts whatever is long,
    but for what is no part.
    """
    long = [each for each in others if lengths[each] >= _LEAST_PART and not _BESIDE.search(each)]
    named = [each for each in long if names_part(each)]
    described = max((lengths[each] for each in parts if PART_OF.get(_known(each)) == 0), default=0)
    if described >= _WHOLE or any(_known(each) not in PART_OF for each in parts):
        return []
    return named if described or not (named or parts) else long


def _holds_parts(column: str, sample: Sample) -> bool:
    """Tell whether a column of objects or lists holds parts of a posting, as boards have it."""
    nested = (row.get(column) for row in sample[:_TRIED])
    return any(
        isinstance(cell, dict | list) and bool(cell) and bool(join_parts({column: cell}).text)
        for cell in nested
    )


def _length(column: str, sample: Sample) -> float:
    """Return the letters of prose that a column has in the middle, 0 for anything else."""
    texts = [text for row in sample if isinstance(text := row.get(column), str) and text.strip()]
    starts = [text[:_LOOKED_AT] for text in texts]
    letters = sum(map(len, starts))
    if sum(text.count(" ") + text.count("\n") for text in starts) < _LEAST_BLANKS * letters:
        return 0.0
    return float(median(map(len, texts))) if texts else 0.0


def path_in(row: Mapping[str, Any], path: str) -> Any:
    """Return what a column or a dotted path finds in a row; None for nothing."""
    if path in row:
        return row[path]
    keys = path.split(".")
    for count in range(len(keys) - 1, 0, -1):
        found: Any = row.get(".".join(keys[:count]))
        if isinstance(found, Mapping):
            return path_in(found, ".".join(keys[count:]))
    return None


def listed(columns: tuple[str, ...]) -> str:
    """Return the names of the first twenty columns, long ones cut, for messages."""
    names = [name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…" for name in columns[:20]]
    shown = ", ".join(" ".join(name.split()) for name in names)
    if len(columns) > 20:  # noqa: PLR2004
        shown = f"{shown} and {len(columns) - 20} more"
    if any(len(name) > _LONGEST_NAME for name in columns):
        return f"{shown} (the first line looks like data: put names of columns there)"
    return shown


def check_width(columns: Sequence[object], name: str) -> None:
    """Refuse a table with more columns than any has."""
    if len(columns) > limits.COLUMNS:
        raise DatasetError(
            f"{len(columns):,} columns are more than {limits.COLUMNS:,}",
            "leave some out",
            reason=Reason.TOO_LARGE,
            path=name,
        )


def is_named(columns: Iterable[str]) -> bool:
    """Tell whether one of some columns goes by a name that is usual for texts."""
    return any(_known(column) in PART_OF for column in columns)


def is_title(name: str) -> bool:
    """Tell whether a column of titles may go by this name."""
    return _known(name) in TITLES


def is_usual(name: str) -> bool:
    """Tell whether a column of texts or titles may go by this name."""
    return _known(name) in PART_OF or _known(name) in TITLES
