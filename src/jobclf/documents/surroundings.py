"""What stands around a posting in a page: frames, menus, other postings, notices that it closed."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from jobclf.documents.html import Flow

_FRAMES = frozenset({"nav", "header", "footer", "aside", "form", "dialog", "noscript"})
_FRAME_ROLES = frozenset(
    {
        "alertdialog",
        "banner",
        "complementary",
        "contentinfo",
        "dialog",
        "form",
        "menu",
        "menubar",
        "navigation",
        "search",
    }
)
# Names of classes and ids around a posting; what holds most of the text is kept all the same.
_FRAME_NAMES = re.compile(
    r"cookie|consent|gdpr|onetrust|newsletter|breadcrumb|paginat|footer|navbar|nav-?menu|side-?bar"
    r"|modal|pop-?up|log-?in|sign-?in|sign-?up|social|skip-?link|application-?form|apply-?form"
    r"|related|similar|recommend|recently|job-?alert|captcha",
    re.IGNORECASE,
)
_PANELS = re.compile(r"\btab|panel|collaps|accordion|toggle|expand|description", re.IGNORECASE)
_NAMED = frozenset({"div", "section", "ul", "ol", "dl", "table", "p", "span", "main", "article"})
_MENUS = frozenset({"ul", "ol", "dl", "table", "tbody", "tr", "td", "div", "section", "p"})
_LINKED = 0.6  # share of letters in links above which an element is a menu
_LEAST_LINKS = 3
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_SHORTEST, _LONGEST_HEADING = 6, 120  # letters
_NO_LEVEL = 7  # of what is no heading
_ITEMS = frozenset({"a", "button", "li"})
_LONGEST_TITLE = 400
_OTHERS = re.compile(
    r"(?:view |see |explore |browse |check out )?(?:our |the )?"
    r"(?:similar|related|other|more|recommended|latest|newest|featured|top)\b(?!.{0,30}\babout\b)"
    r"(?: [\w&/-]+){0,4}? "
    r"(?:jobs|openings|roles|positions|vacancies|opportunities|postings|careers)"
    r"|(?:people|candidates|others) also (?:viewed|applied|searched)"
    r"|(?:you|we think you) (?:may|might) also"
    r"|jobs (?:you (?:may|might)|for you|like this|similar to|recommended|at similar)"
    r"|recommended for you|similar searches|recently viewed|explore (?:other|more|similar) "
    r"|jobs? (?:recommendations|suggestions)|set (?:up )?(?:a )?job alert|get job alerts"
    r"|more from this (?:employer|company)|looking for (?:something|another)"
    r"|(?:[\w.,&]+ ){0,3}(?:privacy|cookies?) "
    r"(?:policy|notice|statement|settings|preferences)"
    r"|(?:this (?:web)?site|we) uses? cookies|we value your privacy",
    re.IGNORECASE,
)


class Heading(NamedTuple):
    """A heading of a page: its element, its level from 1, and what it says."""

    element: int
    level: int
    text: str


def headings(flow: Flow, letters: list[int]) -> list[Heading]:
    """Return the headings of a page that say something, in order."""
    found = []
    for number, element in enumerate(flow.elements):
        level = HEADINGS.get(element.tag)
        if level is None and element.get("role") == "heading":
            given = element.get("aria-level") or "2"
            level = int(given) if given in {"1", "2", "3", "4", "5", "6"} else 2
        length = letters[flow.ends[number]] - letters[flow.starts[number]]
        if level is not None and 0 < length <= _LONGEST_TITLE:
            text = " ".join(flow.text(number).split())
            if text:
                found.append(Heading(number, level, text))
    return found


def frames(flow: Flow) -> Iterator[int]:
    """Yield the elements that are around the main text of a page, or are not shown."""
    unshown = set(flow.unshown)
    names: dict[str, bool] = {}
    for number, element in enumerate(flow.elements):
        tag = element.tag
        if number in unshown:
            if not _is_panel(element):
                yield number
        elif tag in _FRAMES:
            if tag != "dialog" or element.get("open") is None:
                yield number
        elif tag in _NAMED:
            said = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
            if said not in names:
                names[said] = _FRAME_NAMES.search(said) is not None
            if names[said] or element.get("role") in _FRAME_ROLES:
                yield number


def _is_panel(element: object) -> bool:
    """Tell whether an element that is not shown is one of several that are shown in turn."""
    get = element.get  # type: ignore[attr-defined]
    said = f"{get('class') or ''} {get('id') or ''} {get('role') or ''}"
    return _PANELS.search(said) is not None and _FRAME_NAMES.search(said) is None


def menus(flow: Flow, letters: list[int]) -> Iterator[int]:
    """Yield the elements that are mostly links, the inner ones first."""
    starts, ends, parents = flow.starts, flow.ends, flow.parents
    count = len(flow.elements)
    own = [letters[ends[at]] - letters[starts[at]] for at in range(count)]
    gone = [0] * count  # letters of menus in an element: what is around them is judged without
    linked, links = [0] * count, [0] * count
    for at in range(count - 1, 0, -1):
        tag, above = flow.elements[at].tag, parents[at]
        if tag == "a":
            linked[at], links[at] = own[at], 1
        elif (
            tag in _MENUS
            and links[at] >= _LEAST_LINKS
            and linked[at] > _LINKED * (own[at] - gone[at])
        ):
            yield at
            gone[above] += own[at]
            continue
        gone[above] += gone[at]
        linked[above] += linked[at]
        links[above] += links[at]


def others(flow: Flow, letters: list[int], found: list[Heading]) -> Iterator[tuple[int, int]]:
    """Yield where other postings are recommended and notices stand, as pieces from and to."""
    levels = {each.element: each.level for each in found}
    past = 0
    for piece, text in enumerate(flow.pieces):
        if piece < past or not _SHORTEST <= len(text) <= 2 * _LONGEST_HEADING:
            continue
        said = text.strip()
        if len(said) > _LONGEST_HEADING or not _OTHERS.match(said):
            continue
        inner = bisect_left(flow.starts, piece + 1) - 1  # the element whose text it is
        while inner > 0 and flow.ends[inner] <= piece:
            inner = flow.parents[inner]
        at = _opened_by(flow, letters, inner)
        if at <= 0 or flow.elements[at].tag in _ITEMS:
            continue
        start, end = flow.starts[at], flow.ends[at]
        if letters[end] - letters[start] <= len(said):  # the heading alone
            level = min(levels.get(each, _NO_LEVEL) for each in range(at, inner + 1))
            end = flow.ends[flow.parents[at]]
            after = (flow.starts[each.element] for each in found if each.level <= level)
            end = next((begin for begin in after if piece < begin < end), end)
        past = end
        yield start, end


def _opened_by(flow: Flow, letters: list[int], at: int) -> int:
    """Return the outermost element of a page that begins with an element."""
    while at > 0:
        above = flow.parents[at]
        if letters[flow.starts[at]] > letters[flow.starts[above]]:
            break
        if above <= 0 or flow.elements[above].tag in {"body", "main"}:
            break
        at = above
    return at
