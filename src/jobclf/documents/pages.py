"""The postings in a page: of all its sources the one that holds most of a posting."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from jobclf import limits
from jobclf.documents.embedded import frame_elsewhere, frame_of_jobs, reveal
from jobclf.documents.html import HEAD, Flow, parse
from jobclf.documents.list_pages import is_called_list, is_list, jobs_named
from jobclf.documents.main_text import Shown, is_whole, read_shown, weigh
from jobclf.documents.notices import is_blocked, is_form
from jobclf.documents.page_title import bare_title, fits_title, said_by, title_of
from jobclf.documents.posting import Posting
from jobclf.documents.state import state_postings
from jobclf.documents.structured import json_ld, microdata, tabled
from jobclf.documents.surroundings import Layout
from jobclf.errors import PostingError, Reason
from jobclf.reports.markup import GENERATOR
from jobclf.text.job_lists import POSTING_ASKS, asks

_SURER = 2.5  # times: data that is long gives way only to a text with as much more
_FULLER = 1.3  # the same of an excerpt
_LONG = 800  # letters of data that is hardly an excerpt of what is shown
_LONGER = 2000  # letters of a text that is hardly an excerpt of the data for scripts
_LEAST = 40  # letters of a page that has text
_PROBE = 60  # letters of a posting that are looked for in what is shown
_RELATED = 3  # a third of the lines shown must be in data that replaces them
_FEW = 2  # postings listed that make no list yet
_CUT = re.compile(r"(?:\.\.\.|…|show more|read more|see more)\s*$", re.IGNORECASE)


def postings(page: str, frames: Iterable[str] = ()) -> tuple[Posting, ...]:
    """Return the postings of a page: the fullest text among all its sources.

    Parameters
    ----------
    page : str
        The HTML.
    frames : iterable of str
        The HTML of what is embedded in it, such as the other parts of a page saved as MHTML.

    Raises
    ------
    PostingError
        For a page without text, of a posting that is closed, or of a list of postings.
    """
    if GENERATOR in page[:HEAD]:
        fact, remedy = "the page is a report that jobclf wrote", "give the posting itself"
        raise PostingError(fact, remedy, reason=Reason.NOT_POSTING)
    refusal: PostingError | None = None
    best: tuple[Posting, ...] = ()
    waiting = [page, *islice(frames, limits.PAGE_FRAMES)]
    for number, each in enumerate(waiting):  # grows by the frames that stand in the page itself
        root = parse(each)
        if not number and "srcdoc" in each:
            inner = (frame.get("srcdoc") for frame in root.iter("iframe"))
            waiting.extend(islice(filter(None, inner), limits.PAGE_FRAMES))
        try:
            found = _of_page(root, each)
        except PostingError as error:
            refusal = refusal or error  # the page's own says more than its frames'
            continue
        if not best or weigh(found[0].text) > weigh(best[0].text):
            title = best[0].title if best else None
            best = found if found[0].title or title is None else (replace(found[0], title=title),)
    if refusal is not None and (not best or refusal.reason == Reason.CLOSED):
        raise refusal
    return best


def _of_page(root: Any, page: str) -> tuple[Posting, ...]:
    """Return what a page shows, or what only its scripts would show where that is a posting."""
    refusal: PostingError | None = None
    found: tuple[Posting, ...] = ()
    try:
        found = _shown(root, page)
    except PostingError as error:
        embeds = error.reason == Reason.LIST and frame_of_jobs(root)  # a page of "Careers"
        if error.reason != Reason.NO_TEXT and not embeds:
            raise
        refusal = error
    if any(is_whole(each.text) for each in found):
        return found
    if (refusal is None or refusal.reason == Reason.NO_TEXT) and reveal(root):
        with suppress(PostingError):
            again = _shown(root, page)
            if is_whole(again[0].text) and asks(again[0].text) >= POSTING_ASKS:
                return again
    if address := _frame_for(root, found):
        raise PostingError(
            f"the page shows a frame of another address, {address}, and no posting of its own",
            "open that address or file, and save what it shows",
            reason=Reason.NO_TEXT,
        )
    if refusal is not None:
        raise refusal
    return found


def _frame_for(root: Any, found: tuple[Posting, ...]) -> str | None:
    """Return the address of the frame that is likely to show what a page does not."""
    if not found:
        return frame_elsewhere(root)
    return frame_of_jobs(root) if asks(found[0].text) < POSTING_ASKS else None


def _shown(root: Any, page: str) -> tuple[Posting, ...]:
    flow = Flow(root)
    layout = Layout(flow, page)
    shown = read_shown(layout)
    if shown.closed:
        raise PostingError("the posting is closed", "find one that is open", reason=Reason.CLOSED)
    best = _Best(Posting(shown.text, title_of(layout, root, shown)), flow)
    best.weigh_in(json_ld(root))
    best.weigh_in(microdata(flow) if "JobPosting" in page else ())
    best.weigh_in(tabled(flow) if "<table" in page else ())
    best.weigh_shown()
    if not best.is_long or _CUT.search(best.text[-_LEAST:]):
        best.weigh_state(state_postings(root, page))
    called = is_called_list(layout, said_by(root), shown.keep)
    return best.answer(shown, called=called, named=jobs_named(layout, shown.keep))


class _Best:
    """The fullest posting among the sources of a page so far.

    Parameters
    ----------
    shown : Posting
        What the page shows of one posting.
    flow : Flow
        All that it shows.
    """

    def __init__(self, shown: Posting, flow: Flow) -> None:
        self._shown, self._flow = shown, flow
        self._found: tuple[Posting, ...] = ()
        self._stated: Posting | None = None  # by data that says that it is a posting
        self._excerpts = 0

    @property
    def text(self) -> str:
        """The text of the first."""
        return self._found[0].text if self._found else ""

    @property
    def is_long(self) -> bool:
        """Whether it is hardly an excerpt of what is in the page's scripts."""
        return is_whole(self.text) and len(self.text) >= _LONGER

    def weigh_in(self, source: Iterable[Posting]) -> None:
        """Weigh the postings of data that says that they are postings."""
        found = self._chosen(_some(source))
        if len(found) == 1:
            self._stated = self._stated or found[0]
        self._weigh(found)

    def weigh_shown(self) -> None:
        """Weigh what the page shows, against several if it shows none of them."""
        several = len(self._found) > 1
        if not several or (is_whole(self._shown.text) and not any(map(self._is_seen, self._found))):
            self._weigh((self._shown,))

    def weigh_state(self, source: Iterable[Posting]) -> None:
        """Weigh the postings in the data for scripts, which may hold anything else besides."""
        found = [each for each in _some(source) if fits_title(each.title or "")]
        if is_whole(self.text):
            lines = {_plain(line)[:_PROBE] for line in self.text.split("\n")}
            lines = {line for line in lines if len(line) >= _PROBE // 2}
            found = [
                each
                for each in found
                for text in [_plain(each.text)]
                if _RELATED * sum(line in text for line in lines) >= len(lines) > 0
            ]
        self._weigh(self._chosen(found))

    def _weigh(self, found: Sequence[Posting]) -> None:
        factor = _SURER if is_whole(self.text) and len(self.text) >= _LONG else _FULLER
        if found and (not self._found or weigh(found[0].text) > factor * weigh(self.text)):
            self._found = tuple(found)

    def _chosen(self, found: Sequence[Posting]) -> Sequence[Posting]:
        """Return of several postings the one that is shown; of excerpts none."""
        if len(found) < 2:  # noqa: PLR2004
            return found
        seen = [each for each in found if self._is_seen(each)]
        if len(seen) == 1:
            return seen
        whole = [each for each in found if is_whole(each.text)]
        if 2 * len(whole) >= len(found):
            return found
        self._excerpts = max(self._excerpts, len(found))
        return whole if len(whole) == 1 else ()

    def _is_seen(self, posting: Posting) -> bool:
        text = _plain(posting.text)
        half = len(text) // 2
        everything = self._everything
        return text[:_PROBE] in everything or text[half : half + _PROBE] in everything

    @cached_property
    def _everything(self) -> str:
        """The letters of all that is shown."""
        return _plain("".join(self._flow.pieces))

    def answer(self, shown: Shown, *, called: bool, named: int) -> tuple[Posting, ...]:
        """Return the postings, or raise why there is none.

        Parameters
        ----------
        shown : Shown
            What the page shows.
        called : bool
            Whether it says that it lists postings.
        named : int
            How many jobs its headings name outside of lists.
        """
        if len(self._found) > 1:
            return self._found
        if self._stated is None and self._shown in self._found and shown.several:
            return tuple(Posting(text, bare_title(title)) for title, text in shown.several)
        listed = shown.listed
        is_one = is_whole(self.text)
        if not is_one:
            alone = shown.others and len(self.text) < _LEAST
            is_one = not alone and max(len(listed), self._excerpts) <= _FEW
        is_shown = self._stated is None and self._shown in self._found and not shown.contained
        if is_one and is_shown and len(self.text) >= _LEAST:
            is_one = not is_list(
                self.text, (name for name, _ in listed), called=called, named=named
            )
        if not is_one:
            raise PostingError(
                "the page is a list of postings", "open one and save its page", reason=Reason.LIST
            )
        if len(self.text) < _LEAST or is_blocked(self._shown.title or "", self.text):
            raise PostingError(
                "the page has no text", "save it again once it has loaded", reason=Reason.NO_TEXT
            )
        if self._stated is None and is_form(self.text):
            raise PostingError(
                "the page is a form by which to apply",
                "save the page of the posting itself",
                reason=Reason.NOT_POSTING,
            )
        sources = [self._stated, *self._found, self._shown]
        names = [each for each in sources if each is not None]
        title = next((each.title for each in names if each.title), None)
        company = next((each.company for each in names if each.company), None)
        return (Posting(self.text, bare_title(title or ""), company),)


def _some(source: Iterable[Posting]) -> list[Posting]:
    """Return the postings of a source, each once, if they are not too many."""
    found = list(islice(source, limits.PAGE_POSTINGS + 1))
    if len(found) > limits.PAGE_POSTINGS:
        raise PostingError(
            f"the page holds over {limits.PAGE_POSTINGS:,} postings",
            "split it",
            reason=Reason.TOO_LARGE,
        )
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
