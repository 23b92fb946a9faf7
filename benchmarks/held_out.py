"""Held-out answers of the recipe of `base.joblib`, measured and kept for pictures and tables.

usage: python -m benchmarks.held_out CORPORA [FIGURES]

Near duplicates and companies are never parted. Judged are the postings drawn at random, those of
2026 that were left, and those of other titles drawn at random, by labels from content. Written to
FIGURES (benchmarks/figures/held_out.json): counts and rates, no text.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora
from benchmarks.train_base import MIN_DF
from jobclf.evaluation import crossvalidation, metrics
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.training import priors, recipe
from jobclf.training.splits import grouped_folds

FIGURES = Path(__file__).parent / "figures" / "held_out.json"
SHARES = tuple(step / 20 for step in range(1, 21))
ANSWERS = (Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER)
LEAST = 30  # postings that a month must have to be shown
MONTH = re.compile(r"\b(20\d\d)-(\d\d)")


def main(folder: str, figures: str = str(FIGURES)) -> None:
    """Cross-validate, measure and keep."""
    corpus = corpora.load(Path(folder))
    postings = corpus.postings
    prior = priors.seed_model(vocabulary.load(), families=corpora.FAMILIES)
    prepared = recipe.prepare(postings.normal, prior, min_df=MIN_DF)
    splits = grouped_folds(postings, crossvalidation.FOLDS)
    found = crossvalidation.cross_validated(
        postings, prior, prepared, splits, lambda step: print(step, file=sys.stderr, flush=True)
    )
    roles = np.array(postings.roles)
    gold = postings.gold & ~np.isnan(found.role_probability)
    two = gold & (roles != Role.OTHER)
    truth, role = roles[two] == Role.ML_ENGINEER, found.role_probability[two]
    accuracy = metrics.bootstrap(metrics.accuracy, truth, role, postings.groups[two])
    scope = found.scope_probability
    each = np.stack(
        [scope * (1 - found.role_probability), scope * found.role_probability, 1 - scope]
    )
    kept = {
        "command": "python -m benchmarks.held_out CORPORA",
        "postings": int(two.sum()),
        "accuracy": [accuracy.value, accuracy.low, accuracy.high],
        "reliability": [
            {"sure": row.sure, "right": row.right, "postings": row.postings}
            for row in metrics.reliability(truth, role)
        ],
        "coverage": [
            {"share": share, "accuracy": metrics.AccuracyAt(share)(truth, role)} for share in SHARES
        ],
        "confusion": confusion(postings.families[gold], roles[gold], each[:, gold]),
        "months": months(postings.columns["posted"], two, truth, role),
    }
    path = Path(figures)
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"accuracy {accuracy}, {two.sum()} postings; written to {path}")


def confusion(
    families: NDArray[Any], roles: NDArray[Any], each: NDArray[np.float64]
) -> dict[str, dict[str, int]]:
    """Count what is said of the two roles and of each family of other work."""
    said = each.argmax(axis=0)
    # What its title says of work of neither role may be one of the two.
    titled = np.isin(families, [str(role) for role in ANSWERS[:2]])
    others = np.where(titled, np.char.add("titled ", families.astype(str)), families)
    named = np.where(roles == Role.OTHER, others, roles)
    return {
        str(name) or "not named": {
            str(answer): int(((named == name) & (said == at)).sum())
            for at, answer in enumerate(ANSWERS)
        }
        for name in sorted(set(named.tolist()))
    }


def months(
    posted: Any, two: NDArray[np.bool_], truth: NDArray[np.bool_], role: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    """Return accuracy by the month that a posting is from, where it is known."""
    dates = [MONTH.search(str(date)) for date, gold in zip(posted, two, strict=True) if gold]
    month = np.array([f"{date[1]}-{date[2]}" if date else "" for date in dates])
    names, counts = np.unique(month[month != ""], return_counts=True)
    return {
        str(name): {
            "accuracy": metrics.accuracy(truth[month == name], role[month == name]),
            "postings": int(count),
        }
        for name, count in zip(names, counts, strict=True)
        if count >= LEAST
    }


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    main(*sys.argv[1:])
