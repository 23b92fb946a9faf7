"""What stands below a posting in copies of a page: other postings, which are no part of it."""

import re

from jobclf.text.cleaning import line_ends
from jobclf.text.job_lists import JOBS_OF_MANY, POSTING_ASKS, asks, entries_in
from jobclf.text.lines import Section, lines
from jobclf.text.patterns import pattern

_ROW = pattern(r"\S(?:[^\n]*\S)?")  # a line that is not blank, without blanks around it
_LEAST_ROWS, _LONGEST_ROWS = 2, 240  # lines at the end of a text that lists jobs, and their letters
_LONGEST = 1500  # letters of what is looked through from the end
_WORDS = ("obs", "lso viewed")  # of which each such heading has one
_HEADING = pattern(
    rf"[^\w\n]*(?:(?:view |see |explore |browse )?(?:our |all )?"
    r"(?:(?:similar|related|other|more|recommended|latest|newest|featured|suggested|open)"
    rf"(?: [\w&/-]+){{0,3}}? {JOBS_OF_MANY}"
    r"(?: (?:at|in|for|from|near|you|like|similar) [^\n.]{1,60})?"
    r"|(?:people|candidates|others|job ?seekers) (?:who viewed this (?:job )?)?also "
    r"(?:viewed|applied|searched)[^\n.]{0,30}"
    r"|(?:you|we think you) (?:may|might) also (?:like|be interested in)[^\n.]{0,30}"
    rf"|{JOBS_OF_MANY} (?:you (?:may|might) |for you|like this|similar to )[^\n.]{{0,40}}))"
    r"[^\w\n.]*",
    re.IGNORECASE,
)
_LONGEST_HEADING = 100  # letters
_LEAST_ENTRIES = 2  # of jobs below
_PARTS = frozenset({Section.DUTIES, Section.REQUIREMENTS})


def without_others(text: str) -> str:
    r"""Return a posting without the other postings that a copy of its page lists below it.

    That is from a line that says so to the end, where a posting is above it and only the names of
    jobs with what stands beside them are below: no duties or requirements under headings. Its lines
    end as in Unix.

    >>> posting = "You will build and maintain models; experience with Python is required. " * 5
    >>> tail = "Similar jobs\nBaker, Ghent, 2 days ago\nHead Cook, Ghent, 3 days ago"
    >>> without_others(f"{posting}\n{tail}") == posting.rstrip()
    True
    """
    text = line_ends(text)
    if text[-1:] == "." or not any(map(text.__contains__, _WORDS)):  # most texts end in prose
        return text
    rows = [*_ROW.finditer(text)]
    if sum(len(row[0]) for row in rows[-_LEAST_ROWS:]) > _LONGEST_ROWS:
        return text
    length = 0
    for row in reversed(rows):
        length += len(row[0])
        if length > _LONGEST:
            break
        if len(row[0]) <= _LONGEST_HEADING and _HEADING.fullmatch(row[0]):
            above, below = text[: row.start()].rstrip(), text[row.end() :]
            if asks(above) >= POSTING_ASKS and _names_jobs_alone(below):
                return above
    return text


def _names_jobs_alone(text: str) -> bool:
    """Tell whether a text has names of jobs, and no duties or requirements under headings."""
    return entries_in(text) >= _LEAST_ENTRIES and not any(
        line.heading and line.section in _PARTS for line in lines(text)
    )
