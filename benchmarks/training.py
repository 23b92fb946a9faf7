"""How long learning takes: many public postings from the seeds, few of one's own from the base.

usage: python -m benchmarks.training CORPORA [ROUNDS]

Seconds from texts in memory to a model with calibration and held-out scores, by the clock and of
the processor, medians of rounds. The postings are read, compared and normalised before, but where
it says that `jobclf.train` does all of it, from a frame. Beside them scikit-learn's TF-IDF of words
and pairs with logistic regression takes the same texts through five folds and one fit.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

import jobclf
from benchmarks import corpora
from benchmarks.train_base import MIN_DF
from jobclf.classifier import model_file
from jobclf.text import vocabulary
from jobclf.training import priors, recipe, threads
from jobclf.training.dataset import LabeledPostings

MANY, FEW = 20_000, (50, 200, 600)


def main(folder: str, rounds: int = 5) -> None:
    """Print a line for each size."""
    postings = corpora.load(Path(folder)).postings
    order = np.random.default_rng(0).permutation(len(postings))
    sure = order[~postings.noisy[order]]
    base = model_file.load_model(model_file.bundled("base"))
    from_seeds = priors.seed_model(vocabulary.load(), families=corpora.FAMILIES)
    print(f"{'learned from':40}{'s by the clock':>16}{'s of the processor':>20}")
    with threads.single():
        for size in FEW:
            few = postings.part(np.sort(sure[:size]))
            timed(f"{size} postings, on base", rounds, partial(recipe.train, few, base))
        frame = pa.table({"text": few.texts, "label": [*map(str, few.roles)]})
        timed(f"{len(few)} postings, jobclf.train", rounds, partial(jobclf.train, frame))
        timed(f"{len(few)} postings, scikit-learn", rounds, partial(peer, few))
        many = postings.part(np.sort(order[:MANY]))
        timed(
            f"{MANY:,} postings, on the seeds",
            min(rounds, 3),
            lambda: recipe.train(many, from_seeds, min_df=MIN_DF),
        )
        timed(f"{MANY:,} postings, scikit-learn", min(rounds, 3), partial(peer, many))


def peer(postings: LabeledPostings) -> None:
    """Learn from postings as most people do first, as often as held-out scores need it."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline

    terms = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = make_pipeline(terms, LogisticRegression(max_iter=1000))
    labels = [*map(str, postings.roles)]
    cross_val_predict(model, postings.texts, labels, cv=5, method="predict_proba")
    model.fit(postings.texts, labels)


def timed(name: str, rounds: int, work: Callable[[], object]) -> None:
    """Print the medians of some rounds."""
    taken = []
    for _ in range(rounds):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - clock, time.process_time() - processor))
    clock, processor = np.median(taken, axis=0)
    print(f"{name:40}{clock:16.1f}{processor:20.1f}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    main(sys.argv[1], *map(int, sys.argv[2:]))
