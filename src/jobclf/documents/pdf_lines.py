"""Lines that were set: words broken at their ends, and letters that are none."""

import re
import unicodedata

# Ends of words that are no words: what stands before them was broken off.
_ENDS = frozenset({
    "able", "ably", "ance", "ances", "ate", "ated", "ates", "ating", "ation", "ations", "cal",
    "cation", "cations", "cies", "cient", "cy", "ed", "ence", "ences", "ent", "ers", "ery", "es",
    "ful", "ge", "gy", "ial", "ible", "ic", "ical", "ically", "ics", "ied", "ies", "ify", "ing",
    "ings", "ion", "ions", "ious", "ise", "ism", "ist", "ists", "ities", "ity", "ive", "ization",
    "ize", "ized", "izing", "less", "ling", "ly", "ment", "mental", "ments", "ming", "nal", "ness",
    "ning", "ogy", "ology", "ous", "ption", "ring", "ry", "sion", "sional", "sions", "sis", "sive",
    "tain", "tal", "ted", "tent", "ters", "tial", "tic", "tical", "tics", "ties", "ting", "tion",
    "tional", "tions", "tive", "tively", "ture", "tures", "ty", "ual", "ular", "ware", "ying",
})  # fmt: skip
_COMPOUNDS = (  # what compounds of postings end with
    "and based by centric class cycle date day depth driven edge end facing first focused free "
    "friendly functional in intensive learning level life making minded of off on oriented party "
    "person quality ready related scale service sized solving source starter term the time to up "
    "wide work year"
)
_OWN = frozenset(_COMPOUNDS.split())
_SOFT = "\xad"
_BROKEN = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{2,}+)([-\u2010\xad])[ \xa0]*+\n[ \xa0]*([^\W\d_A-Z]{2,}) ?"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_UNNAMED = re.compile(r"\(cid:\d+\)|/(?:g|G|glyph|uni|C|c|a|cid)\d+")  # letters of no name
_UNREADABLE = 0.1  # share of letters that are none, above which the others are none either
_NO_LETTERS = frozenset({"Cc", "Cn", "Co", "Cs"})


def joined(text: str) -> str:
    r"""Return a text with the words whole that were broken at the ends of lines.

    Most hyphens there are a compound's own. One is not where the word stands elsewhere without it,
    or ends in what is no word; in a text with such others, nor where its parts are no words
    of the text.

    >>> joined("You have experi-\nence with data-\ndriven work and devel-\nopment.")
    'You have experience\nwith data-driven\nwork and development\n.'
    """
    found = _BROKEN.findall(text)
    if not found:
        return text
    known = set(_WORD.findall(_BROKEN.sub(" ", text).lower().replace("\u2010", "-")))

    def was_broken(start: str, mark: str, end: str) -> bool:
        if mark == _SOFT or f"{start}{end}".lower() in known:
            return True
        return end in _ENDS and f"{start}-{end}".lower() not in known

    breaks = any(was_broken(*each) for each in found)

    def whole(broken: re.Match[str]) -> str:
        start, _, end = broken.groups()
        parts = {start.lower(), end, f"{start}-{end}".lower()}
        is_one = was_broken(*broken.groups()) or (
            breaks and end not in _OWN and known.isdisjoint(parts)
        )
        return f"{start}{'' if is_one else '-'}{end}\n"

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
