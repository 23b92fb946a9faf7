"""Calibration balances what is seen against what the prior holds, as its formulas say."""

from dataclasses import replace

import numpy as np
import pytest

from jobclf.classifier.counts import Floats
from jobclf.classifier.heads import Head, ScopeHead, calibrated
from jobclf.roles import Role
from jobclf.training import calibration
from jobclf.training.dataset import LabeledPostings, collect
from tests.factories import SMALL

RANDOM = np.random.default_rng(16)
SCORES = RANDOM.normal(size=120)
TARGET = RANDOM.random(120) < 1.0 / (1.0 + np.exp(-2.0 * SCORES))
EVERY = np.ones(120, bool)
TITLED = ("ML Engineer", "Data Scientist", "Head of Data Science", "")
HEAD = Head(np.zeros(1), np.ones(1), 0.0, slope=0.5, offset=0.25, calibrated_on=3)
SCOPE = ScopeHead(("other",), np.zeros((1, 1)), np.ones((1, 1)), np.zeros(1), np.zeros(1))


def of_roles(*, drawn: bool = True) -> LabeledPostings:
    """Return 120 postings, every fifth of neither role; most have a title, mostly a true one."""
    claimed = [TITLED[int(TARGET[at] == (at % 7 == 0))] for at in range(120)]
    roles = [Role.ML_ENGINEER if target else Role.DATA_SCIENTIST for target in TARGET]
    return collect(
        [f"{at}.txt" for at in range(120)],
        [f"This is posting number {at + 1000} of all." for at in range(120)],
        [Role.OTHER if at % 5 == 0 else role for at, role in enumerate(roles)],
        gold=[drawn and at % 3 > 0 for at in range(120)],
        weights=[1.0 + at % 2 for at in range(120)],
        columns={"title": [TITLED[at % 4] if at % 4 > 1 else claimed[at] for at in range(120)]},
    )


def sure(logits: Floats) -> Floats:
    found: Floats = 1.0 / (1.0 + np.exp(-logits))
    return found


def test_platt_balances_the_scores_against_the_prior() -> None:
    gold = np.arange(120) % 3 > 0
    among = np.arange(120) % 4 > 0
    found = calibration.platt(HEAD, SCORES, TARGET, among, gold)
    use = gold & among
    assert found.calibrated_on == 3 + use.sum()
    scores, target = SCORES[use], TARGET[use]
    before = sure(0.5 * scores + 0.25)
    spread = before * (1.0 - before)
    error = sure(found.slope * scores + found.offset) - target
    held = calibration.LEAST_CALIBRATED  # more than the three that the head was calibrated on
    slope = error @ scores + held * (spread * scores**2).mean() * (found.slope - 0.5)
    assert abs(slope) < 0.01
    assert abs(error.sum() + held * spread.mean() * (found.offset - 0.25)) < 0.01
    firm = calibration.platt(replace(HEAD, calibrated_on=10**7), SCORES, TARGET, among, gold)
    assert (firm.slope, firm.offset) == pytest.approx((0.5, 0.25), abs=1e-3)


def test_platt_needs_both_sides_and_never_turns_scores_round() -> None:
    for target in (EVERY, ~EVERY):
        assert calibration.platt(HEAD, SCORES, target, EVERY, EVERY) is HEAD
    turned = calibration.platt(replace(HEAD, slope=0.001), -50.0 * SCORES, TARGET, EVERY, EVERY)
    assert turned.slope == calibration.SMALLEST_SLOPE


def test_each_fold_is_calibrated_by_the_others() -> None:
    postings = of_roles()
    scores = np.stack([SCORES, 1.0 + SCORES**2], axis=1)
    scores[7] = np.nan
    prior = replace(SMALL, role=HEAD, scope=SCOPE)
    folds = [np.arange(at, 120, 2) for at in range(2)]
    found = calibration.cross_calibrated(
        scores, postings, prior, [(folds[1], folds[0]), (folds[0], folds[1])]
    )
    for fold, other in (folds, folds[::-1]):
        others = np.isin(np.arange(120), other) & ~np.isnan(scores[:, 0])
        within = postings.in_scope & others
        role = calibration.platt(HEAD, scores[:, 0], postings.is_ml_engineer, within, postings.gold)
        scope = calibration.platt(SCOPE, scores[:, 1], postings.in_scope, others, postings.gold)
        heads: list[Head | ScopeHead] = [role, scope]
        for at, head in enumerate(heads):
            expected = calibrated(scores[fold, at], head)
            np.testing.assert_allclose(found[fold, at], expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("calibrated_on", "slope", "shift", "moved"),
    [
        (499, 2.0, 0.0, True),
        (500, 2.0, 0.0, False),
        (5000, 6.0, 4.0, True),
        (5000, 2.0, 4.0, False),
    ],
    ids=["little known", "settled", "settled and wrong", "surer than what settled it"],
)
def test_a_settled_calibration_moves_only_for_a_reason(
    calibrated_on: int, slope: float, shift: float, *, moved: bool
) -> None:
    head = replace(HEAD, slope=slope, offset=shift, calibrated_on=calibrated_on)
    found = calibration.recalibrated(head, SCORES, TARGET, EVERY, EVERY)
    assert (found is not head) == moved
    few = np.arange(120) < calibration.LEAST_HELD_OUT - 1
    assert (calibration.recalibrated(head, SCORES, TARGET, few, EVERY) is head) == (
        calibrated_on >= 500
    )


