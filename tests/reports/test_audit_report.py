"""What an audit shows is complete, and nothing of a posting can become markup."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.evaluation.audit_results import AuditReport, Clash, Conflict, Suspect
from jobclf.reports import audit_report
from jobclf.roles import Role
from tests.factories import LETTERS

HOSTILE = "<script>alert('x')</script>\"&<img src=x onerror=y>"


def _report(name: str = "a.txt", count: int = 1) -> AuditReport:
    suspect = Suspect(name, Role.DATA_SCIENTIST, Role.ML_ENGINEER, -0.9, ("deploy", name))
    clash = Clash(name, Role.OTHER, Role.ML_ENGINEER, Role.DATA_SCIENTIST, 0.93, (name,))
    conflict = Conflict((name, "b.txt"), (Role.OTHER, Role.ML_ENGINEER), same=True)
    return AuditReport(9, "seeds", ("c.txt",), (suspect,) * count, (conflict,), (clash,))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}


def test_nothing_hostile_becomes_markup() -> None:
    page = audit_report.audit_html(_report(HOSTILE))
    parser = _Tags()
    parser.feed(page)
    assert not parser.tags & {"script", "img", "iframe", "link", "a"}
    assert not {name for name in parser.names if name.startswith("on")}
    assert "&lt;script&gt;" in page


@pytest.mark.slow
@given(st.lists(st.sampled_from([HOSTILE, "'", '"', ">", "<!--"]) | st.text(LETTERS), max_size=4))
def test_no_text_adds_a_tag_or_an_attribute(parts: list[str]) -> None:
    known, found = _Tags(), _Tags()
    known.feed(audit_report.audit_html(_report()))
    found.feed(audit_report.audit_html(_report("".join(parts))))
    assert found.tags == known.tags
    assert found.names == known.names


def test_the_page_allows_nothing_from_elsewhere() -> None:
    page = audit_report.audit_html(_report())
    assert "default-src 'none'; style-src 'sha256-" in page
    assert "unsafe-inline" not in page
    assert "http:" not in page
    assert "https:" not in page


def test_the_page_lists_all_and_the_terminal_says_how_many_more() -> None:
    report = _report(count=30)
    assert audit_report.audit_html(report).count("reads like".capitalize()) >= 1
    assert audit_report.audit_html(report).count('<span class="term">deploy</span>') == 30
    assert "and 10 more" in audit_report.audit_text(report)


def test_an_audit_without_findings_is_one_line() -> None:
    report = AuditReport(9, "seeds", (), (), (), ())
    assert "\n" not in audit_report.audit_text(report)
    assert "<table" not in audit_report.audit_html(report)


def test_fields_are_plain() -> None:
    fields = json.loads(json.dumps(audit_report.audit_fields(_report())))
    assert fields["suspects"][0]["suggested"] == "ml_engineer"
    assert fields["conflicts"][0]["postings"] == ["a.txt", "b.txt"]


@pytest.mark.parametrize("part", ["a.txt", "deploy", "-0.90", "the same text", "0.93"])
def test_the_terminal_shows_names_reasons_and_numbers(part: str) -> None:
    assert part in audit_report.audit_text(_report())


def test_names_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in audit_report.audit_text(_report("a\x1b[2J.txt"))
