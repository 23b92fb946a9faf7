"""Patterns mean the same in every Python that is supported."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants, _parser
from typing import Any

import pytest

import jobclf
from jobclf.tables.csv_rows import Rows

_UNDONE = {
    _constants.MIN_REPEAT,
    _constants.ASSERT,
    _constants.ASSERT_NOT,
    _constants.ATOMIC_GROUP,
}


def patterns() -> Iterator[Any]:
    """Return all patterns of modules, and those that parting rows takes."""
    for module in pkgutil.walk_packages(jobclf.__path__, "jobclf."):
        if not module.name.endswith("__main__"):
            for each in vars(importlib.import_module(module.name)).values():
                yield from each.values() if isinstance(each, dict) else [each]
    yield from vars(Rows(",")).values()


def parts(found: Any) -> Iterator[tuple[Any, Any]]:
    """Return what a parsed pattern holds, at any depth."""
    if isinstance(found, _parser.SubPattern):
        for operation, value in found:
            yield operation, value
            yield from parts(value)
    elif isinstance(found, list | tuple):
        for each in found:
            yield from parts(each)


def is_risky(written: str | bytes) -> bool:
    """Tell whether a group is repeated possessively that can go back within itself.

    Python before 3.11.5 finds too little then (gh-106052); an atomic group means the same there.
    """
    return any(
        operation is _constants.POSSESSIVE_REPEAT
        and any(inner in _UNDONE for inner, _ in parts(value))
        for operation, value in parts(_parser.parse(written))
    )


def test_no_pattern_repeats_possessively_what_can_go_back() -> None:
    found = {getattr(each, "pattern", None) for each in patterns()}
    written = {each for each in found if isinstance(each, str | bytes)}
    assert len(written) > 100
    assert not {each for each in written if is_risky(each)}


@pytest.mark.parametrize("written", ['(?:"(?!,))*+', "(?:a.*?b)*+", "(?:(?>a+?)b)++"])
def test_what_is_risky_is_seen(written: str) -> None:
    assert is_risky(written)
    assert not is_risky(re.sub(r"[*+]\+$", "*", written))
