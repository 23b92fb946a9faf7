"""Lines that were set: words broken at their ends, and letters that are none."""

import re
import unicodedata

# What compounds of postings begin and end with: at the end of a line their hyphen is their own.
_STARTS = (
    "co cross cutting data day decision deep detail ex full goal hands high in large long low "
    "machine mid multi non object on open part post pre problem real re result self semi small so "
    "state team third time up user well work"
)
_ENDS = (
    "an and as based by class cycle date day depth driven edge end ended face facing first "
    "focused free friendly functional in learning level life making minded month of off on "
    "oriented party performance person quality ready related round scale service sized solving "
    "source starter tech term the time to tolerant up wide work world year"
)
_FIRST, _LAST = frozenset(_STARTS.split()), frozenset(_ENDS.split())
_SOFT = "\xad"
_BROKEN = re.compile(r"([^\W\d_]{2,})([-\u2010\xad])[ \xa0]*\n[ \xa0]*([^\W\d_A-Z]{2,}) ?")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_UNNAMED = re.compile(r"\(cid:\d+\)|/(?:g|G|glyph|uni|C|c|a|cid)\d+")  # letters of no name
_UNREADABLE = 0.1  # share of letters that are none, above which the others are none either
_NO_LETTERS = frozenset({"Cc", "Cn", "Co", "Cs"})


def joined(text: str) -> str:
    r"""Return a text with the words whole that were broken at the ends of lines.

    How a word is written elsewhere in the text decides whether its hyphen is its own.

    >>> joined("You have experi-\nence with data-\ndriven work.")
    'You have experience\nwith data-driven\nwork.'
    """
    if not _BROKEN.search(text):
        return text
    known = set(_WORD.findall(_BROKEN.sub(" ", text).lower().replace("\u2010", "-")))

    def whole(broken: re.Match[str]) -> str:
        start, mark, end = broken.groups()
        low, without = start.lower(), f"{start}{end}".lower()
        if mark == _SOFT or without in known:
            return f"{start}{end}\n"
        own = f"{low}-{end}" in known or low in _FIRST or end in _LAST
        hyphen = "-" if own or known.issuperset((low, end)) else ""
        return f"{start}{hyphen}{end}\n"

    return _BROKEN.sub(whole, text)


def is_unreadable(text: str) -> bool:
    """Tell whether a text is in letters of fonts that do not say which they are."""
    letters = sum(not each.isspace() for each in text)
    unnamed = sum(map(len, _UNNAMED.findall(text)))
    counted = {each: text.count(each) for each in set(text) if not each.isascii() or each < " "}
    none = sum(
        count
        for each, count in counted.items()
        if each == "\ufffd" or (unicodedata.category(each) in _NO_LETTERS and not each.isspace())
    )
    return unnamed + none > _UNREADABLE * letters
