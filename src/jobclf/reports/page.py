"""Results as one HTML page that stands alone: no network, nothing taken as markup."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jobclf.reports import reasons, render, summary_report, training_report
from jobclf.reports.markup import GENERATOR, policy, safe
from jobclf.roles import Role

if TYPE_CHECKING:
    from jobclf.batch.predictions import Summary
    from jobclf.classifier.explanation import Explanation
    from jobclf.classifier.model import ModelCard
    from jobclf.classifier.phrases import ExplainedLine, Phrase
    from jobclf.classifier.prediction import Prediction

_LEVELS = (0.16, 0.35, 0.65)  # of the strongest phrase: where a deeper colour begins
_CLASSES = {Role.ML_ENGINEER: "M", Role.DATA_SCIENTIST: "D", Role.OTHER: "N"}
_MOST_ROWS = 12  # lines or phrases listed under each heading


@cache
def _style() -> str:
    return files("jobclf.reports").joinpath("report.css").read_text(encoding="utf-8")


def framed(title: str, body: Iterable[str], script: str = "") -> str:
    """Return a whole page that may load nothing and run nothing but its own style and script."""
    style = _style()
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            policy(style, script),
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            GENERATOR,
            f"<title>{safe(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>",
            *body,
            "</main>",
            *([f"<script>{script}</script>"] if script else []),
            "</body>\n</html>\n",
        ]
    )


def part(body: Iterable[str]) -> str:
    """Return an element with the look of a page inside itself alone, for a notebook."""
    style = _style().replace(":root{", "&{").replace("body{", "&{")
    return "\n".join([f'<div class="jobclf"><style>.jobclf{{{style}}}</style>', *body, "</div>"])


def prediction_part(prediction: "Prediction") -> str:
    """Return the answer with a bar for each probability."""
    return part(_answer(prediction))


def explanation_part(explanation: "Explanation") -> str:
    """Return the answer, the marked posting, and a bar for each line and phrase."""
    # Many stand in one notebook, and each links to its own phrases.
    number = zlib.crc32(explanation.text.encode("utf-8", "replace"))
    body = [*_answer(explanation.prediction), *_posting(explanation, number)]
    return part([*body, *_reasons(explanation, number)])


def card_part(card: "ModelCard", *more: tuple[str, str]) -> str:
    """Return a model card as a table, with more rows at its end."""
    rows = [*training_report.card_rows(card).items(), *more]
    cells = (
        f"<tr><th scope='row'>{safe(name)}</th><td>{safe(value)}</td></tr>" for name, value in rows
    )
    return part(["<table><tbody>", *cells, "</tbody></table>"])


def summary_part(summary: "Summary") -> str:
    """Return the counts, the histogram and the doubtful postings."""
    return part(_summary(summary))


def explanation_page(
    explained: "Iterable[tuple[str, Explanation]]", refused: Iterable[str] = ()
) -> str:
    """Return a page for named explanations: answer, marked posting, a bar a line and phrase.

    `refused` says of each other posting what it is and why there is no answer. Of several an
    overview comes first.
    """
    lines = [f"<li>{safe(line)}</li>" for line in refused]
    named = list(explained)
    body = [*_overview(named)] if len(named) > 1 else []
    body += ["<h1>Could not be judged</h1><ul>", *lines, "</ul>"] if lines else []
    for number, (name, explanation) in enumerate(named):
        body.append(f'<article aria-labelledby="h{number}">')
        body.append(f'<h1 id="h{number}">{safe(name)}</h1>')
        body += _answer(explanation.prediction)
        body += _posting(explanation, number)
        body += _reasons(explanation, number)
        body.append("</article>")
    return framed("Data Scientist or ML Engineer: why", body)


def _overview(explained: "list[tuple[str, Explanation]]") -> Iterator[str]:
    """Count the answers, and list the postings with a link to each."""
    yield f"<h1>{len(explained):,} postings</h1><dl>"
    answers = [explanation.answer for _, explanation in explained]
    for role in Role:
        count = answers.count(role)
        yield f"<dt>{role.label}</dt><dd>{count:,}{_bar(count / len(answers), _CLASSES[role])}</dd>"
    yield "</dl><ol>"
    for number, (name, explanation) in enumerate(explained):
        first = render.prediction_text(explanation.prediction).split("\n")[0]
        yield f'<li><a href="#h{number}">{safe(name)}</a>: {safe(first)}</li>'
    yield "</ol>"


def _answer(found: "Prediction") -> Iterator[str]:
    first, *more = render.prediction_text(found).split("\n")
    yield f'<p class="answer {_CLASSES[found.answer]}">{safe(first)}</p>'
    yield "".join(f"<p>{safe(line.strip())}</p>" for line in more)
    ml_probability = (
        found.probability if found.role is Role.ML_ENGINEER else 1.0 - found.probability
    )
    rows = (
        (Role.ML_ENGINEER.label, ml_probability, "M"),
        (Role.DATA_SCIENTIST.label, 1.0 - ml_probability, "D"),
        ("One of the two at all", found.scope_probability, "N"),
    )
    yield "<dl>"
    for name, share, colour in rows if found.answer is not Role.NEITHER else rows[::-1]:
        yield f"<dt>{name}</dt><dd>{render.percent(share)}{_bar(share, colour)}</dd>"
    yield "</dl>"


def _bar(share: float, colour: str) -> str:
    return (
        '<svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="ground" width="100" height="3"/>'
        f'<rect class="{colour}" width="{100 * min(1.0, max(0.0, share)):.1f}" height="3"/></svg>'
    )


def _posting(explanation: "Explanation", number: int) -> Iterator[str]:
    yield "<h2>The posting</h2>"
    yield '<ul class="legend"><li><mark class="m2">speaks for ML Engineer</mark></li>'
    yield '<li><mark class="d2">speaks for Data Scientist</mark></li>'
    if explanation.answer is Role.NEITHER:
        yield '<li><mark class="n2">speaks for neither</mark></li>'
    yield '<li class="quiet">deeper is stronger</li></ul>'
    most = reasons.strongest(explanation, explanation.phrases)
    strong = [
        phrase
        for phrase in explanation.phrases
        if abs(reasons.weight(explanation, phrase)) >= reasons.SHOWN * most
    ]
    shown = _pieces(explanation, reasons.pieces(explanation.text, strong), most, number)
    yield f'<div class="posting">{shown}</div>'


def _pieces(
    explanation: "Explanation",
    found: "Iterable[tuple[str, Phrase | None]]",
    most: float,
    number: int | None = None,
) -> str:
    """Return text with marked phrases; with the number of the posting each has an anchor."""
    shown, at = [], 0
    for text, phrase in found:
        if phrase is None:
            shown.append(safe(text))
        else:
            role, share = _told(explanation, phrase, most)
            level = 1 + sum(share >= edge for edge in _LEVELS)
            spoken = f'<span class="hidden"> ({role.label})</span>' if level > 1 else ""
            anchor = "" if number is None else f' id="p{number}-{at}"'
            name = f"{_CLASSES[role].lower()}{level}"
            shown.append(f'<mark class="{name}"{anchor}>{safe(text)}{spoken}</mark>')
        at += len(text)
    return "".join(shown)


def _told(explanation: "Explanation", part: "reasons.Part", most: float) -> tuple[Role, float]:
    """Return the side that a part speaks for, and its weight as a share of the strongest one's."""
    return reasons.side(explanation, part), abs(reasons.weight(explanation, part)) / most


