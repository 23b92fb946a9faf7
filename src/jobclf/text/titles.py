"""What a job title says: the kind of job it names, and which of the two roles it claims."""

from enum import StrEnum
from functools import lru_cache

from jobclf.roles import Role
from jobclf.text.cleaning import clean
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
    SCIENTIST = "scientist"  # of what no known word tells: Retention Scientist, Soil Scientist
    DATA_ANALYST = "data_analyst"  # other analysts and statisticians too
    DATA_ENGINEER = "data_engineer"
    SOFTWARE_ENGINEER = "software_engineer"
    ENGINEER = "engineer"  # likewise: Perception Engineer, Drilling Engineer
    DATA_SCIENCE_MANAGER = "data_science_manager"  # heads, directors, managers of data science
    ML_MANAGER = "ml_manager"  # the same of machine learning and of AI
    MANAGER = "manager"  # all other managers: of products, projects, programmes, accounts
    OTHER = "other"


_K = TitleKind
_CLAIMS = {_K.DATA_SCIENTIST: Role.DATA_SCIENTIST, _K.ML_ENGINEER: Role.ML_ENGINEER}
# What such titles tell of the work is nothing: they are as good as none, and carry no weight.
UNTOLD = frozenset({_K.SCIENTIST, _K.ENGINEER})
_SCIENCE = {_K.DATA_SCIENTIST, _K.APPLIED_SCIENTIST, _K.ML_SCIENTIST, _K.RESEARCH_SCIENTIST}
_SCIENCE |= {_K.SCIENTIST}
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
    if not own and names & {"SCIENCE", "DATA"}:
        return _K.DATA_SCIENTIST
    return _K.SCIENTIST if own[-1:] == [""] else _K.RESEARCH_SCIENTIST


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
    if "SOFTWARE" in own or _PLAIN.issuperset(own):
        return _K.SOFTWARE_ENGINEER
    return _K.OTHER if own[-1] else _K.ENGINEER


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
