"""How long learning takes: many public postings from the seeds, few of one's own from the base.

usage: python -m benchmarks.training CORPORA [ROUNDS]

Seconds from texts in memory to a model with calibration and held-out scores, by the clock and of
the processor, medians of rounds.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks import corpora
from benchmarks.train_base import MIN_DF
from jobclf.classifier import model_file
from jobclf.text import vocabulary
from jobclf.training import priors, recipe, threads

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
        many = postings.part(np.sort(order[:MANY]))
        timed(
            f"{MANY:,} postings, on the seeds",
            min(rounds, 3),
            lambda: recipe.train(many, from_seeds, min_df=MIN_DF),
        )


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