def _reasons(explanation: "Explanation", number: int) -> Iterator[str]:
    yield "<h2>What moved the answer</h2>"
    yield f"<p>{safe(reasons.turn_text(explanation))}</p>"
    speaking, against = reasons.spoken_for(explanation)
    yield f"<h3>Lines that speak for {explanation.answer.label}, strongest first</h3>"
    yield from _lines(explanation, speaking)
    yield "<h3>Lines that speak against it</h3>"
    yield from _lines(explanation, against)
    yield from _phrases(explanation, number)
    yield f'<p class="quiet">{safe(reasons.sum_text(explanation))}</p>'
    if article := reasons.article_text(explanation):
        yield f'<p class="quiet">{safe(article)}</p>'


def _lines(explanation: "Explanation", lines: "list[ExplainedLine]") -> Iterator[str]:
    if not lines:
        yield "<p>None.</p>"
        return
    most = reasons.strongest(explanation, explanation.phrases)
    longest = reasons.strongest(explanation, explanation.lines)
    yield _head("Line")
    for line in lines[:_MOST_ROWS]:
        strong = [
            phrase
            for phrase in line.phrases
            if abs(reasons.weight(explanation, phrase)) >= reasons.SHOWN * most
        ]
        found = reasons.pieces(explanation.text, strong, line.start, line.end)
        shown = _pieces(explanation, found, most)
        section = f' <span class="quiet">{line.section}</span>' if line.section else ""
        yield _row(shown + section, *_told(explanation, line, longest), explanation, line)
    yield from _rest(explanation, lines[_MOST_ROWS:])
    yield "</tbody></table>"


def _phrases(explanation: "Explanation", number: int) -> Iterator[str]:
    most = reasons.strongest(explanation, explanation.phrases)
    for title, phrases in reasons.grouped(explanation):
        yield f"<h3>{safe(title)}</h3>"
        yield _head("Phrase")
        for phrase in phrases[:_MOST_ROWS]:
            role, share = _told(explanation, phrase, most)
            times = f" \u00d7{len(phrase.places)}" if len(phrase.places) > 1 else ""
            name = safe(phrase.text)
            if share >= reasons.SHOWN:
                name = f'<a href="#p{number}-{phrase.places[0][0]}">{name}</a>'
            yield _row(name + times, role, share, explanation, phrase)
        yield from _rest(explanation, phrases[_MOST_ROWS:])
        yield "</tbody></table>"


