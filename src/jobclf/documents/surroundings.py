"""What stands around a posting in a page: frames, menus, other postings, notices that it closed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from typing import NamedTuple

from jobclf.documents.html import Flow

MARKS = " \n-"  # what is no letter of a piece of text
# fmt: off
_FRAMES = frozenset({"nav", "header", "footer", "aside", "form", "dialog", "noscript"})
_FRAME_ROLES = frozenset({
    "alertdialog", "banner", "complementary", "contentinfo", "dialog", "form", "menu", "menubar",
    "navigation", "search",
})
# In names of classes and ids around a posting; what holds most of the text is kept all the same.
_FRAME_NAMES = (
    "cookie", "consent", "gdpr", "onetrust", "newsletter", "breadcrumb", "paginat", "footer",
    "navbar", "navmenu", "nav-menu", "sidebar", "side-bar", "modal", "popup", "pop-up", "login",
    "log-in", "signin", "sign-in", "signup", "sign-up", "social", "skip-link", "skiplink",
    "application-form", "applicationform", "apply-form", "related", "similar", "recommend",
    "recently", "job-alert", "jobalert", "captcha",
)
# In names of what is shown by turns, and hidden at times.
_PANEL_NAMES = ("tab", "panel", "collaps", "accordion", "toggle", "expand", "description")
_NAMED = frozenset({"div", "section", "ul", "ol", "dl", "table", "p", "span", "main", "article"})
# Where frameworks name elements, besides classes and ids.
_NAMING = (
    "itemprop", "data-automation", "data-automation-id", "data-testid", "data-test", "data-qa",
    "data-ui",
)
# fmt: on
_LONGEST_NAMES = 400  # letters looked at of the names of an element
_MENUS = frozenset({"ul", "ol", "dl", "table", "tbody", "tr", "td", "div", "section", "p"})
_LINKED = 0.6  # share of letters in links above which an element is a menu
_LEAST_LINKS = 3
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
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
# Letters with which such a line begins, unless it is of privacy or cookies: most lines are told.
_BEGINNING = 3
_BEGINNINGS = frozenset({
    "vie", "see", "exp", "bro", "che", "our", "the", "sim", "rel", "oth", "mor", "rec", "lat",
    "new", "fea", "top", "peo", "can", "you", "we ", "job", "set", "get", "loo", "thi",
})  # fmt: skip


class Heading(NamedTuple):
    """A heading of a page: its element, its level from 1, and what it says."""

    element: int
    level: int
    text: str


class Layout:
    """What the elements of a page are called, its headings, and how much each element holds.

    Parameters
    ----------
    flow : Flow
        The text of the page.
    markup : str
        Its HTML.
    """

    def __init__(self, flow: Flow, markup: str) -> None:
        self.flow = flow
        self.said = [piece.strip(MARKS) for piece in flow.pieces]
        self.letters = letters = list(accumulate(map(len, self.said), initial=0))
        self.lengths = [
            letters[end] - letters[at] for at, end in zip(flow.starts, flow.ends, strict=True)
        ]
        low = markup.lower()
        self.has_notices = "privacy" in low or "cookie" in low
        self.roles: dict[int, str] = {}  # of the elements that say what they are for
        if "role" in low:
            roles = ((at, has.get("role")) for at, has in enumerate(flow.attributes) if has)
            self.roles = {at: role for at, role in roles if role}
        self.headings = self._headings()
        self._elements: dict[str, list[int]] = {}  # by their names
        naming = ("id", *(each for each in _NAMING if f"{each}=" in markup))
        for number, (element, names) in enumerate(zip(flow.attributes, flow.classes, strict=True)):
            if not element:
                continue
            if len(element) > 1 or not names:
                for each in naming:
                    if said := element.get(each):
                        names = f"{names} {said}"  # noqa: PLW2901
            if names:
                self._elements.setdefault(names[:_LONGEST_NAMES].lower(), []).append(number)
        self._names = "\n".join(self._elements)

    def named(self, parts: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
        """Yield the names that hold one of some parts, and the elements that have them."""
        present = [part for part in parts if part in self._names]
        for names, elements in self._elements.items() if present else ():
            if any(part in names for part in present):
                yield names, elements

    def length(self, element: int) -> int:
        """Return the letters of an element's text."""
        return self.lengths[element]

    def _headings(self) -> list[Heading]:
        flow, found = self.flow, []
        for number, tag in enumerate(flow.tags):
            level = _HEADINGS.get(tag)
            if level is None and self.roles.get(number) == "heading":
                given = flow.attributes[number].get("aria-level") or "2"
                level = int(given) if given in {"1", "2", "3", "4", "5", "6"} else 2
            if level is not None and 0 < self.length(number) <= _LONGEST_TITLE:
                text = " ".join(flow.text(number).split())
                if text:
                    found.append(Heading(number, level, text))
        return found


