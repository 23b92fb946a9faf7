"""The names of the columns that answers add, none of which a table has already."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jobclf import __version__
from jobclf.classifier.model import RoleModel
from jobclf.errors import DatasetError, Reason, option
from jobclf.tables.columns import listed
from jobclf.tables.table import Batch

MODEL = "model"  # the column that is added where it is asked for by name
OWN = "jobclf_"  # before the name of an added column, where the table has one of that name
_SHORT = 8  # digits of a fingerprint that tell models apart
# The columns that are added, and their Arrow types.
ADDED = {
    "answer": "string",
    "confidence": "float64",
    "role": "string",
    "probability": "float64",
    "in_scope": "bool_",
    "scope_probability": "float64",
    "title_role": "string",
    "text_probability": "float64",
    "family": "string",
    "basis": "string",
    "truncated": "bool_",
    "error": "string",
    "error_reason": "string",
}


def added_names(columns: Iterable[str], prefix: str) -> tuple[str, ...]:
    """Return the names of the columns that are added, in the order of `ADDED`.

    Without a prefix, those that the table has itself get one; refuse what is there all the same.
    """
    if prefix != prefix.encode("utf-8", "replace").decode():
        raise DatasetError(
            f"the prefix {prefix!a} holds a lone surrogate, which no file can",
            f"name another with {option('prefix')}",
            reason=Reason.BAD_OPTION,
        )
    theirs = set(columns)
    names = tuple(prefix + name for name in ADDED)
    if not prefix:
        names = tuple(OWN + name if name in theirs else name for name in names)
    taken = theirs & set(names)
    if taken:
        raise DatasetError(
            f"the table has a column {min(taken)!r} already",
            f"keep both with {option('prefix')}",
            reason=Reason.EXISTS,
        )
    return names


def renamed(added: Iterable[str], prefix: str) -> tuple[str, ...]:
    """Say which added columns got other names than usual, as the table has those itself."""
    given = zip(ADDED, added, strict=True)
    both = [f"{name!r} (ours: {each!r})" for name, each in given if each != prefix + name]
    return (f"the table has columns of its own called {', '.join(both)}",) if both else ()


def chosen_columns(
    columns: str | Iterable[str] | None, known: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Return the columns that are to come out in their order, None for all.

    Parameters
    ----------
    columns : str, iterable of str, or None
        Names, also in one str with commas between them.
    known : tuple of str
        All that there are.
    """
    if columns is None:
        return None
    names = listed_columns(columns)
    chosen = tuple(dict.fromkeys(name if name in known else name.strip() for name in names))
    if unknown := [name for name in chosen if name not in known]:
        raise DatasetError(
            f"there is no column {unknown[0]!r} to come out",
            f"name some of: {listed(known)}",
            reason=Reason.NO_COLUMN,
        )
    return chosen


class Shown(NamedTuple):
    """Which columns come out, None for all, and the one that says which model answered."""

    columns: tuple[str, ...] | None = None
    model: tuple[str, str] | None = None  # its name, and what all its cells are


def shown(
    model: RoleModel,
    columns: str | Iterable[str] | None,
    theirs: tuple[str, ...],
    added: tuple[str, ...],
    prefix: str,
) -> Shown:
    """Return which columns come out of a table's own and those of answers; refuse unknown ones."""
    if columns is None:
        return Shown()
    named = prefix + MODEL
    chosen = chosen_columns(columns, tuple(dict.fromkeys((*theirs, *added, named)))) or ()
    asked = named in chosen and named not in theirs
    return Shown(chosen, (named, signature(model)) if asked else None)


def signature(model: RoleModel) -> str:
    """Say which model answers: its name, the start of its fingerprint, the version of jobclf."""
    return f"{model.card.name} {model.fingerprint[:_SHORT]}, jobclf {__version__}"


def listed_columns(columns: str | Iterable[str]) -> tuple[str, ...]:
    """Return names of columns, of which one str may hold several with commas between them."""
    return tuple(columns.split(",") if isinstance(columns, str) else columns)


def unless_taken(batches: Iterable[Batch], taken: tuple[str, ...]) -> Iterator[Batch]:
    """Yield batches; refuse a row with a column of its own by one of these names.

    The first rows had none, but JSON may bring one further down.
    """
    for batch in batches:
        if late := set(taken).intersection(batch.cells.schema.names):
            column = min(late)
            has = batch.cells.column(column).is_valid().to_pylist()
            raise DatasetError(
                "it has a column of that name, which the first rows do not have",
                f"keep both with {option('prefix')}",
                reason=Reason.EXISTS,
                row=batch.first + (has.index(True) if True in has else 0),
                column=column,
            )
        yield batch
