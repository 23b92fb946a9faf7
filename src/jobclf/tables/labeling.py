"""The rows of labelling tools: what is labelled, beside the labels and who gave them."""

from collections.abc import Mapping
from typing import Any

# What stands beside what is labelled, by the key that holds that: Label Studio's and Argilla's.
_AROUND = {
    "data": frozenset({"annotations", "completions", "predictions"}),
    "fields": frozenset({"responses", "suggestions"}),
}


def _held(row: Any) -> str | None:
    """Return the key under which a row keeps what is labelled, None for any other row."""
    if isinstance(row, Mapping):
        for key, around in _AROUND.items():
            if isinstance(row.get(key), Mapping) and not around.isdisjoint(row):
                return key
    return None


def rows_in(value: Any) -> list[Any] | None:
    """Return the rows of such a tool in parsed JSON, those of spaCy among them, None for others."""
    if _held(value):
        return [value]
    if not isinstance(value, list) or not value:
        return None
    if all(map(_held, value)):
        return value
    return [{"text": text, **more} for text, more in value] if all(map(_is_pair, value)) else None


def _is_pair(value: Any) -> bool:
    """Tell whether a value is a text and its categories, as spaCy trains on."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004
        return False
    text, more = value
    return isinstance(text, str) and isinstance(more, Mapping) and "cats" in more


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with what is labelled beside the labels."""
    key = _held(row)
    if key is None:
        return row
    return {**{name: value for name, value in row.items() if name != key}, **row[key]}
