"""The title that a text states in its first lines."""

import re
from collections.abc import Iterator

from jobclf.text.cleaning import clean
from jobclf.text.patterns import pattern
from jobclf.text.title_phrases import has_names, says_who
from jobclf.text.titles import TitleKind, title_kind

_HEADER = 600  # characters in which a title is looked for
_FILE_NAME = pattern(
    r"[^\n]{1,500}\.(?:txt|md|html?|mhtml?|pdf|docx?|odt|rtf|eml|msg|jsonl?|csv|tsv|xlsx?|parquet)",
    re.IGNORECASE,
)
_LINES, _FILLED = 12, 3  # of them those that can be a title without saying so
_MOST_FILLED = 8  # and those that can if they name a job
_LONGEST_FIRST, _LONGEST_NEXT = 14, 8  # words; a longer line is prose
_LONGEST_SLOGAN = 7  # words of prose above a title
_LONGEST_LINE = 200  # characters
_LABELLED = pattern(
    r"^[^\w\n]*(?:(?:job|position|role|posting|vacancy)(?:[ _-](?:title|name|role))?|t?itle|"
    r"(?:now |we are |we.re )?hiring(?: an?)?|job opening|open position)"
    r"[ *_]*(?::|[-\u2013\u2014](?=\s))[ *_]*(?P<title>\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
# How no such line begins: most lines are told by one letter, which need no pattern.
_NO_LABEL = frozenset("abcdefgklmqsuxyzABCDEFGIKLMQSUXYZ")
_SOUGHT_WITHIN = 72  # characters in which `_SOUGHT` finds its verb
_SOUGHT = pattern(
    r"(?!.*\byou\b).{0,60}?\b(?:looking for|seeking|seeks?|hiring)(?: an?| our| the)?(?: new)? "
    r"(?P<title>.{1,80}?)(?: (?:to|who|that|and|as)\b.*|[,!?].*|\.)?$"
)
# Of who writes or leads, and of companies.
_BESIDE_KINDS = frozenset({TitleKind.OTHER, TitleKind.MANAGER, TitleKind.ENGINEER})
_ROLES = frozenset({TitleKind.DATA_SCIENTIST, TitleKind.ML_ENGINEER, TitleKind.BOTH})
_UNKNOWN, _FIELD, _WRITER, _JOB = range(4)  # what a line names, the likeliest title last
_ADDRESS = pattern(
    r"(?:[a-z]{1,10}:[\s*_]*)?[<(]?(?:https?://|www\.)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?",
    re.ASCII | re.IGNORECASE,
)
_PICTURES = pattern(r"^[^\w\s\[(&'\"#.+]+\s+(?=[*_\w])|\*\*|__")  # a sign before it, emphasis
_DESCRIPTION = pattern(
    r"^job description\s*[:\u2013\u2014-]+\s*(?=\S)|\s*[:|\u2013\u2014-]\s*job description$",
    re.IGNORECASE,
)
# What stands above postings in copies of pages and documents, alone or several in one line.
_BESIDE = pattern(
    r"\W*(?:back(?: to [\w ]{1,30})?|home|menu|(?:job )?search|log ?in|sign (?:in|up)|register"
    r"|apply(?: now)?|share|save(?: job)?|print|about(?: us)?|contact(?: us)?|blog"
    r"|careers?|(?:(?:all|view all|open) )?(?:jobs|positions|vacancies)|companies|products"
    r"|page \d{1,4}.{0,12}|\d{1,4}|(?:job )?(?:description|posting|details|advert(?:isement)?|ad)"
    r"|(?:skip|jump) to [\w ]{1,30}(?:\]\(\S{0,60}\))?|start of main content"
    r"|search for jobs(?: page is loaded)?|careers? home|company reviews|find (?:jobs|salaries)"
    r"|employers|post (?:a )?job|.{1,50} logo"
    r"|(?:hi|hello|hey|dear) .{1,60}[,:!]|report(?:s|ing)? to\b.{0,100}"
    r"|if you are unable to complete this application.{0,100}"
    r"|(?:to )?ask for an accommodation.{0,60})\W*",
    re.IGNORECASE,
)
_APART = pattern(r"[|>/\u00bb\u00b7\u2022\u203a]+")
_BESIDE_WORDS = (  # that such a line begins with, told without the pattern
    "back home menu search sign log login register apply share save print about contact blog "
    "career careers all view open jobs positions vacancies companies products page job description "
    "posting details advert advertisement ad skip jump start company find employers post "
    "hi hello hey dear report reports reporting if to ask"
)
_FIRST_BESIDE = frozenset(_BESIDE_WORDS.split())
_ITEM = pattern(r"\s*(?:[-–—*\u2022\u00b7]|\d+[.)])\s")
_MARKS = "\ufeff#*_>`\u2022! \t"
_PROSE_WORDS = (
    "you your you'll we we're we've our us they their is are was will who has have can join "
    "seeking seeks looking this that must should if"
)
_PROSE = {word for each in _PROSE_WORDS.split() for word in (each, each.capitalize())} - {"Us"}


def title_in(text: str) -> str | None:
    r"""Return the title that a text states in its first lines, None where it has none.

    That is a line among them that says so ("Job Title: Data Scientist"), else the first line where
    it is short and no prose, or what a line says is sought. Menus, names of sections, slogans,
    greetings, and the names of companies and of who writes above it are no titles.

    >>> title_in("# Senior Data Scientist\nYou will work with our ML engineers.")
    'Senior Data Scientist'
    >>> title_in("You will work closely with our data scientists.") is None
    True
    >>> title_in("www.tides.example\n\U0001f680 **Job Description: Data Scientist**\nWe sail.")
    'Data Scientist'
    """
    return _stated(clean(text[:_HEADER]).splitlines())[0]


def names_file(text: str) -> bool:
    """Tell whether a text is the name of a file and no more, which says nothing of its own.

    >>> names_file("jobs/data_scientist/01.txt"), names_file("Data Scientist")
    (True, False)
    """
    return _FILE_NAME.fullmatch(text.strip()) is not None


def cut_title(text: str) -> tuple[str, str]:
    r"""Return the title that a text states, "" for none, and the text without its line.

    >>> cut_title("ACME\nPosition: Data Scientist\nYou build models.")
    ('Data Scientist', 'ACME\nYou build models.')
    """
    title, place = _stated(clean(text[:_HEADER]).splitlines())
    if title is None:
        return "", text
    lines = clean(text).splitlines(keepends=True)
    return title, "".join(lines[:place] + lines[place + 1 :]).lstrip("\ufeff \t\r\n")


def _stated(lines: list[str]) -> tuple[str | None, int]:
    """Return the stated title, and the place of the line that it stands in."""
    best: tuple[str | None, int] = None, 0
    most = 0
    for found, place, rank in _candidates(lines):
        if best[0] is None or rank > most:
            best, most = (_bare(found), place), rank
        if most == _JOB:
            break
    return best


def _rank(line: str) -> int:
    """Return how surely a line is the title: names of companies and people stand above it too."""
    kind = title_kind(line)
    if kind is None:
        return _UNKNOWN
    if not says_who(line):
        return _FIELD
    return _WRITER if kind in _BESIDE_KINDS else _JOB


def _bare(title: str) -> str:
    """Return a title without signs, emphasis and the words that it is described."""
    return _DESCRIPTION.sub("", _PICTURES.sub("", title)).strip(_MARKS) or title


def _candidates(lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """Yield what may be the title, the place of its line, and its rank."""
    yield from _labelled(lines)
    filled = 0
    for at, written in enumerate(lines[:_LINES]):
        line = written.strip(_MARKS)
        if not line or _is_address(line) or _is_navigation(line):
            continue
        if _ITEM.match(written):  # of a list of duties
            break
        below = filled >= _FILLED  # place, date and form of work may stand above the title
        sought = _SOUGHT.match(line) if not below and _may_seek(line) else None
        if sought and title_kind(sought["title"]):
            yield sought["title"], at, _JOB
        elif _is_prose(line, _LONGEST_NEXT if filled else _LONGEST_FIRST):
            if filled or line[-1] in ".?:" or len(line.split()) > _LONGEST_SLOGAN:
                break
        elif (rank := _rank(line)) > (_WRITER if below else _FIELD) or not (
            filled or _is_company(line, rank)
        ):
            yield line, at, rank
        filled += 1
        if filled == _MOST_FILLED:
            break


def _is_company(line: str, rank: int) -> bool:
    """Tell whether a line is a name with the word of a field in it: "Tidal Marketing"."""
    return rank == _FIELD and title_kind(line) not in _ROLES and has_names(line)


def _labelled(lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """Yield what lines say is the title; most are told by a letter of theirs."""
    for at, line in enumerate(lines):
        if line[:1] in _NO_LABEL or not (
            ":" in line or "-" in line or "\u2013" in line or "\u2014" in line
        ):
            continue
        if match := _LABELLED.match(line):
            title = match["title"].strip(_MARKS)
            yield title, at, _JOB if title_kind(title) else _UNKNOWN


def _is_address(line: str) -> bool:
    """Tell whether a line is one address; blanks stand in it behind its colon alone."""
    may_be = "." in line and (":" in line or " " not in line)
    return may_be and _ADDRESS.fullmatch(line) is not None


def _is_navigation(line: str) -> bool:
    """Tell whether a line stands above postings and says nothing of them."""
    may_be = line.split(None, 1)[0].lower().strip("[:") in _FIRST_BESIDE or line.endswith(" logo")
    parts = filter(str.strip, _APART.split(line) if may_be else ())
    return may_be and all(map(_BESIDE.fullmatch, parts))


def _may_seek(line: str) -> bool:
    start = line[:_SOUGHT_WITHIN]
    return "seek" in start or "hiring" in start or "looking for" in start


def _is_prose(line: str, longest: int) -> bool:
    if len(line) > _LONGEST_LINE or line[-1] in ".?":
        return True
    words = line.split()
    return len(words) > longest or not _PROSE.isdisjoint(words)
