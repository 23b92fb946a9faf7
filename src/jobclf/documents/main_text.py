"""The posting that a page shows: what is around it is left out if enough is left without."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import compress
from typing import NamedTuple

import numpy as np

from jobclf.documents.html import tidy
from jobclf.documents.listings import cards, titled
from jobclf.documents.notices import is_closed, may_be_closed
from jobclf.documents.surroundings import MARKS, Layout, frames, menus, others
from jobclf.text.job_lists import POSTING_ASKS, asks

_CUES = frozenset({
    "abili", "analy", "build", "colla", "degre", "deliv", "deplo", "desig", "devel", "exper",
    "famil", "imple", "knowl", "maint", "manag", "profi", "quali", "requi", "respo", "skill",
    "under",
})  # beginnings of words that postings are made of  # fmt: skip
_CUE = 5  # letters of such a beginning
# What a letter weighs, in a line with a cue, in another, and in one of few words.
_CUED, _PLAIN, _SHORT = 25, 10, 3
_FEW = 3
_LONGEST_NAME = 150  # letters of what a posting in a list is called
_HALF = 0.5  # of the weight: what has more holds the posting
_REST = 0.2  # of the weight: what is left with less does not hold it
_NEARLY = 0.93  # of the weight: what has as much is all of the posting
_WHOLE = 350  # letters of a posting with cues that is no excerpt
_LONG = 500  # and of one without
_MORE = 1.6  # times the weight of a known container, from which the page shows more than it
# Where well-known job boards put a posting.
_CONTAINERS = (
    "jobdescriptiontext", "show-more-less-html__markup", "jobs-description__content",
    "job__description", "jobs-box__html-content", "job-description", "jobaddetails",
    "job-ad-details", "jobdescription", "job_description", "_descriptiontext", "posting-page",
)  # fmt: skip


class Shown(NamedTuple):
    """What a page shows: one posting, and what stands around it."""

    text: str
    at: tuple[int, int]  # the pieces of its text
    keep: bytes  # for each piece, whether its title may stand there
    closed: bool
    listed: tuple[tuple[str, str], ...]  # name and text of each posting in a list, no excerpts
    contained: bool  # whether it stands where a well-known board puts a posting
    others: bool  # whether other postings are recommended
    several: tuple[tuple[str, str], ...]  # title and text of each posting, where they are several


def weigh(text: str) -> int:
    """Return how much of a posting a text holds: its letters, those of lines with cues more."""
    return sum(_weights(line.strip(MARKS) for line in text.split("\n")))


def is_whole(text: str) -> bool:
    """Tell whether a text is a posting rather than an excerpt of one."""
    return len(text) >= _LONG or (len(text) >= _WHOLE and _cues(text) > 1)


def _cues(text: str) -> int:
    return sum(word[:_CUE] in _CUES for word in text.lower().split())


def share_of_cues(text: str) -> float:
    """Return the share of words that postings are made of."""
    return _cues(text) / max(len(text.split()), 1)


def _weight(said: str) -> int:
    words = said.lower().split()
    for word in words:  # quicker than all of them in a set: most lines have a cue near their start
        if word[:_CUE] in _CUES:
            return _CUED * len(said)
    return (_PLAIN if len(words) > _FEW else _SHORT) * len(said)


def _weights(said: Iterable[str]) -> list[int]:
    return [_weight(each) if len(each) > 1 else 0 for each in said]


class _Kept:
    """Which pieces of a page's text are kept, and what they weigh."""

    def __init__(self, layout: Layout) -> None:
        self.flow = flow = layout.flow
        self._weights = np.array(_weights(layout.said), np.int64)
        self.keep = bytearray(b"\1" * len(flow.pieces))

    def running(self) -> list[int]:
        """Return the running sums of what is kept."""
        kept = self._weights * np.frombuffer(self.keep, np.uint8)
        found: list[int] = np.cumsum(kept).tolist()
        return [0, *found]

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

    def said(self) -> str:
        """Return all that is kept as it stands."""
        return "".join(compress(self.flow.pieces, self.keep))

    def text(self, start: int = 0, end: int | None = None) -> str:
        end = len(self.keep) if end is None else end
        return tidy("".join(compress(self.flow.pieces[start:end], self.keep[start:end])))


def read_shown(layout: Layout) -> Shown:
    """Return the posting that a page shows, apart from other postings, frames and menus."""
    flow = layout.flow
    kept = _Kept(layout)
    unshown = set(flow.unshown)
    around = list(frames(layout))
    kept.drop_light(each for each in around if each in unshown)
    recommended = list(others(layout))
    for start, end in recommended:
        kept.drop(start, end)
    several = _several(layout, kept)
    listed = []
    for group in cards(layout):
        for each in group:
            start, end = flow.starts[each], flow.ends[each]
            if kept.keep[start]:
                text = kept.text(start, end) if layout.length(each) >= _WHOLE else ""
                name = _heading_in(layout, start, end) or kept.text(start, end).partition("\n")[0]
                listed.append((name[:_LONGEST_NAME], text))
            kept.drop(start, end)
    closed = may_be_closed(kept.said()) and is_closed(kept.text())
    keep = bytes(kept.keep)
    kept.drop_light(each for each in around if each not in unshown)
    kept.drop_light(menus(layout))
    container = _container(layout, kept)
    start, end = container or _region(kept)
    return Shown(
        text=kept.text(start, end),
        at=(start, end),
        keep=keep,
        closed=closed,
        listed=tuple(listed),
        contained=container is not None,
        others=bool(recommended),
        several=several,
    )


def _several(layout: Layout, kept: _Kept) -> tuple[tuple[str, str], ...]:
    """Return the postings that stand whole under their titles, none where there are not several."""
    for parts in titled(layout, kept.keep):
        found = [(title, kept.text(start, end)) for title, start, end in parts]
        whole = sum(is_whole(text) and asks(text) >= POSTING_ASKS for _, text in found)
        if 2 * whole >= len(found) and all(len(text) >= _WHOLE for _, text in found):
            return tuple(found)
    return ()


def _heading_in(layout: Layout, start: int, end: int) -> str:
    starts = layout.flow.starts
    at = bisect_left(layout.headings, start, key=lambda each: starts[each.element])
    contained = at < len(layout.headings) and starts[layout.headings[at].element] < end
    return layout.headings[at].text if contained else ""


def _region(kept: _Kept) -> tuple[int, int]:
    """Return the innermost element that holds nearly all that is kept, as pieces."""
    flow, sums = kept.flow, kept.running()
    least = _NEARLY * sums[-1]
    best, at = 0, 1
    while at < (flow.until[best] if flow.attributes else 0):
        if sums[flow.ends[at]] - sums[flow.starts[at]] >= least:
            best, at = at, at + 1
        else:
            at = flow.until[at]
    return (flow.starts[best], flow.ends[best]) if flow.attributes else (0, 0)


def _container(layout: Layout, kept: _Kept) -> tuple[int, int] | None:
    """Return the element in which a well-known board puts a posting, as pieces; None for none."""
    flow, sums = layout.flow, kept.running()
    found = {
        at
        for names, elements in layout.named(_CONTAINERS)
        if any(each.endswith(_CONTAINERS) for each in names.split())
        for at in elements
    }
    best, heaviest, past = -1, 0, 0
    for at in sorted(found):
        weight = sums[flow.ends[at]] - sums[flow.starts[at]]
        if at >= past and weight > heaviest:
            best, heaviest, past = at, weight, flow.until[at]
    if best < 0 or sums[-1] > _MORE * heaviest:
        return None
    return flow.starts[best], flow.ends[best]
