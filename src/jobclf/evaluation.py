"""How right a model is: leak-free folds, the measures, and their intervals."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobclf.errors import DatasetError
from jobclf.postings import LabeledPostings
from jobclf.roles import Role
from jobclf.scoring import Floats

RESAMPLES = 500  # bootstrap draws behind each interval
BINS = 10  # of equal width, for the calibration error
HALF = 0.5
_SEED = 20261123


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Scores:
    """How a model did on postings it had not seen.

    `postings` in scope are judged for the role, `scope_postings` for being in scope; a measure is
    None where one side is missing. `majority` is the accuracy of always naming the commoner role.
    """

    postings: int
    scope_postings: int
    majority: float
    accuracy: Measure
    auc: Measure
    brier: Measure
    ece: Measure
    accuracy_at_90: Measure  # on the 90 % of postings it is surest of
    scope_auc: Measure | None

    def figures(self) -> dict[str, float]:
        """Return the plain numbers, for a model card; what could not be measured is left out."""
        found = {
            "postings": float(self.postings),
            "scope_postings": float(self.scope_postings),
            "majority": self.majority,
        }
        for name in ("accuracy", "auc", "brier", "ece", "accuracy_at_90", "scope_auc"):
            measure = getattr(self, name)
            if measure is not None:
                found |= {
                    name: measure.value,
                    f"{name}_low": measure.low,
                    f"{name}_high": measure.high,
                }
        return {name: round(float(value), 4) for name, value in found.items() if np.isfinite(value)}


def folds(
    postings: LabeledPostings, number: int
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Split into folds that part no group; each is (places to fit on, places to judge)."""
    from sklearn.model_selection import StratifiedGroupKFold

    groups = len(np.unique(postings.groups))
    if groups == 1:
        raise DatasetError(
            "all postings are near duplicates or of one company, so none can be held out; "
            "label more varied ones"
        )
    splitter = StratifiedGroupKFold(min(number, groups), shuffle=True, random_state=_SEED)
    roles = [str(role) for role in postings.roles]
    with warnings.catch_warnings():
        # A role with fewer postings than folds is held out in some of them only, and that will do.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        return list(splitter.split(np.zeros(len(roles)), roles, postings.groups))


def judge(postings: LabeledPostings, engineer: Floats, inside: Floats) -> Scores:
    """Measure held-out probabilities, shape (postings,) each, against the judged labels."""
    roles = np.array(postings.roles)
    judged = postings.judged & ~np.isnan(engineer)
    among = judged & (roles != Role.OTHER)
    truth, found = roles[among] == Role.ML_ENGINEER, engineer[among]
    scope_truth = roles[judged] != Role.OTHER
    return Scores(
        postings=int(among.sum()),
        scope_postings=int(judged.sum()),
        majority=float(max(truth.mean(), 1.0 - truth.mean())),
        accuracy=bootstrap(accuracy, truth, found),
        auc=bootstrap(auc, truth, found),
        brier=bootstrap(brier, truth, found),
        ece=bootstrap(calibration_error, truth, found),
        accuracy_at_90=bootstrap(accuracy_at_90, truth, found),
        scope_auc=None
        if scope_truth.all() or not scope_truth.any()
        else bootstrap(auc, scope_truth, inside[judged]),
    )


def bootstrap(
    measure: Callable[[NDArray[np.bool_], Floats], float], truth: NDArray[np.bool_], found: Floats
) -> Measure:
    """Return a measure with the 2.5 and 97.5 percentiles of its resampled values."""
    random = np.random.default_rng(_SEED)
    values = []
    for _ in range(RESAMPLES):
        draw = random.integers(0, len(truth), len(truth))
        if truth[draw].any() and not truth[draw].all():
            values.append(measure(truth[draw], found[draw]))
    low, high = np.percentile(values, [2.5, 97.5]) if values else (np.nan, np.nan)
    return Measure(measure(truth, found), float(low), float(high))


def accuracy(truth: NDArray[np.bool_], found: Floats) -> float:
    """Return the share of postings on the right side of one half."""
    return float(np.mean((found > HALF) == truth))


def auc(truth: NDArray[np.bool_], found: Floats) -> float:
    """Return the area under the ROC curve."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, found))


def brier(truth: NDArray[np.bool_], found: Floats) -> float:
    """Return the mean squared error of the probabilities."""
    return float(np.mean((found - truth) ** 2))


def calibration_error(truth: NDArray[np.bool_], found: Floats) -> float:
    """Return the expected calibration error of the named role, ten bins of equal width."""
    sure = np.maximum(found, 1.0 - found)
    right = (found > HALF) == truth
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        abs(right[bins == at].mean() - sure[bins == at].mean()) * (bins == at).mean()
        for at in np.unique(bins)
    ]
    return float(np.sum(gaps))


def accuracy_at_90(truth: NDArray[np.bool_], found: Floats) -> float:
    """Return the accuracy on the 90 % of postings that the model is surest of."""
    surest = np.argsort(-np.abs(found - 0.5), kind="stable")[: max(1, int(0.9 * len(found)))]
    return accuracy(truth[surest], found[surest])
