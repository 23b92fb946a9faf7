"""Regular expressions that are compiled when they are first used.

A short command needs few of them, and to compile the others would take a tenth of its time.
"""

import re
from typing import Any, AnyStr, cast


class _Pattern:
    """What is asked for a method of a pattern, and compiles it then."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)  # from now on it is there at once
        return found


def pattern(written: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what has the methods of a compiled pattern.

    >>> pattern("[aeiou]").findall("posting")
    ['o', 'i']
    """
    return cast("re.Pattern[AnyStr]", _Pattern(written, flags))
