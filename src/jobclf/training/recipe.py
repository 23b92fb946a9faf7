"""The recipe: a prior, terms, two heads, calibration."""

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from jobclf import __version__
from jobclf.classifier.heads import Head, ScopeHead, TitleHead, scope_log_odds
from jobclf.classifier.kernel import Floats
from jobclf.classifier.model import ModelCard, RoleModel
from jobclf.errors import DatasetError, printable
from jobclf.roles import Role
from jobclf.text.vocabulary import Seeds
from jobclf.text.vocabulary import load as load_seeds
from jobclf.training import calibration, features
from jobclf.training.dataset import LabeledPostings
from jobclf.training.logistic import PriorLogisticRegression, fit_families
from jobclf.training.splits import LEAST_GROUPS, Split, fewest_groups, grouped_folds

Progress = Callable[[str], None]
_Part = TypeVar("_Part", Head, ScopeHead)

# Measured by `python -m benchmarks.accuracy`: see the model card.
STRENGTH = 10.0  # C, the inverse strength of the penalty on weights that nothing is known of
SEED_WEIGHT = 0.7  # prior mean of a seed's weight on the role head
FOLDS = 5
MIN_HELD_OUT = 5  # postings of each role from which on some are held out to judge a model by
MIN_UNLABELED = 50  # postings that a prior can teach itself on
MIN_DF = 2  # postings a new term must stand in
LOOSER = 6.0  # how much weaker the penalty is where only noisy labels speak
ONE_FAMILY = ("other",)  # of work that is neither role's, where no more is known of it
TERMS_A_POSTING = 20  # terms that a posting learned from can carry
LEAST_AI = 20  # postings of applications of language models from which on they are told apart
FIRM = 1e9  # precision of an intercept that a few postings must not move
ROUGH, FINE = 30, 80  # steps of fitting
MAX_FEATURES = 14_000  # terms kept in a model that did not come with its prior


@dataclass(frozen=True)
class Trained:
    """A model, and what its folds said of postings they had not seen.

    `held_out` has the shape (postings, 2): the probabilities of ML Engineer and of scope, each fold
    calibrated on the others; None where there were too few postings to hold any out.
    """

    model: RoleModel
    held_out: Floats | None


def silent(_: str) -> None:
    """Show no progress."""


def seed_model(
    seeds: Seeds,
    terms: Sequence[str] = (),
    families: tuple[str, ...] = ONE_FAMILY,
    *,
    C: float = STRENGTH,
) -> RoleModel:
    """Return the model that knows the article and nothing else.

    `terms` are other terms that people use, without labels: those that are forms of a seed join in.
    `families` are the kinds of other work that what is learned from it will tell apart.
    """
    own = dict.fromkeys(features.seed_terms(seeds))
    everything = sorted(own | dict.fromkeys(terms))
    signs = features.seed_signs(seeds, everything)
    kept = [term for term, sign in zip(everything, signs, strict=True) if sign or term in own]
    kinds = features.seed_kinds(seeds, kept)
    role = SEED_WEIGHT * features.signs(kinds)
    flat = np.full(len(kept), 1.0 / C)
    return RoleModel(
        terms=tuple(kept),
        idf=np.ones(len(kept)),
        role=Head(weights=role, precision=flat, intercept=0.0),
        scope=ScopeHead(
            families=families,
            weights=np.zeros((len(kept), len(families))),
            precision=np.full((len(kept), len(families)), 1.0 / C),
            intercepts=np.zeros(len(families)),
            intercept_precision=np.zeros(len(families)),
        ),
        card=ModelCard("seeds", "", "nothing", {}, ""),
        kinds=kinds.tobytes(),
    )


@dataclass(frozen=True)
class _Start:
    """A prior model over its own terms and new ones, in the order of `terms`.

    The idf of a term is NaN where the prior has not learned one.
    """

    terms: tuple[str, ...]
    idf: Floats
    role: Head
    scope: ScopeHead
    kinds: NDArray[np.uint8]  # of which seeds each term is a form
    ai: Head | None = None
    titles: TitleHead | None = None
    C: float = STRENGTH

    @property
    def signs(self) -> Floats:
        """What the seeds say of each term, for pruning: seeds always stay."""
        return features.signs(self.kinds)


