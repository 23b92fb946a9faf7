"""What callers give as texts and titles: str, missing, or what is neither."""

from collections.abc import Iterable, Iterator
from typing import Any

# What stands for no value in pandas, which is not imported to ask.
_MISSING = frozenset({"NoneType", "NAType", "NaTType"})


def is_missing(value: object) -> bool:
    """Tell whether a value stands for none: None, NaN, pandas' NA and NaT.

    >>> is_missing(None), is_missing(float("nan")), is_missing("")
    (True, True, False)
    """
    if isinstance(value, float):
        return value != value  # noqa: PLR0124  # NaN
    return type(value).__name__ in _MISSING


def is_share(value: object) -> bool:
    """Tell whether something is a number between 0 and 1, neither of them itself."""
    return isinstance(value, int | float) and 0.0 < value < 1.0


def check_str(value: object, name: str, *, optional: bool = False) -> None:
    """Raise `TypeError` for what is no str, nor None where that may be."""
    if not (isinstance(value, str) or (optional and value is None)):
        wanted = "str or None" if optional else "str"
        raise TypeError(f"{name} must be {wanted}, not {type(value).__name__}{_for_many(value)}")


def _for_many(value: object) -> str:
    """Return which functions take what is given where one text is asked for."""
    if hasattr(type(value), "columns"):
        return "; predict_table takes frames"
    is_many = hasattr(type(value), "__iter__") and not isinstance(value, bytes | bytearray)
    return "; predict_many takes many texts, predict_table a frame" if is_many else ""


def strings(values: Iterable[Any], name: str) -> Iterator[str | None]:
    """Return the strings, None for what is missing; `TypeError` names by its place what is neither.

    Parameters
    ----------
    values : iterable
        Of any kind, also columns of pandas, Polars and Arrow.
    name : str
        What one of them is called in errors.
    """
    return _strings(_python(values, name), name)


def _strings(values: Iterable[Any], name: str) -> Iterator[str | None]:
    for number, value in enumerate(values, 1):
        if isinstance(value, str):
            yield value
        elif is_missing(value):
            yield None
        else:
            check_str(value, f"{name} {number}", optional=True)


def _python(values: Iterable[Any], name: str) -> Iterable[Any]:
    if isinstance(values, str | bytes):
        raise TypeError(f"{name}s must be many, not one {type(values).__name__}; use predict")
    if hasattr(type(values), "columns"):  # a frame gives the names of its columns
        raise TypeError(
            f"{name}s must be one column and not a {type(values).__name__}; "
            "name one of its columns, or use predict_table"
        )
    made: Iterable[Any] = values.to_pylist() if hasattr(values, "to_pylist") else values
    return made
