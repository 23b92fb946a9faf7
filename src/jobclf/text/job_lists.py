"""Texts that hold several postings: result lists, open positions, one posting after another."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from jobclf.text.lines import Section, lines, section_named
from jobclf.text.patterns import pattern
from jobclf.text.titles import title_kind

_ONE_WORD = (
    "engineer scientist analyst developer manager director architect specialist consultant "
    "designer researcher officer assistant associate intern internship coordinator administrator "
    "technician lead nurse teacher accountant clerk executive representative programmer professor "
    "fellow operator supervisor planner recruiter writer editor lawyer counsel driver cook chef "
    "mechanic electrician strategist advisor agent trainee expert principal partner owner master "
    "tester buyer controller auditor cashier statistician mathematician economist biologist "
    "chemist physicist bioinformatician translator modeler chief vp president graduate apprentice "
    "worker student lecturer instructor therapist educator trainer physician pharmacist "
    "psychologist attorney actuary journalist reporter librarian curator inspector surveyor "
    "estimator merchandiser practitioner facilitator annotator baker butcher gardener plumber "
    "welder carpenter machinist photographer speaker"
)
JOBS = rf"(?:{'|'.join(_ONE_WORD.split())}|head of|post-?doc)s?"
_JOB_WORDS = frozenset(
    name for word in (*_ONE_WORD.split(), "postdoc") for name in (word, f"{word}s")
)
_JOB_STARTS = frozenset({"head", "post"})  # of names of several words
_WORD = pattern(r"\w+")
_LIKE_ASCII = frozenset("\u0130\u0131\u017f\u212a")  # what `re.IGNORECASE` takes for i, s and k
JOBS_OF_MANY = "(?:jobs|openings|roles|positions|vacancies|opportunities|postings)"
JOB_NAMES = pattern(rf"\b{JOBS}\b", re.IGNORECASE)

_SEPARATOR = pattern(r"\s[-\u2013\u2014|\u00b7@]\s|, |\t")
_LINKED = pattern(r"\[([^\]]*)\]\([^)]*\)")  # of Markdown
_BULLETS = "|[_-*#\u2022\u2192\u00b7 0123456789.)"
_LONGEST_TITLE = 7  # words
_LONGEST_ENTRY = 160  # characters of a line that begins with a title
_MIN_TITLES = 6  # lines that are titles, where they are half of all
_MIN_SAID = 4  # where the list says that it is one, or most entries say how old they are
_MIN_SAID_AND_MARKED = 3  # where both is so
_ENOUGH = 500  # of them tell what a text is
_LONGEST_LINKED = 1000  # and with the addresses of links in it
_LINK = pattern(
    r"^[^\w\n]*(?:(?:view|see|open) (?:this |the )?(?:job|position|role|vacancy)\b|apply now\b)",
    re.IGNORECASE | re.MULTILINE,
)
_MIN_LINKS = 3
_LONGEST_OF_LINK = 400  # characters of an entry that ends in one, addresses among them
# What boards write beside each entry: how old it is, what it pays, what can be done with it.
_MARK = pattern(
    r"\b\d+\+? ?(?:m|h|d|w|mo|min(?:ute)?s?|hours?|days?|weeks?|months?)\+? ago\b"
    r"|\b(?:just (?:now|posted)|posted (?:today|yesterday|on\b|\d))"
    r"|^\W*(?:new|today|yesterday)\W*$|\b20\d\d-[01]\d-[0-3]\d\b"
    r"|[|\u00b7\u2013\u2014-] ?new\b|[$\u20ac\u00a3\u20b9] ?\d"
    r"|^\W*(?:(?:easy|quick) apply|apply(?: now)?|save(?:d| job)?"
    r"|(?:view|see)(?: job| details| more)?|learn more|read more|details"
    r"|promoted|sponsored|featured|remote|hybrid|on-?site|full[- ]time"
    r"|part[- ]time|permanent|contract|internship|be (?:an early applicant|among the first.*)"
    r"|actively (?:hiring|recruiting)|\d+\+? applicants)\W*$",
    re.IGNORECASE,
)
_SAYS_LIST = pattern(
    r"^\W*(?:showing |results? |page )?[\d,.\u2013-]+(?: of [\d,.]+)?\+? (?:[\w&/-]+ ){0,4}?"
    r"(?:jobs|positions|openings|vacancies|results|roles|opportunities)\b[^.!?]{0,60}\W{0,3}$"
    r"|^\W*(?:open|current|all|our|available|job) (?:positions|roles|openings|vacancies|jobs"
    r"|opportunities|listings?)[\s\W\d]*$"
    r"|^\W*(?:[\w&/-]+ ){1,4}jobs(?: in [\w ,&-]{2,40})?\W*$"
    r"|\bload more\b|^\W*show more (?:jobs|results)|\b(?:apply|clear|reset)(?: all)? filters\b"
    r"|^\W*sort(?:ed)? by\b|\bpage \d+ of \d+|^\W*(?:next|previous) page\b"
    r"|^\W*view all (?:jobs|openings|positions|roles)|\brefine (?:your )?(?:search|results)"
    r"|^\W*search results\b|^\W*filter(?:s| by)?\b.{0,30}$|\bjobs? alerts?\b|\bresults per page\b",
    re.IGNORECASE,
)
_LONGEST_SAYING = 100  # characters of a line that says so
_CURRENCIES = frozenset("$\u20ac\u00a3")
_PAY = pattern(r"^[$\u20ac\u00a3][\d.,\u2013-]+[kK]?(?:[\u2013-][$\u20ac\u00a3]?[\d.,]+[kK]?)?\s+")
_DEGREE = pattern(r"\b(?:degree|bachelor|ph\.?d|m\.?sc)\b|(?<!scrum )\bmaster", re.IGNORECASE)
_DEGREES = ("degree", "bachelor", "phd", "ph.d", "msc", "m.sc", "master")
_VERBS = frozenset({"Lead", "Partner", "Master", "Head of"})  # with which duties begin
_PROSE = 60  # characters of a line that is more than a name or a place


_MOST_ASKS = 6  # things that such lines say
_MOST_PROSE = 700  # characters of such lines between two entries: a posting has more
# What postings say; what says four such things is no introduction to a list.
_ASKED = pattern(
    r"\b(responsib|requir|qualif|experienced?\b|years|skills?\b|degree|proficien|knowledge|duties"
    r"|you will|you.ll|familiar|bachelor|expertise|understanding|ability|able to|candidate|must\b"
    r"|preferred|strong\b|excellent|role\b|develop|build|design|implement|collaborat|analy[sz]"
    r"|maintain|deliver|support|ensure|communicat)",
    re.IGNORECASE,
)
POSTING_ASKS = 4
_HEADED = pattern(
    r"(?P<form>\s*#{1,5}\s+|\s*\d{1,2}[.)]\s+|[\s*_#]*(?:(?:job|position|role|vacancy|opening)"
    r"(?: title)?(?: ?#?\d{1,2})?|title) ?[:\u2013\u2014-]\s*)?(?P<title>\S.{2,119})",
    re.IGNORECASE,
)
_JOB_AT_END = pattern(rf"\b{JOBS}\W*(?:[ivx\d]+|\([^()]*\))?\W*$", re.IGNORECASE)
_NUMBERED = pattern(
    r"^(?:(?:job|position|role|vacancy|opening) ?)?#?\d{1,2} ?[.):\u2013-]\s*", re.IGNORECASE
)
_PARTS = frozenset({Section.DUTIES, Section.REQUIREMENTS})
_SENTENCE = pattern(r"\b(?:the|our|your|we|you|will)\b", re.IGNORECASE)
_LEAST_BODY = 120  # characters below a title that are more than a place and a date


class Position(NamedTuple):
    """One of several postings in a text: its title, and where its text starts and ends."""

    title: str
    start: int
    end: int


def asks(text: str) -> int:
    """Return how many different things a text says as postings do.

    >>> asks("You will need a degree, and knowledge of SQL.")
    3
    """
    return len({found.lower() for found in _ASKED.findall(text)})


def says_list(line: str) -> bool:
    """Tell whether a line says that a list of postings is below or around it.

    >>> says_list("1,178 jobs in Lisbon"), says_list("Data Scientist")
    (True, False)
    """
    return len(line) <= _LONGEST_SAYING and _SAYS_LIST.search(line) is not None


def is_job_list(text: str) -> bool:
    r"""Tell whether a text is a list of jobs: its lines are titles and what stands beside titles.

    >>> is_job_list("\n".join(f"Data Scientist {at}, Remote, 3 days ago" for at in range(9)))
    True
    """
    links = len(_LINK.findall(text))
    if links >= _MIN_LINKS and len(text) < links * _LONGEST_OF_LINK:
        return True
    rows = [line for each in text.split("\n") if (line := each.strip())]
    places = list(islice((at for at, line in enumerate(rows) if _is_entry(line)), _ENOUGH))
    if len(places) == _ENOUGH:
        rows = rows[: places[-1] + 1]
    entries = len({rows[at] for at in places})
    if entries >= _MIN_TITLES and 2 * len(places) >= len(rows):
        return True
    return entries >= _MIN_SAID_AND_MARKED and _is_listed(rows, places, entries)


def _is_listed(rows: list[str], places: list[int], entries: int) -> bool:
    """Tell whether little but what stands in lists is between the entries and around them."""
    says = any(map(says_list, rows))
    marked = 0
    for start, end in zip([0, *places], [*places, len(rows)], strict=True):
        between = rows[start:end]
        prose = [line for line in between[start in places :] if len(line) >= _PROSE]
        if sum(map(len, prose)) > _MOST_PROSE and asks("\n".join(prose)) >= _MOST_ASKS:
            return False
        marked += bool(start or places[0] == 0) and any(map(_MARK.search, between))
    most = 2 * marked >= len(places)
    return (says and most) or (entries >= _MIN_SAID and (says or most))


def entries_in(text: str) -> int:
    """Return how many lines of a text begin with the title of a job, each once, 500 at most."""
    rows = (row for each in text.split("\n") if (row := each.strip()))
    return len(set(islice(filter(_is_entry, rows), _ENOUGH)))


def _is_entry(line: str) -> bool:
    """Tell whether a line begins with a title, written as one: `Data Scientist - Acme - new`."""
    if len(line) > _LONGEST_LINKED:
        return False
    if "](" in line:
        line = _LINKED.sub(r"\1", line)
    if len(line) > _LONGEST_ENTRY or named_job(line) is None:
        return False
    pieces = _SEPARATOR.split(line.lstrip(_BULLETS).rstrip("]*_|"), maxsplit=1)
    if line[-1] in ".!?" and (len(pieces) == 1 or not line[0].isdigit()):
        return False
    return _is_title(pieces[0])


def _is_title(piece: str) -> bool:
    """Tell whether a piece of a line is the title of a job and no more, written as titles are."""
    if piece[:1] in _CURRENCIES:  # soon told of most
        piece = _PAY.sub("", piece)
    if len(piece.split()) > _LONGEST_TITLE or not piece[:1].isupper():
        return False
    named = named_job(piece)
    if named is None or not piece[named[0]].isupper() or piece in _VERBS or _has_degree(piece):
        return False
    return named[1] == len(piece) or title_kind(piece) is not None


def named_job(text: str) -> tuple[int, int] | None:
    """Return where the first name of a job stands, as `JOB_NAMES` finds it but in less time.

    >>> named_job("A senior Engineer"), named_job("Engineering")
    ((9, 17), None)
    """
    if not text.isascii() and not _LIKE_ASCII.isdisjoint(text):
        found = JOB_NAMES.search(text)
        return None if found is None else found.span()
    for word in _WORD.finditer(text):
        small = word[0].lower()
        if small in _JOB_WORDS:
            return word.span()
        if small in _JOB_STARTS and (found := JOB_NAMES.match(text, word.start())):
            return found.span()
    return None


def _has_degree(piece: str) -> bool:
    small = piece.lower()
    may_have = any(map(small.__contains__, _DEGREES)) or not piece.isascii()
    return may_have and _DEGREE.search(piece) is not None


def is_title(heading: str) -> bool:
    """Tell whether a heading is the title of a job.

    >>> is_title("Data Scientist, Tides"), is_title("Data Scientist skills")
    (True, False)
    """
    if len(heading) > _LONGEST_ENTRY or named_job(heading) is None or _SENTENCE.search(heading):
        return False
    start = _SEPARATOR.split(heading, maxsplit=1)[0]
    return _is_title(start) and section_named(heading) is None


def positions(text: str) -> Sequence[Position]:
    r"""Return the postings of a text that has one after another under their titles; else none.

    >>> body = "You will build things that need skills and experience with them. " * 4
    >>> [each.title for each in positions(f"# Baker\n{body}\n# Head Cook\n{body}")]
    ['Baker', 'Head Cook']
    """
    forms: dict[str, list[Position]] = {}
    headings = list(islice(_headings(text), _ENOUGH))
    if len(headings) == _ENOUGH:  # more than postings in one text
        return ()
    for title, form, start, end in headings:
        forms.setdefault(form, []).append(Position(title, start, end))
    for form in sorted(forms, key=len, reverse=True):
        found = forms[form]
        ends = [*(each.start for each in found[1:]), len(text)]
        whole = [each._replace(end=end) for each, end in zip(found, ends, strict=True)]
        if len({each.title.casefold() for each in whole}) > 1 and _are_several(text, whole, form):
            return whole
    return ()


def _are_several(text: str, found: Sequence[Position], form: str) -> bool:
    """Tell whether each of some titles has a posting below it, and none stands above all."""
    if len(found) != len({each.title.casefold() for each in found}):
        return False
    if asks(text[: found[0].start]) >= POSTING_ASKS:
        return False
    bodies = [text[each.start : each.end] for each in found]
    if form:
        return all(len(body) >= _LEAST_BODY and asks(body) for body in bodies)
    # A line without a sign of a heading is one where what is below has headings of its own.
    heads = sorted(_SEPARATOR.split(each.title, maxsplit=1)[0].casefold() for each in found)
    if any(after.startswith(head) for head, after in pairwise(heads)):
        return False
    return all(_JOB_AT_END.search(head) for head in heads) and all(
        len(body) >= _LEAST_BODY
        and asks(body) >= POSTING_ASKS
        and any(line.heading and line.section in _PARTS for line in lines(body))
        for body in bodies
    )


def _headings(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield the lines that are a title and no more, their form, and where they start and end."""
    at, blank = 0, True
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        written = line.strip()
        was_blank, blank = blank, not written
        if not written or len(written) > _LONGEST_ENTRY or written[-1] in ".!?;,":
            continue
        if named_job(written.replace("_", " ")) is None:  # soon told of most
            continue
        matched = _HEADED.fullmatch(written)
        if matched is None:
            continue
        form = (matched["form"] or "").strip()
        if not form and not was_blank:
            continue
        title = _NUMBERED.sub("", matched["title"].strip("*_# "))
        if is_title(title):
            kind = (
                "#" * form.count("#")
                if "#" in form
                else "1."
                if form[:1].isdigit()
                else form and ":"
            )
            yield title, kind, start, at
