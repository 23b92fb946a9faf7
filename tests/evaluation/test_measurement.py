"""Held-out probabilities are summed up fairly."""

import numpy as np

from jobclf.evaluation import measurement
from jobclf.roles import Role
from jobclf.training.splits import grouped_folds
from tests.factories import mixed_postings


def test_titles_are_weighed_by_how_often_they_were_right() -> None:
    labelled = mixed_postings(20, other=False)
    role_probability = np.full(len(labelled), 0.5)
    among = np.ones(len(labelled), dtype=bool)
    splits = grouped_folds(labelled, 5)
    found, weight = measurement.with_title(labelled, role_probability, among, splits)
    assert weight > 0.0
    assert np.mean((found > 0.5) == (np.array(labelled.roles) == Role.ML_ENGINEER)) > 0.55
