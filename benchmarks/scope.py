"""What is kept of the two roles and refused of other work, by the mix that probabilities hold for.

usage: python -m benchmarks.scope CORPORA

Held-out probabilities of the text alone, grouped folds, by labels from content: postings drawn at
random and typical ones of other titles, and the near misses written for the project with their
neighbours in scope. Then how often answers of each grade are right at the default mix, and what is
refused of each kind of other work where 95 % of the two roles are kept, by the text alone and with
titles, weighed in the other folds. The recipe is that of `jobclf.joblib`; `benchmarks.fresh` judges
a model.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora
from benchmarks.train_base import MIN_DF
from jobclf.classifier.heads import PREVALENCE, log_odds
from jobclf.classifier.model import RoleModel
from jobclf.evaluation import metrics
from jobclf.evaluation.measurement import KEPT
from jobclf.roles import GRADES, Role
from jobclf.text import vocabulary
from jobclf.training import calibration, priors, recipe
from jobclf.training.dataset import LabeledPostings
from jobclf.training.splits import Split, grouped_folds

MIXES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_BEGUN = time.perf_counter()


def main(folder: str) -> None:
    """Print both tables."""
    corpus = corpora.load(Path(folder), own=True)
    postings = corpus.postings
    prior = priors.seed_model(vocabulary.load(), families=corpora.FAMILIES)
    prepared = recipe.prepare(postings.normal, prior, min_df=MIN_DF)
    splits = grouped_folds(postings, recipe.FOLDS)
    scores = np.full((len(postings), 2), np.nan)
    for fold in recipe.fold_models(prepared, postings, splits, progress=_say):
        scores[fold.held_out] = fold.scores
    report(corpus, scores, splits, prior)


def report(
    corpus: corpora.Corpus, scores: NDArray[np.float64], splits: Sequence[Split], prior: RoleModel
) -> None:
    """Print what held-out raw scores, shape (postings, 2), come to."""
    postings = corpus.postings
    role, scope = calibration.cross_calibrated(scores, postings, prior, splits).T
    typical = np.isin(corpus.why, corpora.TYPICAL)
    written = corpus.why == "own"
    calibrated_for = float(postings.in_scope[postings.gold].mean())
    print(f"calibrated where {calibrated_for:.3f} are of either role")
    print("mix   both roles kept   other work refused   near misses refused   neighbours kept")
    for mix in MIXES:
        neither = _answers(role, _shifted(scope, calibrated_for, mix)) == 2
        rows = (
            ~neither[typical & postings.in_scope],
            neither[typical & ~postings.in_scope],
            neither[written & ~postings.in_scope],
            ~neither[written & postings.in_scope],
        )
        print(f"{mix:.1f}   " + "   ".join(f"{row.mean():.3f} (n {len(row)})" for row in rows))
    _grades(corpus, role, _shifted(scope, calibrated_for, PREVALENCE), typical)
    _kinds(corpus, scope, "by the text alone")
    _kinds(corpus, _titled(scores, postings, splits, prior), "with titles")


def _titled(
    scores: NDArray[np.float64],
    postings: LabeledPostings,
    splits: Sequence[Split],
    prior: RoleModel,
) -> NDArray[np.float64]:
    """Return the log odds of scope with titles, each fold by what kinds add in the others."""
    found = np.full(len(postings), np.nan)
    everything = np.ones(len(postings), dtype=bool)
    for _, held_out in splits:
        others = scores.copy()
        others[held_out] = np.nan
        known = everything & ~np.isnan(others[:, 0])
        head = calibration.title_head(others, postings, prior)
        plain = calibration.platt(
            prior.scope, np.nan_to_num(others[:, 1]), postings.in_scope, known, postings.gold
        )
        for at in held_out.tolist():
            raw = scores[at, 1]
            place = head.place(postings.titles[at]) if head is not None else None
            found[at] = (
                plain.slope * raw + plain.offset
                if head is None or place is None
                else head.scope_slope * raw + head.scope_offset + head.scope[place]
            )
    return found


def _kinds(corpus: corpora.Corpus, scope: NDArray[np.float64], name: str) -> None:
    """Print AUC, and what is refused of each kind of other work where 95 % are kept."""
    postings = corpus.postings
    gold, within = postings.gold, postings.in_scope
    auc = metrics.bootstrap(metrics.auc, within[gold], scope[gold], postings.groups[gold])
    print(f"\nscope {name}: AUC {auc}; where {KEPT:.0%} of the two roles are kept, refused")
    threshold = np.quantile(scope[gold & within], 1.0 - KEPT)
    kinds = np.where(postings.families == "", "other", postings.families)
    for kind in sorted(set(kinds[gold & ~within].tolist())):
        refused = scope[gold & ~within & (kinds == kind)] < threshold
        low, high = metrics.wilson(float(refused.mean()), len(refused))
        print(f"  {kind:20} {refused.mean():.3f} ({low:.3f} to {high:.3f})  n {len(refused)}")


def _grades(
    corpus: corpora.Corpus,
    role: NDArray[np.float64],
    scope: NDArray[np.float64],
    among: NDArray[np.bool_],
) -> None:
    """Print how often the answers of each grade are right."""
    shares = _three(role, scope)
    answer, sure = shares.argmax(axis=1), shares.max(axis=1)
    order = [Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.NEITHER]
    right = answer == np.array([order.index(each) for each in corpus.postings.roles])
    print(f"\nright by grade, at a mix of {PREVALENCE}")
    highest = 1.01
    for least, name in GRADES:
        these = among & (sure >= least) & (sure < highest)
        low, high = metrics.wilson(float(right[these].mean()), int(these.sum()))
        print(f"{name:16} {right[these].mean():.3f} ({low:.3f} to {high:.3f})  n {these.sum()}")
        highest = least


def _three(role: NDArray[np.float64], scope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities of Data Scientist, ML Engineer and neither."""
    return np.stack([scope * (1.0 - role), scope * role, 1.0 - scope], axis=1)


def _answers(role: NDArray[np.float64], scope: NDArray[np.float64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = _three(role, scope).argmax(axis=1)
    return found


def _shifted(scope: NDArray[np.float64], known: float, wanted: float) -> NDArray[np.float64]:
    sure = np.clip(scope, 1e-9, 1.0 - 1e-9)
    logits = np.log(sure / (1.0 - sure)) + log_odds(wanted) - log_odds(known)
    found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-logits))
    return found


def _say(step: str) -> None:
    print(f"{time.perf_counter() - _BEGUN:6.0f} s  {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
