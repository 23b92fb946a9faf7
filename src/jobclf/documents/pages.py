"""The postings in a page: of all its sources the one that holds most of a posting."""

import re
from collections.abc import Iterable
from itertools import islice

from jobclf.documents.html import Flow, line, parse
from jobclf.documents.listings import JOB_NAMES
from jobclf.documents.main_text import Shown, is_whole, read_shown, weigh
from jobclf.documents.page_title import title_of
from jobclf.documents.posting import Posting
from jobclf.documents.state import state_postings
from jobclf.documents.structured import json_ld, microdata
from jobclf.documents.surroundings import Layout
from jobclf.errors import PostingError, Reason
from jobclf.markup import GENERATOR

_MOST_POSTINGS = 1000  # of a page
_HEAD = 4000  # characters in which a page says what wrote it
_MOST_FRAMES = 20
_SURER = 2.5  # times: data that is long gives way only to a text with as much more
_FULLER = 1.3  # the same of an excerpt
_LONG = 800  # letters of data that is hardly an excerpt of what is shown
_LONGER = 2000  # letters of a text that is hardly an excerpt of the data for scripts
_LEAST = 40  # letters of a page that has text
_PROBE = 60  # letters of a posting that are looked for in what is shown
_FEW = 2  # postings listed that make no list yet
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body|main|article|div"
    r"|section|script|p|h[1-6]|ul|table|span)\b",
    re.IGNORECASE | re.DOTALL,
)
_CUT = re.compile(r"(?:\.\.\.|…|show more|read more|see more)\s*$", re.IGNORECASE)


def is_page(text: str) -> bool:
    """Tell whether a text starts as an HTML page does."""
    return _LOOKS_LIKE_HTML.match(text[:_HEAD]) is not None


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
    if GENERATOR in page[:_HEAD]:
        fact, remedy = "the page is a report that jobclf wrote", "give the posting itself"
        raise PostingError(fact, remedy, reason=Reason.NOT_POSTING)
    refusal: PostingError | None = None
    best: tuple[Posting, ...] = ()
    for each in islice((page, *frames), _MOST_FRAMES):
        try:
            found = _of_page(each)
        except PostingError as error:
            # Of a page and its frames the page's own refusal says most.
            refusal = refusal or error
            continue
        if not best or weigh(found[0].text) > weigh(best[0].text):
            title = found[0].title or (best[0].title if best else None)
            best = tuple(found) if len(found) > 1 else (_titled(found[0], title),)
    if refusal is not None and (not best or refusal.reason == Reason.CLOSED):
        raise refusal
    return best


def _titled(posting: Posting, title: str | None) -> Posting:
    return Posting(posting.text, posting.title or title, posting.company)


def _of_page(page: str) -> tuple[Posting, ...]:
    root = parse(page)
    flow = Flow(root)
    layout = Layout(flow, page)
    shown = read_shown(layout)
    if shown.closed:
        raise PostingError("the posting is closed", "find one that is open", reason=Reason.CLOSED)
    best = _Best(flow, shown)
    best.weigh_in(json_ld(root))
    best.weigh_in(microdata(flow) if "JobPosting" in page else ())
    main = Posting(shown.text, title_of(layout, root, shown))
    if not best.is_sure or weigh(shown.text) > weigh(best.text) or _CUT.search(shown.text):
        best.weigh_main(main)
    if not best.is_long or _CUT.search(best.text):
        best.weigh_in(state_postings(root, page))
    return best.answer(main)


class _Best:
    """The fullest posting among the sources of a page so far."""

    def __init__(self, flow: Flow, shown: Shown) -> None:
        self._flow, self._shown = flow, shown
        self.found: tuple[Posting, ...] = ()
        self.title: str | None = None
        self.company: str | None = None
        self._excerpts = 0

    @property
    def text(self) -> str:
        return self.found[0].text if self.found else ""

    @property
    def is_sure(self) -> bool:
        return bool(self.found) and is_whole(self.text)

    @property
    def is_long(self) -> bool:
        """Whether it is hardly an excerpt of what is in the page's scripts."""
        return self.is_sure and len(self.text) >= _LONGER

    @property
    def _factor(self) -> float:
        return _SURER if self.is_sure and len(self.text) >= _LONG else _FULLER

    def weigh_in(self, source: Iterable[Posting]) -> None:
        """Weigh the postings of one source of data."""
        every = list(islice(source, _MOST_POSTINGS + 1))
        if len(every) > _MOST_POSTINGS:
            raise PostingError(
                f"the page holds over {_MOST_POSTINGS:,} postings",
                "split it",
                reason=Reason.TOO_LARGE,
            )
        found = tuple(dict.fromkeys(every))
        if len(found) > 1:
            shown = _plain("".join(self._flow.pieces))
            seen = [each for each in found if _plain(each.text)[:_PROBE] in shown]
            whole = [each for each in found if is_whole(each.text)]
            if len(seen) == 1:
                found = (seen[0],)
            elif 2 * len(whole) < len(found):  # excerpts of a list of results
                self._excerpts = max(self._excerpts, len(found))
                found = tuple(whole) if len(whole) == 1 else ()
        if len(found) == 1:
            self.title, self.company = (
                self.title or found[0].title,
                self.company or found[0].company,
            )
        if found and (not self.found or weigh(found[0].text) > self._factor * weigh(self.text)):
            self.found = found

    def weigh_main(self, main: Posting) -> None:
        """Weigh what the page shows."""
        several = len(self.found) > 1
        if not several and weigh(main.text) > self._factor * weigh(self.text):
            self.found = (main,)

    def answer(self, main: Posting) -> tuple[Posting, ...]:
        """Return the postings, or raise why there is none."""
        shown = self._shown
        if len(self.found) > 1:
            return self.found
        whole = [each for each in shown.listed if is_whole(each[1]) and JOB_NAMES.search(each[0])]
        if not self.is_sure and len(whole) > 1 and len(whole) == len(shown.listed):
            return tuple(Posting(text, line(title)) for title, text in whole)
        if not self.is_sure and (max(len(shown.listed), self._excerpts) > _FEW):
            raise PostingError(
                "the page is a list of postings",
                "open one and save its page",
                reason=Reason.LIST,
            )
        if len(self.text) < _LEAST:
            raise PostingError(
                "the page has no text", "save it again once it has loaded", reason=Reason.NO_TEXT
            )
        found = self.found[0]
        return (
            Posting(
                found.text, self.title or found.title or main.title, self.company or found.company
            ),
        )


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())
