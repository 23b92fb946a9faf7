"""Scores become probabilities as the formulas say, and no surer than they may be."""

import math
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from jobclf.classifier.heads import (
    Calibration,
    Combined,
    Head,
    ScopeHead,
    TitleHead,
    calibrated,
    claim,
    log_odds,
    probabilities,
    scope_log_odds,
    shares,
    unsaid,
)
from jobclf.roles import Role

HEAD = Head(np.zeros(1), np.ones(1), 0.25)
SCOPE = ScopeHead(("a", "b"), np.zeros((1, 2)), np.ones((1, 2)), np.zeros(2), np.zeros(2))
TITLES = TitleHead(("ml_engineer", "data_scientist"), np.ones(2), np.ones(2), 1.0, 0.0, 1.0, 0.0, 9)
CALIBRATION = Calibration(2.0, 0.5, 0.125, 3.0)
COMBINED = Combined(CALIBRATION, CALIBRATION, None, weighed=False)


def test_a_new_head_is_not_calibrated() -> None:
    for head in (HEAD, SCOPE):
        assert (head.slope, head.offset, head.calibrated_on) == (1.0, 0.0, 0)
    assert (HEAD.intercept_precision, HEAD.title, SCOPE.prevalence) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "one", [HEAD, SCOPE, TITLES, CALIBRATION, COMBINED], ids=lambda one: type(one).__name__
)
def test_a_head_cannot_be_changed_and_holds_nothing_else(one: object) -> None:
    assert not hasattr(one, "__dict__")
    assert "array(" not in repr(one)
    with pytest.raises((AttributeError, FrozenInstanceError)):
        setattr(one, "offset" if hasattr(one, "offset") else "scope", None)


def test_what_scope_knows() -> None:
    assert SCOPE.knows_nothing is True
    assert replace(SCOPE, calibrated_on=1).knows_nothing is False
    assert replace(SCOPE, weights=np.ones((1, 2))).knows_nothing is False
    assert replace(SCOPE, intercepts=np.ones(2)).knows_nothing is False


def test_a_kind_of_title_has_its_place() -> None:
    assert TITLES.places == {"ml_engineer": 0, "data_scientist": 1}
    places = [TITLES.place(title) for title in ("ML Engineer", "Data Scientist", "Baker", "", None)]
    assert places == [0, 1, None, None, None]


def test_log_odds_add_up() -> None:
    assert CALIBRATION.logit == 2.0 * 3.0 + 0.5 + 0.125
    assert log_odds(0.8) == pytest.approx(math.log(4.0))
    assert [claim(role) for role in (Role.ML_ENGINEER, Role.DATA_SCIENTIST, None)] == [
        1.0,
        -1.0,
        0.0,
    ]


def test_scope_joins_the_families_and_shares_them_out() -> None:
    assert scope_log_odds(np.log([1.0, 3.0])) == pytest.approx(-math.log(4.0))
    families = np.log([[1.0, 3.0], [0.25, 0.25]])
    assert scope_log_odds(families).tolist() == pytest.approx([-math.log(4.0), math.log(2.0)])
    assert shares(families).ravel().tolist() == pytest.approx([0.25, 0.75, 0.5, 0.5])


@pytest.mark.parametrize(
    "head", [HEAD, replace(HEAD, calibrated_on=8), replace(SCOPE, calibrated_on=8)]
)
def test_probabilities_are_bounded_by_what_was_seen(head: Head | ScopeHead) -> None:
    least = 0.1 if head.calibrated_on else 0.0
    for power, expected in ((0.0, 0.5), (math.log(3.0), 0.75), (-1e4, least), (1e4, 1.0 - least)):
        assert probabilities(np.array([power]), head)[0] == pytest.approx(expected, abs=1e-12)
        bent = replace(head, slope=2.0, offset=1.0)
        found = calibrated(np.array([(power - 1.0) / 2.0]), bent)[0]
        assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("known", "expected"), [(0.8, math.log(4.0)), (0.0, 0.0), (1.0, 0.0)])
def test_a_text_that_says_nothing_is_as_often_in_scope_as_any(
    known: float, expected: float
) -> None:
    role = replace(HEAD, slope=2.0, offset=0.5)
    scope = replace(SCOPE, slope=0.5, offset=0.25, prevalence=known)
    raw = unsaid(role, scope)
    assert role.slope * raw[0] + role.offset == 0.0
    assert scope.slope * raw[1] + scope.offset == pytest.approx(expected)
