"""The folds leak nothing, and the measures are those of the field."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from jobclf.errors import DatasetError
from jobclf.evaluation import metrics
from jobclf.evaluation.measurement import held_out_scores
from jobclf.roles import Role
from jobclf.training import dataset
from jobclf.training.splits import grouped_folds, min_groups

DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER


def labelled(roles: list[Role], companies: list[str | None]) -> dataset.LabeledPostings:
    """Return postings of distinct texts with these roles and companies."""
    names = [str(at) for at in range(len(roles))]
    texts = [f"word{at} " * 8 for at in range(len(roles))]
    return dataset.collect(names, texts, roles, companies=companies)


@given(
    st.lists(
        st.tuples(st.sampled_from(list(Role)), st.sampled_from([None, *"abcdefghijkl"])),
        min_size=30,
        max_size=60,
    ),
    st.integers(2, 5),
)
def test_folds_part_no_group_and_judge_each_posting_once(
    drawn: list[tuple[Role, str | None]], number: int
) -> None:
    roles = [role for role, _ in drawn]
    assume(max(map(roles.count, Role)) >= number)
    firms = [None if firm is None else f"{firm} works" for _, firm in drawn]
    given_postings = labelled(roles, firms)
    assume(min_groups(given_postings) > 1)
    gold: list[int] = []
    for fit, held_out in grouped_folds(given_postings, number):
        assert not set(given_postings.groups[fit]) & set(given_postings.groups[held_out])
        assert sorted([*fit, *held_out]) == list(range(len(drawn)))
        gold.extend(held_out)
    assert sorted(gold) == list(range(len(drawn)))


def test_folds_are_the_same_every_time() -> None:
    roles = [DS, MLE, OTHER] * 10
    one, other = (grouped_folds(labelled(roles, [None] * 30), 5) for _ in range(2))
    for (fit, held_out), (fit_again, held_out_again) in zip(one, other, strict=True):
        assert (fit == fit_again).all()
        assert (held_out == held_out_again).all()


def test_a_role_of_one_group_cannot_be_folded() -> None:
    with pytest.raises(DatasetError, match="none can be held out"):
        grouped_folds(labelled([DS] * 5 + [MLE] * 7, ["Acme"] * 5 + [None] * 7), 5)


PAIRS = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=80)


@given(PAIRS)
def test_the_measures_are_those_of_scikit_learn(pairs: list[tuple[bool, float]]) -> None:
    truth = np.array([side for side, _ in pairs])
    found = np.array([probability for _, probability in pairs])
    assume(truth.any() and not truth.all())
    assert metrics.accuracy(truth, found) == pytest.approx(
        sklearn_metrics.accuracy_score(truth, found > 0.5)
    )
    assert metrics.auc(truth, found) == pytest.approx(sklearn_metrics.roc_auc_score(truth, found))
    assert metrics.brier(truth, found) == pytest.approx(
        sklearn_metrics.brier_score_loss(truth, found)
    )


@given(PAIRS)
def test_the_calibration_error_is_a_share(pairs: list[tuple[bool, float]]) -> None:
    truth = np.array([side for side, _ in pairs])
    found = np.array([probability for _, probability in pairs])
    assert 0.0 <= metrics.calibration_error(truth, found) <= 1.0


CALIBRATION = {
    "sure and right": ([True, False], [1.0, 0.0], 0.0),
    "sure and wrong": ([True, False], [0.0, 1.0], 1.0),
    "as often right as said": ([True] * 3 + [False], [0.75] * 4, 0.0),
    "too sure": ([True, False], [0.9, 0.9], 0.4),
}


@pytest.mark.parametrize(("truth", "found", "error"), CALIBRATION.values(), ids=CALIBRATION.keys())
def test_the_calibration_error(truth: list[bool], found: list[float], error: float) -> None:
    assert metrics.calibration_error(np.array(truth), np.array(found)) == pytest.approx(error)


def test_the_surest_ninety_in_a_hundred() -> None:
    truth = np.array([True] * 9 + [False])
    found = np.array([0.9] * 9 + [0.55])
    assert metrics.accuracy(truth, found) == 0.9
    assert metrics.accuracy_at_90(truth, found) == 1.0


def test_an_interval_holds_its_figure_and_narrows_with_more_postings() -> None:
    rng = np.random.default_rng(5)
    widths = []
    for number in (50, 5000):
        truth = rng.random(number) < 0.5
        found = np.where(truth, 0.8, 0.2) + rng.normal(0, 0.3, number)
        measure = metrics.bootstrap(metrics.accuracy, truth, found)
        assert measure.low <= measure.value <= measure.high
        widths.append(measure.high - measure.low)
    assert widths[1] < widths[0] / 5


def test_only_judged_postings_are_judged() -> None:
    roles = [DS, DS, MLE, MLE, OTHER, OTHER]
    right = np.array([0.1, 0.2, 0.8, 0.9, 0.5, 0.5])
    scope_probability = np.array([0.9, 0.9, 0.9, 0.9, 0.1, 0.1])
    names, texts = [str(at) for at in range(6)], [f"word{at}" for at in range(6)]
    scores = held_out_scores(dataset.collect(names, texts, roles), right, scope_probability)
    assert (scores.postings, scores.scope_postings, scores.majority) == (4, 6, 0.5)
    assert scores.accuracy.value == scores.auc.value == 1.0
    assert scores.scope_auc is not None
    assert scores.scope_auc.value == 1.0
    unsure = dataset.collect(names, texts, roles, gold=[True, True, True, False, False, False])
    scores = held_out_scores(unsure, right, scope_probability)
    assert (scores.postings, scores.scope_postings, scores.scope_auc) == (3, 3, None)


def test_figures_are_finite_and_name_their_intervals() -> None:
    names, texts = ["1", "2"], ["one", "two"]
    scores = held_out_scores(
        dataset.collect(names, texts, [DS, MLE]), np.array([0.1, 0.9]), np.array([0.9, 0.9])
    )
    figures = scores.figures()
    assert np.isfinite(list(figures.values())).all()
    assert {"accuracy", "accuracy_low", "accuracy_high", "auc", "ece", "brier"} <= set(figures)
    assert "scope_auc" not in figures