def train(
    postings: LabeledPostings,
    prior: RoleModel,
    *,
    name: str = "jobclf",
    date: str = "",
    min_df: int = MIN_DF,
    max_features: int = MAX_FEATURES,
    C: float = STRENGTH,
    calibrate: bool = True,
    progress: Progress = silent,
) -> Trained:
    """Learn both heads from labelled postings, starting from the weights of a prior model.

    One posting of each role will do, but then nothing is held out: the model keeps the calibration
    of its prior and is not judged. So it is where all postings of a role share one group, and
    without `calibrate`. `C` is the inverse strength of the penalty on weights that the prior does
    not know; those it knows it holds by its own precision.
    """
    check_roles(postings, 1)
    progress(f"counting the terms of {len(postings)} postings")
    prepared = prepare(postings.texts, prior, min_df=min_df, C=C)
    enough = min(map(postings.roles.count, (Role.DATA_SCIENTIST, Role.ML_ENGINEER)))
    varied = enough >= MIN_HELD_OUT and fewest_groups(postings) >= LEAST_GROUPS
    splits = grouped_folds(postings, FOLDS) if calibrate and varied else []
    scores = np.full((len(postings), 2), np.nan)
    ai = np.full(len(postings), np.nan)
    for fold in fold_models(
        prepared, postings, splits, max_features=max_features, progress=progress
    ):
        scores[fold.held_out] = fold.scores
        ai[fold.held_out] = fold.ai
    progress("fitting on everything")
    model, _ = _learned(prepared.start, prepared.counts, postings, max_features)
    held_out = None
    if splits:
        within, everything = postings.in_scope, np.ones(len(postings), dtype=bool)
        model = replace(
            model,
            role=calibration.with_title(
                calibration.recalibrated(
                    model.role, scores[:, 0], postings.is_ml_engineer, within, postings.gold
                ),
                scores[:, 0],
                postings,
            ),
            scope=calibration.recalibrated(
                model.scope, scores[:, 1], within, everything, postings.gold
            ),
            ai=calibration.calibrated_ai(model.ai, ai, postings),
        )
        model = replace(
            model,
            titles=calibration.title_head(scores, postings, model),
            scope=calibration.with_prevalence(model.scope, prior.scope, postings),
        )
        held_out = calibration.cross_calibrated(scores, postings, prior, splits)
    card = ModelCard(
        name=printable(name)[:100],
        trained=date,
        prior=prior.card.name,
        postings=postings.counts(),
        digest=postings.digest,
        versions=_versions(),
    )
    return Trained(replace(model, card=card), held_out)


@dataclass(frozen=True)
class Prepared:
    """Postings counted once, to be learned from in many parts."""

    start: _Start
    counts: Any  # CSR matrix, shape (postings, terms of the start)
    own: NDArray[np.bool_]  # which terms the prior has; the rest must be frequent in each part
    min_df: int


@dataclass(frozen=True)
class Fold:
    """A model learned without the held-out postings, and their raw scores, shape (held out, 2)."""

    model: RoleModel
    held_out: NDArray[np.int64]
    scores: Floats
    ai: Floats  # raw scores of applications of language models, shape (held out,)
    columns: NDArray[np.int64]  # of the prepared counts that are the model's terms


def prepare(
    texts: Sequence[str], prior: RoleModel, *, min_df: int = MIN_DF, C: float = STRENGTH
) -> Prepared:
    """Count the terms of all texts and of a prior, for `fold_models`."""
    start, counts = _prepared(texts, prior, min_df, C)
    known = set(prior.terms)
    return Prepared(start, counts, np.array([term in known for term in start.terms]), min_df)


