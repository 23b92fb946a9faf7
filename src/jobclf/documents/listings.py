"""Postings listed in a page, each by its card."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from jobclf.documents.names import PART_OF, known_name
from jobclf.documents.surroundings import Layout
from jobclf.text.job_lists import JOB_NAMES, is_title

_CARDS = frozenset({"li", "div", "article", "section", "tr", "a", "tbody", "dl"})
_LEAST_CARDS = 3
_CARD = range(12, 1500)  # letters of a posting's card in a list
_BEFORE_TITLE = 40  # letters of a card before its title
_LEVELS = range(1, 5)  # of headings that may be titles
_MOST_LINKED = 0.6  # share of an element's letters in links, above which they are a list


def cards(layout: Layout) -> Iterator[list[int]]:
    """Yield groups of elements that are each the card of a posting in a list."""
    flow = layout.flow
    groups: dict[tuple[int, str, str], list[int]] = {}
    for number, tag in enumerate(flow.tags):
        if tag in _CARDS and number:
            groups.setdefault((flow.parents[number], tag, flow.classes[number]), []).append(number)
    headings = [flow.starts[each.element] for each in layout.headings]
    links = [flow.starts[at] for at, tag in enumerate(flow.tags) if tag == "a"]
    for (parent, tag, _), group in groups.items():
        if len(group) < _LEAST_CARDS:
            continue
        if tag == "a" and sum(map(layout.length, group)) < _MOST_LINKED * layout.length(parent):
            continue  # links in a paragraph
        named = sum(_is_card(layout, each, headings, links) for each in group)
        if named >= _LEAST_CARDS and 2 * named > len(group):
            yield group


def _is_card(layout: Layout, at: int, headings: list[int], links: list[int]) -> bool:
    flow = layout.flow
    start, end = flow.starts[at], flow.ends[at]
    if layout.length(at) not in _CARD:
        return False
    first, link = bisect_left(headings, start), bisect_left(links, start)
    linked = flow.tags[at] == "a" or (link < len(links) and links[link] < end)
    if first < len(headings) and headings[first] < end:
        heading = layout.headings[first].text
        if known_name(heading) in PART_OF:
            return False
        return linked or JOB_NAMES.search(heading) is not None
    # Without a heading its link is its title, and stands first.
    title = links[link] if flow.tags[at] != "a" and linked else start
    return linked and layout.letters[title] - layout.letters[start] <= _BEFORE_TITLE


def titled(layout: Layout, keep: bytes | bytearray) -> Iterator[list[tuple[str, int, int]]]:
    """Yield groups of titles that are headings of a level, with the pieces that each is above."""
    flow = layout.flow
    for level in _LEVELS:
        found = [
            each
            for each in layout.headings
            if each.level == level and keep[flow.starts[each.element]] and is_title(each.text)
        ]
        if len({each.text.casefold() for each in found}) != len(found) or len(found) < 2:  # noqa: PLR2004
            continue
        around = found[0].element
        while flow.until[around] <= found[-1].element:
            around = flow.parents[around]
        ends = [flow.starts[each.element] for each in layout.headings if each.level <= level]
        ends.append(flow.ends[around])
        starts = [flow.starts[each.element] for each in found]
        yield [
            (each.text, start, min(ends[bisect_right(ends, start)], ends[-1]))
            for each, start in zip(found, starts, strict=True)
        ]
