"""How results look to people and to programs."""

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jobclf.errors import printable
from jobclf.roles import Role, grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jobclf.batch.predictions import Doubt, Summary
    from jobclf.classifier.model import ModelCard
    from jobclf.classifier.prediction import Prediction
    from jobclf.evaluation.results import Measure, Scores, TrainingReport
    from jobclf.labeling.session import LabelingSession
    from jobclf.text.vocabulary import Seed


def as_json(value: Any) -> str:
    """Return a result as one line of JSON, in ASCII so that any terminal and pipe can take it."""
    from jobclf.markup import to_json

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
        if found.scope_probability > _NEAR_SCOPE:
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
    return "\n".join(lines)


_NEAR_SCOPE = 0.2  # probability of being either role from which on the nearer one is said


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
    if (judged := known.pop("postings", None)) is not None:
        everything = known.pop("scope_postings", judged)
        rows["held out"] = (
            f"{judged:g} postings of the two roles, {everything:g} in all; each judged by a model "
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


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "label"), counted(1000, "label")
    ('1 label', '1,000 labels')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


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


_LISTED = 10  # doubtful postings in a summary for people
_NAME = 50  # letters of the name of each


def summary_fields(summary: "Summary") -> dict[str, Any]:
    """Return a summary as plain fields."""
    return {
        "postings": summary.postings,
        "failed": summary.failed,
        "reasons": summary.reasons,
        "roles": {str(role): count for role, count in summary.roles.items()},
        "titles": [
            {"title_role": str(claim), "answer": str(answer), "postings": count}
            for (claim, answer), count in sorted(summary.titles.items())
        ],
        "histogram": list(summary.histogram),
        "doubtful": [
            {"number": doubt.number, "name": doubt.name} | prediction_fields(doubt.prediction)
            for doubt in summary.doubtful
        ],
    }


def count_rows(summary: "Summary") -> list[tuple[str, int, float]]:
    """Return name, count and share of all judged postings for each answer."""
    judged = max(1, summary.postings - summary.failed)
    return [(role.label, count, count / judged) for role, count in summary.roles.items()]


def title_rows(summary: "Summary") -> list[tuple[str, list[int]]]:
    """Return for each role that titles claim how many postings got each answer."""
    return [
        (claim.label, [summary.titles.get((claim, answer), 0) for answer in Role])
        for claim in (Role.DATA_SCIENTIST, Role.ML_ENGINEER)
    ]


def doubt_text(doubt: "Doubt") -> str:
    """Return why an answer is in doubt, in few words."""
    found = doubt.prediction
    answer = found.answer.label
    return (
        f"{answer}; {found.role.label} {percent(found.probability)}, "
        f"one of the two {percent(found.scope_probability)}"
    )


def reasons_text(counts: "Mapping[str, int]") -> str:
    """Return how often each reason was met, the most common first.

    >>> reasons_text({"not_english": 1, "too_short": 2})
    '2 too short, 1 not English'
    """
    ordered = sorted(counts.items(), key=lambda each: -each[1])
    return ", ".join(f"{number:,} {_reason(code)}" for code, number in ordered)


def _reason(code: str) -> str:
    return code.replace("_", " ").replace("english", "English")


def refused_text(summary: "Summary") -> str:
    """Say how many postings could not be judged, and why."""
    counted = f"{summary.failed:,} of {summary.postings:,} postings could not be judged"
    if summary.failed == summary.postings:
        counted = f"none of the {summary.postings:,} postings could be judged"
    if summary.postings == 1:
        counted = "the only posting could not be judged"
    why = reasons_text(summary.reasons)
    return f"{counted}: {why}" if why else counted


def summary_text(summary: "Summary") -> str:
    """Return a summary as a few small tables."""
    lines = [f"{summary.postings:,} postings, {summary.failed:,} could not be judged", ""]
    lines += [
        f"{name:15} {count:9,}  {100 * share:5.1f} %" for name, count, share in count_rows(summary)
    ]
    lines += ["", f"{'title says':15} " + " ".join(f"{role.label:>15}" for role in Role)]
    lines += [
        f"{name:15} " + " ".join(f"{count:15,}" for count in counts)
        for name, counts in title_rows(summary)
    ]
    if summary.doubtful:
        lines += ["", f"most doubtful (row, {summary.named}, answer)"]
        lines += [
            f"{doubt.number:9,}  {_cut(doubt.name, summary.named):{_NAME}}  {doubt_text(doubt)}"
            for doubt in summary.doubtful[:_LISTED]
        ]
    return "\n".join(lines)


def row_text(number: int, name: str, row: "Mapping[str, Any]", prefix: str = "") -> str:
    """Return a row of a table in one line: its number, its name, and its answer or why none.

    >>> row_text(7, "Data Scientist", {"answer": "data_scientist", "confidence": 0.87})
    '      7  Data Scientist                                      Data Scientist, probably (87 %)'
    """
    answer = row.get(f"{prefix}answer")
    if answer is None:
        said = printable(str(row.get(f"{prefix}error")))
    else:
        found = float(row[f"{prefix}confidence"])
        said = f"{Role(answer).label}, {grade(found)} ({percent(found)})"
    return f"{number:7,}  {_cut(name, 'title'):{_NAME}}  {said}"


def _cut(name: str, named: str) -> str:
    """Return as much of a name as there is room for: of a title the start, of a path the end."""
    plain = printable(name)
    if len(plain) <= _NAME:
        return plain
    return f"…{plain[1 - _NAME :]}" if named == "file" else f"{plain[: _NAME - 1]}…"
