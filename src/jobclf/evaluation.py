"""How right a model is on postings it has not seen: leak-free folds, and the scores they give."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobclf.errors import DatasetError
from jobclf.measures import (
    Measure,
    accuracy,
    accuracy_at_90,
    auc,
    bootstrap,
    brier,
    calibration_error,
)
from jobclf.postings import LabeledPostings
from jobclf.roles import Role
from jobclf.scoring import Floats

Split = tuple[NDArray[np.int64], NDArray[np.int64]]  # places to fit on, places to judge

_SEED = 20261123


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


def folds(postings: LabeledPostings, number: int) -> list[Split]:
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
    groups = postings.groups[among]
    scope_truth = roles[judged] != Role.OTHER
    return Scores(
        postings=int(among.sum()),
        scope_postings=int(judged.sum()),
        majority=float(max(truth.mean(), 1.0 - truth.mean())),
        accuracy=bootstrap(accuracy, truth, found, groups),
        auc=bootstrap(auc, truth, found, groups),
        brier=bootstrap(brier, truth, found, groups),
        ece=bootstrap(calibration_error, truth, found, groups),
        accuracy_at_90=bootstrap(accuracy_at_90, truth, found, groups),
        scope_auc=None
        if scope_truth.all() or not scope_truth.any()
        else bootstrap(auc, scope_truth, inside[judged], postings.groups[judged]),
    )
