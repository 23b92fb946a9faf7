"""Pictures of an evaluation: reliability, coverage, confusion, learning curve."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobclf import atomic
from jobclf.errors import OutputError, extra_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobclf.evaluation.results import EvaluationReport, Measure

_BLUE, _ORANGE = "#0072b2", "#d55e00"  # told apart by colour-blind eyes


def check(folder: Path) -> None:
    """Refuse early what would fail after minutes: no matplotlib, no folder to write to."""
    try:
        import matplotlib as mpl  # noqa: F401
    except ImportError:
        raise extra_missing("drawing pictures", "report", kind=OutputError) from None
    atomic.make_folder(folder)


def draw(report: "EvaluationReport", folder: Path) -> tuple[Path, ...]:
    """Write the pictures of a report into a folder, as PNG, and return where they are."""
    check(folder)
    drawings = {"reliability": _reliability, "coverage": _coverage, "confusion": _confusion}
    if report.learning_curve:
        drawings["learning_curve"] = _learning_curve
    return tuple(
        _written(folder / f"{name}.png", drawing, report) for name, drawing in drawings.items()
    )


def _written(target: Path, drawing: Any, report: "EvaluationReport") -> Path:
    # The figure is made without pyplot: no window, no global state, any thread.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4.2), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    drawing(figure.subplots(), report)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    atomic.write(target, picture.getvalue())
    return target


def _reliability(axes: Any, report: "EvaluationReport") -> None:
    sure = [row.sure for row in report.reliability]
    axes.plot([0.5, 1], [0.5, 1], color="gray", linestyle=":", label="perfect")
    axes.plot(sure, [row.right for row in report.reliability], "o-", color=_BLUE, label="jobclf")
    for row in report.reliability:
        axes.annotate(
            str(row.postings), (row.sure, row.right), xytext=(4, -10), textcoords="offset points"
        )
    axes.set(
        xlabel="probability of the answer",
        ylabel="share of right answers",
        xlim=(0.48, 1.02),
        title=f"Reliability, ECE {report.figures.ece.value:.3f}",
    )
    axes.legend(loc="upper left")


def _coverage(axes: Any, report: "EvaluationReport") -> None:
    _with_range(
        axes,
        [100 * step.share for step in report.coverage],
        [step.accuracy for step in report.coverage],
    )
    axes.invert_xaxis()
    axes.set(xlabel="surest answers, %", ylabel="accuracy", title="Accuracy on the surest answers")


def _confusion(axes: Any, report: "EvaluationReport") -> None:
    names = [role.label for role in report.answers]
    shares = [[count / max(1, sum(row)) for count in row] for row in report.confusion]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for down, row in enumerate(report.confusion):
        for right, count in enumerate(row):
            dark = shares[down][right] > 0.5  # noqa: PLR2004
            color = "white" if dark else "black"
            axes.text(right, down, str(count), ha="center", va="center", color=color)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names, rotation=90, va="center")
    axes.set(xlabel="answer", ylabel="label", title="Labels and answers")


def _learning_curve(axes: Any, report: "EvaluationReport") -> None:
    _with_range(
        axes,
        [step.postings for step in report.learning_curve],
        [step.accuracy for step in report.learning_curve],
    )
    axes.set_xscale("log")
    best = next(row for row in report.baselines if row.name == report.comparison.baseline)
    axes.axhline(best.accuracy.value, color=_ORANGE, linestyle="--", label=f"{best.name}, all")
    axes.set(xlabel="postings learned from", ylabel="accuracy", title="Learning curve")
    axes.legend(loc="lower right")


def _with_range(axes: Any, at: "Sequence[float]", measures: "Sequence[Measure]") -> None:
    axes.fill_between(
        at, [m.low for m in measures], [m.high for m in measures], color=_BLUE, alpha=0.2
    )
    axes.plot(at, [m.value for m in measures], "o-", color=_BLUE, label="jobclf, 95 % interval")
