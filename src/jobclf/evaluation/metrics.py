"""What a set of held-out probabilities is worth: the measures and their intervals.

Every measure takes the truth (shape (postings,), true for the second class) and the probability of
the second class, and returns one number.

Intervals are bootstrapped. Where no resample differs from another, as when every answer is right,
that says nothing; measures of right and wrong then get Wilson's interval (E. B. Wilson, 1927,
Probable inference, the law of succession, and statistical inference, JASA 22: 209-212).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobclf.evaluation.results import Bin, Measure

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
Function = Callable[[Truth, Floats], float]

RESAMPLES = 500  # bootstrap draws behind each interval
BINS = 10  # of equal width, for the calibration error
HALF = 0.5
NORMAL = 1.959964  # standard deviations on either side that hold 95 % of a normal distribution
_SEED = 20261123


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


@dataclass(frozen=True, slots=True)
class AccuracyAt:
    """The measure of accuracy on the share of postings with the surest answers."""

    share: float

    def __call__(self, truth: Truth, found: Floats) -> float:
        """Measure it."""
        most = max(1, round(self.share * len(found)))
        surest = np.argsort(-np.abs(found - HALF), kind="stable")[:most]
        return accuracy(truth[surest], found[surest])


accuracy_at_90 = AccuracyAt(0.9)


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
    postings. Where all values are the same, a measure of right and wrong gets Wilson's interval.
    Drawing again widens the gaps that the calibration error adds up, so its values are moved by
    their bias, the difference of their mean from the measure itself, and end at zero.
    """
    values = [measure(truth[draw], found[draw]) for draw in _draws(len(truth), groups)]
    value = measure(truth, found) if len(truth) else float("nan")
    if measure is calibration_error and values:
        bias = float(np.mean(values)) - value
        values = [max(0.0, each - bias) for each in values]
    whole = _interval(value, values)
    trials = _trials(measure, whole.value, truth, groups) if whole.low == whole.high else 0
    return Measure(whole.value, *wilson(whole.value, trials)) if trials else whole


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
    whole = _interval(measure(truth, one) - measure(truth, other), values)
    trials = _trials(measure, whole.value, truth, groups) if whole.low == whole.high else 0
    if not trials:
        return whole
    # The two differ by no more than the share of postings that they answer otherwise.
    most = wilson(0.0, trials)[1]
    return Measure(whole.value, max(-1.0, whole.low - most), min(1.0, whole.high + most))


def wilson(share: float, trials: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share of trials.

    >>> low, high = wilson(1.0, 40)
    >>> round(low, 3), high
    (0.912, 1.0)
    """
    square = NORMAL**2 / trials
    middle = (share + square / 2.0) / (1.0 + square)
    half = math.sqrt(square * share * (1.0 - share) + square**2 / 4.0) / (1.0 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def _trials(measure: Function, value: float, truth: Truth, groups: NDArray[np.int64] | None) -> int:
    """Return in how many trials a measure of right and wrong was taken, 0 for another measure.

    A group is one trial. Where all or nothing is right, so is each of as many pairs of either class
    as there are groups of the rarer one, and AUC and F1 say so.
    """
    members = np.arange(len(truth)) if groups is None else groups
    if measure is accuracy:
        return len(np.unique(members))
    if isinstance(measure, AccuracyAt):
        return max(1, round(measure.share * len(np.unique(members))))
    if measure in {auc, macro_f1} and value in {0.0, 1.0}:
        return min(len(np.unique(members[truth])), len(np.unique(members[~truth])))
    return 0


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
