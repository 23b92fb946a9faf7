"""The names of the columns that answers add, which no row may have already."""

from collections.abc import Iterable, Iterator

from jobclf.errors import DatasetError, Reason
from jobclf.tables.columns import listed
from jobclf.tables.table import Batch

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
    """Return the names of the columns that are added; refuse those that are there already."""
    if prefix != prefix.encode("utf-8", "replace").decode():
        raise DatasetError(
            f"the prefix {prefix!a} holds a lone surrogate, which no file can",
            "name another with --prefix",
            reason=Reason.BAD_OPTION,
        )
    names = tuple(prefix + name for name in ADDED)
    taken = set(columns) & set(names)
    if taken:
        raise DatasetError(
            f"the table has a column {min(taken)!r} already",
            "keep both with --prefix",
            reason=Reason.EXISTS,
        )
    return names


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
    names = columns.split(",") if isinstance(columns, str) else columns
    chosen = tuple(dict.fromkeys(name if name in known else name.strip() for name in names))
    if unknown := [name for name in chosen if name not in known]:
        raise DatasetError(
            f"there is no column {unknown[0]!r} to come out",
            f"name some of: {listed(known)}",
            reason=Reason.NO_COLUMN,
        )
    return chosen


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
                "keep both with --prefix",
                reason=Reason.EXISTS,
                row=batch.first + (has.index(True) if True in has else 0),
                column=column,
            )
        yield batch
