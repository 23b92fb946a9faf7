"""How an audit looks: plain fields for programs, lines for people, one self-contained page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from jobclf.errors import printable
from jobclf.reports.markup import safe
from jobclf.reports.page import framed, part

if TYPE_CHECKING:
    from jobclf.evaluation.audit_results import AuditReport

_TITLE = "Audit of labelled postings"
_SHOWN = 20  # lines of each list that fit a screen


def audit_fields(report: "AuditReport") -> dict[str, Any]:
    """Return a report as plain fields."""
    return asdict(report)


def audit_text(report: "AuditReport") -> str:
    """Return the most doubtful of each list as lines for people."""
    return "\n".join(_lines(report))


def _lines(report: "AuditReport") -> Iterator[str]:
    yield _summary(report)
    yield from report.notes
    yield from _listed(
        "Labels that are probably wrong, the most doubtful first",
        (
            f"{found.posting}: labelled {found.role.label}, reads like {found.suggested.label} "
            f"(margin {found.margin:.2f}): {', '.join(found.phrases)}"
            for found in report.suspects
        ),
    )
    yield from _listed(
        "Near duplicates with different labels",
        (
            f"{pair.postings[0]} is {pair.roles[0].label}, {pair.postings[1]} is "
            f"{pair.roles[1].label}" + (": the same text" if pair.same else "")
            for pair in report.conflicts
        ),
    )
    yield from _listed(
        "Titles that the text contradicts",
        (
            f"{clash.posting}: titled {clash.title_role.label}, labelled {clash.role.label}, reads "
            f"like {clash.text_role.label} ({clash.probability:.2f}): {', '.join(clash.phrases)}"
            for clash in report.clashes
        ),
    )


def _summary(report: "AuditReport") -> str:
    dropped = f", {len(report.duplicates)} exact duplicates left out" if report.duplicates else ""
    return (
        f"{report.postings} postings{dropped}: {_count(report.suspects, 'doubtful label')}, "
        f"{_count(report.conflicts, 'pair')} of near duplicates with different labels, "
        f"{_count(report.clashes, 'title')} that the text contradicts"
    )


def _count(things: Sequence[object], name: str) -> str:
    return f"{len(things)} {name}" + ("" if len(things) == 1 else "s")


def _listed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    rows = list(lines)
    if not rows:
        return
    yield ""
    yield heading
    yield from (f"  {printable(row)}" for row in rows[:_SHOWN])
    if len(rows) > _SHOWN:
        yield f"  and {len(rows) - _SHOWN} more; all are in the JSON and the page"


def audit_html(report: "AuditReport") -> str:
    """Return the whole report as one page without script; names and terms are escaped."""
    return framed(_TITLE, [f"<h1>{_TITLE}</h1>", *_sections(report)])


def audit_part(report: "AuditReport") -> str:
    """Return the whole report as an element for a notebook."""
    return part(_sections(report))


def _sections(report: "AuditReport") -> tuple[str, ...]:
    return (
        f"<p>{safe(_summary(report))}.</p>",
        *(f"<p>{safe(note)}.</p>\n" for note in report.notes),
        _table(
            "Labels that are probably wrong",
            ("Posting", "Label", "Reads like", "Margin", "Terms that say so"),
            (
                (
                    _name(found.posting),
                    _cell(found.role.label),
                    _cell(found.suggested.label),
                    _number(found.margin),
                    _phrases(found.phrases),
                )
                for found in report.suspects
            ),
        ),
        _table(
            "Near duplicates with different labels",
            ("Posting", "Label", "Posting", "Label", "Texts"),
            (
                (
                    _name(pair.postings[0]),
                    _cell(pair.roles[0].label),
                    _name(pair.postings[1]),
                    _cell(pair.roles[1].label),
                    _cell("the same" if pair.same else "nearly the same"),
                )
                for pair in report.conflicts
            ),
        ),
        _table(
            "Titles that the text contradicts",
            ("Posting", "Title says", "Label", "Reads like", "Probability", "Terms that say so"),
            (
                (
                    _name(clash.posting),
                    _cell(clash.title_role.label),
                    _cell(clash.role.label),
                    _cell(clash.text_role.label),
                    _number(clash.probability),
                    _phrases(clash.phrases),
                )
                for clash in report.clashes
            ),
        ),
    )


def _table(heading: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    body = "".join(f"<tr>{''.join(cells)}</tr>\n" for cells in rows)
    if not body:
        return ""
    head = "".join(f'<th scope="col">{safe(name)}</th>' for name in columns)
    return (
        f'<h2>{safe(heading)}</h2>\n<div class="wide" tabindex="0"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}</tbody>\n</table></div>\n"
    )


def _name(value: str) -> str:
    return f'<td class="name">{safe(value)}</td>'


def _cell(value: str) -> str:
    return f"<td>{safe(value)}</td>"


def _number(value: float) -> str:
    return f'<td class="number">{value:.2f}</td>'


def _phrases(phrases: Iterable[str]) -> str:
    terms = "".join(f'<span class="term">{safe(phrase)}</span>' for phrase in phrases)
    return f'<td class="name">{terms}</td>'
