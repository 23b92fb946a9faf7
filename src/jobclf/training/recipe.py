"""The recipe: a prior, terms, two heads, calibration."""

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobclf import __version__
from jobclf.classifier.counts import Floats
from jobclf.classifier.model import UNNAMED, ModelCard, RoleModel
from jobclf.errors import DatasetError, Reason, printable
from jobclf.roles import Role
from jobclf.training import calibration, overlap
from jobclf.training.dataset import LabeledPostings
from jobclf.training.fitting import ai_scores, fitted_model, raw_scores, taken
from jobclf.training.priors import STRENGTH, Start, started
from jobclf.training.splits import MIN_GROUPS, Split, grouped_folds, min_groups

Progress = Callable[[str], None]

FOLDS = 5
MIN_HELD_OUT = 5  # postings of each role from which on some are held out to judge a model by
MIN_DF = 2  # postings a new term must stand in
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


def train(
    postings: LabeledPostings,
    prior: RoleModel,
    *,
    name: str = UNNAMED,
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
    prepared = prepare(postings.normal, prior, min_df=min_df, C=C)
    enough = min(map(postings.roles.count, (Role.DATA_SCIENTIST, Role.ML_ENGINEER)))
    varied = enough >= MIN_HELD_OUT and min_groups(postings) >= MIN_GROUPS
    splits = grouped_folds(postings, FOLDS) if calibrate and varied else []
    scores = np.full((len(postings), 2), np.nan)
    ai = np.full(len(postings), np.nan)
    for fold in fold_models(
        prepared, postings, splits, max_features=max_features, progress=progress
    ):
        scores[fold.held_out] = fold.scores
        ai[fold.held_out] = fold.ai
    progress("fitting on everything")
    model, _ = fitted_model(prepared.start, prepared.counts, postings, max_features)
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
    learned = overlap.joined(prior.learned, postings.marks)
    return Trained(replace(model, card=card, learned=learned), held_out)


@dataclass(frozen=True)
class Prepared:
    """Postings counted once, to be learned from in many parts."""

    start: Start
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
    normal: Sequence[str], prior: RoleModel, *, min_df: int = MIN_DF, C: float = STRENGTH
) -> Prepared:
    """Count the terms of all normalised texts and of a prior, for `fold_models`."""
    start, counts = started(normal, prior, min_df, C)
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
        part = Start(
            terms=tuple(start.terms[at] for at in seen),
            idf=start.idf[seen],
            role=taken(start.role, seen),
            scope=taken(start.scope, seen),
            kinds=start.kinds[seen],
            ai=None if start.ai is None else taken(start.ai, seen),
            titles=start.titles,
            C=start.C,
        )
        model, kept = fitted_model(part, counts[:, seen], postings.part(fit), max_features)
        gold = prepared.counts[held_out][:, seen[kept]]
        yield Fold(model, held_out, raw_scores(model, gold), ai_scores(model, gold), seen[kept])


def check_roles(postings: LabeledPostings, least: int = MIN_HELD_OUT) -> None:
    """Refuse postings that hold fewer of either role than are needed."""
    for role in (Role.DATA_SCIENTIST, Role.ML_ENGINEER):
        count = postings.roles.count(role)
        if count < least:
            raise DatasetError(
                f"there are {count} postings of {role} and {least} are needed",
                "label more",
                reason=Reason.TOO_FEW,
            )


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
