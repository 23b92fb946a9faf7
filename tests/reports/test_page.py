"""A page stands alone, and nothing in a posting becomes markup."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jobclf
from jobclf.batch.predictions import Tally
from jobclf.classifier.prediction import Prediction
from jobclf.documents import pages
from jobclf.errors import PostingError, Reason
from jobclf.reports import page, summary_report
from jobclf.roles import Role
from tests.factories import LETTERS

POSTING = (
    "Deploy machine learning models to production. Build data pipelines, model serving and "
    "monitoring. Own CI/CD and Docker. Write production-ready code. Derive insights and reports. "
    "You know software engineering, and Python, and how to keep a platform up for all our users."
)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</div></main><style>body{display:none}</style>",
    "<!-- ",
    "&lt;b&gt;",
    "]]>",
    "\x1b[2J\x00",
    "\u202egnp.exe",
]

DOUBTFUL = Prediction(Role.ML_ENGINEER, 0.6, in_scope=True, scope_probability=0.9999)
PIECES = st.sampled_from(HOSTILE) | st.text(LETTERS, max_size=20)
ATTACKS = st.lists(PIECES, max_size=4).map("".join)


class Tags(HTMLParser):
    """Collect the tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, its attributes, and that it is open."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in {"meta", "rect"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(re.sub(r"<rect([^>]*)/>", r"<rect\1>", page))
    tags.close()
    assert not tags.open
    return tags


KNOWN = parsed(page.explanation_page([("Posting", jobclf.explain(POSTING))]))


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_posting_is_data_in_its_title_and_its_text(attack: str) -> None:
    text = f"{attack} {POSTING} deploy{attack}models {attack}"
    tags = parsed(page.explanation_page([(attack, jobclf.explain(text))]))
    assert tags.tags <= KNOWN.tags
    assert tags.attributes <= KNOWN.attributes
    assert not tags.tags & {"script", "img", "iframe", "link"}


@settings(max_examples=25, deadline=None)
@given(ATTACKS)
def test_no_text_adds_a_tag_or_an_attribute(text: str) -> None:
    html = page.explanation_page([(text, jobclf.explain(f"{text}\n{POSTING}"))])
    assert parsed(html).tags <= KNOWN.tags
    assert parsed(html).attributes <= KNOWN.attributes
    html.encode("utf-8")


@settings(max_examples=50, deadline=None)
@given(ATTACKS)
def test_no_name_adds_a_tag_or_an_attribute_to_a_summary(text: str) -> None:
    pages = []
    for name in ("plain", text):
        tally = Tally()
        tally.add(name, DOUBTFUL)
        tally.add("", PostingError(f"{name} cannot be read"))
        pages.append(parsed(page.summary_page(tally.summary())))
    assert pages[0].tags == pages[1].tags
    assert pages[0].attributes == pages[1].attributes


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    html = page.explanation_page([("Posting", jobclf.explain(POSTING))])
    assert "default-src 'none'" in html
    assert not re.search(r"https?://|<script|javascript:|\son\w+=|url\(|@import|style=", html)


def test_many_begin_with_an_overview() -> None:
    html = page.explanation_page([(name, jobclf.explain(POSTING)) for name in ("one", "other")])
    assert html.index("2 postings</h1>") < html.index('<h1 id="h0">one</h1>')
    assert '<li><a href="#h1">other</a>: ML Engineer' in html
    assert "2 postings" not in page.explanation_page([("one", jobclf.explain(POSTING))])


def test_links_lead_to_places_in_the_page_and_no_name_stands_twice() -> None:
    html = page.explanation_page([(name, jobclf.explain(POSTING)) for name in ("one", "other")])
    tags = parsed(html)
    assert len(tags.ids) == len(set(tags.ids))
    assert tags.links
    assert {link.removeprefix("#") for link in tags.links} <= set(tags.ids)


def test_the_whole_posting_and_the_answer_are_in_the_page() -> None:
    heard = re.sub(r" \((?:ML Engineer|Data Scientist|neither)\)", "", KNOWN.text)
    assert POSTING in heard
    assert "Lines that speak for ML Engineer, strongest first" in heard
    assert "Machine Learning Engineer vs Data Scientist" in heard
    assert re.search(r"ML Engineer, (?:clearly|probably) \(9", KNOWN.text)
    assert "One of the two at all" in KNOWN.text
    assert "Responsibilities of an ML Engineer, by the article" in KNOWN.text


def test_a_summary_is_data_too_and_runs_only_its_own_script() -> None:
    tally = Tally()
    for attack in HOSTILE:
        tally.add(attack, DOUBTFUL)
    html = page.summary_page(tally.summary())
    tags = parsed(html)
    assert html.count("<script") == 1
    assert "script-src 'sha256-" in html
    assert not tags.tags & {"img", "iframe", "link"}
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert "npp" not in html
    assert f"{len(HOSTILE)} postings" in tags.text


def test_a_summary_of_nothing_is_a_page() -> None:
    assert "0 postings" in page.summary_page(Tally().summary())


def test_no_probability_of_a_posting_is_shown_as_certain() -> None:
    tally = Tally()
    tally.add("sure", Prediction(Role.ML_ENGINEER, 1.0, in_scope=True, scope_probability=0.7))
    tally.add("other", Prediction(Role.DATA_SCIENTIST, 1.0, in_scope=True, scope_probability=0.7))
    tally.add("scope", Prediction(Role.DATA_SCIENTIST, 0.6, in_scope=True, scope_probability=1.0))
    html = page.summary_page(tally.summary())
    cells = re.findall(r"<td data-value='[\d.]+'>([\d.]+ %)</td>", html)
    assert sorted(cells) == ["1 %", "40 %", "70 %", "70 %", "99 %", "99 %"]


def test_a_summary_without_doubt_lists_none_and_says_why_some_failed() -> None:
    tally = Tally()
    tally.add("sure", Prediction(Role.ML_ENGINEER, 0.99, in_scope=True, scope_probability=0.99))
    tally.add("bad", PostingError("it has 2 words", reason=Reason.TOO_SHORT))
    html = page.summary_page(tally.summary())
    assert "doubtful" not in parsed(html).text
    assert "1 of 2 postings could not be judged: 1 too short." in html
    assert "doubtful" not in summary_report.summary_text(tally.summary())


@pytest.mark.parametrize("attack", HOSTILE)
def test_refused_postings_get_a_line_each_that_is_only_text(attack: str) -> None:
    explained = [("Posting", jobclf.explain(POSTING))]
    html = page.explanation_page(explained, ["a.txt is empty", f"{attack}: too short"])
    tags = parsed(html)
    assert "a.txt is empty" in tags.text
    assert html.count("<li>a.txt is empty</li>") == 1
    assert tags.tags <= KNOWN.tags
    assert tags.attributes <= KNOWN.attributes
    assert "Could not be judged" not in KNOWN.text


def test_the_bar_that_decided_comes_first() -> None:
    cook = "You cook for guests, plan the menus of the week, and train the people in the kitchen. "
    for text, first in ((POSTING, "ML Engineer"), (cook * 5, "One of the two at all")):
        html = page.explanation_page([("Posting", jobclf.explain(text))])
        assert re.findall(r"<dt>([^<]*)</dt>", html)[0] == first


def test_a_report_is_no_posting() -> None:
    with pytest.raises(PostingError, match="a report that jobclf wrote") as refused:
        pages.postings(page.explanation_page([]))
    assert refused.value.reason is Reason.NOT_POSTING
