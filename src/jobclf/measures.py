"""What a set of held-out probabilities is worth: the measures and their intervals.

Every measure takes the truth (shape (postings,), true for the second class) and the probability of
the second class, and returns one number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
Function = Callable[[Truth, Floats], float]

RESAMPLES = 500  # bootstrap draws behind each interval
BINS = 10  # of equal width, for the calibration error
HALF = 0.5
_SEED = 20261123


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure and its 95 % bootstrap interval; all three are NaN where nothing can be measured."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Bin:
    """One row of a reliability table: how sure the answers were, and how many of them right."""

    low: float
    high: float
    postings: int
    sure: float  # mean probability of the named class
    right: float  # share of answers that were right


def accuracy(truth: Truth, found: Floats) -> float:
    """Return the share of postings on the right side of one half.

    >>> accuracy(np.array([True, False]), np.array([0.9, 0.8]))
    0.5
    """
    return float(np.mean((found > HALF) == truth))


def macro_f1(truth: Truth, found: Floats) -> float:
    """Return the mean of the F1 scores of the two classes; a class no one names scores 0."""
    said = found > HALF
    scores = []
    for wanted, named in ((truth, said), (~truth, ~said)):
        total = wanted.sum() + named.sum()
        scores.append(2.0 * (wanted & named).sum() / total if total else 0.0)
    return float(np.mean(scores))


def auc(truth: Truth, found: Floats) -> float:
    """Return the area under the ROC curve, a tie counting one half; NaN without both classes.

    >>> auc(np.array([False, True, True]), np.array([0.2, 0.2, 0.9]))
    0.75
    """
    second = int(truth.sum())
    first = len(truth) - second
    if not first or not second:
        return float("nan")
    _, place, count = np.unique(found, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2.0)[place]
    return float((ranks[truth].sum() - second * (second + 1) / 2.0) / (first * second))


def brier(truth: Truth, found: Floats) -> float:
    """Return the mean squared error of the probabilities."""
    return float(np.mean((found - truth) ** 2))


def calibration_error(truth: Truth, found: Floats) -> float:
    """Return the expected calibration error of the named class, ten bins of equal width."""
    sure = np.maximum(found, 1.0 - found)
    right = (found > HALF) == truth
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = np.abs(np.bincount(bins, right, BINS) - np.bincount(bins, sure, BINS))
    return float(gaps.sum() / len(truth))


def accuracy_at(share: float) -> Function:
    """Return the measure of accuracy on the share of postings with the surest answers."""

    def selective(truth: Truth, found: Floats) -> float:
        most = max(1, round(share * len(found)))
        surest = np.argsort(-np.abs(found - HALF), kind="stable")[:most]
        return accuracy(truth[surest], found[surest])

    return selective


accuracy_at_90 = accuracy_at(0.9)


def reliability(truth: Truth, found: Floats) -> tuple[Bin, ...]:
    """Return the table behind the calibration error: the bins from one half up that are not empty.

    >>> reliability(np.array([True, False]), np.array([0.97, 0.99]))
    (Bin(low=0.9, high=1.0, postings=2, sure=0.98, right=0.5),)
    """
    sure = np.maximum(found, 1.0 - found)
    right = (found > HALF) == truth
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            low=float(at / BINS),
            high=float((at + 1) / BINS),
            postings=int((bins == at).sum()),
            sure=float(sure[bins == at].mean()),
            right=float(right[bins == at].mean()),
        )
        for at in np.unique(bins)
    )


def bootstrap(
    measure: Function, truth: Truth, found: Floats, groups: NDArray[np.int64] | None = None
) -> Measure:
    """Return a measure with the 2.5 and 97.5 percentiles of its resampled values.

    Whole `groups` are drawn, for near duplicates are right or wrong together; without them, single
    postings.
    """
    values = [measure(truth[draw], found[draw]) for draw in _draws(len(truth), groups)]
    return _interval(measure(truth, found) if len(truth) else float("nan"), values)


def bootstrap_difference(
    measure: Function,
    truth: Truth,
    pair: tuple[Floats, Floats],
    groups: NDArray[np.int64] | None = None,
) -> Measure:
    """Return how much more the first of two is worth than the second, on the same draws."""
    one, other = pair
    values = [
        measure(truth[draw], one[draw]) - measure(truth[draw], other[draw])
        for draw in _draws(len(truth), groups)
    ]
    return _interval(measure(truth, one) - measure(truth, other), values)


def spread(values: Sequence[float]) -> Measure:
    """Return the mean of repeated runs, with the 2.5 and 97.5 percentiles of the runs."""
    return _interval(float(np.mean(values)), list(values))


def _draws(size: int, groups: NDArray[np.int64] | None) -> list[NDArray[np.int64]]:
    """Return resampled places; every call for the same groups gives the same draws."""
    random = np.random.default_rng(_SEED)
    if not size:
        return []
    if groups is None:
        return [random.integers(0, size, size) for _ in range(RESAMPLES)]
    _, member = np.unique(groups, return_inverse=True)
    number = int(member.max()) + 1
    everything = np.arange(size)
    times = (
        np.bincount(random.integers(0, number, number), minlength=number) for _ in range(RESAMPLES)
    )
    return [np.repeat(everything, drawn[member]) for drawn in times]


def _interval(value: float, values: list[float]) -> Measure:
    known = np.array(values)[~np.isnan(values)] if values else np.array([])
    low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
    return Measure(value, float(low), float(high))


def mcnemar(right: Truth, other_right: Truth) -> float:
    """Return the exact two-sided p-value of two ways being equally often right.

    >>> mcnemar(np.array([True] * 6), np.array([False] * 6))
    0.03125
    """
    only = int((right & ~other_right).sum())
    other_only = int((~right & other_right).sum())
    total = only + other_only
    tail = ways = 1  # of choosing `at` of the postings that only one of the two got right
    for at in range(min(only, other_only)):
        ways = ways * (total - at) // (at + 1)
        tail += ways
    p_value: float = min(1.0, 2 * tail / 2**total)
    return p_value
