"""Splits that part no group: folds for calibration and for measuring."""

import warnings

import numpy as np
from numpy.typing import NDArray

from jobclf.errors import DatasetError, Reason
from jobclf.training.dataset import LabeledPostings

Split = tuple[NDArray[np.int64], NDArray[np.int64]]  # places to fit on, places to judge

MIN_GROUPS = 2  # of either role: one to learn from, one to judge by
_SEED = 20261123


def min_groups(postings: LabeledPostings) -> int:
    """Return in how many groups the postings of the role are that has the fewest."""
    roles = (postings.is_ml_engineer, postings.in_scope & ~postings.is_ml_engineer)
    return min(len(np.unique(postings.groups[of_role])) for of_role in roles)


def grouped_folds(postings: LabeledPostings, number: int) -> list[Split]:
    """Split into folds that part no group; each is (places to fit on, places to judge)."""
    from sklearn.model_selection import StratifiedGroupKFold

    if min_groups(postings) < MIN_GROUPS:
        raise DatasetError(
            "all postings of a role are near duplicates or of one company, so none can be held out",
            "label more varied ones",
            reason=Reason.TOO_FEW,
        )
    groups = len(np.unique(postings.groups))
    splitter = StratifiedGroupKFold(min(number, groups), shuffle=True, random_state=_SEED)
    roles = [str(role) for role in postings.roles]
    with warnings.catch_warnings():
        # A role with fewer postings than folds is held out in some of them only, and that will do.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        return list(splitter.split(np.zeros(len(roles)), roles, postings.groups))
