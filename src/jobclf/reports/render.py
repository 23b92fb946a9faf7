"""How an answer and the vocabulary look to people and to programs."""

from itertools import groupby
from typing import TYPE_CHECKING, Any

from jobclf.roles import NEAR_SCOPE, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobclf.classifier.prediction import Prediction
    from jobclf.text.vocabulary import Seed


def as_json(value: Any) -> str:
    """Return a result as one line of JSON, in ASCII so that any terminal and pipe can take it."""
    from jobclf.reports.markup import to_json

    return to_json(value, in_ascii=True).replace("\x7f", "\\u007f")


def prediction_fields(prediction: "Prediction") -> dict[str, Any]:
    """Return a prediction as plain fields, the answer first, probabilities to four places."""
    return prediction.to_dict()


def prediction_text(prediction: "Prediction") -> str:
    """Return a prediction as one or two lines for people.

    >>> from jobclf import Prediction
    >>> print(prediction_text(Prediction(Role.ML_ENGINEER, 0.98, True, 0.99, Role.DATA_SCIENTIST)))
    ML Engineer, clearly (97 %)
      the title says Data Scientist, the text says otherwise
    """
    found = prediction
    lines = [f"{found.answer.label}, {found.grade} ({percent(found.confidence)})"]
    if found.answer is Role.NEITHER:
        if _is_named(found.family):
            lines[0] += f"; most like {_indefinite(found.family)}'s work"
        if found.scope_probability > NEAR_SCOPE:
            lines.append(
                f"  if either, {found.role.label} ({percent(found.probability)} of the two)"
            )
    else:
        if found.family == "ai_engineer":
            lines[0] += "; on applications of language models, an AI engineer's work"
        if found.grade in {"perhaps", "between the two"}:
            other = max(set(Role) - {found.answer}, key=found.probabilities.__getitem__)
            lines.append(f"  or {other.label} ({percent(found.probabilities[other])})")
    if found.basis == "title":
        lines.append("  the text is too short; this rests on the title")
    elif found.answer is not Role.NEITHER and (found.text_probability or 1.0) < 0.5:  # noqa: PLR2004
        said = f"{_other(found.role).label} ({percent(1.0 - (found.text_probability or 0.0))})"
        lines.append(f"  the title tips it; the text alone says {said}")
    elif found.title_role is not None and found.title_role is not found.answer:
        lines.append(f"  the title says {found.title_role.label}, the text says otherwise")
    if found.truncated:
        lines.append("  the text is cut off; this is about its beginning alone")
    return "\n".join(lines)


def _indefinite(family: str | None) -> str:
    name = (family or "").replace("_", " ")
    name = name.replace("ai ", "AI ")
    return f"an {name}" if name[:1] in "aA" else f"a {name}"


def _is_named(family: str | None) -> bool:
    return family not in {None, "other"}


def _other(role: Role) -> Role:
    return Role.DATA_SCIENTIST if role is Role.ML_ENGINEER else Role.ML_ENGINEER


def percent(share: float) -> str:
    """Return a share in whole percent that never claims certainty."""
    return f"{min(99, max(1, round(100 * share)))} %"


def seeds_text(seeds: "Iterable[Seed]") -> str:
    """Return the vocabulary by role, kind and section of the article."""
    lines = []
    for (role, kind), terms in groupby(seeds, key=lambda seed: (seed.role, seed.kind)):
        lines.append(f"{role.label}: {kind}" if role else "Both roles")
        for section, listed in groupby(terms, key=lambda seed: seed.section):
            names = ", ".join(seed.term for seed in listed)
            lines.append(f"  {section.replace('_', ' ')}: {names}")
    return "\n".join(lines)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "label"), counted(1000, "label")
    ('1 label', '1,000 labels')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
