"""Held-out scores become probabilities, and lines are drawn where they are said to be."""

import numpy as np

from jobclf.classifier.heads import Head
from jobclf.roles import Role
from jobclf.training import calibration
from jobclf.training.dataset import LabeledPostings, collect


def of_language_models(number: int) -> LabeledPostings:
    """Return postings of which every other is for applications of language models."""
    return collect(
        [f"{at}.txt" for at in range(number)],
        [f"This is posting number {at + 1000} of all." for at in range(number)],
        [Role.ML_ENGINEER] * number,
        columns={"ai": ["yes" if at % 2 else "no" for at in range(number)]},
    )


def test_the_line_of_language_models_is_where_most_of_them_are_above_it() -> None:
    postings = of_language_models(400)
    scores = np.random.default_rng(0).normal(size=400) + 2.0 * postings.is_ai_engineer
    head = Head(np.zeros(1), np.ones(1), 0.0)
    found = calibration.calibrated_ai(head, scores, postings)
    assert found is not None
    above = found.slope * scores + found.offset > 0.0
    assert abs(above[postings.is_ai_engineer].mean() - calibration.AI_FOUND) < 0.01
    assert above[~postings.is_ai_engineer].mean() < 0.2


def test_without_a_head_or_a_score_there_is_no_line() -> None:
    postings = of_language_models(20)
    assert calibration.calibrated_ai(None, np.zeros(20), postings) is None
    head = Head(np.zeros(1), np.ones(1), 0.0)
    assert calibration.calibrated_ai(head, np.full(20, np.nan), postings) is head
