"""What a job title says: the kind of job it names, and which of the two roles it claims."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from jobclf.roles import Role
from jobclf.text.cleaning import clean
from jobclf.text.patterns import pattern
from jobclf.text.title_phrases import Title, parse


class TitleKind(StrEnum):
    """The kind of job that a title names."""

    DATA_SCIENTIST = "data_scientist"
    ML_ENGINEER = "ml_engineer"
    BOTH = "both"  # both roles, or between the two: Data Science Engineer, Machine Learning Intern
    AI_ENGINEER = "ai_engineer"
    APPLIED_SCIENTIST = "applied_scientist"
    ML_SCIENTIST = "ml_scientist"  # scientists and researchers of machine learning and of AI
    RESEARCH_SCIENTIST = "research_scientist"  # all other scientists and researchers
    DATA_ANALYST = "data_analyst"  # other analysts and statisticians too
    DATA_ENGINEER = "data_engineer"
    SOFTWARE_ENGINEER = "software_engineer"
    DATA_SCIENCE_MANAGER = "data_science_manager"  # heads, directors, managers of data science
    ML_MANAGER = "ml_manager"  # the same of machine learning and of AI
    MANAGER = "manager"  # all other managers: of products, projects, programmes, accounts
    OTHER = "other"


_K = TitleKind
_CLAIMS = {_K.DATA_SCIENTIST: Role.DATA_SCIENTIST, _K.ML_ENGINEER: Role.ML_ENGINEER}
_SCIENCE = {_K.DATA_SCIENTIST, _K.APPLIED_SCIENTIST, _K.ML_SCIENTIST, _K.RESEARCH_SCIENTIST}
_ENGINEERING = {_K.ML_ENGINEER, _K.AI_ENGINEER, _K.DATA_ENGINEER, _K.SOFTWARE_ENGINEER}
_MANAGERS = {_K.DATA_SCIENCE_MANAGER, _K.ML_MANAGER, _K.MANAGER}
_LEARNING = frozenset(("ML", "MLOPS", "VISION", "AI"))
_ASIDE = frozenset(("ASIDE", "PRODUCT", "PHYSICAL"))
_PLAIN = frozenset(("RESEARCH", "APPLIED", "ENGINEERING"))
_LONGEST = 300  # characters; a longer line is no title
_KEPT = 4096  # titles; tables repeat them


@lru_cache(maxsize=_KEPT)
def title_kind(title: str) -> TitleKind | None:
    """Return the kind of job that a title names, None where it names none that is known.

    >>> title_kind("Software Engineer II, Machine Learning (m/f/d)")
    <TitleKind.ML_ENGINEER: 'ml_engineer'>
    >>> title_kind("Product Manager, Data Science")
    <TitleKind.MANAGER: 'manager'>
    """
    read = parse(clean(title[:_LONGEST]))
    if any(phrase.head == "other" for phrase in read.phrases):
        return _K.OTHER
    people = [phrase for phrase in read.phrases if phrase.head != "manager"]
    managers = [phrase for phrase in read.phrases if phrase.head == "manager"]
    if people:  # a manager of nothing is a grade: "Manager, Data Scientist"
        managers = [phrase for phrase in managers if phrase.fields]
    kinds = {_manager(phrase.fields, read.fields) for phrase in managers}
    if _K.MANAGER in kinds:
        return _K.MANAGER
    kinds |= {
        _KINDS[phrase.head](own, read.fields) for phrase in people for own in phrase.fields or [[]]
    }
    return _joined(kinds) if kinds else _of_fields(read)


def title_role(title: str) -> Role | None:
    """Return the one role of the two that a title claims, None where it claims none or both.

    >>> title_role("Senior Machine Learning Engineer, Search")
    <Role.ML_ENGINEER: 'ml_engineer'>
    >>> title_role("Data Scientist / ML Engineer") is None
    True
    """
    kind = title_kind(title)
    return None if kind is None else _CLAIMS.get(kind)


def title_role_of(kind: TitleKind) -> Role | None:
    """Return the one role of the two that a kind of title claims, None where it claims none."""
    return _CLAIMS.get(kind)


def _joined(kinds: set[TitleKind]) -> TitleKind:
    """Return the one kind of a title that names several."""
    if len(kinds) == 1:
        return next(iter(kinds))
    chief = kinds & {_K.DATA_SCIENTIST, _K.ML_ENGINEER, _K.AI_ENGINEER}
    if _K.BOTH in kinds or (chief and kinds & _SCIENCE and kinds & _ENGINEERING):
        return _K.BOTH
    return next(kind for kind in _K if kind in kinds)


def _scientist(own: list[str], beside: list[list[str]]) -> TitleKind:
    after_data = own[len(own) - own[::-1].index("DATA") :] if "DATA" in own else [""]
    if "SCIENCE" in own or all(after_data) or own[-1:] == ["ANALYTICS"]:
        engineering = any("MLOPS" in each for each in (own, *beside))
        return _K.BOTH if engineering else _K.DATA_SCIENTIST
    names = {name for each in beside for name in each}
    if "APPLIED" in own or (not own and "APPLIED" in names):
        return _K.APPLIED_SCIENTIST
    if not _LEARNING.isdisjoint(own) or (own in ([], ["RESEARCH"]) and names & _LEARNING):
        return _K.ML_SCIENTIST
    return _K.DATA_SCIENTIST if not own and names & {"SCIENCE", "DATA"} else _K.RESEARCH_SCIENTIST


def _researcher(own: list[str], beside: list[list[str]]) -> TitleKind:
    names = {name for each in (own, *beside) for name in each}
    if "SCIENCE" in names:
        return _K.DATA_SCIENTIST
    return _K.ML_SCIENTIST if names & _LEARNING else _K.RESEARCH_SCIENTIST


_ENGINEERS = {
    "ASIDE": _K.OTHER,
    "PHYSICAL": _K.OTHER,
    "DATA": _K.DATA_ENGINEER,
    "STORES": _K.DATA_ENGINEER,
    "ANALYTICS": _K.DATA_ANALYST,
    "SCIENCE": _K.BOTH,
    "ML": _K.ML_ENGINEER,
    "MLOPS": _K.ML_ENGINEER,
    "VISION": _K.ML_ENGINEER,
    "AI": _K.AI_ENGINEER,
}


def _engineer(own: list[str], beside: list[list[str]]) -> TitleKind:
    nearest = next((_ENGINEERS[name] for name in reversed(own) if name in _ENGINEERS), None)
    if nearest is _K.AI_ENGINEER and "ML" in own:
        return _K.ML_ENGINEER
    if nearest is not None:
        return nearest
    names = [name for each in beside for name in each]
    if own[-1:] == ["SOLUTIONS"]:  # who advises customers
        return _K.OTHER
    for wanted in ("ML", "MLOPS", "VISION", "AI", "SCIENCE", *(() if own else ("DATA", "STORES"))):
        if wanted in names:
            return _ENGINEERS[wanted]
    plain = "SOFTWARE" in own or _PLAIN.issuperset(own)
    return _K.SOFTWARE_ENGINEER if plain else _K.OTHER


def _developer(own: list[str], beside: list[list[str]]) -> TitleKind:
    return _engineer([name for name in own if name], beside)


def _analyst(own: list[str], beside: list[list[str]]) -> TitleKind:
    if "SCIENCE" in own or (not own and any("SCIENCE" in each for each in beside)):
        return _K.DATA_SCIENTIST
    return _K.OTHER if own[-1:] in (["PHYSICAL"], ["SOFTWARE"]) else _K.DATA_ANALYST


def _ml_engineer(_own: list[str], _beside: list[list[str]]) -> TitleKind:
    return _K.ML_ENGINEER


_KINDS = {
    "scientist": _scientist,
    "researcher": _researcher,
    "engineer": _engineer,
    "developer": _developer,
    "analyst": _analyst,
    "mle": _ml_engineer,
}


def _manager(own: list[list[str]], beside: list[list[str]]) -> TitleKind:
    """Return what a manager manages: by what stands nearest to the head, else by the next field."""
    plain = all(name in _PLAIN for names in own for name in names)
    for names in (*own[::-1], *(beside if plain else ())):
        for name in reversed(names):
            if name in _ASIDE:
                return _K.MANAGER
            if name == "SCIENCE":
                return _K.DATA_SCIENCE_MANAGER
            if name in _LEARNING:
                return _K.ML_MANAGER
    return _K.MANAGER


def _of_fields(title: Title) -> TitleKind | None:
    """Return the kind of a title without a head: "Data Science Intern", "MLOps"."""
    names = {name for each in title.fields for name in each}
    learning = names & _LEARNING
    if title.fields and [name for name in title.fields[0] if name][-1] == "ASIDE":
        return _K.OTHER
    if "SCIENCE" in names and learning <= {"AI", "VISION"}:
        return _K.DATA_SCIENTIST
    if "MLOPS" in names or ("ENGINEERING" in names and learning - {"AI"}):
        return _K.BOTH if "SCIENCE" in names else _K.ML_ENGINEER
    if learning:
        return _K.AI_ENGINEER if learning == {"AI"} else _K.BOTH
    if "ANALYTICS" in names:
        return _K.DATA_ANALYST
    return _K.DATA_ENGINEER if {"DATA", "ENGINEERING"} <= names else None


_HEADER = 600  # characters in which a title is looked for
_FILE_NAME = pattern(
    r"[^\n]{1,500}\.(?:txt|md|html?|mhtml?|pdf|docx?|odt|rtf|eml|msg|jsonl?|csv|tsv|xlsx?|parquet)",
    re.IGNORECASE,
)
_LINES, _FILLED = 10, 3  # of them those that can be a title without saying so
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
_ADDRESS = pattern(
    r"(?:[a-z]{1,10}:\s*)?(?:https?://|www\.)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", re.ASCII
)
_PICTURES = pattern(r"^[^\w\s\[(&'\"#.+]+\s+(?=[*_\w])|\*\*|__")  # a sign before it, emphasis
_DESCRIPTION = pattern(
    r"^job description\s*[:\u2013\u2014-]+\s*(?=\S)|\s*[:|\u2013\u2014-]\s*job description$",
    re.IGNORECASE,
)
# What stands above postings in copies of pages and documents, alone or several in one line.
_BESIDE = (
    r"(?:back(?: to [\w ]{1,30})?|home|menu|(?:job )?search|log ?in|sign (?:in|up)|register"
    r"|apply(?: now)?|share|save(?: job)?|print|about(?: us)?|contact(?: us)?|blog"
    r"|careers?|(?:(?:all|view all|open) )?(?:jobs|positions|vacancies)|companies|products"
    r"|page \d+.{0,12}|(?:job )?(?:description|posting|details|advert(?:isement)?|ad))"
)
_NAVIGATION = pattern(
    rf"\W*(?:{_BESIDE}(?:\s*[|>/\u00bb\u00b7\u2022\u203a]+\s*{_BESIDE})*|.{{1,50}} logo)\W*",
    re.IGNORECASE,
)
_BESIDE_WORDS = (  # that such a line begins with, told without the pattern
    "back home menu search sign log login register apply share save print about contact blog "
    "career careers all view open jobs positions vacancies companies products page job description "
    "posting details advert advertisement ad"
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
    it is short and no prose, or what a line says is sought. Menus, names of sections and slogans
    above it are no titles.

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
    first: tuple[str | None, int] = None, 0
    for found, place in _candidates(lines):
        if title_kind(found):
            return _bare(found), place
        first = first if first[0] else (_bare(found), place)
    return first


def _bare(title: str) -> str:
    """Return a title without signs, emphasis and the words that it is described."""
    return _DESCRIPTION.sub("", _PICTURES.sub("", title)).strip(_MARKS) or title


def _candidates(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Yield what may be the title and the place of its line, the best first."""
    yield from _labelled(lines)
    filled = 0
    for at, written in enumerate(lines[:_LINES]):
        line = written.strip(_MARKS)
        if not line or _is_address(line) or _is_navigation(line):
            continue
        if _ITEM.match(written):  # of a list of duties
            break
        sought = _SOUGHT.match(line) if _may_seek(line) else None
        if sought and title_kind(sought["title"]):
            yield sought["title"], at
        elif _is_prose(line, _LONGEST_NEXT if filled else _LONGEST_FIRST):
            if filled or line[-1] in ".?:" or len(line.split()) > _LONGEST_SLOGAN:
                break
        elif not filled or (title_kind(line) and parse(line).phrases):  # below, no bare field
            yield line, at
        filled += 1
        if filled == _FILLED:
            break


def _labelled(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Yield what lines say is the title; most are told by a letter of theirs."""
    for at, line in enumerate(lines):
        if line[:1] in _NO_LABEL or not (
            ":" in line or "-" in line or "\u2013" in line or "\u2014" in line
        ):
            continue
        if match := _LABELLED.match(line):
            yield match["title"].strip(_MARKS), at


def _is_address(line: str) -> bool:
    """Tell whether a line is one address; blanks stand in it behind its colon alone."""
    may_be = "." in line and (":" in line or " " not in line)
    return may_be and _ADDRESS.fullmatch(line) is not None


def _is_navigation(line: str) -> bool:
    """Tell whether a line stands above postings and says nothing of them."""
    may_be = line.split(None, 1)[0].lower().rstrip(":") in _FIRST_BESIDE or line.endswith(" logo")
    return may_be and _NAVIGATION.fullmatch(line) is not None


def _may_seek(line: str) -> bool:
    start = line[:_SOUGHT_WITHIN]
    return "seek" in start or "hiring" in start or "looking for" in start


def _is_prose(line: str, longest: int) -> bool:
    if len(line) > _LONGEST_LINE or line[-1] in ".?":
        return True
    words = line.split()
    return len(words) > longest or not _PROSE.isdisjoint(words)