def test_what_a_claim_adds_balances_the_answers_against_what_it_added_before() -> None:
    claims = np.where(TARGET ^ (RANDOM.random(120) < 0.2), 1.0, -1.0)
    for postings, held in ((0, 10), (40, 40)):
        weight = calibration.title_weight(SCORES, claims, TARGET, 0.5, postings)
        certain = sure(SCORES)
        error = sure(SCORES + weight * claims) - TARGET
        firm = held * (certain * (1.0 - certain)).mean()
        assert abs(error @ claims + firm * (weight - 0.5)) < 0.01
    assert calibration.title_weight(SCORES, -claims, TARGET) == 0.0
    for target in (EVERY, ~EVERY):
        assert calibration.title_weight(SCORES, claims, target, 0.75) == 0.75
    assert calibration.title_weight(1e6 * SCORES, claims, TARGET) >= 0.0


def test_a_claim_is_weighed_on_drawn_postings_of_the_roles_that_have_one() -> None:
    postings = of_roles()
    scores = SCORES.copy()
    scores[1] = np.nan
    head = replace(HEAD, calibrated_on=60)
    use = postings.in_scope & postings.gold & (postings.claims != 0.0) & ~np.isnan(scores)
    expected = calibration.title_weight(
        0.5 * scores[use] + 0.25,
        postings.claims[use],
        postings.is_ml_engineer[use],
        0.0,
        60 - int(use.sum()),
    )
    assert calibration.with_title(head, scores, postings).title == expected
    assert expected != 0.0


def test_kinds_of_titles_balance_the_answers_against_what_they_claim() -> None:
    postings = of_roles()
    scores = np.stack([SCORES, SCORES**2], axis=1)
    prior = replace(SMALL, role=HEAD, scope=SCOPE, titles=None)
    head = calibration.title_head(scores, postings, prior)
    assert head is not None
    titled = np.array([bool(title) for title in postings.titles])
    assert head.calibrated_on == titled.sum() == 90
    kinds = [head.place(title) for title in postings.titles]
    weights = np.where(postings.gold, 1.0, 0.3) * postings.weights
    claimed = np.array(
        [{"ml_engineer": 1.0, "data_scientist": -1.0}.get(kind, 0.0) for kind in head.kinds]
    )
    for values, slope, offset, target, among, expected in (
        (
            head.role,
            head.role_slope,
            head.role_offset,
            postings.is_ml_engineer,
            postings.in_scope,
            claimed,
        ),
        (head.scope, head.scope_slope, head.scope_offset, postings.in_scope, titled, 0.0 * claimed),
    ):
        raw = scores[:, 0] if target is postings.is_ml_engineer else scores[:, 1]
        use = np.flatnonzero(titled & among)
        place = np.array([kinds[at] for at in use])
        error = weights[use] * (sure(slope * raw[use] + offset + values[place]) - target[use])
        held = np.bincount(place, error, len(values)) + 0.5 * (values - expected)
        np.testing.assert_allclose(held, 0.0, atol=0.02)
        first = (HEAD if target is postings.is_ml_engineer else SCOPE).slope
        assert abs(error @ raw[use] + 0.01 * (slope - first)) < 0.02
        assert abs(error.sum()) < 0.02


def test_kinds_of_few_titles_stay_as_they_were() -> None:
    postings = of_roles().part(np.arange(36))
    scores = np.stack([SCORES, SCORES], axis=1)[:36]
    prior = replace(SMALL, role=HEAD, scope=SCOPE, titles=None)
    assert calibration.title_head(scores, postings, prior) is None  # 27 have a title
    more = of_roles()
    known = calibration.title_head(np.stack([SCORES, SCORES], axis=1), more, prior)
    assert known is not None
    richer = replace(prior, titles=replace(known, calibrated_on=91))
    assert calibration.title_head(np.stack([SCORES, SCORES], axis=1), more, richer) is richer.titles


def test_a_scope_head_says_for_which_share_it_is_calibrated() -> None:
    postings = of_roles()
    share = postings.in_scope[postings.gold].mean()
    new = replace(SCOPE, slope=2.0)
    settled = replace(SCOPE, prevalence=0.6)
    assert calibration.with_prevalence(new, settled, postings).prevalence == share
    assert calibration.with_prevalence(SCOPE, settled, postings).prevalence == 0.6
    assert calibration.with_prevalence(SCOPE, SCOPE, postings).prevalence == share
    assert calibration.with_prevalence(new, SCOPE, of_roles(drawn=False)).prevalence == 0.0


def test_the_loss_is_that_of_the_side_that_is_right() -> None:
    right = np.where(TARGET, sure(0.5 * SCORES + 0.25), 1.0 - sure(0.5 * SCORES + 0.25))
    np.testing.assert_allclose(calibration._loss(HEAD, SCORES, TARGET), -np.log(right), rtol=1e-9)
