"""Held-out scores turned into probabilities, and what a title adds to them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.counts import Floats
from jobclf.classifier.heads import Head, ScopeHead, TitleHead, calibrated, claim
from jobclf.classifier.model import RoleModel
from jobclf.text.titles import UNTOLD, TitleKind, title_kind, title_role_of
from jobclf.training.dataset import LabeledPostings
from jobclf.training.logistic import PriorLogisticRegression
from jobclf.training.splits import Split

WELL_CALIBRATED = 500  # held-out postings from which on a calibration is not moved lightly
SIGNIFICANT = 2.0  # standard errors
AI_FOUND = 0.86  # share of applications of language models that are to be told as such
LEAST_HELD_OUT = 30  # postings from which on they may move a calibration
LEAST_TITLED = 30  # titled postings from which on kinds of titles are weighed
CHOSEN_WEIGHT = 0.3  # of a posting that was chosen, not drawn at random
KIND_PRECISION = 0.5  # of the prior on what a kind of title adds, in inverse squared logits
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
        role = recalibrated(
            prior.role,
            scores[:, 0],
            postings.is_ml_engineer,
            postings.in_scope & others,
            postings.gold,
        )
        probabilities[held_out, 0] = calibrated(scores[held_out, 0], role)
        scope = recalibrated(prior.scope, scores[:, 1], postings.in_scope, others, postings.gold)
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


def title_head(scores: Floats, postings: LabeledPostings, prior: RoleModel) -> TitleHead | None:
    """Learn what kinds of titles add, together with how much the text counts beside them.

    Learned are postings that have a title, by their held-out scores, shape (postings, 2). Those
    that are no random draw count less. A prior that knows more titles keeps what it knows.
    """
    telling = [kind for kind in TitleKind if kind not in UNTOLD]
    kinds = tuple(map(str, telling))
    named = [title_kind(title) if title else None for title in postings.titles]
    places = np.array(
        [-1 if kind is None or kind in UNTOLD else kinds.index(kind) for kind in named]
    )
    use = (places >= 0) & ~postings.noisy & ~np.isnan(scores[:, 0])
    if use.sum() < max(LEAST_TITLED, prior.titles.calibrated_on if prior.titles else 0):
        return prior.titles
    weights = np.where(postings.gold, 1.0, CHOSEN_WEIGHT) * postings.weights
    claims = np.array([claim(title_role_of(kind)) for kind in telling])
    role = _with_kinds(
        prior.role, scores[:, 0], places, claims, postings.is_ml_engineer, weights,
        use & postings.in_scope,
    )  # fmt: skip
    scope = _with_kinds(
        prior.scope, scores[:, 1], places, 0.0 * claims, postings.in_scope, weights, use
    )
    if role is None or scope is None:
        return prior.titles
    return TitleHead(kinds, role[2], scope[2], role[0], role[1], scope[0], scope[1], int(use.sum()))


def _with_kinds(
    head: Head | ScopeHead,
    scores: Floats,
    places: NDArray[np.int64],
    expected: Floats,
    target: NDArray[np.bool_],
    weights: Floats,
    use: NDArray[np.bool_],
) -> tuple[float, float, Floats] | None:
    """Fit slope, offset and a weight for each kind; None where one side alone is there."""
    if target[use].all() or not target[use].any():
        return None
    shown = np.zeros((int(use.sum()), 1 + len(expected)))
    shown[:, 0] = scores[use]
    shown[np.arange(len(shown)), 1 + places[use]] = 1.0
    estimator = PriorLogisticRegression(
        prior_mean=np.append(head.slope, expected),
        prior_precision=np.append(0.01, np.full(len(expected), KIND_PRECISION)),
    ).fit(shown, target[use], sample_weight=weights[use])
    slope = max(float(estimator.coef_[0, 0]), SMALLEST_SLOPE)
    return slope, float(estimator.intercept_[0]), estimator.coef_[0, 1:]


def recalibrated(
    head: _Calibrated,
    scores: Floats,
    target: NDArray[np.bool_],
    among: NDArray[np.bool_],
    gold: NDArray[np.bool_],
) -> _Calibrated:
    """Calibrate on held-out scores; a prior that was calibrated on many keeps its calibration.

    Unless the held-out postings say otherwise: the loss must fall by more than two standard errors.
    Where they are told more surely than the prior would have it they are easier than those that it
    was calibrated on, written or chosen perhaps: fewer than those do not make it surer of all.
    """
    new = platt(head, scores, target, among, gold)
    if head.calibrated_on < WELL_CALIBRATED:
        return new
    use = among & gold
    if use.sum() < LEAST_HELD_OUT or (new.slope > head.slope and use.sum() < head.calibrated_on):
        return head
    fall = _loss(head, scores[use], target[use]) - _loss(new, scores[use], target[use])
    error = float(fall.std()) / np.sqrt(len(fall))
    return new if fall.mean() > SIGNIFICANT * error else head


def calibrated_ai(head: Head | None, scores: Floats, postings: LabeledPostings) -> Head | None:
    """Calibrate what tells applications of language models on its held-out scores.

    The line is drawn where `AI_FOUND` of them are above it.
    """
    use = postings.knows_ai & ~np.isnan(scores)
    target = postings.is_ai_engineer
    if head is None or not (use & target).any():
        return head
    found = platt(head, scores, target, use, postings.ai_weights == 1.0)
    line = float(np.quantile(scores[use & target], 1.0 - AI_FOUND))
    return replace(found, offset=-found.slope * line)


def with_prevalence(head: ScopeHead, prior: ScopeHead, postings: LabeledPostings) -> ScopeHead:
    """Say which share of either role a scope head is calibrated for."""
    if (head.slope, head.offset) == (prior.slope, prior.offset) and prior.prevalence:
        return replace(head, prevalence=prior.prevalence)
    share = float(postings.in_scope[postings.gold].mean()) if postings.gold.any() else 0.0
    return replace(head, prevalence=share)


def _loss(head: Head | ScopeHead, scores: Floats, target: NDArray[np.bool_]) -> Floats:
    logits = np.where(target, 1.0, -1.0) * (head.slope * scores + head.offset)
    loss: Floats = np.logaddexp(0.0, -logits)
    return loss


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
