"""How well the audit finds labels that were made wrong on purpose.

usage: python -m benchmarks.audit CORPORA
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import corpora
from jobclf.evaluation import confident_learning, metrics
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.training import priors, recipe

FLIPPED = 0.1  # share of labels made wrong
DRAWS = 3


def main(folder: str) -> None:
    """Flip labels at random, and print how the flipped ones rank."""
    corpus = corpora.load(Path(folder), titles=False)
    random = np.isin(corpus.why, corpora.RANDOM)
    print(f"{FLIPPED:.0%} of labels flipped, {DRAWS} draws: mean (lowest to highest)")
    for name, chosen in (
        ("drawn at random, two roles", random & _two_roles(corpus)),
        ("the same, labels of confidence 2 and 3", random & _two_roles(corpus) & _sure(corpus)),
        ("drawn at random and negatives, three roles", corpus.postings.gold),
        ("the same, labels of confidence 2 and 3", corpus.postings.gold & _sure(corpus)),
    ):
        _measure(name, corpus, np.flatnonzero(chosen))


def _two_roles(corpus: corpora.Corpus) -> np.ndarray:
    return np.array(corpus.postings.roles) != Role.OTHER


def _sure(corpus: corpora.Corpus) -> np.ndarray:
    return np.isin(corpus.confidence, (2, 3))


def _measure(name: str, corpus: corpora.Corpus, chosen: np.ndarray) -> None:
    postings = corpus.postings.part(chosen)
    postings = replace(postings, weights=np.ones(len(postings)))
    prior = priors.seed_model(vocabulary.load())
    prepared = recipe.prepare(postings.normal, prior)
    present = sorted(set(postings.roles))
    aucs, precisions, shares = [], [], []
    for draw in range(DRAWS):
        random = np.random.default_rng(draw)
        count = round(FLIPPED * len(postings))
        wrong = np.zeros(len(postings), dtype=bool)
        wrong[random.choice(len(postings), count, replace=False)] = True
        roles = tuple(
            random.choice([other for other in present if other is not role]) if flip else role
            for role, flip in zip(postings.roles, wrong, strict=True)
        )
        flipped = replace(postings, roles=tuple(Role(role) for role in roles))
        found = confident_learning.doubts(flipped, prior, prepared)
        aucs.append(metrics.auc(wrong, -found.margins))
        precisions.append(float(wrong[np.argsort(found.margins)[:count]].mean()))
        shares.append(float(wrong[found.suspect].mean()))
    print(f"{name} ({len(postings)} postings)")
    for label, values in (
        ("AUROC", aucs),
        ("precision at the number flipped", precisions),
        ("precision of what is called suspect", shares),
    ):
        mean, low, high = np.mean(values), min(values), max(values)
        print(f"  {label:36}{mean:.3f} ({low:.3f} to {high:.3f})", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
