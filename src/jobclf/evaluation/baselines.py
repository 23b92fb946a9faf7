"""What any model must beat on the same folds: majority, titles, seeds, plain pipelines."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.counts import Floats
from jobclf.roles import Role
from jobclf.text.vocabulary import load as load_seeds
from jobclf.training import features
from jobclf.training.dataset import LabeledPostings
from jobclf.training.splits import Split

MAJORITY = "commoner role"
TITLE = "title alone"
SEEDS = "seeds alone"
REGRESSION = "TF-IDF + LogisticRegression"
VECTORS = "TF-IDF + LinearSVC, sigmoid"
LEAST_WEIGHT = 0.5  # of a label that a baseline learns from: less sure ones would harm it
_SMOOTHING = 1.0  # postings of either role that a title's claim is taken to have met already


def held_out(
    postings: LabeledPostings,
    splits: Sequence[Split],
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Floats]:
    """Return each baseline's held-out probability of the ML Engineer, shape (postings,).

    Only judged postings are answered, the others are NaN. They learn from what is in scope and
    labelled surely; the plain pipelines are scikit-learn's as they come, over words and pairs of
    words of the same texts.
    """
    roles = np.array(postings.roles)
    role_probability = roles == Role.ML_ENGINEER
    usable = (roles != Role.OTHER) & (postings.weights >= LEAST_WEIGHT)
    claimed, seeds = postings.claims, seed_scores(postings.normal)
    texts = np.array(postings.texts, dtype=object)
    names = (MAJORITY, TITLE, SEEDS, REGRESSION, VECTORS)
    found = {name: np.full(len(postings), np.nan) for name in names}
    for number, (fit, asked) in enumerate(splits, 1):
        progress(f"baselines, fold {number} of {len(splits)}")
        use = fit[usable[fit]]
        gold = asked[postings.gold[asked]]
        target = role_probability[use]
        found[MAJORITY][gold] = target.mean()
        found[TITLE][gold] = _by_claim(claimed[use], target, claimed[gold])
        found[SEEDS][gold] = _sigmoid(seeds[use], target, seeds[gold])
        vectorizer = _vectorizer()
        known, unknown = vectorizer.fit_transform(texts[use]), vectorizer.transform(texts[gold])
        for name, estimator in ((REGRESSION, _regression()), (VECTORS, _vectors(target))):
            found[name][gold] = estimator.fit(known, target).predict_proba(unknown)[:, 1]
    return found


def seed_scores(normal: Sequence[str]) -> Floats:
    """Return how far the seeds in each normalised text speak for the ML Engineer, from -1 to 1."""
    seeds = load_seeds()
    terms = features.seed_terms(seeds)
    signs = features.seed_signs(seeds, terms)
    present = features.count_matrix(normal, terms).sign()
    scores: Floats = present @ signs / np.maximum(1.0, present @ np.abs(signs))
    return scores


def _by_claim(known: Floats, target: NDArray[np.bool_], asked: Floats) -> Floats:
    """Return the share of ML Engineers among the known postings whose title claims the same."""
    shares = np.full(len(asked), target.mean())
    for claim in (-1.0, 1.0):
        same = target[known == claim]
        shares[asked == claim] = (same.sum() + _SMOOTHING) / (len(same) + 2.0 * _SMOOTHING)
    return shares


def _sigmoid(known: Floats, target: NDArray[np.bool_], asked: Floats) -> Floats:
    estimator = _regression().fit(known[:, None], target)
    found: Floats = estimator.predict_proba(asked[:, None])[:, 1]
    return found


def _vectorizer() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(ngram_range=(1, 2))


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression()


def _vectors(target: NDArray[np.bool_]) -> Any:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import LinearSVC

    min_df = int(min(target.sum(), (~target).sum()))
    return CalibratedClassifierCV(LinearSVC(random_state=0), method="sigmoid", cv=min(5, min_df))
