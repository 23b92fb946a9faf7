"""What a text is by its form alone: a CV, a posting that is cut off."""

import re

from jobclf.text.patterns import pattern

_SPAN = pattern(
    r"\b(?:19|20)\d\d ?(?:[-\u2013\u2014]|to) ?(?:[a-z]{3,9}\.? |\d\d?/)?"
    r"(?:(?:19|20)\d\d\b|present\b|now\b|today\b|date\b|current\b)",
    re.IGNORECASE,
)
_SECTION = pattern(
    r"^[^\w\n]*(?:education|academic qualifications?|publications|employment(?: history)?|"
    r"(?:work |professional )?experience|career history|references)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
_CALLED_CV = pattern(r"\W*(?:curriculum vitae|r[e\u00e9]sum[e\u00e9]|cv)\b(?! to\b)", re.IGNORECASE)
_MIN_SPANS = 2  # of years, that tell of a career
_TAIL = 120  # characters in which a text says that there is more
_MORE = pattern(
    r"(?:\u2026|\.\.\.)[\s\"'\]\)]*\Z"
    r"|\[(?:\u2026|\.\.\.|\+\d+ ?chars?|cut|truncated)[^\[\]]{0,30}\]\s*\Z"
    r"|(?:^|[\s.\u2026(\[])(?:show|read|see|view) more[\s.>\u2026\u00bb\])]*\Z",
    re.IGNORECASE,
)
# Characters after which boards and databases cut what they keep.
_LIMITS = frozenset(
    {200, 250, 254, 255, 256, 300, 400, 500, 512, 1000, 1023, 1024, 1500, 2000, 2048, 2500, 3000}
    | {4000, 4095, 4096, 5000, 8000, 8192, 10_000, 16_384, 32_766, 32_767, 65_535}
)


def is_cv(text: str) -> bool:
    r"""Tell whether a text is a CV: it is called one or has a heading of one, and spans of years.

    >>> is_cv("A. Example\nExperience\n2021 - now Analyst\n2018 - 2021 Assistant\nMSc")
    True
    """
    called = _CALLED_CV.match(text) is not None
    if not called and text.count("20") + text.count("19") < _MIN_SPANS:  # soon told of most
        return False
    if not called and len(_SPAN.findall(text)) < _MIN_SPANS:
        return False
    return _SECTION.search(text) is not None or (called and _SPAN.search(text) is not None)


def is_cut(text: str) -> bool:
    r"""Tell whether a text is the beginning of a longer one: it says so, or ends at a usual limit.

    >>> is_cut("You train models and\u2026"), is_cut("You train models.")
    (True, False)
    """
    tail = text[-_TAIL:]
    if _may_say_more(tail) and _MORE.search(tail):
        return True
    return len(text) in _LIMITS and (tail[-1].isalnum() or tail[-1] in ",-")


def _may_say_more(tail: str) -> bool:
    """Tell whether to search: four words are looked for in a tenth of the time."""
    return "\u2026" in tail or "..." in tail or "]" in tail or "more" in tail.lower()