def frames(layout: Layout) -> Iterator[int]:
    """Yield the elements that are around the main text of a page, or are not shown."""
    flow = layout.flow
    framed = {at for _, each in layout.named(_FRAME_NAMES) for at in each}
    panels = {at for _, each in layout.named(_PANEL_NAMES) for at in each} - framed
    unshown = set(flow.unshown)
    noted = unshown | framed | layout.roles.keys()
    for number, tag in enumerate(flow.tags):
        if tag not in _FRAMES and number not in noted:
            continue
        if number in unshown:
            if number not in panels and layout.roles.get(number) != "tabpanel":
                yield number
        elif tag in _FRAMES:
            if tag != "dialog" or flow.attributes[number].get("open") is None:
                yield number
        elif tag in _NAMED and (number in framed or layout.roles.get(number) in _FRAME_ROLES):
            yield number


def menus(layout: Layout) -> Iterator[int]:
    """Yield the elements that are mostly links, the inner ones first."""
    tags, parents = layout.flow.tags, layout.flow.parents
    if tags.count("a") < _LEAST_LINKS:
        return
    own, count = layout.lengths, len(tags)
    gone = [0] * count  # letters of menus in an element: what is around them is judged without
    linked, links = [0] * count, [0] * count
    for at in range(count - 1, 0, -1):
        tag, above = tags[at], parents[at]
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


def others(layout: Layout) -> Iterator[tuple[int, int]]:
    """Yield where other postings are recommended and notices stand, as pieces from and to."""
    flow, found = layout.flow, layout.headings
    levels = {each.element: each.level for each in found}
    starts = [flow.starts[each.element] for each in found]
    past, has_notices = 0, layout.has_notices
    for piece, said in enumerate(layout.said):
        if not _SHORTEST <= len(said) <= _LONGEST_HEADING or piece < past:
            continue
        is_notice = has_notices and ("privacy" in (low := said.lower()) or "cookie" in low)
        may_be = is_notice or said[:_BEGINNING].lower() in _BEGINNINGS
        if not may_be or not _OTHERS.match(said):
            continue
        inner = bisect_left(flow.starts, piece + 1) - 1  # the element whose text it is
        while inner > 0 and flow.ends[inner] <= piece:
            inner = flow.parents[inner]
        letters, above = layout.letters, flow.starts[inner]
        if letters[above] < letters[piece]:  # a line of a text that has begun before it
            end = piece + 1 if is_notice else flow.ends[inner]
            if letters[end] - letters[piece] <= letters[piece] - letters[above]:
                past = end
                yield piece, end
            continue
        at = _opened_by(layout, inner)
        if at <= 0 or flow.tags[at] in _ITEMS:
            continue
        start, end = flow.starts[at], flow.ends[at]
        if layout.length(at) <= len(said):  # the heading alone
            level = min(levels.get(each, _NO_LEVEL) for each in range(at, inner + 1))
            end = flow.ends[flow.parents[at]]
            after = islice(found, bisect_right(starts, piece), None)
            end = next((flow.starts[each.element] for each in after if each.level <= level), end)
            end = min(end, flow.ends[flow.parents[at]])
            if level == _NO_LEVEL and letters[end] - letters[start] > letters[start]:
                continue  # a line like any other near the top: most of the page is not beside it
        past = end
        yield start, end


def _opened_by(layout: Layout, at: int) -> int:
    """Return the outermost element of a page that begins with an element."""
    flow, letters = layout.flow, layout.letters
    while at > 0:
        above = flow.parents[at]
        if letters[flow.starts[at]] > letters[flow.starts[above]]:
            break
        if above <= 0 or flow.tags[above] in {"body", "main"}:
            break
        at = above
    return at
