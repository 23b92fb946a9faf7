"""How an evaluation looks: plain fields for programs, tables for people."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jobclf.errors import option, printable, spelled

if TYPE_CHECKING:
    from jobclf.evaluation.results import Against, EvaluationReport, Figures, Scope

_WIDTH = 30  # of the first column
_NAMES = 10  # duplicates named
_FLIPS = 10  # answers that differ, of each kind


def evaluation_fields(report: "EvaluationReport") -> dict[str, Any]:
    """Return a report as plain fields, numbers to four places, None for what cannot be measured."""
    fields: dict[str, Any] = _plain(asdict(report))
    return fields


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value


def evaluation_text(report: "EvaluationReport") -> str:
    """Return a report as tables for people, intervals in brackets."""
    sections = (
        _head_lines(report),
        _figures_lines(report),
        _sureness_lines(report),
        _scope_lines(report.scope),
        _titles_lines(report),
        _slices_lines(report),
        _answers_lines(report),
        _gate_lines(report),
        _curve_lines(report),
        _against_lines(report.against),
    )
    return "\n\n".join(filter(None, ("\n".join(lines) for lines in sections)))


def scope_text(scope: "Scope | None") -> str:
    """Return how well the two roles are told from all else, with what is refused of each kind."""
    return "\n".join(_scope_lines(scope))


def _head_lines(report: "EvaluationReport") -> Iterator[str]:
    yield f"Judged: {report.method}, {report.folds} folds"
    yield (
        f"{report.gold} of {report.postings} postings measured, {report.in_scope} of the two "
        f"roles; {report.grouped} share a group with near duplicates or their company"
    )
    for why, left_out in (
        ("as exact duplicates", report.duplicates),
        ("as too short", report.short),
    ):
        if left_out:
            more = " …" if len(left_out) > _NAMES else ""
            names = ", ".join(map(printable, left_out[:_NAMES])) + more
            yield f"left out {why}: {len(left_out)} ({names})"
    if report.unlabeled:
        yield f"left out as rows without a label: {report.unlabeled}"
    yield from map(printable, report.notes)
    yield "The range after a figure is its 95 % interval, bootstrapped over groups; where no"
    yield "resample differs, as when every answer is right, it is Wilson's."


def _figures_lines(report: "EvaluationReport") -> Iterator[str]:
    yield f"{'The two roles apart':{_WIDTH}}{'accuracy':26}macro-F1   AUC  Brier   ECE"
    for figures in (report.figures, *report.baselines):
        yield _figures_line(figures)
    compared = report.comparison
    yield (
        f"  against {compared.baseline}: accuracy {compared.difference.value:+.3f} "
        f"({compared.difference.low:+.3f} to {compared.difference.high:+.3f}), "
        f"McNemar p = {compared.p_value:.2g}"
    )
    yield ""
    full = report.figures
    rows = (("macro-F1", full.macro_f1), ("AUC", full.auc), ("Brier score", full.brier))
    for name, measure in (*rows, ("calibration error (ECE)", full.ece)):
        yield f"  {name:{_WIDTH - 2}}{measure}"


def _sureness_lines(report: "EvaluationReport") -> Iterator[str]:
    yield "Accuracy on the surest answers"
    for step in report.coverage:
        yield f"  {f'{step.share:.0%} of postings':{_WIDTH - 2}}{step.accuracy}"
    yield ""
    yield f"{'Probability of the answer':{_WIDTH}}postings  mean  right"
    for row in report.reliability:
        name = f"  {row.low:.1f} to {row.high:.1f}"
        yield f"{name:{_WIDTH}}{row.postings:8}  {row.sure:.2f}   {row.right:.2f}"


def _gate_lines(report: "EvaluationReport") -> Iterator[str]:
    if not report.gate:
        return
    kept = spelled(f"Kept with {option('keep')} both roles")
    yield f"{kept:{_WIDTH}}postings  right  lost of the two"
    for row in report.gate:
        name = spelled(option("min_confidence", row.confidence, f"{row.confidence:g}"))
        yield f"  {name:{_WIDTH - 2}}{row.kept:8}  {row.right:5.3f}{row.lost:17.3f}"


def _against_lines(against: "Against | None") -> Iterator[str]:
    if against is None:
        return
    difference = against.difference
    yield f"{against.model} against {against.other} on {against.postings} postings"
    yield f"  {'right':{_WIDTH - 2}}{against.accuracy}"
    yield f"  {f'right, {against.other}':{_WIDTH - 2}}{against.other_accuracy}"
    yield (
        f"  {'difference, paired':{_WIDTH - 2}}{difference.value:+.3f} ({difference.low:+.3f} to "
        f"{difference.high:+.3f}), McNemar p = {against.p_value:.2g}"
    )
    if against.is_worse:
        yield "  it is worse: the whole interval is below zero"
    words = ("now wrong", "wrong in both", "now right")
    for rank, found in groupby(against.flips, key=lambda flip: flip.rank):
        flips = list(found)
        yield f"  {len(flips)} answers differ and are {words[rank]}"
        for flip in flips[:_FLIPS]:
            yield (
                f"    {printable(flip.posting)}: {flip.role.label}, was {flip.before.label} "
                f"({flip.confidence_before:.2f}), is {flip.answer.label} ({flip.confidence:.2f})"
            )
        if len(flips) > _FLIPS:
            yield f"    and {len(flips) - _FLIPS} more; all are in the JSON"


def _scope_lines(scope: "Scope | None") -> Iterator[str]:
    if scope is None:
        return
    yield f"{'The two roles or neither, AUC':{_WIDTH}}{scope.auc}"
    yield f"  {'kept of the two roles':{_WIDTH - 2}}{scope.kept_at_half:.3f}"
    yield f"  {'refused of neither':{_WIDTH - 2}}share  where 95 % of the two stay  postings"
    for row in scope.refusals:
        yield f"  {row.family:{_WIDTH - 2}}{row.at_half:.3f}{row.at_kept:29.3f}{row.postings:10}"


def _titles_lines(report: "EvaluationReport") -> Iterator[str]:
    yield f"Accuracy and titles ({report.titles.claiming} claim one of the roles)"
    yield f"  {'taken out of the texts':{_WIDTH - 2}}{report.titles.hidden}"
    yield f"  {'as evidence beside the text':{_WIDTH - 2}}{report.titles.shown}"


def _slices_lines(report: "EvaluationReport") -> Iterator[str]:
    for kind, rows in groupby(report.slices, key=lambda row: row.kind):
        yield f"Accuracy by {kind}"
        for row in rows:
            name = printable(
                row.value if len(row.value) < _WIDTH - 2 else row.value[: _WIDTH - 4] + "…"
            )
            yield f"  {name:{_WIDTH - 2}}{row.accuracy}{row.postings:7} postings"


def _answers_lines(report: "EvaluationReport") -> Iterator[str]:
    yield f"{'Label':{_WIDTH}}" + "".join(f"{role.label:>16}" for role in report.answers)
    for role, counts in zip(report.answers, report.confusion, strict=True):
        yield f"  {role.label:{_WIDTH - 2}}" + "".join(f"{count:16}" for count in counts)
    if report.mistakes:
        yield ""
        yield "The surest wrong answers"
    for wrong in report.mistakes:
        yield (
            f"  {printable(wrong.posting)}: labelled {wrong.role.label}, "
            f"answered {wrong.answer.label} ({wrong.probability:.2f})"
        )


def _curve_lines(report: "EvaluationReport") -> Iterator[str]:
    if report.learning_curve:
        yield "Accuracy after learning from"
    for step in report.learning_curve:
        yield f"  {f'{step.postings} postings':{_WIDTH - 2}}{step.accuracy}"


def _figures_line(figures: "Figures") -> str:
    rest = (figures.macro_f1, figures.auc, figures.brier, figures.ece)
    numbers = " ".join(f"{measure.value:5.3f}" for measure in rest)
    return f"  {figures.name:{_WIDTH - 2}}{figures.accuracy!s:26}   {numbers}"