def _head(first: str) -> str:
    return (
        f"<table><thead><tr><th scope='col'>{first}</th>"
        "<th scope='col' class='bar'>Strength</th>"
        "<th scope='col' class='number'>Log-odds</th></tr></thead><tbody>"
    )


def _row(
    shown: str, role: Role, share: float, explanation: "Explanation", part: "reasons.Part"
) -> str:
    return (
        f'<tr><td>{shown}<span class="hidden">, for {role.label}</span></td>'
        f"<td>{_bar(share, _CLASSES[role])}</td>"
        f"<td class='number {_CLASSES[role]}'>{_number(reasons.weight(explanation, part))}</td>"
        "</tr>"
    )


def _rest(explanation: "Explanation", rest: "Sequence[reasons.Part]") -> Iterator[str]:
    if rest:
        added = sum(reasons.weight(explanation, part) for part in rest)
        yield f"<tr><td class='quiet'>{len(rest)} weaker ones together</td><td></td>"
        yield f"<td class='number'>{_number(added)}</td></tr>"


def _number(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def summary_page(summary: "Summary") -> str:
    """Return a page for a summary: counts, a histogram, and the doubtful postings in a table.

    A small script sorts the table; the page says the same without it.
    """
    script = files("jobclf.reports").joinpath("report.js").read_text(encoding="utf-8")
    return framed("Data Scientist or ML Engineer: summary", _summary(summary), script)


def _summary(summary: "Summary") -> Iterator[str]:
    yield f"<h1>{summary.postings:,} postings</h1>"
    if summary.failed:
        yield f'<p class="quiet">{safe(summary_report.refused_text(summary))}.</p>'
    yield from _counts(summary)
    yield from _histogram(summary)
    yield from _titles(summary)
    yield from _doubtful(summary)


def _counts(summary: "Summary") -> Iterator[str]:
    yield "<h2>Answers</h2><dl>"
    for (name, count, share), role in zip(summary_report.count_rows(summary), Role, strict=True):
        shown = f"{count:,} · {100 * share:.1f} %{_bar(share, _CLASSES[role])}"
        yield f"<dt>{name}</dt><dd>{shown}</dd>"
    yield "</dl>"


def _histogram(summary: "Summary") -> Iterator[str]:
    bins, most = summary.histogram, max(1, *summary.histogram)
    width = 100 / len(bins)
    heard = ", ".join(
        f"{100 * at // len(bins)} to {100 * (at + 1) // len(bins)} %: {count:,}"
        for at, count in enumerate(bins)
        if count
    )
    yield "<h2>Probability of ML Engineer, postings in scope</h2>"
    yield '<svg class="histogram" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" '
    yield f'aria-label="Postings by probability of ML Engineer. {heard or "None."}">'
    for at, count in enumerate(bins):
        height = 39 * count / most
        colour = "M" if at >= len(bins) / 2 else "D"
        yield (
            f'<rect class="{colour}" x="{at * width + 0.3:.2f}" y="{40 - height:.2f}" '
            f'width="{width - 0.6:.2f}" height="{height:.2f}"/>'
        )
    yield '</svg><p class="ends quiet"><span>0 % Data Scientist</span>'
    yield "<span>ML Engineer 100 %</span></p>"


def _titles(summary: "Summary") -> Iterator[str]:
    yield "<h2>Titles against texts</h2><div class='wide' tabindex='0'><table><thead><tr>"
    yield "<th scope='col'>Title says</th>"
    yield "".join(f"<th scope='col' class='number'>{role.label}</th>" for role in Role)
    yield "</tr></thead><tbody>"
    for name, counts in summary_report.title_rows(summary):
        cells = "".join(f"<td class='number'>{count:,}</td>" for count in counts)
        yield f"<tr><th scope='row'>{name}</th>{cells}</tr>"
    yield "</tbody></table></div>"


def _doubtful(summary: "Summary") -> Iterator[str]:
    if not summary.doubtful:
        return
    columns = ("Row", summary.named.capitalize(), "Answer", "ML Engineer", "In scope")
    yield f"<h2>The {len(summary.doubtful):,} most doubtful, least certain first</h2>"
    yield "<div class='wide' tabindex='0'><table data-sortable><thead><tr>"
    yield "".join(f"<th scope='col'>{name}</th>" for name in columns)
    yield "</tr></thead><tbody>"
    for doubt in summary.doubtful:
        found = doubt.prediction
        answer = found.answer
        sure = found.probability
        ml_probability = sure if found.role is Role.ML_ENGINEER else 1.0 - sure
        scope = found.scope_probability
        yield (
            f"<tr><td data-value='{doubt.number}'>{doubt.number:,}</td>"
            f"<td class='name'>{safe(doubt.name)}</td>"
            f"<td class='{_CLASSES[answer]}'>{answer.label}</td>"
            f"<td data-value='{ml_probability:.6f}'>{render.percent(ml_probability)}</td>"
            f"<td data-value='{scope:.6f}'>{render.percent(scope)}</td></tr>"
        )
    yield "</tbody></table></div>"
