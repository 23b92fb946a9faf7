"""The title of the posting that a page shows: the heading above it, else the page's own title."""

import re
from bisect import bisect_left
from typing import Any

from jobclf.documents.html import line
from jobclf.documents.main_text import Shown
from jobclf.documents.names import PART_OF, known_name
from jobclf.documents.surroundings import Heading, Layout
from jobclf.text.job_lists import JOB_NAMES, says_list
from jobclf.text.stated_titles import title_in
from jobclf.text.titles import title_kind

_TITLE_PARTS = ("title", "headline", "-name", "_name")
_TITLE_NAMES = re.compile(
    r"(?:job|posting|position|vacancy|role|listing|topcard|top-card)[-_]{0,2}\w{0,20}?"
    r"(?:title|headline|[-_]name)\b|^title$|\bapp-title\b|jobtitle",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"\bjobs\b|\bjobs? in\b|\bresults?\b|^search|search (?:results|jobs)|\bjob search\b"
    r"|^careers?\b|\bcareers?$|careers at\b|\bvacancies\b|\bopenings?$|opportunities"
    r"|\bopen (?:positions|roles)\b|welcome|sign in|log ?in|^join\b|cookie|privacy|\bapply\b"
    r"|application|thank|upload|similar|about\b|^(?:the )?(?:role|team|company|position|job)\b"
    r"|description|overview|who we|what (?:we|you)|^why\b|^our\b|^your?\b|benefits|^department"
    r"|^location|^share|contact|^menu|^home$|^we\b|^how\b|equal opportunity|^summary|^salary|^key "
    r"|^skills|\bterms\b|^hi\b",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"^(?:job (?:application|description|title|posting)(?: for)?|vacancy|position(?: title)?|role"
    r"|job title|opening|career|hiring|we.re hiring|wanted|job)\s*[:–—-]+\s*"
    r"|^job application for\s+|\s*[-–—|·]?\s*job post(?:ing)?$|\s*\((?:closed|expired|filled)\)$"
    r"|\s*[-–—|·:]\s*(?:linkedin|indeed(?:\.\w+)?|glassdoor|seek|monster|workable|careers?|jobs?)$",
    re.IGNORECASE,
)
_FILE = re.compile(r"^Microsoft (?:Office )?Word - |\.(?:docx?|rtf|odt|pdf|pages)$", re.IGNORECASE)
_HIRING = re.compile(r"^.{1,80}? (?:is )?hiring (?:an? )?(.+?)(?: in .+)?$", re.IGNORECASE)
_APART = re.compile(r"\s+[-–—|·•»›:@]+\s+|\s*[|»]\s*|\s+at\s+(?=[A-Z0-9])")
_JOB_AT_END = re.compile(r"\s+jobs?(?: in .*)?$", re.IGNORECASE)
_LONGEST = 150  # letters
_LARGE = frozenset({"body", "main", "ul", "section", "a"})
_LEVEL = 3  # of what is named as a title and no heading
_SHARE = 0.4  # of a posting's text, behind which no title stands
_LEAST_SCORE = 2


def bare_title(title: str) -> str | None:
    """Return a title without what boards put around it.

    >>> bare_title("Job Title: Baker - job post")
    'Baker'
    """
    return line(_AROUND.sub("", title))


def fits_title(text: str) -> bool:
    """Tell whether a text may be the title of a posting, as far as can be told."""
    return JOB_NAMES.search(text) is not None or not _NO_TITLE.search(text)


def job_title(text: str) -> str | None:
    """Return what a text says where it names a job and little else."""
    text = " ".join(text.split())
    return bare_title(text) if len(text) <= _LONGEST and JOB_NAMES.search(text) else None


def property_title(title: str) -> str:
    """Return a title among the properties of a document without what made it a name of a file."""
    return _FILE.sub("", title[: 2 * _LONGEST]).replace("_", " ").strip()


def title_beside(title: str, text: str) -> str | None:
    r"""Return the title that the properties of a document name, None where its text names one.

    >>> title_beside("Microsoft Word - Senior_Data_Scientist.docx", "We are a bakery.")
    'Senior Data Scientist'
    >>> title_beside("Data Scientist", "Head Baker\nWe are a bakery.") is None
    True
    """
    return None if title_kind(title_in(text) or "") else job_title(property_title(title))


def title_of(layout: Layout, root: Any, shown: Shown) -> str | None:
    """Return the title of the posting that a page shows."""
    said = said_by(root)
    lower = " ".join(said).lower()
    names = {at: names for names, each in layout.named(_TITLE_PARTS) for at in each}
    best, chosen = float(_LEAST_SCORE - 1), None
    for each in [*layout.headings, *_named(layout, names)]:
        if not shown.keep[layout.flow.starts[each.element]]:
            continue
        score = _score(layout, each, lower, shown.at, names.get(each.element, ""))
        if score > best:
            best, chosen = score, each
    if chosen is not None:
        return bare_title(chosen.text)
    return next((title for title in map(part_of_title, said) if title is not None), None)


def _score(layout: Layout, heading: Heading, said: str, at: tuple[int, int], names: str) -> float:
    text = _AROUND.sub("", heading.text)
    start = layout.flow.starts[heading.element]
    score = 4.0 - heading.level
    score += 3 if JOB_NAMES.search(text) else 0
    score += 3 if len(text) > 3 and text.lower() in said else 0  # noqa: PLR2004
    score += 2 if _TITLE_NAMES.search(names) else 0
    score -= 5 if _NO_TITLE.search(text) else 0
    score -= 5 if says_list(text) else 0
    score -= 6 if known_name(text) in PART_OF else 0
    score -= 3 if len(text) > _LONGEST else 0
    score -= 4 if start > at[0] + _SHARE * (at[1] - at[0]) else 0
    return score


def _named(layout: Layout, names: dict[int, str]) -> list[Heading]:
    """Return the elements that are no headings and are named as a title."""
    flow, found = layout.flow, []
    known = [each.element for each in layout.headings]
    for number in sorted(names.keys()):
        at = bisect_left(known, number)
        if at < len(known) and known[at] < flow.until[number]:
            continue  # a heading in it says it better
        short = 0 < layout.length(number) <= _LONGEST
        if short and flow.tags[number] not in _LARGE and _TITLE_NAMES.search(names[number]):
            text = " ".join(flow.text(number).split())
            if text:
                found.append(Heading(number, _LEVEL, text))
    return found


def said_by(root: Any) -> list[str]:
    """Return what the page itself says that its title is, the surest first."""
    found = [
        meta.get("content") or ""
        for meta in root.iter("meta")
        if (meta.get("property") or meta.get("name")) in {"og:title", "twitter:title"}
    ]
    titles = [each for each in root.iter("title") if each.getparent().tag != "svg"][:1]
    return [
        " ".join(text.split()) for text in (*found[:2], *("".join(t.itertext()) for t in titles))
    ]


def part_of_title(text: str) -> str | None:
    """Return the part of a page's title that is the posting's, None where none is sure to be."""
    text = _AROUND.sub("", text[: 2 * _LONGEST])
    hiring = _HIRING.match(text)
    parts = [part.strip() for part in _APART.split(hiring[1] if hiring else text) if part.strip()]
    parts = [_JOB_AT_END.sub("", part) for part in parts]
    fit = [part for part in parts if JOB_NAMES.search(part) and not _NO_TITLE.search(part)]
    return line(fit[0]) if fit else None
