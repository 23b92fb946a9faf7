"""Results as one HTML page that stands alone: no script, no network, nothing taken as markup."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib.resources import files

from jobclf import render
from jobclf.explanation import Explanation, Phrase
from jobclf.roles import Role

_LEVELS = (0.16, 0.35, 0.65)  # of the strongest phrase: where a deeper colour begins
_CLASSES = {Role.ML_ENGINEER: "M", Role.DATA_SCIENTIST: "D", Role.OTHER: "N"}
# Control letters, half letters, and marks that turn the direction of what follows.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_MOST_ROWS = 12  # phrases listed under each heading


@cache
def _style() -> str:
    return files("jobclf").joinpath("report.css").read_text(encoding="utf-8")


def _page(title: str, body: Iterable[str]) -> str:
    """Return a whole page that may run nothing and load nothing but its own style sheet."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{_safe(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>",
            *body,
            "</main>\n</body>\n</html>\n",
        ]
    )


def _safe(text: str) -> str:
    """Return a text that can be nothing but text in a page, in quotes too."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return escape(_UNSHOWABLE.sub("\ufffd", plain), quote=True)


def explanation_page(explained: Iterable[tuple[str, Explanation]]) -> str:
    """Return a page for named explanations: the answer, the marked posting, a bar a phrase."""
    body = []
    for number, (name, explanation) in enumerate(explained):
        body.append(f'<article aria-labelledby="h{number}">')
        body.append(f'<h1 id="h{number}">{_safe(name)}</h1>')
        body += _answer(explanation)
        body += _posting(explanation, number)
        body += _phrases(explanation, number)
        body.append("</article>")
    return _page("Data Scientist or ML Engineer: why", body)


def _answer(explanation: Explanation) -> Iterator[str]:
    found = explanation.prediction
    first, *more = render.prediction_text(found).split("\n")
    yield f'<p class="answer {_CLASSES[explanation.answer]}">{_safe(first)}</p>'
    yield "".join(f"<p>{_safe(line.strip())}</p>" for line in more)
    engineer = found.probability if found.role is Role.ML_ENGINEER else 1.0 - found.probability
    rows = (
        (Role.ML_ENGINEER.label, engineer, "M"),
        (Role.DATA_SCIENTIST.label, 1.0 - engineer, "D"),
        ("One of the two at all", found.scope_probability, "N"),
    )
    yield "<dl>"
    for name, share, colour in rows:
        yield f"<dt>{name}</dt><dd>{render.percent(share)}{_bar(share, colour)}</dd>"
    yield "</dl>"


def _bar(share: float, colour: str) -> str:
    return (
        '<svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="ground" width="100" height="3"/>'
        f'<rect class="{colour}" width="{100 * min(1.0, max(0.0, share)):.1f}" height="3"/></svg>'
    )


def _posting(explanation: Explanation, number: int) -> Iterator[str]:
    yield "<h2>The posting</h2>"
    yield '<ul class="legend"><li><mark class="m2">speaks for ML Engineer</mark></li>'
    yield '<li><mark class="d2">speaks for Data Scientist</mark></li>'
    if explanation.answer is Role.OTHER:
        yield '<li><mark class="n2">speaks for neither</mark></li>'
    yield '<li class="quiet">deeper is stronger</li></ul>'
    linked: set[str] = set()
    shown = [
        _piece(explanation, text, phrase, number, linked)
        for text, phrase in render.pieces(explanation)
    ]
    yield f'<div class="posting">{"".join(shown)}</div>'


def _piece(
    explanation: Explanation, text: str, phrase: Phrase | None, number: int, linked: set[str]
) -> str:
    if phrase is None:
        return _safe(text)
    role, share = render.side(explanation, phrase), render.strength(explanation, phrase)
    level = 1 + sum(share >= edge for edge in _LEVELS)
    name = f"{_CLASSES[role].lower()}{level}"
    spoken = f'<span class="hidden"> ({role.label})</span>' if level > 1 else ""
    place = f"p{number}-{phrase.places[0][0]}"
    anchor = "" if place in linked else f' id="{place}"'
    linked.add(place)
    return f'<mark class="{name}"{anchor}>{_safe(text)}{spoken}</mark>'


def _phrases(explanation: Explanation, number: int) -> Iterator[str]:
    yield "<h2>What moved the answer</h2>"
    yield f"<p>{_safe(render.turn_text(explanation))}</p>"
    for title, phrases in render.grouped(explanation):
        yield f"<h3>{_safe(title)}</h3>\n<table><thead><tr><th scope='col'>Phrase</th>"
        yield "<th scope='col' class='bar'>Strength</th>"
        yield "<th scope='col' class='number'>Log-odds</th></tr></thead><tbody>"
        for phrase in phrases[:_MOST_ROWS]:
            yield _row(explanation, phrase, number)
        if rest := phrases[_MOST_ROWS:]:
            added = sum(render.weight(explanation, phrase) for phrase in rest)
            yield f"<tr><td class='quiet'>{len(rest)} weaker ones together</td><td></td>"
            yield f"<td class='number'>{_number(added)}</td></tr>"
        yield "</tbody></table>"
    against = sorted(
        (each for each in explanation.phrases if explanation.support(each) < 0.0),
        key=explanation.support,
    )[:_MOST_ROWS]
    names = ", ".join(_safe(phrase.text) for phrase in against) or "Nothing."
    yield f"<h3>What spoke against it</h3><p>{names}</p>"
    yield f'<p class="quiet">{_safe(render.sum_text(explanation))}</p>'


def _row(explanation: Explanation, phrase: Phrase, number: int) -> str:
    role, share = render.side(explanation, phrase), render.strength(explanation, phrase)
    times = f" ×{len(phrase.places)}" if len(phrase.places) > 1 else ""
    name = _safe(phrase.text)
    if share >= render.SHOWN:
        name = f'<a href="#p{number}-{phrase.places[0][0]}">{name}</a>'
    return (
        f'<tr><td>{name}{times}<span class="hidden">, for {role.label}</span></td>'
        f"<td>{_bar(share, _CLASSES[role])}</td>"
        f"<td class='number {_CLASSES[role]}'>{_number(render.weight(explanation, phrase))}</td>"
        "</tr>"
    )


def _number(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
