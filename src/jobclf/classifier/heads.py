"""The heads of a model: weights, calibration, what a title adds, and their probabilities."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from jobclf.classifier.counts import Floats
from jobclf.roles import Role
from jobclf.text.titles import title_kind

# The share of postings of either role in the mix that probabilities hold for, unless another is
# given: at it, .95 of both roles are kept by their text alone, .99 with their titles, and .85 and
# more of near misses are refused (`python -m benchmarks.scope`, models/README.md).
PREVALENCE = 0.7
_LARGEST_LOGIT = 700.0  # beyond which exp runs over


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Head:
    """One logistic regression over the terms, with its calibration.

    `precision` is how firmly each weight is held, as the inverse variance of a Gaussian: training
    that starts from this model moves firm weights less. The calibrated probability of a score z is
    1 / (1 + exp(-(slope * z + offset))), learned from `calibrated_on` held-out postings. A title
    that claims the head's role adds `title` to that exponent, one that claims the other takes it.
    """

    weights: Floats
    precision: Floats
    intercept: float
    intercept_precision: float = 0.0
    slope: float = 1.0
    offset: float = 0.0
    calibrated_on: int = 0
    title: float = 0.0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TitleHead:
    """What the kind of a title adds, learned together with how much the text then counts.

    With a title of a known kind the log odds of ML Engineer are role_slope * z + role_offset +
    role[kind], where z is the raw score of the text; those of scope likewise. `role` and `scope`
    have the shape (kinds,).
    """

    kinds: tuple[str, ...]
    role: Floats
    scope: Floats
    role_slope: float
    role_offset: float
    scope_slope: float
    scope_offset: float
    calibrated_on: int

    @property
    def places(self) -> dict[str | None, int]:
        """The place of each kind in `role` and `scope`."""
        return {kind: at for at, kind in enumerate(self.kinds)}

    def place(self, title: str | None) -> int | None:
        """Return the place of a title's kind, None for no title or a kind it does not know."""
        return self.places.get(title_kind(title) if title else None)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ScopeHead:
    """What tells either role from other work: one logistic regression for each family of it.

    The score of a family is its log odds against either role; `scope_log_odds` joins them.
    `weights` and `precision` have the shape (terms, families), the intercepts (families,).
    `prevalence` is the share in scope of what it was calibrated on, 0 where that is not known. The
    rest is as in `Head`.
    """

    families: tuple[str, ...]
    weights: Floats
    precision: Floats
    intercepts: Floats
    intercept_precision: Floats
    slope: float = 1.0
    offset: float = 0.0
    calibrated_on: int = 0
    prevalence: float = 0.0

    @property
    def knows_nothing(self) -> bool:
        """Tell whether it was never taught: then every posting counts as in scope."""
        return not (self.calibrated_on or self.weights.any() or self.intercepts.any())


class Calibration(NamedTuple):
    """How a raw score becomes calibrated log odds: slope * raw + offset + title."""

    slope: float
    offset: float
    title: float
    raw: float

    @property
    def logit(self) -> float:
        """The calibrated log odds."""
        return self.slope * self.raw + self.offset + self.title


class Combined(NamedTuple):
    """The calibrated log odds of both heads, what the title claims and whether it was weighed."""

    role: Calibration
    scope: Calibration
    claimed: Role | None
    weighed: bool


def log_odds(share: float) -> float:
    """Return ln(share / (1 - share))."""
    return math.log(share / (1.0 - share))


def claim(role: Role | None) -> float:
    """Return the side a title takes: 1 for ML Engineer, -1 for Data Scientist, 0 for neither."""
    if role is None:
        return 0.0
    return 1.0 if role is Role.ML_ENGINEER else -1.0


def scope_log_odds(families: Floats) -> Floats:
    """Return the log odds of either role against all families, given those of each against it.

    The families are the last axis.
    """
    odds: Floats = -np.logaddexp.reduce(families, axis=-1)
    return odds


def shares(families: Floats) -> Floats:
    """Return the share of each family in the odds against either role; they sum to one."""
    found: Floats = np.exp(families + scope_log_odds(families)[..., None])
    return found


def probabilities(logits: Floats, head: Head | ScopeHead) -> Floats:
    """Turn calibrated logits into probabilities, none surer than calibration can tell."""
    powers = (-np.clip(logits, -_LARGEST_LOGIT, _LARGEST_LOGIT)).tolist()
    # NumPy's own exp may differ in the last bit from one machine to the next.
    found = 1.0 / (1.0 + np.array([*map(math.exp, powers)]))
    bounded: Floats = np.clip(found, _least(head), 1.0 - _least(head))
    return bounded


def calibrated(scores: Floats, head: Head | ScopeHead) -> Floats:
    """Turn raw logits into calibrated probabilities, none surer than calibration can tell."""
    logits = np.clip(head.slope * scores + head.offset, -_LARGEST_LOGIT, _LARGEST_LOGIT)
    bounded: Floats = np.clip(1.0 / (1.0 + np.exp(-logits)), _least(head), 1.0 - _least(head))
    return bounded


def _least(head: Head | ScopeHead) -> float:
    """Return the least probability: the next posting may be the first of its kind.

    After n held-out postings none is below 1 / (n + 2), by Laplace's rule of succession.
    """
    return 1.0 / (head.calibrated_on + 2) if head.calibrated_on else 0.0


def unsaid(role: Head, scope: ScopeHead) -> tuple[float, float]:
    """Return the raw scores of a text that says nothing: even roles, scope as often as it is."""
    known = scope.prevalence
    expected = log_odds(known) if 0.0 < known < 1.0 else 0.0
    return -role.offset / role.slope, (expected - scope.offset) / scope.slope
