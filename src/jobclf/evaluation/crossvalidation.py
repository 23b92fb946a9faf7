"""A recipe judged by leak-free folds, or a model as it is, and what more postings would give."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.counts import Floats
from jobclf.classifier.heads import calibrated, log_odds
from jobclf.classifier.model import RoleModel
from jobclf.errors import DatasetError, Reason
from jobclf.evaluation import baselines, metrics
from jobclf.evaluation.against import compare
from jobclf.evaluation.measurement import HeldOut, summarize
from jobclf.evaluation.results import EvaluationReport, Step
from jobclf.roles import Role
from jobclf.text.tokens import normalize
from jobclf.training import calibration, features, fitting, overlap, recipe
from jobclf.training.dataset import LabeledPostings
from jobclf.training.splits import Split, grouped_folds

FOLDS = 5
CURVE = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def evaluate(
    postings: LabeledPostings,
    prior: RoleModel,
    *,
    model: RoleModel | None = None,
    against: RoleModel | None = None,
    prevalence: float | None = None,
    folds: int = FOLDS,
    min_df: int = recipe.MIN_DF,
    curve: bool = False,
    progress: recipe.Progress = recipe.silent,
) -> EvaluationReport:
    """Measure the recipe by cross-validation from a prior, or a model as it is.

    `against` is another model that `model` is compared with. The probabilities of scope are for
    the share `prevalence` of the two roles, or for that of what they are calibrated on.
    """
    recipe.check_roles(postings)
    postings = not_learned(postings, *(each for each in (model or prior, against) if each))
    splits = grouped_folds(postings, folds)
    if model is None:
        prepared = recipe.prepare(postings.normal, prior, min_df=min_df)
        found = cross_validated(postings, prior, prepared, splits, progress)
        steps = _curve(postings, prior, prepared, splits, progress) if curve else ()
        method = f"the recipe, cross-validated from the prior {prior.card.name}"
    else:
        progress("scoring")
        found, steps = _as_it_is(postings, model), ()
        method = f"the model {model.card.name} as it is"
    if prevalence is not None:
        found = _expecting(found, postings, model, prevalence)
    others = baselines.held_out(postings, splits, progress)
    progress("measuring")
    report = summarize(postings, found, others, splits, method=method, curve=steps)
    if model is None or against is None:
        return report
    compared = compare(postings, model.expecting(prevalence), against.expecting(prevalence))
    return replace(report, against=compared)


def not_learned(postings: LabeledPostings, *models: RoleModel) -> LabeledPostings:
    """Return the postings with those out of what is judged that a model has learned from.

    Raises
    ------
    DatasetError
        Where a model has learned from exactly these, or too few are left to judge.
    """
    remedy = "name other postings, or a prior that has not learned from them"
    for learned in models:
        if learned.card.digest == postings.digest:
            fact = f"the model {learned.card.name} was learned from exactly these postings"
            raise DatasetError(f"{fact}, so they measure its memory", remedy, reason=Reason.OVERLAP)
    postings = overlap.unseen(postings, *models)
    if postings.gold.all():
        return postings
    try:
        recipe.check_roles(postings.part(np.flatnonzero(postings.gold)))
    except DatasetError as error:
        fact = "; ".join([*postings.notes, error.fact])
        raise DatasetError(fact, remedy, reason=Reason.OVERLAP) from None
    return postings


def _expecting(
    found: HeldOut, postings: LabeledPostings, model: RoleModel | None, prevalence: float
) -> HeldOut:
    """Return probabilities of scope for another share of the two roles."""
    if model is None:
        within = np.array(postings.roles)[postings.gold] != Role.OTHER
        known = float(within.mean())
    else:
        known = model.expecting(prevalence).scope.prevalence
    if not 0.0 < known < 1.0:
        return found
    sure = np.clip(found.scope_probability, 1e-9, 1.0 - 1e-9)
    logits = np.log(sure / (1.0 - sure)) + log_odds(prevalence) - log_odds(known)
    return replace(found, scope_probability=1.0 / (1.0 + np.exp(-logits)))


def cross_validated(
    postings: LabeledPostings,
    prior: RoleModel,
    prepared: recipe.Prepared,
    splits: Sequence[Split],
    progress: recipe.Progress = recipe.silent,
) -> HeldOut:
    """Learn one model from each fold and score what it has not seen, calibrated across folds."""
    changed, normal = _untitled(postings)
    hidden_counts = features.count_matrix(normal, prepared.start.terms)
    row = np.cumsum(changed) - 1
    scores = np.full((len(postings), 2), np.nan)
    hidden = scores.copy()
    for fold in recipe.fold_models(prepared, postings, splits, progress=progress):
        scores[fold.held_out] = fold.scores
        hidden[fold.held_out] = fold.scores
        new = fold.held_out[changed[fold.held_out]]
        if len(new):
            counts = hidden_counts[row[new]][:, fold.columns]
            hidden[new] = fitting.raw_scores(fold.model, counts)
    probabilities = calibration.cross_calibrated(scores, postings, prior, splits)
    without = calibration.cross_calibrated(hidden, postings, prior, splits)
    return HeldOut(probabilities[:, 0], probabilities[:, 1], without[:, 0])


def _as_it_is(postings: LabeledPostings, model: RoleModel) -> HeldOut:
    def scored(normal: Sequence[str]) -> tuple[Floats, Floats]:
        scores = fitting.raw_scores(model, features.count_matrix(normal, model.terms))
        return calibrated(scores[:, 0], model.role), calibrated(scores[:, 1], model.scope)

    role_probability, scope_probability = scored(postings.normal)
    changed, normal = _untitled(postings)
    without = role_probability.copy()
    if normal:
        without[changed] = scored(normal)[0]
    return HeldOut(role_probability, scope_probability, without)


def _untitled(postings: LabeledPostings) -> tuple[NDArray[np.bool_], list[str]]:
    """Return which postings have a line with their title, and those normalised without it."""
    texts = postings.untitled_texts
    changed = np.array([a != b for a, b in zip(texts, postings.texts, strict=True)], dtype=bool)
    return changed, [normalize(texts[at]) for at in np.flatnonzero(changed)]


def _curve(
    postings: LabeledPostings,
    prior: RoleModel,
    prepared: recipe.Prepared,
    splits: Sequence[Split],
    progress: recipe.Progress,
) -> tuple[Step, ...]:
    """Learn from ever more of each fold's postings, drawn at random."""
    random = np.random.default_rng(0)
    orders = [random.permutation(fit) for fit, _ in splits]
    most = min(len(order) for order in orders)
    sizes = [size for size in CURVE if size < most] + [most]
    roles = np.array(postings.roles)
    steps = []
    for size in sizes:
        progress(f"learning from {size} postings")
        part = [
            (order[:size], held_out) for order, (_, held_out) in zip(orders, splits, strict=True)
        ]
        scores = np.full((len(postings), 2), np.nan)
        for fold in recipe.fold_models(prepared, postings, part):
            scores[fold.held_out] = fold.scores
        # Not calibrated: the labels of the other folds are more than a step has learned from.
        role_probability = calibrated(scores[:, 0], prior.role)
        among = postings.gold & (roles != Role.OTHER)
        truth = roles[among] == Role.ML_ENGINEER
        steps.append(
            Step(
                size,
                metrics.bootstrap(
                    metrics.accuracy, truth, role_probability[among], postings.groups[among]
                ),
            )
        )
    return tuple(steps)
