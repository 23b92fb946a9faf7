"""How results look to people and to programs."""

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jobclf.model import ModelCard, Prediction
from jobclf.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobclf.evaluation import Scores
    from jobclf.measures import Measure
    from jobclf.seeds import Seed


def as_json(value: Any) -> str:
    """Return a result as one line of JSON, in ASCII so that any terminal and pipe can take it."""
    import json

    return json.dumps(value).replace("\x7f", "\\u007f")


def prediction_fields(prediction: Prediction) -> dict[str, Any]:
    """Return a prediction as plain fields, probabilities to four places."""
    fields = asdict(prediction)
    for name in ("probability", "scope_probability"):
        fields[name] = round(fields[name], 4)
    return fields


def prediction_text(prediction: Prediction) -> str:
    """Return a prediction as one or two lines for people.

    >>> print(prediction_text(Prediction(Role.ML_ENGINEER, 0.93, True, 0.99, Role.DATA_SCIENTIST)))
    ML Engineer, 93 % sure
      the title says Data Scientist, the text says otherwise
    """
    sure = _percent(prediction.probability)
    if prediction.in_scope:
        lines = [f"{prediction.role.label}, {sure} sure"]
        if prediction.scope_probability < 0.8:  # noqa: PLR2004
            lines.append(f"  may be neither: {_percent(1.0 - prediction.scope_probability)}")
    else:
        lines = [
            f"neither, {_percent(1.0 - prediction.scope_probability)} sure",
            f"  nearer to {prediction.role.label} than to "
            f"{_other(prediction.role).label} ({sure} against the other)",
        ]
    claimed = prediction.title_role
    if claimed is not None and (not prediction.in_scope or claimed is not prediction.role):
        lines.append(f"  the title says {claimed.label}, the text says otherwise")
    return "\n".join(lines)


def _other(role: Role) -> Role:
    return Role.DATA_SCIENTIST if role is Role.ML_ENGINEER else Role.ML_ENGINEER


def _percent(share: float) -> str:
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


def card_text(card: ModelCard) -> str:
    """Return a model card as lines of name and value."""
    rows = {
        "model": card.name,
        "trained": card.trained,
        "prior": card.prior,
        "postings": ", ".join(f"{count} {role}" for role, count in card.postings.items()),
        "digest": card.digest,
        **{name.replace("_", " "): f"{value:g}" for name, value in card.scores.items()},
        **card.versions,
    }
    width = max(map(len, rows))
    return "\n".join(f"{name:{width}}  {value}" for name, value in rows.items())


def scores_text(scores: "Scores") -> str:
    """Return held-out scores as a small table with intervals."""
    rows: list[tuple[str, Measure | None]] = [
        ("accuracy", scores.accuracy),
        ("accuracy, surest 90 %", scores.accuracy_at_90),
        ("AUC", scores.auc),
        ("Brier score", scores.brier),
        ("calibration error", scores.ece),
        ("AUC in scope", scores.scope_auc),
    ]
    lines = [
        f"held out: {scores.postings} postings of the two roles, "
        f"{scores.scope_postings} in all; 95 % intervals",
        f"{'always the commoner role':24} {scores.majority:.3f}",
    ]
    lines += [f"{name:24} {measure}" for name, measure in rows if measure is not None]
    return "\n".join(lines)
