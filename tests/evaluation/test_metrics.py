"""The measures equal their definitions, and intervals respect groups."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import f1_score, roc_auc_score

from jobclf.evaluation import metrics, results
from jobclf.evaluation.metrics import Floats, Truth

PAIRS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 20).map(lambda step: step / 20)),
    min_size=1,
    max_size=40,
)


def _arrays(pairs: list[tuple[bool, float]]) -> tuple[Truth, Floats]:
    truth, found = zip(*pairs, strict=True)
    return np.array(truth, dtype=bool), np.array(found, dtype=float)


@given(PAIRS)
def test_auc_is_scikit_learns(pairs: list[tuple[bool, float]]) -> None:
    truth, found = _arrays(pairs)
    assume(truth.any() and not truth.all())
    assert metrics.auc(truth, found) == pytest.approx(roc_auc_score(truth, found), abs=1e-12)


def test_auc_needs_both_classes() -> None:
    assert math.isnan(metrics.auc(np.array([True, True]), np.array([0.1, 0.9])))


@given(PAIRS)
def test_macro_f1_is_scikit_learns(pairs: list[tuple[bool, float]]) -> None:
    truth, found = _arrays(pairs)
    expected = f1_score(
        truth, found > 0.5, average="macro", labels=[False, True], zero_division=0.0
    )
    assert metrics.macro_f1(truth, found) == pytest.approx(expected, abs=1e-12)


@given(PAIRS)
def test_the_reliability_table_adds_up_to_the_calibration_error(
    pairs: list[tuple[bool, float]],
) -> None:
    truth, found = _arrays(pairs)
    table = metrics.reliability(truth, found)
    gaps = sum(row.postings * abs(row.sure - row.right) for row in table)
    assert sum(row.postings for row in table) == len(truth)
    assert gaps / len(truth) == pytest.approx(metrics.calibration_error(truth, found), abs=1e-12)


@given(PAIRS)
def test_full_coverage_is_plain_accuracy(pairs: list[tuple[bool, float]]) -> None:
    truth, found = _arrays(pairs)
    assert metrics.AccuracyAt(1.0)(truth, found) == metrics.accuracy(truth, found)


def test_the_surest_answers_come_first() -> None:
    truth, found = np.array([True, True, False, True]), np.array([0.99, 0.95, 0.9, 0.51])
    assert metrics.AccuracyAt(0.5)(truth, found) == 1.0
    assert metrics.AccuracyAt(0.75)(truth, found) == pytest.approx(2 / 3)


def test_one_group_says_next_to_nothing() -> None:
    truth, found = np.array([True, False, True, False]), np.array([0.9, 0.1, 0.2, 0.3])
    one = np.zeros(4, dtype=np.int64)
    measure = metrics.bootstrap(metrics.accuracy, truth, found, one)
    assert measure.value == 0.75
    assert measure.low < 0.2
    assert measure.high > 0.95
    error = metrics.bootstrap(metrics.brier, truth, found, one)
    assert error.low == error.value == error.high


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilsons_interval_is_scipys(right: int, more: int) -> None:
    trials = right + more
    expected = binomtest(right, trials).proportion_ci(method="wilson")
    assert metrics.wilson(right / trials, trials) == pytest.approx(
        (expected.low, expected.high), abs=1e-6
    )


FLAWLESS: dict[str, tuple[metrics.Function, int]] = {
    "accuracy": (metrics.accuracy, 40),
    "accuracy, surest 90 %": (metrics.AccuracyAt(0.9), 36),
    "AUC": (metrics.auc, 15),
    "macro-F1": (metrics.macro_f1, 15),
}


@pytest.mark.parametrize(("measure", "trials"), FLAWLESS.values(), ids=FLAWLESS.keys())
def test_forty_of_forty_right_is_no_certainty(measure: metrics.Function, trials: int) -> None:
    truth = np.arange(40) < 15
    found = np.where(truth, 0.9, 0.1)
    expected = binomtest(trials, trials).proportion_ci(method="wilson")
    measured = metrics.bootstrap(measure, truth, found)
    assert (measured.value, measured.high) == (1.0, 1.0)
    assert measured.low == pytest.approx(expected.low, abs=1e-6)
    # Copies in groups are no further trials.
    groups = np.repeat(np.arange(40), 5)
    often = metrics.bootstrap(measure, np.repeat(truth, 5), np.repeat(found, 5), groups)
    assert often.low == measured.low


def test_no_order_at_all_is_one_half_for_certain() -> None:
    truth = np.arange(40) < 20
    measured = metrics.bootstrap(metrics.auc, truth, np.full(40, 0.5))
    assert measured == results.Measure(0.5, 0.5, 0.5)


def test_forty_of_forty_right_reads_so() -> None:
    truth = np.arange(40) < 20
    measured = metrics.bootstrap(metrics.accuracy, truth, np.where(truth, 0.9, 0.1))
    assert str(measured) == "1.000 (0.912 to 1.000)"


def test_two_flawless_ways_may_differ_all_the_same() -> None:
    truth = np.arange(40) < 20
    found = np.where(truth, 0.9, 0.1)
    alike = metrics.bootstrap_difference(metrics.accuracy, truth, (found, found))
    assert str(alike) == "0.000 (-0.088 to 0.088)"
    opposite = metrics.bootstrap_difference(metrics.accuracy, truth, (found, 1.0 - found))
    assert (opposite.value, opposite.high) == (1.0, 1.0)
    assert opposite.low == pytest.approx(0.912, abs=1e-3)


def test_copies_in_groups_make_the_interval_no_narrower() -> None:
    random = np.random.default_rng(1)
    truth, found = random.random(40) > 0.5, random.random(40)
    once = metrics.bootstrap(metrics.accuracy, truth, found, np.arange(40))
    groups = np.repeat(np.arange(40), 9)
    often = metrics.bootstrap(metrics.accuracy, np.repeat(truth, 9), np.repeat(found, 9), groups)
    assert often == once
    alone = metrics.bootstrap(metrics.accuracy, np.repeat(truth, 9), np.repeat(found, 9))
    assert alone.high - alone.low < once.high - once.low


def test_a_difference_is_the_opposite_the_other_way_round() -> None:
    random = np.random.default_rng(2)
    truth, one, other = random.random(30) > 0.5, random.random(30), random.random(30)
    there = metrics.bootstrap_difference(metrics.brier, truth, (one, other))
    back = metrics.bootstrap_difference(metrics.brier, truth, (other, one))
    assert (back.value, back.low, back.high) == pytest.approx(
        (-there.value, -there.high, -there.low)
    )


def test_nothing_measured_is_nan() -> None:
    empty = np.array([])
    measure = metrics.bootstrap(metrics.accuracy, empty.astype(bool), empty)
    assert math.isnan(measure.value)
    assert math.isnan(measure.low)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_binomial_test(only: int, other_only: int) -> None:
    assume(only + other_only > 0)
    right = np.array([True] * only + [False] * other_only)
    expected = binomtest(only, only + other_only).pvalue
    assert metrics.mcnemar(right, ~right) == pytest.approx(expected, abs=1e-9)


def test_mcnemar_survives_thousands() -> None:
    right = np.array([True] * 3000 + [False] * 2000)
    assert metrics.mcnemar(right, ~right) < 1e-20


def test_a_calibration_error_is_within_its_interval() -> None:
    random = np.random.default_rng(0)
    for size in (60, 400):
        found = random.uniform(0.02, 0.98, size)
        truth = random.uniform(size=size) < found  # well calibrated, where bias is the largest
        error = metrics.bootstrap(metrics.calibration_error, truth, found)
        assert 0.0 <= error.low < error.value < error.high
