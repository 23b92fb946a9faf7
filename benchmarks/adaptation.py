"""Whether a model that is adapted with few or clean postings is worse than its base.

usage: python -m benchmarks.adaptation CORPORA

The four largest sources, two left out of a base at a time. The base is adapted with labels of such
a source, and with the postings written for the project; both are judged on the rest of the source:
accuracy and calibration error of the role by labels from content, the text alone.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora
from benchmarks.accuracy import say
from benchmarks.train_base import MIN_DF
from jobclf.classifier.heads import calibrated
from jobclf.classifier.model import RoleModel
from jobclf.evaluation import metrics
from jobclf.text import vocabulary
from jobclf.training import calibration, features, fitting, recipe
from jobclf.training.dataset import LabeledPostings
from jobclf.training.priors import seed_model
from jobclf.training.splits import grouped_folds

SIZES = (10, 50, 200)
DRAWS = 3
SOURCES = 4
WRITTEN = 600  # postings of the two roles written for the project


def main(folder: str) -> None:
    """Print a line for each source and way to adapt."""
    corpus = corpora.load(Path(folder), own=True)
    postings = corpus.postings
    written = corpus.why == "own"
    read = ~postings.noisy & postings.in_scope & ~written
    names, counts = np.unique(corpus.sources[read], return_counts=True)
    largest = names[np.argsort(-counts)[:SOURCES]]
    prior = seed_model(vocabulary.load(), families=corpora.FAMILIES)
    prepared = recipe.prepare(postings.texts, prior, min_df=MIN_DF)
    two = np.flatnonzero(written & postings.in_scope)
    clean = postings.part(np.random.default_rng(0).permutation(two)[:WRITTEN])
    print(f"{'':44}{'accuracy':22}  {'calibration error'}")
    for pair in (largest[::2], largest[1::2]):
        base, _ = base_without(postings, prepared, np.isin(corpus.sources, pair) | written)
        for source in pair:
            own = postings.part(np.flatnonzero(read & (corpus.sources == source)))
            say(f"{source}, {len(own)} postings")
            _compare(source, own, base, clean)


def base_without(
    postings: LabeledPostings, prepared: recipe.Prepared, out: NDArray[np.bool_]
) -> tuple[RoleModel, NDArray[np.int64]]:
    """Return a model of all but some postings and their groups, and a fifth it was calibrated on.

    It has learned nothing else from that fifth.
    """
    rest = np.flatnonzero(~out & ~np.isin(postings.groups, postings.groups[out]))
    fit, held_out = grouped_folds(postings.part(rest), recipe.FOLDS)[0]
    found = next(recipe.fold_models(prepared, postings, [(rest[fit], rest[held_out])]))
    part = postings.part(rest[held_out])
    everything = np.ones(len(part), dtype=bool)
    model, scores = found.model, found.scores
    within, truth = part.in_scope, part.is_ml_engineer
    model = replace(
        model,
        role=calibration.platt(model.role, scores[:, 0], truth, within, part.gold),
        scope=calibration.platt(model.scope, scores[:, 1], within, everything, part.gold),
    )
    return model, rest[held_out]


def _compare(source: str, own: LabeledPostings, base: RoleModel, clean: LabeledPostings) -> None:
    before = _probabilities(base, own)
    truth = own.is_ml_engineer
    line = f"{source[-30:]:30} {len(own):5} "
    print(f"{line:44}{_shown(truth, before)}  the base")
    say("the written ones")
    adapted = recipe.train(clean, base).model
    print(f"{f'  and {len(clean)} written':44}{_shown(truth, _probabilities(adapted, own))}")
    for size in SIZES:
        say(f"{size} labels")
        pairs = list(_draws(own, base, size))
        rest = np.concatenate([held_out for held_out, _ in pairs])
        found = np.concatenate([probabilities for _, probabilities in pairs])
        print(
            f"{f'  and {size} labels of it':44}{_shown(truth[rest], found)}  "
            f"the base on the same {_shown(truth[rest], before[rest])}"
        )


def _draws(
    own: LabeledPostings, base: RoleModel, size: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    random = np.random.default_rng(size)
    for _ in range(DRAWS):
        fit = random.choice(len(own), size, replace=False)
        rest = np.flatnonzero(~np.isin(own.groups, own.groups[fit]))
        adapted = recipe.train(own.part(fit), base).model
        yield rest, _probabilities(adapted, own.part(rest))


def _probabilities(model: RoleModel, postings: LabeledPostings) -> NDArray[np.float64]:
    scores = fitting.raw_scores(model, features.count_matrix(postings.texts, model.terms))
    return calibrated(scores[:, 0], model.role)


def _shown(truth: NDArray[np.bool_], found: NDArray[np.float64]) -> str:
    right = float(((found > 0.5) == truth).mean())
    low, high = metrics.wilson(right, len(truth))
    error = metrics.calibration_error(truth, found)
    return f"{right:.3f} ({low:.3f} to {high:.3f})  {error:.3f}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
