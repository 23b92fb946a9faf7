"""What training and labelling made, as text and as fields: cards, scores, what was left out."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from jobclf.reports.render import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobclf.classifier.model import ModelCard
    from jobclf.evaluation.results import Measure, Scores, TrainingReport
    from jobclf.labeling.session import LabelingSession


_NAMED = 10  # short postings that are named
_MEASURES = {  # figures of a card in words, those of held-out postings
    "majority": "always the commoner role",
    "accuracy": "accuracy",
    "accuracy_at_90": "accuracy, surest 90 %",
    "auc": "AUC",
    "brier": "Brier score",
    "ece": "calibration error",
    "scope_auc": "AUC in scope",
}


def card_text(card: "ModelCard") -> str:
    """Return a model card as lines of name and value."""
    rows = card_rows(card)
    width = max(map(len, rows))
    return "\n".join(f"{name:{width}}  {value}" for name, value in rows.items())


def card_rows(card: "ModelCard") -> dict[str, str]:
    """Return what a model card says by name."""
    return {
        "model": card.name,
        "trained": card.trained,
        "prior": card.prior,
        "postings": ", ".join(f"{count} {role}" for role, count in card.postings.items()),
        "digest": card.digest,
        **_scores_rows(card.scores),
        **card.versions,
    }


def _scores_rows(scores: "Mapping[str, float]") -> dict[str, str]:
    """Return the figures of a card in words, intervals behind them; unknown ones as they are."""
    known = dict(scores)
    rows = {}
    if (counted := known.pop("postings", None)) is not None:
        everything = known.pop("scope_postings", counted)
        rows["held out"] = (
            f"{counted:g} postings of the two roles, {everything:g} in all; each judged by a model "
            "that had not seen it; 95 % intervals"
        )
    for name, words in _MEASURES.items():
        if (value := known.pop(name, None)) is not None:
            low, high = known.pop(f"{name}_low", None), known.pop(f"{name}_high", None)
            between = "" if low is None or high is None else f" ({low:.3f} to {high:.3f})"
            rows[words] = f"{value:.3f}{between}"
    return rows | {name.replace("_", " "): f"{value:g}" for name, value in known.items()}


def training_text(report: "TrainingReport") -> str:
    """Return how far a trained model can be trusted."""
    if report.held_out is not None:
        return scores_text(report.held_out)
    learned = sum(report.model.card.postings.values())
    return (
        f"learned from {learned} postings, too few to hold any out and measure how right it is; it "
        f"answers nearly as {report.model.card.prior} does. From 5 of each role on it is measured"
    )


def left_out_text(
    short: "Sequence[str]",
    unlabeled: int,
    rejected: int = 0,
    unread: "Sequence[str]" = (),
    conflicting: "Sequence[str]" = (),
) -> str:
    """Say in one line what was not learned from, "" where that is nothing.

    >>> left_out_text(["a.csv row 2"], 3)
    'left out: 3 rows without a label; 1 posting of too few words (a.csv row 2)'
    """
    parts = []
    if unlabeled:
        parts.append(f"{counted(unlabeled, 'row')} without a label")
    if rejected:
        parts.append(f"{counted(rejected, 'row')} with a rejected label")
    for names, what in (
        (short, "of too few words"),
        (unread, "that cannot be read"),
        (conflicting, "under two roles"),
    ):
        if names:
            more = ", …" if len(names) > _NAMED else ""
            shown = ", ".join(names[:_NAMED]) + more
            parts.append(f"{counted(len(names), 'posting')} {what} ({shown})")
    return f"left out: {'; '.join(parts)}" if parts else ""


def training_fields(report: "TrainingReport") -> dict[str, Any]:
    """Return what training made as plain fields; the model is in its file."""
    return {
        "output": None if report.output is None else str(report.output),
        "dropped": list(report.dropped),
        "short": list(report.short),
        "unlabeled": report.unlabeled,
        "held_out": report.held_out and report.held_out.figures(),
        "card": asdict(report.model.card),
    }


def labeling_fields(session: "LabelingSession") -> dict[str, Any]:
    """Return what a session of labelling has come to as plain fields."""
    return {
        "output": str(session.file.path),
        "labels": {str(role): count for role, count in session.counts.items()},
        "skipped": len(session.file) - session.labels,
        "left": session.left,
    }


def labeling_text(session: "LabelingSession") -> str:
    """Return what a session of labelling has come to in one line."""
    counts = ", ".join(f"{count} {role.label}" for role, count in session.counts.items())
    skipped = len(session.file) - session.labels
    labels = counted(session.labels, "label")
    return f"{labels} ({counts}), {skipped} skipped: {session.file.path}"


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
