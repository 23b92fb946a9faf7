"""Held-out scores turned into probabilities, and what a title adds to them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.kernel import Floats
from jobclf.classifier.model import Head, RoleModel, ScopeHead, calibrated
from jobclf.training.dataset import LabeledPostings
from jobclf.training.logistic import PriorLogisticRegression
from jobclf.training.splits import Split

LEAST_CALIBRATED = 10  # postings that the calibration of an untrained prior is taken to be worth
SMALLEST_SLOPE = 1e-3
_FIRM = 1e9  # precision of a weight that is not to be learned
_LARGEST_LOGIT = 30.0  # as sure as double precision can tell

_Calibrated = TypeVar("_Calibrated", Head, ScopeHead)


def cross_calibrated(
    scores: Floats,
    postings: LabeledPostings,
    prior: RoleModel,
    splits: Sequence[Split],
) -> Floats:
    """Turn held-out scores into probabilities, each fold calibrated on the others' scores."""
    probabilities = np.full(scores.shape, np.nan)
    for _, held_out in splits:
        others = ~np.isnan(scores[:, 0])
        others[held_out] = False
        role = platt(
            prior.role,
            scores[:, 0],
            postings.is_ml_engineer,
            postings.in_scope & others,
            postings.gold,
        )
        probabilities[held_out, 0] = calibrated(scores[held_out, 0], role)
        scope = platt(prior.scope, scores[:, 1], postings.in_scope, others, postings.gold)
        probabilities[held_out, 1] = calibrated(scores[held_out, 1], scope)
    return probabilities


def platt(
    head: _Calibrated,
    scores: Floats,
    target: NDArray[np.bool_],
    among: NDArray[np.bool_],
    gold: NDArray[np.bool_],
) -> _Calibrated:
    """Learn the two Platt numbers from held-out scores, starting from those of the prior."""
    use = among & gold
    if target[use].all() or not target[use].any():
        return head
    held_out = scores[use][:, None]
    certain = calibrated(scores[use], head)
    spread = certain * (1.0 - certain)
    before = max(head.calibrated_on, LEAST_CALIBRATED)
    estimator = PriorLogisticRegression(
        prior_mean=head.slope,
        prior_precision=before * float(np.mean(spread * scores[use] ** 2)),
        intercept_mean=head.offset,
        intercept_precision=before * float(np.mean(spread)),
    ).fit(held_out, target[use])
    return replace(
        head,
        slope=max(float(estimator.coef_[0, 0]), SMALLEST_SLOPE),
        offset=float(estimator.intercept_[0]),
        calibrated_on=head.calibrated_on + int(use.sum()),
    )


def with_title(head: Head, scores: Floats, postings: LabeledPostings) -> Head:
    """Learn how much a title's claim weighs beside held-out scores, from the prior's weight on."""
    claims = postings.claims
    use = postings.in_scope & postings.gold & (claims != 0.0) & ~np.isnan(scores)
    text = head.slope * scores[use] + head.offset
    before = head.calibrated_on - int(use.sum())
    target = postings.is_ml_engineer[use]
    return replace(head, title=title_weight(text, claims[use], target, head.title, before))


def title_weight(
    text: Floats, claims: Floats, target: NDArray[np.bool_], before: float = 0.0, postings: int = 0
) -> float:
    """Return what a title's claim adds to the calibrated logits that texts have by themselves.

    `before` is what it added so far, as learned from that many `postings`.
    """
    if target.all() or not target.any():
        return before
    certain = 1.0 / (1.0 + np.exp(-np.clip(text, -_LARGEST_LOGIT, _LARGEST_LOGIT)))
    spread = float(np.mean(certain * (1.0 - certain)))
    firm = max(postings, LEAST_CALIBRATED) * spread
    estimator = PriorLogisticRegression(  # the text keeps its logit, only the claim is weighed
        prior_mean=np.array([1.0, before]),
        prior_precision=np.array([_FIRM, firm]),
        intercept_precision=_FIRM,
    ).fit(np.stack([text, claims], axis=1), target)
    return max(0.0, float(estimator.coef_[0, 1]))
