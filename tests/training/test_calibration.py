"""Held-out scores become probabilities, and lines are drawn where they are said to be."""

from dataclasses import replace

import numpy as np
import pytest

from jobclf.classifier.heads import Head
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.training import calibration, recipe
from jobclf.training.dataset import LabeledPostings, collect
from jobclf.training.priors import seed_model
from tests.factories import mixed_postings


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


SETTLED = Head(np.zeros(1), np.ones(1), 0.0, calibrated_on=3000)


@pytest.mark.parametrize(
    ("number", "slope", "moved"),
    [(600, 1.0, False), (600, 0.4, True), (20, 0.0, False), (600, 3.0, False), (4000, 3.0, True)],
    ids=["as it was", "less sure", "too few", "easier", "easier and as many"],
)
def test_a_settled_calibration_moves_only_where_held_out_postings_say_so(
    number: int,
    slope: float,
    moved: bool,  # noqa: FBT001
) -> None:
    random = np.random.default_rng(5)
    scores = random.normal(scale=2.0, size=number)
    target = random.random(number) < 1.0 / (1.0 + np.exp(-slope * scores))
    everything = np.ones(number, dtype=bool)
    found = calibration.recalibrated(SETTLED, scores, target, everything, everything)
    assert (found is not SETTLED) == moved
    if moved:
        assert (found.slope > SETTLED.slope) == (slope > SETTLED.slope)


def test_a_few_clean_postings_move_no_probability_on_the_whole() -> None:
    prior = recipe.train(mixed_postings(20), seed_model(vocabulary.load())).model
    prior = replace(
        prior,
        role=replace(prior.role, calibrated_on=3000),
        scope=replace(prior.scope, calibrated_on=3000),
    )
    model = recipe.train(mixed_postings(40), prior).model
    assert model.role.weights.tolist() != prior.role.weights.tolist()
    for name in ("slope", "offset", "intercept", "calibrated_on"):
        assert getattr(model.role, name) == getattr(prior.role, name)
    for name in ("slope", "offset", "calibrated_on", "prevalence"):
        assert getattr(model.scope, name) == getattr(prior.scope, name)
    assert (model.scope.intercepts == prior.scope.intercepts).all()
