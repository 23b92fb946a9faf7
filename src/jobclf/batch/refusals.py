"""Why postings could not be judged, in few words that can be counted."""

import re
from collections import Counter
from collections.abc import Mapping

from jobclf.errors import printable

SHOWN = 5  # reasons told, the most common first
MOST = 100  # reasons told apart
OTHER = "for other reasons"
_KNOWN = {  # what a message says, and what is left of it
    "too short to judge": "too short",
    "hardly English": "hardly English",
    " is empty": "empty",
    " does not exist": "missing",
    "no text but binary data": "binary data",
    " cells under ": "with too many or too few cells",
    " is no JSON": "no JSON",
}
_LEADING = re.compile(r"(?:(?:line|entry) \d+ |it |the |is )+")
_NUMBER = re.compile(r"\d[\d,.]*")


def reason(message: str, name: str = "") -> str:
    """Return in few words what a message says of a posting that goes by a name.

    >>> reason("a.pdf: the PDF has 71 pages; no single posting is so long", "a.pdf")
    'PDF has … pages'
    """
    for said, short in _KNOWN.items():
        if said in message:
            return short
    fact = message.removeprefix(printable(name)).lstrip(": ").split(";", 1)[0]
    fact = _NUMBER.sub("…", _LEADING.sub("", fact, count=1))
    return fact or message


def count(counts: Counter[str], message: str, name: str = "") -> None:
    """Count a message under its reason."""
    found = reason(message, name)
    counts[found if found in counts or len(counts) < MOST else OTHER] += 1


def told(counts: Mapping[str, int]) -> str:
    """Return how often each reason was met, the most common first.

    >>> told({"hardly English": 1, "too short": 2})
    '2 too short, 1 hardly English'
    """
    first = Counter(counts).most_common(SHOWN)
    rest = sum(counts.values()) - sum(number for _, number in first)
    shown = [f"{number:,} {found}" for found, number in first]
    return ", ".join([*shown, f"{rest:,} {OTHER}"] if rest else shown)
