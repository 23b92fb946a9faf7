"""The pictures of the documentation, from the figures that are kept in benchmarks/figures.

usage: python -m benchmarks.pictures [FIGURES] [PICTURES]

`held_out.json` is by benchmarks.held_out, `compared.json` by benchmarks.compared, `few_labels.json`
holds what benchmarks.accuracy printed for few labels.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

FIGURES = Path(__file__).parent / "figures"
PICTURES = Path(__file__).parents[1] / "docs" / "_static"
BLUE, ORANGE, GREY = "#2a6f97", "#c8553d", "#8d99ae"
NAMES = {"data_scientist": "Data Scientist", "ml_engineer": "ML Engineer", "neither": "neither"}


def main(figures: str = str(FIGURES), pictures: str = str(PICTURES)) -> None:
    """Draw what there are figures for, and say what there are none for."""
    mpl.rcParams.update({"svg.hashsalt": "jobclf", "font.size": 9, "svg.fonttype": "none"})
    Path(pictures).mkdir(parents=True, exist_ok=True)
    for name, (source, size, draw) in DRAWN.items():
        path = Path(figures) / source
        if not path.exists():
            print(f"left out: {name}, for there is no {path}")
            continue
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.subplots(), json.loads(path.read_text("utf-8")))
        # Without a date, the same figures make the same file.
        figure.savefig(Path(pictures) / f"{name}.svg", metadata={"Date": None})


def reliability(axes: Axes, kept: dict[str, Any]) -> None:
    """Draw how often answers are right, by how sure they are."""
    rows = kept["reliability"]
    axes.plot([0.5, 1], [0.5, 1], color=GREY, linestyle=":", label="as sure as right")
    axes.plot(
        [row["sure"] for row in rows],
        [row["right"] for row in rows],
        color=BLUE,
        marker="o",
        label="held out",
    )
    for row in rows:
        axes.annotate(f" {row['postings']}", (row["sure"], row["right"]), va="top")
    axes.set(xlabel="probability of the answer", ylabel="share that is right")
    axes.legend(frameon=False)


def coverage(axes: Axes, kept: dict[str, Any]) -> None:
    """Draw accuracy by the share of postings that are answered."""
    rows = kept["coverage"]
    axes.plot(
        [100 * row["share"] for row in rows],
        [row["accuracy"] for row in rows],
        color=BLUE,
        marker=".",
    )
    axes.set(xlabel="postings that are answered, the surest first, %", ylabel="accuracy")


def confusion(axes: Axes, kept: dict[str, Any]) -> None:
    """Draw what is said of the two roles and of each family of other work."""
    rows = {name: row for name, row in kept["confusion"].items() if sum(row.values()) > 20}
    first = [name for name in ("data_scientist", "ml_engineer") if name in rows]
    order = [*first, *(name for name in rows if name not in first)]
    start = [0.0] * len(order)
    for (answer, shown), color in zip(NAMES.items(), (BLUE, ORANGE, GREY), strict=True):
        shares = [100 * rows[name][answer] / sum(rows[name].values()) for name in order]
        axes.barh(range(len(order)), shares, left=start, color=color, label=shown)
        start = [a + b for a, b in zip(start, shares, strict=True)]
    labels = [f"{shown_name(name)} ({sum(rows[name].values())})" for name in order]
    axes.set_yticks(range(len(order)), labels)
    axes.invert_yaxis()
    axes.set(xlabel="is called …, %", xlim=(0, 100))
    axes.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.4, 1.0))


def shown_name(name: str) -> str:
    """Return what a kind of work is called in a picture."""
    titled = name.removeprefix("titled ")
    if titled != name:
        return f"neither, titled {NAMES[titled]}"
    return NAMES.get(name, name.replace("_", " "))


def months(axes: Axes, kept: dict[str, Any]) -> None:
    """Draw accuracy by the month that a posting is from."""
    rows = kept["months"]
    axes.plot(list(rows), [row["accuracy"] for row in rows.values()], color=BLUE, marker="o")
    axes.tick_params(axis="x", rotation=90)
    axes.set(ylabel="accuracy", ylim=(0.8, 1.0))


def learning_curve(axes: Axes, kept: dict[str, Any]) -> None:
    """Draw accuracy by the number of labels."""
    for (name, points), color in zip(kept["curves"].items(), (BLUE, ORANGE, GREY), strict=True):
        labels = [int(number) for number in points]
        axes.plot(labels, list(points.values()), color=color, marker="o", label=name)
    axes.set_xscale("log")
    axes.set_xticks(labels, [f"{number:,}" for number in labels])
    axes.minorticks_off()
    axes.set(xlabel="labels", ylabel="accuracy")
    axes.legend(frameon=False)


def peers(axes: Axes, kept: dict[str, Any]) -> None:
    """Draw what an answer costs and how right it is."""
    rows = [row for row in kept["rows"] if row["answer_ms"] and "title" not in row["name"]]
    for row in rows:
        value, low, high = row["accuracy"]
        color = BLUE if row["name"].startswith("jobclf") else GREY
        axes.errorbar(
            row["answer_ms"],
            value,
            [[value - low], [high - value]],
            fmt="o",
            color=color,
            capsize=2,
        )
        slowest = row is max(rows, key=lambda each: float(each["answer_ms"]))
        axes.annotate(
            row["name"],
            (row["answer_ms"], value),
            xytext=(-6 if slowest else 6, 0),
            textcoords="offset points",
            ha="right" if slowest else "left",
            va="center",
            fontsize=8,
        )
    axes.set_xscale("log")
    axes.set(xlabel="processor time of an answer, ms", ylabel="accuracy")
    axes.margins(x=0.15)


Draw = Callable[[Axes, dict[str, Any]], None]
DRAWN: dict[str, tuple[str, tuple[float, float], Draw]] = {
    "reliability": ("held_out.json", (5, 3.4), reliability),
    "coverage": ("held_out.json", (5, 3), coverage),
    "confusion": ("held_out.json", (6.4, 2.8), confusion),
    "months": ("held_out.json", (6.4, 2.8), months),
    "learning_curve": ("few_labels.json", (5, 3), learning_curve),
    "peers": ("compared.json", (6.4, 3.6), peers),
}

if __name__ == "__main__":
    if len(sys.argv) > 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
