"""What each part of the recipe adds: it is left out or changed, all else as it is.

usage: python -m benchmarks.ablations CORPORA

Cross-validated on the postings drawn at random from those titled as either role, by content, titles
hidden. The difference to the recipe is paired: the same postings, drawn anew by group.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora
from benchmarks.train_base import FEWEST
from jobclf import calibration, evaluation, measures, seeds, training
from jobclf.model import Head
from jobclf.postings import LabeledPostings
from jobclf.roles import Role

Variant = tuple[str, training.Prepared, LabeledPostings, int]


def main(folder: str) -> None:
    """Print a row for each variant."""
    begun = time.perf_counter()
    corpus = corpora.load(Path(folder))
    postings = corpus.postings
    prior = training.seed_model(seeds.load())
    prepared = training.prepare(postings.texts, prior, fewest=FEWEST)
    roles = np.array(postings.roles)
    judged = np.isin(corpus.why, corpora.TYPICAL)
    among = np.isin(corpus.why, corpora.RANDOM) & (roles != Role.OTHER)
    truth, groups = (roles == Role.ML_ENGINEER)[among], postings.groups[among]
    splits = evaluation.folds(postings, training.FOLDS)
    recipe: NDArray[np.float64] | None = None
    print(f"{'':34}{'accuracy':24}{'AUC':24}{'AUC in scope':24}difference in accuracy")
    for name, changed, labels, most_terms in _variants(prepared, postings, corpus):
        scores = np.full((len(postings), 2), np.nan)
        for fold in training.fold_models(changed, labels, splits, most_terms=most_terms):
            scores[fold.held_out] = fold.scores
        engineer = calibration.cross_calibrated(scores, postings, prior, splits)[among, 0]
        recipe = engineer if recipe is None else recipe
        row = (
            measures.bootstrap(measures.accuracy, truth, engineer, groups),
            measures.bootstrap(measures.auc, truth, engineer, groups),
            measures.bootstrap(
                measures.auc,
                (roles != Role.OTHER)[judged],
                scores[judged, 1],
                postings.groups[judged],
            ),
            measures.bootstrap_difference(measures.accuracy, truth, (engineer, recipe), groups),
        )
        print(f"{name:34}" + "".join(f"{measure!s:24}" for measure in row), flush=True)
        print(f"{time.perf_counter() - begun:6.0f} s  {name}", file=sys.stderr, flush=True)


def _variants(
    prepared: training.Prepared, postings: LabeledPostings, corpus: corpora.Corpus
) -> Iterator[Variant]:
    terms = training.MOST_TERMS
    yield "the recipe", prepared, postings, terms
    untitled = np.where(postings.noisy, 1e-9, postings.weights)
    yield "without titles", prepared, replace(postings, weights=untitled), terms
    at_once = replace(postings, noisy=np.zeros(len(postings), dtype=bool))
    yield "titles and content at once", prepared, at_once, terms
    even = np.where(corpus.confidence == 1, 1.0, postings.weights)
    yield "coin flips count in full", prepared, replace(postings, weights=even), terms
    role = prepared.start.role
    unseeded = replace(role, weights=np.zeros(len(role.weights)))
    yield "without seeds", _with(prepared, role=unseeded), postings, terms
    for strength in (1.0, 100.0):
        flat = np.full(len(role.weights), 1.0 / strength)
        changed = _with(
            prepared,
            role=replace(role, precision=flat),
            scope=replace(prepared.start.scope, precision=flat),
        )
        yield f"C = {strength:g} for {training.STRENGTH:g}", changed, postings, terms
    for most in (3_000, 6_000, 40_000):
        yield f"{most:,} terms for {terms:,}", prepared, postings, most
    yield "each term counts once", replace(prepared, counts=prepared.counts.sign()), postings, terms
    yield "single words", _single(prepared), postings, terms


def _with(prepared: training.Prepared, **heads: Head) -> training.Prepared:
    return replace(prepared, start=replace(prepared.start, **heads))


def _single(prepared: training.Prepared) -> training.Prepared:
    """Leave out the terms of several words, seeds too."""
    start = prepared.start
    kept = np.flatnonzero([" " not in term for term in start.terms])
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


def _part(head: Head, kept: NDArray[np.int64]) -> Head:
    return replace(head, weights=head.weights[kept], precision=head.precision[kept])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
