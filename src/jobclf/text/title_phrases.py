"""The phrases that a job title is made of.

A title is read as people write it: phrases between separators, each with a head noun (engineer,
scientist, manager) and the fields named before it. What follows a comma, a dash or a preposition is
the field a person works in, not who the person is: a "Product Manager, Data Science" is a manager.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from jobclf.text.patterns import pattern

# The words of titles by what they say; any other says nothing: a place, a team, a product.
_WORDS = {
    # Fields
    "SCIENCE": "datascience ds",
    "ML": "ml machinelearning",
    "MLOPS": "mlops",
    "VISION": "nlp",
    "AI": "ai genai llm llms agentic aiml",
    "DATA": "data decision",
    "ANALYTICS": "analytics analytic analysis bi insights reporting",
    "STORES": "etl elt dwh database databases warehouse warehousing sql lakehouse dataops",
    "APPLIED": "applied",
    "RESEARCH": "research",
    "ENGINEERING": "engineering ops operations",
    "PRODUCT": "product products program programs programme project projects portfolio",
    "SOFTWARE": (
        "software backend back frontend front full fullstack stack web mobile ios android cloud "
        "platform platforms system systems infrastructure infra devops reliability python java "
        "javascript typescript golang go rust scala kotlin php ruby react node angular c++ c# .net "
        "dotnet embedded application applications app api microservices founding forward deployed "
        "aws azure gcp distributed kubernetes"
    ),
    "SOLUTIONS": "solution solutions",
    # Fields whose engineers and managers do other work
    "ASIDE": (
        "sales marketing recruiting recruitment talent acquisition hr curriculum training bootcamp "
        "course courses policy governance procurement legal editorial content customer success "
        "account accounts business community partnerships teaching"
    ),
    "PHYSICAL": (
        "mechanical electrical civil process chemical manufacturing hardware field support test "
        "testing qa quality network networks security service structural industrial maintenance "
        "environmental materials rf asic fpga audio aerospace biomedical center centre presales"
    ),
    # Heads
    "scientist": "scientist scientists cientista cientifico wissenschaftler",
    "researcher": "researcher researchers postdoc postdoctoral",
    "engineer": (
        "engineer engineers eng engr engrs sre architect architects ingenieur ingeniero engenheiro"
    ),
    "developer": "developer developers dev devs programmer programmers swe sde entwickler",
    "mle": "mle mles",
    "analyst": "analyst analysts statistician statisticians biostatistician",
    "manager": (
        "manager managers mgr head director directors vp svp avp evp president cto cio cdo ceo coo "
        "owner master supervisor"
    ),
    "other": (
        "recruiter recruiters sourcer headhunter instructor instructors teacher teachers trainer "
        "trainers tutor tutors lecturer lecturers professor educator mentor coach faculty writer "
        "editor journalist copywriter author reviewer annotator annotators labeler labeller "
        "salesperson seller representative marketer strategist advocate evangelist "
        "ambassador coordinator administrator clerk secretary receptionist technician "
        "technologist nurse physician doctor therapist pharmacist accountant auditor lawyer "
        "counsel paralegal attorney actuary underwriter broker trader investor buyer designer "
        "tester sdet operator driver mechanic electrician cook waiter cashier librarian translator "
        "planner moderator investigator inspector officer partner"
    ),
    "GRADE": (
        "senior junior sr jr lead principal staff associate graduate intern internship trainee "
        "entry level mid i ii iii iv v 1 2 3 4 5 chief experienced remote hybrid onsite freelance "
        "contract part full time new grad a an the team group global regional technical deputy "
        "interim acting summer winter student working fellow member vice assistant executive exec "
        "practice strategic"
    ),
    "&": "& / + and or und y et e",
    "of": "of in for on to",
    "at": "at with from @",
}
_CLASS = {word: name for name, words in _WORDS.items() for word in words.split()}
_PAIRS = {  # the class of the word before, or the word if it has none; the word
    "DATA science": "SCIENCE",
    "DATA sciences": "SCIENCE",
    "DATA sci": "SCIENCE",
    "machine learning": "ML",
    "deep learning": "ML",
    "reinforcement learning": "ML",
    "m l": "ML",
    "ML ops": "MLOPS",
    "ML operations": "MLOPS",
    "computer vision": "VISION",
    "language processing": "VISION",
    "artificial intelligence": "AI",
    "developer ops": "SOFTWARE",
    "ASIDE intelligence": "ANALYTICS",
    "ASIDE executive": "other",
    "ASIDE exec": "other",
    "ASIDE assistant": "other",
}
_PEOPLE = (  # whom people are called besides, and no company
    "intern internship trainee associate graduate senior junior sr jr lead principal specialist "
    "consultant expert practitioner"
)
_GRADES = frozenset(_PEOPLE.split())
_GLUED = {
    "datascientist": ("data", "scientist"),
    "datascientists": ("data", "scientist"),
    "dataengineer": ("data", "engineer"),
    "dataanalyst": ("data", "analyst"),
}
_HEADS = frozenset(
    ("scientist", "researcher", "engineer", "developer", "mle", "analyst", "manager", "other")
)
_BESIDE = frozenset(("manager", "other"))  # heads that are also words of teams and of grades

_SEPARATORS = frozenset(",|():;•·\n-")
_TOKEN = pattern(r"\.net\b|[a-zA-Z0-9]+(?:\+\+|#)?|[&/+@,|():;•·\n]|(?<=\s)-|-(?=\s)")
_CAMEL = pattern(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})(?!Lops)")
_GENDER = pattern(
    r"\((?:[mfwdxhn*]|div|all genders?|gn)(?:[\s/|,.*+&-]+(?:[mfwdxhnia*]|div|all genders?))*\)"
    r"|\b[mfwhd] ?[/|] ?[mfwhd](?: ?[/|] ?[mfwdx*])?(?!\w)|(?<=\w)[:*_]in(?:nen)?\b|\((?:e|in|s)\)",
    re.IGNORECASE,
)
_MARKED = pattern(r"[(/|*:_]")


class Phrase(NamedTuple):
    """A head noun with the fields named before it; what "and" or "/" joins stands apart."""

    head: str
    fields: list[list[str]]


class Title(NamedTuple):
    """The phrases of a title, and the fields named beside them, in order."""

    phrases: list[Phrase]
    fields: list[list[str]]


def parse(title: str) -> Title:
    """Return the phrases of a title.

    >>> parse("Senior Data Scientist / ML Engineer, Search").phrases
    [Phrase(head='scientist', fields=[['DATA']]), Phrase(head='engineer', fields=[['ML']])]
    """
    found = Title([], [])
    for segment in _segments(_classes(title)):
        _read(segment, found)
    return found


def says_who(title: str) -> bool:
    """Tell whether a title says who a person is, by a noun or a grade, and not a field alone.

    >>> says_who("Data Scientist"), says_who("Sales Intern"), says_who("Tidal Sales")
    (True, True, False)
    """
    return bool(parse(title).phrases) or not _GRADES.isdisjoint(_words(title))


def has_names(title: str) -> bool:
    """Tell whether a title has words that say nothing of a job, as the names of companies have.

    >>> has_names("Tidal Sales"), has_names("Sales and Marketing")
    (True, False)
    """
    return "" in _classes(title)


def _classes(title: str) -> list[str]:
    """Return what each word and separator of a title is, "" for a word that says nothing."""
    if not title.isascii():
        dashed = title.replace("\u2013", " - ").replace("\u2014", " - ")
        decomposed = unicodedata.normalize("NFKD", dashed)
        title = "".join(each for each in decomposed if not unicodedata.combining(each))
    title = title.replace("A.I.", "AI")
    if _MARKED.search(title):
        title = _GENDER.sub(" ", title)
    found: list[str] = []
    before = ""
    for word in _words(title):
        if pair := _PAIRS.get(f"{before} {word}"):
            found[-1] = before = pair
            continue
        name = _CLASS.get(word, "" if word[-1].isalnum() else word)
        found.append(name)
        before = name or word
    return found


def _words(title: str) -> Iterator[str]:
    """Yield the words and separators of a title in small letters; DataScientist is two words."""
    for word in _TOKEN.findall(title):
        small = word.lower()
        if small in _GLUED:
            yield from _GLUED[small]
        elif small in _CLASS or word == small or word.istitle() or word.isupper():
            yield small
        else:
            yield from map(str.lower, _CAMEL.split(word))


def _segments(classes: list[str]) -> list[list[str]]:
    """Split at separators; the parenthesis in "Machine Learning (ML) Engineer" is none."""
    segments: list[list[str]] = [[]]
    apart = False  # within a parenthesis that separates
    for name in classes:
        if name == "(":
            apart = not _HEADS.isdisjoint(segments[-1])
        if name not in _SEPARATORS:
            segments[-1].append(name)
        elif name not in "()" or apart:
            segments.append([])
    return segments


def _read(segment: list[str], title: Title) -> None:
    """Add the phrases and fields of a segment to a title."""
    fields: list[list[str]] = [[]]
    last: Phrase | None = None
    for at, name in enumerate(segment):
        if name == "&":
            fields.append([])
        elif name in {"of", "at"}:
            if last is None:
                continue
            if name == "of":
                title.fields.extend(_split(segment[at + 1 :]))
            break
        elif name in _HEADS and _is_head(name, segment[at + 1 :], later=bool(title.phrases)):
            own = [each for each in fields if each]
            if (
                not own and last is not None
            ):  # "Data Scientist / Engineer", "Data Scientist Manager"
                own = last.fields
                if len(fields) == 1 and name in _BESIDE:
                    title.phrases.remove(last)
                    own = [[*each, "SCIENCE"] if "DATA" in each else each for each in own]
            last = Phrase(name, own)
            title.phrases.append(last)
            fields = [[]]
        elif name != "GRADE":
            fields[-1].append(name)
    title.fields.extend(each for each in fields if any(each))


def _is_head(name: str, after: list[str], *, later: bool) -> bool:
    """Tell whether a noun heads its phrase, given what follows it and whether it is the first."""
    end = next((at for at, each in enumerate(after) if each in {"&", "of", "at"}), len(after))
    rest = [each for each in after[:end] if each != "GRADE"]
    if name in _BESIDE and not _HEADS.isdisjoint(rest):
        return False
    return not (later and rest and name in _BESIDE)


def _split(names: list[str]) -> list[list[str]]:
    """Return the fields of what follows a preposition."""
    found: list[list[str]] = [[]]
    for name in names:
        if name == "at":
            break
        if name in {"&", "of"}:
            found.append([])
        elif name != "GRADE":
            found[-1].append("" if name in _HEADS else name)
    return [each for each in found if any(each)]