def fold_models(
    prepared: Prepared,
    postings: LabeledPostings,
    splits: Sequence[Split],
    *,
    max_features: int = MAX_FEATURES,
    progress: Progress = silent,
) -> Iterator[Fold]:
    """Learn one model from the first part of each split and score the second.

    A model knows the prior's terms and those of its own part: nothing of what is held out.
    """
    start = prepared.start
    for number, (fit, held_out) in enumerate(splits, 1):
        progress(f"fold {number} of {len(splits)}")
        counts = prepared.counts[fit]
        frequent = np.bincount(counts.indices, minlength=counts.shape[1]) >= prepared.min_df
        seen = np.flatnonzero(frequent | prepared.own)
        part = _Start(
            terms=tuple(start.terms[at] for at in seen),
            idf=start.idf[seen],
            role=_only(start.role, seen),
            scope=_only(start.scope, seen),
            kinds=start.kinds[seen],
            ai=None if start.ai is None else _only(start.ai, seen),
            titles=start.titles,
            C=start.C,
        )
        model, kept = _learned(part, counts[:, seen], postings.part(fit), max_features)
        gold = prepared.counts[held_out][:, seen[kept]]
        yield Fold(model, held_out, raw_scores(model, gold), ai_scores(model, gold), seen[kept])


def train_unlabeled(
    texts: Sequence[str], prior: RoleModel, *, min_df: int | None = None, rounds: int = 4
) -> RoleModel:
    """Learn the role head without any label: the prior labels the postings it is surest of.

    The first round goes by which share of the seeds in a text is the ML Engineer's; each round
    fits the head to the surest 70 % by the round before, half of them of either role. So about
    half of the texts should be of either. A term must stand in `min_df` of them, by default one
    in a hundred, 2 at least and 20 at most.
    """
    if len(texts) < MIN_UNLABELED:
        raise DatasetError(
            f"there are {len(texts)} unlabelled postings and {MIN_UNLABELED} are needed; "
            "give more, or none"
        )
    if min_df is None:
        min_df = min(20, max(2, len(texts) // 100))
    start, counts = _prepared(texts, prior, min_df)
    idf = _known_or_counted(start.idf, counts)
    matrix = features.tfidf_matrix(counts, idf)
    present = counts.sign()
    scores = present @ start.signs / np.maximum(1.0, present @ np.abs(start.signs))
    head = start.role
    for _ in range(rounds):
        low, high = np.quantile(scores, [0.35, 0.65])
        sure = (scores <= low) | (scores >= high)
        head = _fitted(start.role, matrix[sure], scores[sure] >= high, np.full(sure.sum(), 0.2))
        scores = matrix @ head.weights + head.intercept
    # It counts as learned, so that what is trained on top keeps its idf and firm weights.
    name = f"{prior.card.name} and {len(texts)} unlabelled postings"
    card = replace(prior.card, name=name, postings={"unlabelled": len(texts)})
    return RoleModel(start.terms, idf, head, start.scope, card, start.kinds.tobytes())


def check_roles(postings: LabeledPostings, least: int = MIN_HELD_OUT) -> None:
    """Refuse postings that hold fewer of either role than are needed."""
    for role in (Role.DATA_SCIENTIST, Role.ML_ENGINEER):
        count = postings.roles.count(role)
        if count < least:
            raise DatasetError(
                f"there are {count} postings of {role} and {least} are needed; label more"
            )


def _prepared(
    texts: Sequence[str], prior: RoleModel, min_df: int, C: float = STRENGTH
) -> tuple[_Start, Any]:
    """Return the prior over its terms and the new ones of the texts, and the texts' counts."""
    new = features.select_terms(texts, min_df=min_df)
    terms = tuple(sorted(dict.fromkeys(prior.terms) | dict.fromkeys(new)))
    place = {term: at for at, term in enumerate(terms)}
    places = np.array([place[term] for term in prior.terms])
    kinds = features.seed_kinds(load_seeds(), terms)
    fresh = np.zeros(len(terms))
    if not prior.card.postings:  # the prior is the article itself: every form of a seed is one
        fresh = SEED_WEIGHT * features.signs(kinds)
    idf = np.full(len(terms), np.nan)
    if prior.card.postings:
        idf[places] = prior.idf
    start = _Start(
        terms=terms,
        idf=idf,
        role=_spread(prior.role, places, fresh, C),
        scope=_spread(prior.scope, places, np.zeros((len(terms), len(prior.scope.families))), C),
        kinds=kinds,
        ai=None if prior.ai is None else _spread(prior.ai, places, np.zeros(len(terms)), C),
        titles=prior.titles,
        C=C,
    )
    return start, features.count_matrix(texts, terms)


def _spread(head: _Part, places: NDArray[np.int64], weights: Floats, C: float) -> _Part:
    weights = weights.copy()
    weights[places] = head.weights
    precision = np.full(weights.shape, 1.0 / C)
    precision[places] = head.precision
    return replace(head, weights=weights, precision=precision)


def _learned(
    start: _Start, counts: Any, postings: LabeledPostings, max_features: int
) -> tuple[RoleModel, NDArray[np.int64]]:
    """Fit both heads, drop the terms that matter least, fit again; return the columns kept."""
    kept = np.arange(len(start.terms))
    idf = _known_or_counted(start.idf, counts)
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
            _only(start.role, kept), _only(start.scope, kept), counts[:, kept], idf, postings
        )
    terms = tuple(start.terms[at] for at in kept)
    card = ModelCard("untitled", "", "", postings.counts(), postings.digest)
    known = None if start.ai is None else _only(start.ai, kept)
    ai = _fitted_ai(known, counts[:, kept], idf, postings, start.C)
    seeded = start.kinds[kept].tobytes()
    return RoleModel(terms, idf, role, scope, card, seeded, start.titles, ai), kept


def _only(head: _Part, kept: NDArray[np.int64]) -> _Part:
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


def _fitted_ai(
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
    return _fitted(prior, matrix, target[known], np.ones(int(known.sum())))


def _fitted_scope(
    prior: ScopeHead, matrix: Any, postings: LabeledPostings, steps: int
) -> ScopeHead:
    """Fit what tells either role from other work, all labels at once.

    Of what family a posting is that is neither role's, its title tells; else it may be of any.
    """
    within = postings.in_scope
    if within.all() or not within.any():
        return prior
    named = np.char.replace(postings.families.astype(np.str_), " ", "_")
    unnamed = ~np.isin(named, prior.families)
    families = [(named == family) | unnamed for family in prior.families]
    weights, intercepts, probabilities = fit_families(
        matrix,
        np.stack([within, *(~within & each for each in families)], axis=1),
        postings.weights,
        prior_mean=prior.weights,
        prior_precision=prior.precision,
        intercept_mean=prior.intercepts,
        intercept_precision=np.full_like(prior.intercepts, FIRM)
        if prior.calibrated_on >= calibration.WELL_CALIBRATED
        else prior.intercept_precision,
        max_iter=steps,
    )
    information = postings.weights[:, None] * (probabilities * (1.0 - probabilities))[:, 1:]
    return replace(
        prior,
        weights=weights,
        precision=prior.precision + matrix.multiply(matrix).T @ information,
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
        guess = _fitted(loose, matrix[noisy], target[noisy], postings.weights[noisy])
        prior = replace(prior, weights=guess.weights, intercept=guess.intercept)
    sure = among & ~postings.noisy
    return _fitted(prior, matrix[sure], target[sure], postings.weights[sure])


def _fitted(prior: Head, matrix: Any, target: NDArray[np.bool_], weights: Floats) -> Head:
    """Fit one head; what the postings say of each weight is added to its precision."""
    if target.all() or not target.any():
        return prior  # nothing to learn from one side alone
    founded = prior.calibrated_on >= calibration.WELL_CALIBRATED
    estimator = PriorLogisticRegression(
        prior_mean=prior.weights,
        prior_precision=prior.precision,
        intercept_mean=prior.intercept,
        intercept_precision=FIRM if founded else prior.intercept_precision,
    ).fit(matrix, target, sample_weight=weights)
    certain = estimator.predict_proba(matrix)[:, 1]
    information = weights * certain * (1.0 - certain)
    return replace(
        prior,
        weights=estimator.coef_[0],
        precision=prior.precision + matrix.multiply(matrix).T @ information,
        intercept=float(estimator.intercept_[0]),
        intercept_precision=prior.intercept_precision + float(information.sum()),
    )


def _known_or_counted(idf: Floats, counts: Any) -> Floats:
    return np.where(np.isnan(idf), features.inverse_document_frequency(counts), idf)


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


def _versions() -> dict[str, str]:
    import nltk
    import sklearn

    return {
        "jobclf": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
        "nltk": nltk.__version__,
    }
