"""What each part of the recipe adds: it is left out or changed, all else as it is.

usage: python -m benchmarks.ablations CORPORA

Cross-validated on the postings drawn at random from those titled as either role, by content, titles
hidden. The difference to the recipe is paired: the same postings, drawn anew by group.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora
from benchmarks.train_base import MIN_DF
from jobclf.evaluation import metrics
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.training import calibration, features, priors, recipe
from jobclf.training.dataset import LabeledPostings
from jobclf.training.splits import Split, grouped_folds

Scored = Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]
Variant = tuple[str, recipe.Prepared, LabeledPostings, int]


def main(folder: str) -> None:
    """Print a row for each variant."""
    begun = time.perf_counter()
    corpus = corpora.load(Path(folder))
    postings = corpus.postings
    prior = priors.seed_model(vocabulary.load(), families=corpora.FAMILIES)
    prepared = recipe.prepare(postings.normal, prior, min_df=MIN_DF)
    roles = np.array(postings.roles)
    gold = np.isin(corpus.why, corpora.TYPICAL)
    among = np.isin(corpus.why, corpora.RANDOM) & (roles != Role.OTHER)
    truth, groups = (roles == Role.ML_ENGINEER)[among], postings.groups[among]
    splits = grouped_folds(postings, recipe.FOLDS)
    reference: NDArray[np.float64] | None = None
    print(f"{'':34}{'accuracy':24}{'AUC':24}{'AUC in scope':24}difference in accuracy")
    for name, scored in _scored(prepared, postings, corpus, splits):
        scores = np.full((len(postings), 2), np.nan)
        for held_out, found in scored:
            scores[held_out] = found
        role_probability = calibration.cross_calibrated(scores, postings, prior, splits)[among, 0]
        reference = role_probability if reference is None else reference
        row = (
            metrics.bootstrap(metrics.accuracy, truth, role_probability, groups),
            metrics.bootstrap(metrics.auc, truth, role_probability, groups),
            metrics.bootstrap(
                metrics.auc,
                (roles != Role.OTHER)[gold],
                scores[gold, 1],
                postings.groups[gold],
            ),
            metrics.bootstrap_difference(
                metrics.accuracy, truth, (role_probability, reference), groups
            ),
        )
        print(f"{name:34}" + "".join(f"{measure!s:24}" for measure in row), flush=True)
        print(f"{time.perf_counter() - begun:6.0f} s  {name}", file=sys.stderr, flush=True)


def _scored(
    prepared: recipe.Prepared,
    postings: LabeledPostings,
    corpus: corpora.Corpus,
    splits: Sequence[Split],
) -> Iterator[tuple[str, Scored]]:
    for name, changed, labels, max_features in _variants(prepared, postings, corpus):
        folds = recipe.fold_models(changed, labels, splits, max_features=max_features)
        yield name, ((fold.held_out, fold.scores) for fold in folds)
    for strength in (3.0, 10.0):
        yield f"L1 alone, C = {strength:g}", _sparse(prepared, postings, splits, strength)


def _sparse(
    prepared: recipe.Prepared,
    postings: LabeledPostings,
    splits: Sequence[Split],
    strength: float,
) -> Scored:
    """Score with heads that an L1 penalty makes sparse: labels by content, no prior, no titles."""
    from sklearn.linear_model import LogisticRegression

    for fit, held_out in splits:
        counts = prepared.counts[fit]
        seen = np.flatnonzero(
            np.bincount(counts.indices, minlength=counts.shape[1]) >= prepared.min_df
        )
        idf = features.inverse_document_frequency(counts[:, seen])
        learned = features.tfidf_matrix(counts[:, seen], idf)
        gold = features.tfidf_matrix(prepared.counts[held_out][:, seen], idf)
        part = postings.part(fit)
        found = []
        everything = np.ones(len(part), dtype=bool)
        for target, among in ((part.is_ml_engineer, part.in_scope), (part.in_scope, everything)):
            use = among & ~part.noisy
            head = LogisticRegression(C=strength, penalty="l1", solver="liblinear")
            head.fit(learned[use], target[use], sample_weight=part.weights[use])
            found.append(head.decision_function(gold))
        yield held_out, np.stack(found, axis=1)


def _variants(
    prepared: recipe.Prepared, postings: LabeledPostings, corpus: corpora.Corpus
) -> Iterator[Variant]:
    terms = recipe.MAX_FEATURES
    roles = np.array(postings.roles)
    yield "the recipe", prepared, postings, terms
    untitled = np.where(postings.noisy, 1e-9, postings.weights)
    yield "without titles", prepared, replace(postings, weights=untitled), terms
    at_once = replace(postings, noisy=np.zeros(len(postings), dtype=bool))
    yield "titles and content at once", prepared, at_once, terms
    even = np.where(corpus.confidence == 1, 1.0, postings.weights)
    yield "coin flips count in full", prepared, replace(postings, weights=even), terms
    role, scope = prepared.start.role, prepared.start.scope
    alone = replace(
        scope,
        families=priors.ONE_FAMILY,
        weights=scope.weights[:, :1],
        precision=scope.precision[:, :1],
        intercepts=scope.intercepts[:1],
        intercept_precision=scope.intercept_precision[:1],
    )
    yield "one family of other work", _with(prepared, scope=alone), postings, terms
    unseeded = replace(role, weights=np.zeros(len(role.weights)))
    yield "without seeds", _with(prepared, role=unseeded), postings, terms
    for strength in (1.0, 100.0):
        changed = _with(
            prepared,
            role=replace(role, precision=np.full_like(role.precision, 1.0 / strength)),
            scope=replace(scope, precision=np.full_like(scope.precision, 1.0 / strength)),
        )
        yield f"C = {strength:g} for {priors.STRENGTH:g}", changed, postings, terms
    for most in (4_000, 7_000, 40_000):
        yield f"{most:,} terms for {terms:,}", prepared, postings, most
    yield "each term counts once", replace(prepared, counts=prepared.counts.sign()), postings, terms
    yield "single words", _single(prepared), postings, terms
    yield "stems for words", _stemmed(prepared), postings, terms
    yield "sources weigh more alike", prepared, _even(postings, corpus.sources), terms
    yield "the three classes weigh alike", prepared, _even(postings, roles, 1.0), terms


def _with(prepared: recipe.Prepared, **heads: Any) -> recipe.Prepared:
    return replace(prepared, start=replace(prepared.start, **heads))


def _single(prepared: recipe.Prepared) -> recipe.Prepared:
    """Leave out the terms of several words, seeds too."""
    kept = np.flatnonzero([" " not in term for term in prepared.start.terms])
    return _of(prepared, kept)


def _of(prepared: recipe.Prepared, kept: NDArray[np.int64]) -> recipe.Prepared:
    start = prepared.start
    return replace(
        prepared,
        start=replace(
            start,
            terms=tuple(start.terms[at] for at in kept),
            idf=start.idf[kept],
            role=_part(start.role, kept),
            scope=_part(start.scope, kept),
            kinds=start.kinds[kept],
        ),
        counts=prepared.counts[:, kept],
        own=prepared.own[kept],
    )


def _stemmed(prepared: recipe.Prepared) -> recipe.Prepared:
    """Count together the terms whose words have the same stems; a seed gives its name to them."""
    from nltk.stem.snowball import SnowballStemmer
    from scipy.sparse import csr_matrix

    start = prepared.start
    stem = cache(SnowballStemmer("english").stem)
    stems = [" ".join(map(stem, term.split())) for term in start.terms]
    first: dict[str, int] = {}
    for at in np.argsort(-np.abs(start.role.weights), kind="stable").tolist():
        first.setdefault(stems[at], at)
    kept = np.sort(np.fromiter(first.values(), dtype=np.int64))
    place = {stems[at]: number for number, at in enumerate(kept)}
    together = [place[each] for each in stems]
    joined = csr_matrix(
        (np.ones(len(stems)), (np.arange(len(stems)), together)), (len(stems), len(kept))
    )
    return replace(_of(prepared, kept), counts=(prepared.counts @ joined).tocsr())


def _even(
    postings: LabeledPostings, kinds: NDArray[np.str_], power: float = 0.5
) -> LabeledPostings:
    """Weigh labels by content by how rare their kind is: with power 1 all kinds weigh the same."""
    sure = ~postings.noisy
    names, kind = np.unique(kinds[sure], return_inverse=True)
    weights = postings.weights.copy()
    factors = (1.0 / np.bincount(kind, weights[sure], len(names))) ** power
    total = weights[sure].sum()
    weights[sure] *= factors[kind]
    weights[sure] *= total / weights[sure].sum()
    return replace(postings, weights=weights)


def _part(head: Any, kept: NDArray[np.int64]) -> Any:
    return replace(head, weights=head.weights[kept], precision=head.precision[kept])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
