"""A page gives its postings and nothing of what stands around them."""

import html
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.documents import pages
from jobclf.documents.html import text_in
from jobclf.errors import PostingError

DUTIES = "We train models for lorries and keep them running. " * 10


def script(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def job(**fields: object) -> dict[str, object]:
    return {"@type": "JobPosting", "description": f"<p>{DUTIES}</p>"} | fields


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(script(job()), id="object"),
        pytest.param(script([{"@type": "Person"}, job()]), id="list"),
        pytest.param(script({"@graph": [{"@type": "WebPage"}, job()]}), id="graph"),
        pytest.param(script({"itemListElement": [{"item": job()}]}), id="item-list"),
        pytest.param(script(job() | {"@type": ["Thing", "JobPosting"]}), id="several-types"),
        pytest.param(script(job() | {"@type": "http://schema.org/JobPosting"}), id="type-address"),
        pytest.param(script(job(description=html.escape(f"<p>{DUTIES}</p>"))), id="escaped"),
        pytest.param(script(job()).replace("We train", "We\ttrain"), id="raw-control-letter"),
        pytest.param(script(job()).replace("{", "<!--{", 1).replace("</s", "--></s"), id="comment"),
        pytest.param('<script type="application/ld+json">{oops</script>' + script(job()), id="bad"),
        pytest.param(
            f"<div itemscope itemtype='https://schema.org/JobPosting'><p itemprop='description'>"
            f"{DUTIES}</p></div>",
            id="microdata",
        ),
        pytest.param(f"<nav>Data</nav><main><p>{DUTIES}</p></main>", id="main"),
        pytest.param(f"<body><div>{DUTIES}</div><footer>Data</footer></body>", id="body"),
        pytest.param(f"<form><div>{DUTIES * 20}</div></form>", id="a-form-around-everything"),
        pytest.param(f"<ul><li><a>Data jobs</a></ul><p>{DUTIES}", id="menu"),
        pytest.param(f"<p hidden>Data</p><p style='display: none'>x</p>{DUTIES}", id="hidden"),
        pytest.param(f"<div>{DUTIES}</div><h2>Similar jobs</h2><p>Data</p>", id="similar-jobs"),
    ],
)
def test_a_posting_is_found_wherever_pages_keep_it(page: str) -> None:
    (found,) = pages.postings(f"<!DOCTYPE html><html>{page}</html>")
    assert " ".join(found.text.split()).rstrip() in " ".join((DUTIES * 20).split())
    assert "We train models" in found.text
    assert "Data" not in found.text


def test_title_and_company_come_from_the_data() -> None:
    page = script(job(title="Analyst &amp; more", hiringOrganization={"name": "Birchwater"}))
    (found,) = pages.postings(page)
    assert (found.title, found.company) == ("Analyst & more", "Birchwater")


def test_several_postings_in_a_page_are_several_answers() -> None:
    one, other = job(title="One"), job(title="Other", description="Other " + DUTIES)
    found = pages.postings(script([one, other, one]))
    assert [each.title for each in found] == ["One", "Other"]


def test_fields_beside_the_description_are_part_of_the_text() -> None:
    (found,) = pages.postings(script(job(qualifications="Go and C++", skills=["SQL", "R"])))
    assert found.text.endswith("Qualifications\nGo and C++\nSkills\nSQL\nR")


def test_a_page_without_text_says_so() -> None:
    with pytest.raises(PostingError, match="has no text"):
        pages.postings("<html><script>let x</script></html>")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain words", "plain words"),
        ("a &amp; b", "a & b"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two", "one\ntwo"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("&lt;p&gt;one &amp;amp; two&lt;/p&gt;", "one & two"),
        ("<p>a<script>b</script>c</p>", "ac"),
        ("x < 3 and y > 4", "x < 3 and y > 4"),
        ("<p>co\xadop", "coop"),
        ("<svg/onload=hit()><b>Train models<p>and run them", "Train models\nand run them"),
        ("Apply<svg><path d='M0'/><title>an arrow</title></svg><p>now", "Apply\nnow"),
    ],
)
def test_text_in_reads_a_piece_of_html(markup: str, text: str) -> None:
    assert text_in(markup) == text


@given(st.text(alphabet="<>/abp \n&;!-=\"'\x00é", max_size=200))
def test_any_page_is_read_or_refused(text: str) -> None:
    with suppress(PostingError):
        assert pages.postings("<p>" + text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<div>" * 300_000 + "x", id="deep"),
        pytest.param("<p><b>" * 50_000 + "x", id="formatting"),
        pytest.param("<ul><li>" * 50_000 + "x", id="lists"),
        pytest.param(
            '<script type="application/ld+json">' + "[" * 100_000 + "</script>x", id="json"
        ),
        pytest.param('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e; x', id="entity"),
    ],
)
def test_a_hostile_page_ends_soon_and_opens_nothing(page: str) -> None:
    try:
        text = pages.postings(page)[0].text
    except PostingError:
        return
    assert "root:" not in text


BESIDE = [
    "View similar jobs", "See more openings", "Explore other roles", "Browse our latest vacancies",
    "Check out related positions", "Our newest jobs", "The top jobs", "Featured careers",
    "Recommended postings", "People also viewed", "Candidates also applied", "Others also searched",
    "You may also like", "We think you might also like", "Jobs for you", "Job recommendations",
    "Recently viewed", "Set a job alert", "Get job alerts", "More from this employer",
    "Looking for something else?", "ACME PRIVACY POLICY", "Cookie settings",
    "This website uses cookies", "We use cookies", "We value your privacy",
]  # fmt: skip


@pytest.mark.parametrize("heading", BESIDE)
def test_what_is_below_such_a_heading_is_no_part_of_the_posting(heading: str) -> None:
    page = f"<h1>Baker</h1><div>{DUTIES}</div><section><h2>{heading}</h2><p>Glide</p></section>"
    (found,) = pages.postings(page)
    assert "Glide" not in found.text


@pytest.mark.parametrize("title", ["Careers", "Jobs at Acme", "Acme"])
@pytest.mark.parametrize(
    "tail", ["", "Similar jobs: Data Analyst, York | Baker, Hull", "More jobs"]
)
def test_a_posting_of_one_element_stays_whatever_its_last_line_and_page_are_called(
    title: str, tail: str
) -> None:
    lines = [
        "Machine Learning Engineer",
        "We keep ferries on time and look for someone with five years of experience.",
        "You take models to production and watch them there.",
        "Anyone with strong Python skills can apply.",
    ]
    text = "<br>".join([*lines, *lines[1:], tail])
    (found,) = pages.postings(f"<html><title>{title}</title><div>{text}</div></html>")
    assert all(line in found.text for line in lines)
    assert "York" not in found.text
