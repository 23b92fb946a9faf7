"""The share of the two roles is estimated from scores alone, and changes what is in scope."""

import numpy as np
import pytest

import jobclf
from jobclf.batch import prevalence
from jobclf.classifier.heads import log_odds
from jobclf.classifier.prediction import Prediction
from jobclf.roles import Role
from tests.factories import posting


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9])
def test_the_share_is_found_again_from_scores(share: float) -> None:
    rng = np.random.default_rng(0)
    within = rng.random(20_000) < share
    # Two normals of unit variance, 2 apart: their log odds for an even mix are 2 x.
    logits = 2.0 * (rng.normal(size=within.size) + np.where(within, 1.0, -1.0))
    found = prevalence.likeliest(1.0 / (1.0 + np.exp(-logits)))
    assert found == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("scores", [[], [0.5], [1.0, 1.0], [0.0]])
def test_the_share_is_never_nothing_or_all(scores: list[float]) -> None:
    assert 0.0 < prevalence.likeliest(np.array(scores)) < 1.0


def test_rows_without_an_answer_do_not_count() -> None:
    model = jobclf.load_model()
    texts = [posting(Role.ML_ENGINEER, number) for number in range(5)]
    alone = prevalence.estimate(model, texts, [None] * 5)
    assert prevalence.estimate(model, [*texts, None, "short"], [None] * 7) == alone


def test_a_model_expects_what_it_is_told() -> None:
    model, text = jobclf.load_model(), posting(Role.ML_ENGINEER, 1)
    rare = model.expecting(0.01)
    answer = rare.predict(text)
    assert answer == model.predict(text, prevalence=0.01) == jobclf.predict(text, prevalence=0.01)
    (other,) = jobclf.predict_many([text], prevalence=0.01)
    assert other == answer
    assert isinstance(other, Prediction)
    assert other.scope_probability < jobclf.predict(text).scope_probability
    moved = rare.prevalence_shift() - model.prevalence_shift(0.5)
    assert moved == pytest.approx(log_odds(0.01))
    assert jobclf.explain(text, model=rare).prediction == answer
    assert rare.fingerprint != model.fingerprint


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="prevalence must be between 0 and 1"):
        jobclf.predict(posting(Role.ML_ENGINEER, 1), prevalence=share)
