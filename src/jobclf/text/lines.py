r"""The lines of a posting as people read them, and the sections that they stand in.

A line here is a heading, an item of a list or a sentence: what says one duty or one requirement.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from jobclf.text.patterns import pattern


class Section(StrEnum):
    """The part of a posting that a line stands in, by the heading above it."""

    NONE = ""  # above the first heading that is known
    DUTIES = "duties"
    REQUIREMENTS = "requirements"
    OFFER = "offer"
    COMPANY = "company"
    NOTICES = "notices"  # equal opportunities, how to apply


class Line(NamedTuple):
    """A half-open range of characters, the section it is in, and whether it is a heading."""

    start: int
    end: int
    section: Section
    heading: bool


_HEADINGS = (  # the first that is found says the section
    (Section.NOTICES, r"equal|eeo|diversity|how to apply|application process|privacy|disclaimer"),
    (
        Section.OFFER,
        r"benefits|perks|we offer|what.s in it|compensation|salary|pay range|why (?:join|work|us)"
        r"|what you.ll (?:get|receive)|our offer|^offer",
    ),
    (
        Section.REQUIREMENTS,
        r"require|qualif|skills|must.have|nice.to.have|good to have|preferred|desired|experience"
        r"|education|what you.(?:ll )?(?:bring|need|have)|what you (?:bring|need|have)|about you"
        r"|who you are|looking for|ideal candidate|your profile|you have|background|seeking"
        r"|knowledge|competenc|bonus points|basics|you (?:might|may) be",
    ),
    (
        Section.DUTIES,
        r"responsib|what you.ll (?:do|be|work|own|build)|what you (?:will )?do|you will|you.ll"
        r"|duties|the role|your role|this role|job description|the (?:job|position|opportunity)"
        r"|day.to.day|accountab|role (?:summary|overview|description)|job summary|position summary"
        r"|your (?:mission|impact|tasks|work)|tasks|scope of work|key (?:areas|deliverables)"
        r"|essential functions|typical day|how you.ll",
    ),
    (
        Section.COMPANY,
        r"about|who we are|our (?:company|mission|team|story|values|culture)|the (?:company|team)"
        r"|company|overview|what we do",
    ),
)
_KNOWN = [(section, pattern(words, re.IGNORECASE)) for section, words in _HEADINGS]
_LONGEST_HEADING = 60  # characters
_MOST_WORDS = 8
_MIN_WRAPPED = 45  # characters; a shorter line ends because it is at its end
_ROW = pattern(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ITEM = pattern(r"\s*(?:[-\u2013\u2014*\u2022\u25cf\u25aa\u25e6\u00b7\u27a2\u2713>]|\d+[.)])\s")
# Where a sentence ends and another begins, or an item of a list that lost its line breaks.
_NEXT = pattern(
    r"(?<=[a-z0-9)\]%\"\u201d\u2019][.!?;])(?<!e\.g\.)(?<!i\.e\.)\s+(?=[^\sa-z])"
    r"|\s(?=[\u2022\u25cf\u25aa\u25e6\u27a2\u2713])"
)
_AROUND = " \t#*_>:\u2022\u25cf\u25aa\u25e6\u00b7\u27a2\u2713-\u2013\u2014"


def lines(text: str) -> list[Line]:
    r"""Return the lines of a text in order; every word stands in one of them.

    A row that goes on in the next one, as in text wrapped by a mail program, is one line with it.

    >>> found = lines("Your tasks\n- Build models. Deploy them.")
    >>> [(line.start, line.end, str(line.section), line.heading) for line in found]
    [(0, 10, 'duties', True), (11, 26, 'duties', False), (27, 39, 'duties', False)]
    """
    found: list[Line] = []
    section = Section.NONE
    before: re.Match[str] | None = None  # the row above, if it may go on
    for row in _ROW.finditer(text):
        if row.group().isspace():
            before = None
            continue
        named = _section(row.group())
        if named is not None:
            section = named
            found.append(Line(*row.span(), section, heading=True))
            before = None
            continue
        pieces = list(_pieces(row))
        section = _inline(text[slice(*pieces[0])]) or section
        if before is not None and before.end() + 1 == row.start() and _goes_on(before, row):
            last = found.pop()
            found.append(last._replace(end=pieces.pop(0)[1]))
        found += [Line(start, end, section, heading=False) for start, end in pieces]
        before = row
    return found


def _pieces(row: re.Match[str]) -> Iterator[tuple[int, int]]:
    start = row.start()
    for match in _NEXT.finditer(row.string, row.start(), row.end()):
        if not row.string[start : match.start()].isspace():
            yield start, match.start()
            start = match.end()
    yield start, row.end()


def _goes_on(before: re.Match[str], row: re.Match[str]) -> bool:
    above, below = before.group().rstrip(), row.group().lstrip()
    return (
        len(above) >= _MIN_WRAPPED
        and above[-1] not in ".!?:;"
        and below[0].islower()
        and not _ITEM.match(row.group())
    )


def _section(row: str) -> Section | None:
    """Return the section that a row is the heading of, None where it is none."""
    bare = row.strip(_AROUND)
    if not bare or len(bare) > _LONGEST_HEADING or _ITEM.match(row) or bare[-1] in ".,;":
        return None
    if len(bare.split()) > _MOST_WORDS:
        return None
    closed = row.rstrip(" *_").endswith(":")
    if not closed and (bare[0].islower() or "," in bare):
        return None
    return section_named(bare)


def _inline(line: str) -> Section | None:
    """Return the section of a line that begins with its heading: "Required: Python, SQL"."""
    head, colon, _ = line.partition(":")
    bare = head.strip(_AROUND)
    if not colon or not bare or len(bare.split()) > _MOST_WORDS // 2:
        return None
    return section_named(bare)


def section_named(bare: str) -> Section | None:
    """Return the section that a heading without signs around it names, None for none."""
    return next((section for section, words in _KNOWN if words.search(bare)), None)
