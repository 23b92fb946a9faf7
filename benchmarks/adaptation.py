"""Whether a model that is adapted with few or clean postings is worse than its base.

usage: python -m benchmarks.adaptation CORPORA

The four largest sources, two left out of a base at a time; postings of the two roles alone. The
base is adapted with labels of such a source, and with postings written for the project; it and what
is adapted are judged on the rest of the source: accuracy and calibration error by labels from
content, the text alone. Then a base is adapted with half of the written postings and judged on the
other half.
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
LEAST_TIMES = 2  # as many postings of a source as labels are drawn from it
WRITTEN = 600  # postings of the two roles written for the project


def main(folder: str) -> None:
    """Print a line for each source and way to adapt."""
    corpus = corpora.load(Path(folder), own=True)
    two = np.flatnonzero(corpus.postings.in_scope)
    postings, sources = corpus.postings.part(two), corpus.sources[two]
    written = corpus.why[two] == "own"
    read = ~postings.noisy & ~written
    names, counts = np.unique(sources[read], return_counts=True)
    largest = names[np.argsort(-counts)[:SOURCES]]
    prepared = recipe.prepare(postings.normal, seed_model(vocabulary.load()), min_df=MIN_DF)
    clean = np.random.default_rng(0).permutation(np.flatnonzero(written))[:WRITTEN]
    print(f"{'':44}accuracy, calibration error, mean loss")
    for pair in (largest[::2], largest[1::2]):
        base = _calibrated_base(postings, prepared, np.isin(sources, pair) | written)
        for source in pair:
            own = postings.part(np.flatnonzero(read & (sources == source)))
            say(f"{source}, {len(own)} postings")
            _compare(source, own, base, _as_own(postings.part(clean)))
    halves = [_as_own(postings.part(half)) for half in (clean[::2], clean[1::2])]
    say("half of the written ones")
    for fit, rest in (halves, halves[::-1]):
        adapted = recipe.train(fit, base).model
        before, after = (_probabilities(model, rest) for model in (base, adapted))
        _print(f"{len(fit)} written, {len(rest)} others", rest, before, after)


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


def _calibrated_base(
    postings: LabeledPostings, prepared: recipe.Prepared, out: NDArray[np.bool_]
) -> RoleModel:
    """Return a model of all but some postings and their groups, calibrated as the recipe does."""
    rest = np.flatnonzero(~out & ~np.isin(postings.groups, postings.groups[out]))
    part = postings.part(rest)
    places = [(rest[fit], rest[beside]) for fit, beside in grouped_folds(part, recipe.FOLDS)]
    scores = np.full(len(postings), np.nan)
    *folds, whole = recipe.fold_models(prepared, postings, [*places, (rest, rest[:1])])
    for fold in folds:
        scores[fold.held_out] = fold.scores[:, 0]
    role = calibration.platt(
        whole.model.role, scores[rest], part.is_ml_engineer, part.in_scope, part.gold
    )
    card = replace(whole.model.card, name="the base")
    return replace(whole.model, role=role, card=card)


def _as_own(postings: LabeledPostings) -> LabeledPostings:
    """Return postings as those are that somebody brings along: all sure, all of one weight."""
    sure = np.ones(len(postings), dtype=bool)
    return replace(postings, gold=sure, weights=sure.astype(float))


def _compare(source: str, own: LabeledPostings, base: RoleModel, clean: LabeledPostings) -> None:
    own = _as_own(own)
    before = _probabilities(base, own)
    print(f"{source[-40:]}, {len(own)} postings")
    _print(
        f"{len(clean)} written", own, before, _probabilities(recipe.train(clean, base).model, own)
    )
    for size in SIZES:
        if len(own) < LEAST_TIMES * size:
            continue
        say(f"{size} labels")
        pairs = list(_draws(own, base, size))
        rest = np.concatenate([held_out for held_out, _ in pairs])
        after = np.concatenate([probabilities for _, probabilities in pairs])
        _print(f"{size} labels of it, {DRAWS} draws", own.part(rest), before[rest], after)


def _draws(
    own: LabeledPostings, base: RoleModel, size: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    random = np.random.default_rng(size)
    for _ in range(DRAWS):
        fit = random.choice(len(own), size, replace=False)
        while len(set(own.is_ml_engineer[fit].tolist())) == 1:  # one side alone teaches nothing
            fit = random.choice(len(own), size, replace=False)
        rest = np.flatnonzero(~np.isin(own.groups, own.groups[fit]))
        adapted = recipe.train(own.part(fit), base).model
        yield rest, _probabilities(adapted, own.part(rest))


def _probabilities(model: RoleModel, postings: LabeledPostings) -> NDArray[np.float64]:
    scores = fitting.raw_scores(model, features.count_matrix(postings.normal, model.terms))
    return calibrated(scores[:, 0], model.role)


def _print(
    name: str, gold: LabeledPostings, before: NDArray[np.float64], after: NDArray[np.float64]
) -> None:
    """Print both, and what the second gains, with intervals over groups."""
    truth, groups = gold.is_ml_engineer, gold.groups
    print(f"  {name:28}{'base':14}{_shown(truth, before)}")
    print(f"{'':30}{'adapted':14}{_shown(truth, after)}")
    gains = [
        metrics.bootstrap_difference(measure, truth, (after, before), groups)
        for measure in (metrics.accuracy, metrics.calibration_error, log_loss)
    ]
    print(f"{'':30}{'difference':14}" + "  ".join(map(str, gains)), flush=True)


def _shown(truth: NDArray[np.bool_], found: NDArray[np.float64]) -> str:
    measures = (metrics.accuracy, metrics.calibration_error, log_loss)
    return "  ".join(f"{measure(truth, found):.3f}" for measure in measures)


def log_loss(truth: NDArray[np.bool_], found: NDArray[np.float64]) -> float:
    """Return the mean of -ln of what was given to the label."""
    return float(-np.log(np.where(truth, found, 1.0 - found)).mean())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
