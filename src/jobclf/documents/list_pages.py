"""Pages that hold no posting but lists of them, and what tells of the company around those."""

import re
from collections.abc import Iterable, Iterator

from jobclf.documents.surroundings import Layout
from jobclf.text.job_lists import JOB_NAMES, JOBS, asks, is_job_list, says_list
from jobclf.text.patterns import pattern

_SEVERAL = 3  # names of jobs
_HIGH = 3  # level of a heading that may name all of a page
_LONGEST_SAID = 300  # letters of a title
_FEW = 2  # lines about jobs of a kind; things that nearly all postings say
# What is said of all jobs of a kind, and of no one job.
_OF_JOBS = pattern(
    rf"cookie|^(?:what|how|why|where|which)\b.{{0,60}}\b{JOBS}\b.{{0,40}}\?$"
    r"|^(?:top|best|popular|related|similar|trending) (?:\w+ ){0,3}"
    r"(?:jobs|searches|companies|cities|locations|skills|titles|employers)\b"
    rf"|\b{JOBS} (?:salar(?:y|ies)|resumes?|interview questions)\b",
    re.IGNORECASE,
)
_APART = pattern(r"\s+[-\u2013\u2014|\u00b7\u2022:]+\s+|\s*\|\s*")
_CAREERS = pattern(
    r"^(?:careers?|jobs|vacancies|join (?:us|our team|the team)|work (?:with|at|for) \w+.*"
    r"|(?:current |open )(?:positions|roles|vacancies|openings|opportunities))"
    r"(?: (?:at|in|with) .+)?\W*$|^.{2,40} careers(?: (?:centre|center|page|site|home))?$"
    r"|^search (?:jobs|results)|^find (?:your|a) (?:next )?(?:job|role)",
    re.IGNORECASE,
)


def is_called_list(layout: Layout, said: Iterable[str], keep: bytes) -> bool:
    """Tell whether the title of a page or a heading of its own says that it lists postings."""
    parts = (
        part
        for each in (*said, *_high(layout, keep))
        for part in _APART.split(each[:_LONGEST_SAID])
    )
    return any(says_list(part) or _CAREERS.search(part) for part in parts)


def jobs_named(layout: Layout, keep: bytes) -> int:
    """Return how many jobs the headings of a page name outside of lists."""
    named = (each for each in _high(layout, keep) if JOB_NAMES.search(each))
    return len({each for each in named if not says_list(each) and not _OF_JOBS.search(each)})


def _high(layout: Layout, keep: bytes) -> Iterator[str]:
    for each in layout.headings:
        if each.level <= _HIGH and keep[layout.flow.starts[each.element]]:
            yield each.text[:_LONGEST_SAID]


def is_list(text: str, listed: Iterable[str], *, called: bool, named: int) -> bool:
    """Tell whether what a page shows is no posting but what stands around a list of them.

    Parameters
    ----------
    text : str
        What is shown besides the postings in lists.
    listed : iterable of str
        What those are called.
    called : bool
        Whether the page says that it lists postings.
    named : int
        How many jobs its headings name outside of lists.
    """
    several = len({name for name in listed if JOB_NAMES.search(name)}) >= _SEVERAL
    if 0 < named < _SEVERAL:
        return False
    said = asks(text)
    if named or not several:
        return is_job_list(text) or (called and said < _FEW)
    if not called or said == 0:
        return said == 0
    about = sum(_OF_JOBS.search(row) is not None for row in text.split("\n"))
    return said < _FEW or about >= _FEW
