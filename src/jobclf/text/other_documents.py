"""Documents about jobs and people that are no postings: letters, questions, adverts of courses."""

import re
from typing import NamedTuple

from jobclf.text.job_lists import is_title
from jobclf.text.patterns import pattern

_MIN_QUESTIONS = 5
_QUESTION = pattern(
    r"^[^\w\n]{0,5}(?:q(?:uestion)? ?)?\d{1,3}[.):] .{8,200}\?[^\w\n]{0,3}$", re.MULTILINE
)
_ADDRESSED = pattern(r"\b(?:you|your|we|our)\b")


class _Kind(NamedTuple):
    """A kind of document: what it is, words of which it has one, and signs, which it has all."""

    name: str
    words: tuple[str, ...]
    signs: tuple[re.Pattern[str], ...]
    addressed: bool = True  # whether it may say "you" and "we"


def _lines(written: str) -> re.Pattern[str]:
    return pattern(written, re.MULTILINE)


# Each in small letters. One word is looked for before any pattern: most postings need none.
_KINDS = (
    _Kind(
        "a cover letter",
        ("to apply", "express my"),
        (
            pattern(
                r"\bi(?: a|['\u2019])m (?:writing|excited|pleased|delighted) to apply\b"
                r"|\bi(?: wish|(?: woul|['\u2019])d like) to apply\b"
                r"|\bi(?: a|['\u2019])m writing to express my (?:\w+ )?interest"
            ),
            _lines(
                r"^[^\w\n]*(?:dear|to whom it may concern)\b"
                r"|^[^\w\n]*(?:yours )?(?:sincerely|faithfully)\b"
                r"|\bmy (?:cv|r[e\u00e9]sum[e\u00e9]) is (?:attached|enclosed)"
            ),
        ),
    ),
    _Kind(
        "a letter that offers someone a job",
        ("to offer you",),
        (
            pattern(r"\b(?:delighted|pleased|happy|excited) to offer you\b"),
            pattern(r"\bsign and return\b|\byour start date\b"),
        ),
    ),
    _Kind(
        "by someone who seeks work",
        ("opentowork", "looking for my", "seeking my", "for hire"),
        (
            _lines(
                r"#opentowork\b|\bi(?: a|['\u2019])m (?:looking for|seeking) my (?:next|new) "
                r"|\A.{0,60}\bfor hire[^\w\n]{0,3}$"
            ),
            pattern(r"\bi(?:['\u2019](?:ve|m)| have| am| help| work)\b"),
        ),
    ),
    _Kind(
        "an offer of a freelancer",
        ("i help",),
        (
            pattern(r"\bi help (?:\w+ ){0,4}(?:companies|businesses|teams|clients|start-?ups)\b"),
            pattern(r"\bmy (?:clients|services)\b|\b(?:day|hourly) rate\b"),
        ),
    ),
    _Kind(
        "an advert of a course",
        ("tuition",),
        (
            pattern(r"\btuition\b.{0,30}[$\u20ac\u00a3] ?\d"),
            pattern(r"\bbootcamp\b|\bcohorts?\b|\byou(?: wi|['\u2019])ll learn\b"),
            pattern(r"\bsyllabus\b|\benrol(?:l)? (?:now|today)\b|\byour (?:seat|spot|place)\b"),
        ),
    ),
    _Kind(
        "a report of salaries",
        ("salary report", "salary survey", "salary guide"),
        (
            pattern(r"\A[^\n]{0,80}\bsalary (?:report|survey|guide)\b"),
            pattern(r"\bsurveyed\b|\brespondents\b|\bmedian\b"),
        ),
    ),
    _Kind(
        "an article of an encyclopaedia",
        (" field", " discipline", " branch of", " profession", " subset"),
        (
            pattern(
                r"\A[^\n]{3,60} (?:is|are) an? (?:[\w-]+ ){0,3}"
                r"(?:field|discipline|branch|profession|subset)\b"
            ),
        ),
        addressed=False,
    ),
    _Kind(
        "a news article",
        ("told reporters", "said on", " trading"),
        (
            pattern(
                r"\btold reporters\b|\bin (?:morning|afternoon) trading\b"
                r"|\bsaid on (?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
            ),
        ),
        addressed=False,
    ),
    _Kind(
        "an article",
        ("in this post", "in this article"),
        (
            pattern(
                r"\bin this (?:post|article),? (?:we|i|you)(?:['\u2019]ll| will)? "
                r"(?:compare|look|explore|explain|discuss|cover|walk|learn)"
            ),
        ),
    ),
    _Kind(
        "a review of someone's work",
        (" review",),
        (
            pattern(r"\A[^\n]{0,40}\b(?:annual|performance|year-end) review\b"),
            pattern(r"\b(?:exceeds|meets|below) expectations\b|\bgoals (?:met|for 20)"),
        ),
    ),
    _Kind(
        "the documentation of software",
        ("install",),
        (
            _lines(r"^[^\w\n]*(?:pip3?|npm|conda|brew) install [\w.\[\]-]+ *$"),
            _lines(r"^#{1,3} *(?:install(?:ation)?|usage|getting started|quick ?start)\b"),
        ),
    ),
)

