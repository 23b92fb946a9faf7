"""Both heads fitted to counted postings, from where a prior stands."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.counts import Floats
from jobclf.classifier.heads import Head, ScopeHead, scope_log_odds
from jobclf.classifier.model import ModelCard, RoleModel
from jobclf.training import calibration, features
from jobclf.training.dataset import LabeledPostings
from jobclf.training.logistic import PriorLogisticRegression, fit_families
from jobclf.training.priors import AnyHead, Start

LOOSER = 6.0  # how much weaker the penalty is where only noisy labels speak


TERMS_A_POSTING = 20  # terms that a posting learned from can carry


LEAST_AI = 20  # postings of applications of language models from which on they are told apart


ROUGH, FINE = 30, 80  # steps of fitting


# Postings from which on how rare terms are and which role is the commoner one is learned. Of fewer,
# both are chance, and the roles are told better without: see the model card.
MANY = 500


def fitted_model(
    start: Start, counts: Any, postings: LabeledPostings, max_features: int
) -> tuple[RoleModel, NDArray[np.int64]]:
    """Fit both heads, drop the terms that matter least, fit again; return the columns kept."""
    kept = np.arange(len(start.terms))
    few = len(postings) < MANY and bool(postings.in_scope.all())  # scope goes by rare terms
    idf = known_or_counted(start.idf, counts, few=few)
    max_features = min(max_features, TERMS_A_POSTING * len(postings))
    many = len(kept) > max_features
    role, scope = _fitted_heads(start.role, start.scope, counts, idf, postings, rough=many)
    if many:
        worth = np.maximum(np.abs(role.weights), np.sqrt((scope.weights**2).mean(axis=1))) * idf
        worth[(start.signs != 0.0) | ~np.isnan(start.idf)] = np.inf
        certain = int(np.isinf(worth).sum())
        kept = np.sort(np.argsort(-worth, kind="stable")[: max(max_features, certain)])
        idf = idf[kept]
        role, scope = _fitted_heads(
            taken(start.role, kept), taken(start.scope, kept), counts[:, kept], idf, postings
        )
    terms = tuple(start.terms[at] for at in kept)
    card = ModelCard("untitled", "", "", postings.counts(), postings.digest)
    known = None if start.ai is None else taken(start.ai, kept)
    ai = fitted_ai(known, counts[:, kept], idf, postings, start.C)
    seeded = start.kinds[kept].tobytes()
    return RoleModel(terms, idf, role, scope, card, seeded, start.titles, ai), kept


def taken(head: AnyHead, kept: NDArray[np.int64]) -> AnyHead:
    """Return a head over some of its terms."""
    return replace(head, weights=head.weights[kept], precision=head.precision[kept])


def _fitted_heads(
    role: Head,
    scope: ScopeHead,
    counts: Any,
    idf: Floats,
    postings: LabeledPostings,
    *,
    rough: bool = False,
) -> tuple[Head, ScopeHead]:
    """Fit both heads; roughly where only the worth of terms is asked for."""
    matrix = features.tfidf_matrix(counts, idf)
    return (
        _fitted_twice(role, matrix, postings),
        _fitted_scope(scope, matrix, postings, ROUGH if rough else FINE),
    )


def fitted_ai(
    prior: Head | None, counts: Any, idf: Floats, postings: LabeledPostings, C: float
) -> Head | None:
    """Fit what tells work on applications of language models, where enough labels say so."""
    known, target = postings.knows_ai, postings.is_ai_engineer
    if (target & known).sum() < LEAST_AI:
        return prior
    if prior is None:
        size = counts.shape[1]
        prior = Head(np.zeros(size), np.full(size, 1.0 / C), 0.0)
    matrix = features.tfidf_matrix(counts[known], idf)
    return fitted_head(prior, matrix, target[known], postings.ai_weights[known])


def _fitted_scope(
    prior: ScopeHead, matrix: Any, postings: LabeledPostings, steps: int
) -> ScopeHead:
    """Fit what tells either role from other work, all labels at once.

    Of what family a posting is that is neither role's, its title tells; else it may be of any. The
    intercepts of a well calibrated prior are kept as in `fitted_head`.
    """
    within = postings.in_scope
    if within.all() or not within.any():
        return prior
    named = np.char.replace(postings.families.astype(np.str_), " ", "_")
    unnamed = ~np.isin(named, prior.families)
    families = [(named == family) | unnamed for family in prior.families]
    founded = _founded(prior)
    weights, intercepts, probabilities = fit_families(
        matrix,
        np.stack([within, *(~within & each for each in families)], axis=1),
        postings.weights,
        prior_mean=prior.weights,
        prior_precision=prior.precision,
        intercept_mean=prior.intercepts,
        intercept_precision=0.0 * prior.intercepts if founded else prior.intercept_precision,
        max_iter=steps,
    )
    information = postings.weights[:, None] * (probabilities * (1.0 - probabilities))[:, 1:]
    learned = replace(
        prior, weights=weights, precision=prior.precision + matrix.multiply(matrix).T @ information
    )
    if founded:
        return learned
    return replace(
        learned,
        intercepts=intercepts,
        intercept_precision=prior.intercept_precision + information.sum(axis=0),
    )


def _fitted_twice(prior: Head, matrix: Any, postings: LabeledPostings) -> Head:
    """Fit one head to the noisy labels, and from where that leads to the others.

    Noisy labels say where to start, not how firmly: the precision stays the prior's.
    """
    target, among = postings.is_ml_engineer, postings.in_scope
    noisy = among & postings.noisy
    if noisy.any():
        loose = replace(prior, precision=prior.precision / LOOSER)
        guess = fitted_head(loose, matrix[noisy], target[noisy], postings.weights[noisy])
        prior = replace(prior, weights=guess.weights, intercept=guess.intercept)
    sure = among & ~postings.noisy
    weights, target = postings.weights[sure], target[sure]
    if len(target) < MANY and not _founded(prior) and 0 < target.sum() < len(target):
        weights = weights * np.where(target, 0.5 / target.mean(), 0.5 / (~target).mean())
    return fitted_head(prior, matrix[sure], target, weights)


def fitted_head(prior: Head, matrix: Any, target: NDArray[np.bool_], weights: Floats) -> Head:
    """Fit one head; what the postings say of each weight is added to its precision.

    Where the prior is well calibrated the fit has an intercept of its own, which takes up how the
    postings differ on the whole from those that the prior was calibrated on. It is not kept, so
    that neither weights nor intercept move the probabilities of all others.
    """
    if target.all() or not target.any():
        return prior  # nothing to learn from one side alone
    founded = _founded(prior)
    estimator = PriorLogisticRegression(
        prior_mean=prior.weights,
        prior_precision=prior.precision,
        intercept_mean=prior.intercept,
        intercept_precision=0.0 if founded else prior.intercept_precision,
    ).fit(matrix, target, sample_weight=weights)
    certain = estimator.predict_proba(matrix)[:, 1]
    information = weights * certain * (1.0 - certain)
    learned = replace(
        prior,
        weights=estimator.coef_[0],
        precision=prior.precision + matrix.multiply(matrix).T @ information,
    )
    if founded:
        return learned
    return replace(
        learned,
        intercept=float(estimator.intercept_[0]),
        intercept_precision=prior.intercept_precision + float(information.sum()),
    )


def _founded(prior: Head | ScopeHead) -> bool:
    """Tell whether a prior is well calibrated: then its intercepts are kept."""
    return prior.calibrated_on >= calibration.WELL_CALIBRATED


def known_or_counted(idf: Floats, counts: Any, *, few: bool) -> Floats:
    """Return the idf that a prior knows, and for other terms the one of counted postings.

    It is 1 for all terms where the postings are `few` and the prior knows none that is another.
    """
    new = np.isnan(idf)
    alike = few if new.all() else (idf[~new] == 1.0).all()
    return np.where(new, 1.0 if alike else features.inverse_document_frequency(counts), idf)


def raw_scores(model: RoleModel, counts: Any) -> Floats:
    """Return the raw logits of counted postings, shape (postings, 2): role, scope."""
    matrix = features.tfidf_matrix(counts, model.idf)
    role, scope = model.role, model.scope
    return np.stack(
        [
            matrix @ role.weights + role.intercept,
            scope_log_odds(matrix @ scope.weights + scope.intercepts),
        ],
        axis=1,
    )


def ai_scores(model: RoleModel, counts: Any) -> Floats:
    """Return the raw logits of applications of language models, NaN without such a head."""
    if model.ai is None:
        return np.full(counts.shape[0], np.nan)
    found: Floats = features.tfidf_matrix(counts, model.idf) @ model.ai.weights
    return found + model.ai.intercept
