"""Why a posting was judged as it was, for people and for programs: lines, and phrases in them."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

from jobclf.errors import printable
from jobclf.reports.render import prediction_fields, prediction_text
from jobclf.roles import KINDS, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jobclf.classifier.explanation import Explanation
    from jobclf.classifier.phrases import ExplainedLine, Phrase

    Part: TypeAlias = Phrase | ExplainedLine
    Paint: TypeAlias = Callable[
        [str, Role, float], str
    ]  # phrase, the role it speaks for, strength 0 to 1

SHOWN = 0.2  # of the strongest phrase, below which one is not marked in the text
MOST_LINES = 8  # that speak for the answer
MOST_AGAINST = 3
_REASONS = 12  # phrases given to who wants few
_PER_GROUP = 6  # phrases named under each heading
_BAR = 12  # letters of the longest bar
_LONGEST = 200  # characters shown of a line
_LETTERS = {Role.ML_ENGINEER: "M", Role.DATA_SCIENTIST: "D", Role.NEITHER: "N"}


def explanation_fields(explanation: "Explanation") -> dict[str, Any]:
    """Return an explanation as plain fields; places are ranges of characters in the text."""
    return prediction_fields(explanation.prediction) | {
        "text": explanation.text,
        "intercept": explanation.intercept,
        "title": explanation.title,
        "title_text": explanation.title_text,
        "logit": explanation.logit,
        "scope_intercept": explanation.scope_intercept,
        "scope_title": explanation.scope_title,
        "scope_logit": explanation.scope_logit,
        "article": explanation.article,
        "lines": [asdict(line) for line in explanation.lines],
        "phrases": [asdict(phrase) for phrase in explanation.phrases],
        "turn": _turn_fields(explanation),
    }


def reasons_fields(explanation: "Explanation") -> dict[str, Any]:
    """Return an answer with its strongest reasons as plain fields, without the text."""
    strong = sorted(explanation.phrases, key=lambda each: -abs(weight(explanation, each)))
    reasons = [
        {
            "text": each.text,
            "times": len(each.places),
            "contribution": round(each.contribution, 4),
            "scope_contribution": round(each.scope_contribution, 4),
            "role": each.role,
            "kind": each.kind,
        }
        for each in strong[:_REASONS]
    ]
    turn = _turn_fields(explanation)
    return prediction_fields(explanation.prediction) | {"reasons": reasons, "turn": turn}


def _turn_fields(explanation: "Explanation") -> dict[str, Any] | None:
    turn = explanation.turn
    if turn is None:
        return None
    return {"without": [each.text for each in turn.phrases], "answer": turn.answer}


def weight(explanation: "Explanation", part: "Part") -> float:
    """Return what a part adds to the logit that decided: of the role, or of being in scope."""
    if explanation.answer is Role.NEITHER:
        return part.scope_contribution
    return part.contribution


def strongest(explanation: "Explanation", parts: "Iterable[Part]") -> float:
    """Return the weight of the strongest part, whatever side it speaks for; never 0."""
    return max((abs(weight(explanation, each)) for each in parts), default=0.0) or 1.0


def side(explanation: "Explanation", part: "Part") -> Role:
    """Return the role that a part speaks for; `neither` where that decided and it speaks so."""
    if explanation.answer is Role.NEITHER and part.scope_contribution < 0.0:
        return Role.NEITHER
    return Role.ML_ENGINEER if part.contribution > 0.0 else Role.DATA_SCIENTIST


def spoken_for(explanation: "Explanation") -> "tuple[list[ExplainedLine], list[ExplainedLine]]":
    """Return the lines that speak for the answer and those that speak against it."""
    lines = explanation.lines
    return (
        [line for line in lines if explanation.support(line) > 0.0],
        [line for line in lines if explanation.support(line) < 0.0],
    )


def heading(role: Role | None, kind: str) -> str:
    """Return the heading of a group of phrases.

    >>> heading(Role.ML_ENGINEER, "skills")
    'Skills of an ML Engineer, by the article'
    """
    if role is None:
        return (
            "Asked of both roles, by the article" if kind == "shared" else "Learned from postings"
        )
    article = "an" if role is Role.ML_ENGINEER else "a"
    return f"{kind.capitalize()} of {article} {role.label}, by the article"


def grouped(explanation: "Explanation") -> "Iterator[tuple[str, list[Phrase]]]":
    """Yield each group of phrases under its heading, the article's first."""
    for role, kind in (*KINDS[2:], *KINDS[1::-1]):
        phrases = [each for each in explanation.phrases if (each.role, each.kind) == (role, kind)]
        if phrases:
            phrases.sort(key=lambda phrase: -abs(weight(explanation, phrase)))
            yield heading(role, kind), phrases


def pieces(
    text: str, phrases: "Iterable[Phrase]", start: int = 0, end: int | None = None
) -> "Iterator[tuple[str, Phrase | None]]":
    """Yield a range of a text piece by piece, with the phrase that a piece is, None for none."""
    marks = sorted(
        ((place, phrase) for phrase in phrases for place in phrase.places),
        key=lambda each: each[0],
    )
    for (first, last), phrase in marks:
        yield text[start:first], None
        yield text[first:last], phrase
        start = last
    yield text[start:end], None


