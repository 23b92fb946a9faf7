"""Regular expressions that are compiled when they are first used.

A short command needs few of them, and to compile the others would take a tenth of its time.
"""

import re
from typing import Any, cast


class _Pattern:
    """What is asked for a method of a pattern, and compiles it then."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)  # from now on it is there at once
        return found


def pattern(written: str, flags: int = 0) -> re.Pattern[str]:
    """Return what has the methods of a compiled pattern.

    >>> pattern("[aeiou]").findall("posting")
    ['o', 'i']
    """
    return cast("re.Pattern[str]", _Pattern(written, flags))


def pattern_of_bytes(written: bytes, flags: int = 0) -> re.Pattern[bytes]:
    """Return the same for bytes."""
    return cast("re.Pattern[bytes]", _Pattern(written, flags))
