"""The posting that a page shows: what is around it is left out if enough is left without."""

import operator
import re
from collections.abc import Iterable
from itertools import compress
from typing import NamedTuple

from jobclf.documents.html import Flow, tidy
from jobclf.documents.listings import cards, is_closed
from jobclf.documents.surroundings import Heading, frames, headings, menus, others

_CUES = re.compile(
    r"experienc|responsib|requir|qualif|skill|knowledge|degree|abilit|develop|design|build|manag"
    r"|collaborat|deliver|maintain|implement|proficien|understanding|familiar|deploy|analy[sz]"
)
_MARKS = " \n-"
# What a letter weighs, in a line with a cue, in another, and in one of few words.
_CUED, _PLAIN, _SHORT = 25, 10, 3
_HALF = 0.5  # of the weight: what has more holds the posting
_REST = 0.2  # of the weight: what is left with less does not hold it
_NEARLY = 0.93  # of the weight: what has as much is all of the posting
_WHOLE = 350  # letters of a posting with cues that is no excerpt
_LONG = 500  # and of one without
_MORE = 1.6  # times the weight of a known container, from which the page shows more than it
# Where well-known job boards put a posting.
_CONTAINERS = re.compile(
    r"jobDescriptionText\b|show-more-less-html__markup|jobs-description__content|\bjob__description\b"
    r"|jobs-box__html-content|\bjob-description\b|_descriptionText\b|jobAdDetails|\bjob-ad-details\b"
    r"|JobDetails_jobDescription__|\bjobdescription\b|\bjob_description\b|jobPostingDescription"
)
_NAMING = ("id", "class", "data-ui", "data-qa", "data-automation", "data-automation-id")


class Shown(NamedTuple):
    """What a page shows: one posting, and what stands around it."""

    text: str
    title: list[Heading]  # what may be its title, with where its text starts
    at: tuple[int, int]
    closed: bool = False
    others: int = 0  # postings that are listed or recommended
    listed: tuple[tuple[str, str], ...] = ()  # title and text of each that is listed


def weigh(text: str) -> int:
    """Return how much of a posting a text holds: its letters, those of lines with cues more."""
    return sum(map(_weight, text.split("\n")))


def is_whole(text: str) -> bool:
    """Tell whether a text is a posting rather than an excerpt of one."""
    return len(text) >= _LONG or (len(text) >= _WHOLE and len(_CUES.findall(text.lower())) > 1)


def _weight(piece: str) -> int:
    said = piece.strip(_MARKS)
    if len(said) < 2:  # noqa: PLR2004
        return 0
    if _CUES.search(said.lower()):
        return _CUED * len(said)
    return (_PLAIN if said.count(" ") > 2 else _SHORT) * len(said)  # noqa: PLR2004


class _Kept:
    """Which pieces of a page's text are kept, and what they weigh."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.weights = list(map(_weight, flow.pieces))
        self.keep = bytearray(b"\1" * len(flow.pieces))

    def running(self) -> list[int]:
        """Return the running sums of what is kept."""
        return self.flow.sums(map(operator.mul, self.weights, self.keep))

    def drop(self, start: int, end: int) -> None:
        self.keep[start:end] = bytes(end - start)

    def drop_light(self, elements: Iterable[int]) -> None:
        """Drop elements but those that hold the posting: most of the weight, or of the rest."""
        flow, sums = self.flow, self.running()
        heaviest, kept = (0, -1), bytes(self.keep)
        past = 0
        for each in sorted(elements):
            start, end = flow.starts[each], flow.ends[each]
            weight = sums[end] - sums[start]
            if each >= past and weight <= _HALF * sums[-1]:
                past = flow.until[each]
                self.drop(start, end)
                heaviest = max(heaviest, (weight, each))
        left = self.running()[-1]
        if heaviest[0] > left and left < _REST * sums[-1]:
            start, end = flow.starts[heaviest[1]], flow.ends[heaviest[1]]
            self.keep[start:end] = kept[start:end]

    def text(self, start: int = 0, end: int | None = None) -> str:
        end = len(self.keep) if end is None else end
        return tidy("".join(compress(self.flow.pieces[start:end], self.keep[start:end])))


def read_shown(flow: Flow, markup: str) -> Shown:
    """Return the posting that a page shows, apart from other postings, frames and menus."""
    kept = _Kept(flow)
    letters = flow.sums(len(piece.strip(_MARKS)) for piece in flow.pieces)
    found = headings(flow, letters)
    around = list(frames(flow))
    unshown = set(flow.unshown)
    kept.drop_light(each for each in around if each in unshown)
    recommended = 0
    for start, end in others(flow, letters, found):
        kept.drop(start, end)
        recommended += 1
    groups = [
        [each for each in group if kept.keep[flow.starts[each]]]
        for group in cards(flow, letters, found)
    ]
    listed = tuple(_listed(kept, each, found) for group in groups for each in group)
    for group in groups:
        for each in group:
            kept.drop(flow.starts[each], flow.ends[each])
    closed = is_closed(kept.text())
    named = [each for each in found if kept.keep[flow.starts[each.element]]]
    kept.drop_light(each for each in around if each not in unshown)
    kept.drop_light(menus(flow, letters))
    start, end = _container(flow, kept, markup) or _region(kept)
    return Shown(
        kept.text(start, end), named, (start, end), closed, recommended + len(listed), listed
    )


def _listed(kept: _Kept, element: int, found: list[Heading]) -> tuple[str, str]:
    flow = kept.flow
    start, end = flow.starts[element], flow.ends[element]
    inner = (each.text for each in found if start <= flow.starts[each.element] < end)
    return next(inner, ""), kept.text(start, end)


def _region(kept: _Kept) -> tuple[int, int]:
    """Return the innermost element that holds nearly all that is kept, as pieces."""
    flow, sums = kept.flow, kept.running()
    best = 0
    for at in range(1, len(flow.elements)):
        if at >= flow.until[best]:
            break
        if sums[flow.ends[at]] - sums[flow.starts[at]] >= _NEARLY * sums[-1]:
            best = at
    return (flow.starts[best], flow.ends[best]) if flow.elements else (0, 0)


def _container(flow: Flow, kept: _Kept, markup: str) -> tuple[int, int] | None:
    """Return the element in which a well-known board puts a posting, as pieces; None for none."""
    if not _CONTAINERS.search(markup):
        return None
    sums = kept.running()
    best, heaviest, past = -1, 0, 0
    for at, element in enumerate(flow.elements):
        if at >= past and any(
            _CONTAINERS.search(said) for said in map(element.get, _NAMING) if said is not None
        ):
            past = flow.until[at]
            weight = sums[flow.ends[at]] - sums[flow.starts[at]]
            if weight > heaviest:
                best, heaviest = at, weight
    if best < 0 or sums[-1] > _MORE * heaviest:
        return None
    return flow.starts[best], flow.ends[best]