def turn_text(explanation: "Explanation") -> str:
    """Say what would turn the answer."""
    turn = explanation.turn
    if turn is None and explanation.prediction.basis == "title":
        return "No phrase counts: it rests on the title."
    if turn is None:
        return "No dozen phrases carry the answer: it rests on the whole text."
    names = ", ".join(f'"{printable(phrase.text)}"' for phrase in turn.phrases)
    return f"Without {names} the answer would be {turn.answer.label}."


def article_text(explanation: "Explanation") -> str:
    """Say which article the vocabulary comes from, "" where that is not known."""
    return f"The article: {printable(explanation.article)}." if explanation.article else ""


def explanation_text(explanation: "Explanation", paint: "Paint | None" = None) -> str:
    """Return the answer, the lines that carry it with their phrases marked, and what turns it.

    `paint` colours a phrase; without it brackets and a letter mark the role.
    """
    most = strongest(explanation, explanation.phrases)
    longest = strongest(explanation, explanation.lines)
    speaking, against = spoken_for(explanation)

    def shown(line: "ExplainedLine") -> str:
        role, share = side(explanation, line), abs(weight(explanation, line)) / longest
        bar = "\u2588" * max(1, round(_BAR * share))
        blank = " " * (_BAR - len(bar))
        coloured = bar if paint is None else paint(bar, role, share)
        number = f"{weight(explanation, line):+6.2f}"
        marked = _marked(explanation, line, most, paint)
        return f"  {_LETTERS[role]} {number}  {coloured}{blank} {marked}"

    lines = [prediction_text(explanation.prediction), ""]
    lines += [f"Lines that speak for {explanation.answer.label}, strongest first"]
    lines += [*map(shown, speaking[:MOST_LINES])] or ["  none"]
    if rest := speaking[MOST_LINES:]:
        added = sum(weight(explanation, line) for line in rest)
        lines.append(f"    {added:+6.2f}  {len(rest)} weaker ones together")
    lines += ["", "Lines that speak against it", *map(shown, against[:MOST_AGAINST])]
    if rest := against[MOST_AGAINST:]:
        added = sum(weight(explanation, line) for line in rest)
        lines.append(f"    {added:+6.2f}  {len(rest)} weaker ones together")
    if not against:
        lines.append("  none")
    sides = [role for role in _LETTERS if role is not Role.NEITHER or explanation.answer is role]
    if paint is None:
        legend = ", ".join(f"{_LETTERS[role]} for {role.label}" for role in sides)
    else:
        legend = ", ".join(paint(role.label, role, 1.0) for role in sides)
    lines += [f"Marked: {legend}.", ""]
    for title, phrases in grouped(explanation):
        total = sum(weight(explanation, phrase) for phrase in phrases)
        names = ", ".join(printable(phrase.text) for phrase in phrases[:_PER_GROUP])
        more = ", \u2026" if len(phrases) > _PER_GROUP else ""
        lines.append(f"{title} {total:+.2f}: {names}{more}")
    last = [turn_text(explanation), sum_text(explanation), article_text(explanation)]
    return "\n".join([*lines, "", *filter(None, last)])


def _marked(
    explanation: "Explanation", line: "ExplainedLine", most: float, paint: "Paint | None"
) -> str:
    """Return a line as one row, its strong phrases marked, cut where it is long."""
    strong = [p for p in line.phrases if abs(weight(explanation, p)) >= SHOWN * most]
    shown, left = [], _LONGEST
    for piece, phrase in pieces(explanation.text, strong, line.start, line.end):
        plain = printable(" ".join(piece.split()))
        if left <= 0:
            shown.append("\u2026")
            break
        plain, left = plain[:left], left - len(plain)
        space = " " if piece[:1].isspace() else ""
        after = " " if piece[1:] and piece[-1:].isspace() else ""
        if phrase is not None and paint is None:
            plain = f"[{plain}]{_LETTERS[side(explanation, phrase)]}"
        elif phrase is not None and paint is not None:
            share = abs(weight(explanation, phrase)) / most
            plain = paint(plain, side(explanation, phrase), share)
        shown.append(f"{space}{plain}{after}")
    return "".join(shown).strip()


def sum_text(explanation: "Explanation") -> str:
    """Say how the contributions add up to the probability shown."""
    if explanation.answer is Role.NEITHER:
        start, whole, what = explanation.scope_intercept, explanation.scope_logit, "either role"
        said = explanation.scope_title
    else:
        start, whole, what = explanation.intercept, explanation.logit, Role.ML_ENGINEER.label
        said = explanation.title
    name = printable(" ".join(explanation.title_text.split()))[:_LONGEST]
    title = f", the title \u201c{name}\u201d {said:+.2f}" if said else ""
    return (
        f"Lines {whole - start - said:+.2f}{title} and intercept {start:+.2f} make {whole:+.2f}, "
        f"the log-odds of {what}."
    )