# What postings say, and texts about a company alone do not; in parts of words.
_OF_POSTINGS = (
    "role", "job", "position", "experience with", "experience in", "experience as", "years of",
    "responsib", "requir", "qualif", "skill", "you will", "you'll", "you\u2019ll", "you are",
    "you have", "apply", "applic", "candidat", "hiring", "hire ", "recruit", "looking for", "seek",
    "salary", "compensation", "benefit", "duties", "ability to", "knowledge of", "proficien",
    "degree in", "bachelor", "opportunit", "join our", "join us", "join the", "career", "ideal",
    "must ", "reports to", "reporting to", "tasks", "internship", "vacanc", "full-time",
    "full time", "part-time", "collaborate", "ensure", "assist",
)  # fmt: skip
_OF_COMPANIES = pattern(
    r"\b(?:founded (?:in|by)|since (?:19|20)\d\d|established in|our (?:mission|values|vision|story"
    r"|history|founders?|investors?|clients|customers|platform|products?|technology|people"
    r"|headquarters|leadership)|headquarter\w*|offices? in|raised\b.{0,20}(?:million|\$)|backed by"
    r"|trusted by|companies|employees|w(?:as|ere) named|award\w*|press contact|investors"
    r"|customers)\b"
)
_LEAST_OF_COMPANIES = 2  # different ones
_ONE = pattern(r"\ban? (?:[\w-]+ ){0,3}?(?:scientist|engineer|analyst|developer|manager)\b")
_TO_READER = pattern(r"(?:^|[.!?\n])\W*you \w")  # what a reader would do
_AROUND = pattern(r"^\W+|\W+$")


def is_of_company(text: str) -> bool:
    """Tell whether a text says what a company is, and nothing of any job.

    >>> is_of_company("Wick was founded in 1987. Our customers are harbours in six countries.")
    True
    """
    small = text.lower()
    if any(map(small.__contains__, _OF_POSTINGS)):
        return False
    if len(set(_OF_COMPANIES.findall(small))) < _LEAST_OF_COMPANIES or _ONE.search(small):
        return False
    if _TO_READER.search(small):
        return False
    return not any(is_title(_AROUND.sub("", line)) for line in text.split("\n"))


def other_document(text: str) -> str | None:
    r"""Return what a text is that is about a job or a person and no posting, None if it may be one.

    >>> other_document("Dear Ms Gull,\nI am writing to apply for the position of Head Baker.")
    'a cover letter'
    >>> other_document("You are writing models. Apply by a letter.") is None
    True
    """
    small = text.lower()
    if "interview question" in small[:120] and len(_QUESTION.findall(small)) >= _MIN_QUESTIONS:
        return "a list of interview questions"
    for kind in _KINDS:
        if not any(word in small for word in kind.words):
            continue
        if all(sign.search(small) for sign in kind.signs) and (
            kind.addressed or not _ADDRESSED.search(small)
        ):
            return kind.name
    return None
