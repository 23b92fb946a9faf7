"""Learn the two models that come with the package.

usage: python -m benchmarks.train_base CORPORA [FOLDER] [LEFT_OUT...]

`base.joblib` is learned from the public corpora, `jobclf.joblib` from them and from the postings of
`data/labeled_postings`. Draws of labels that are named are left out, to be measured on.
"""

import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import corpora
from jobclf.classifier import model_file
from jobclf.evaluation.measurement import measured
from jobclf.reports import training_report
from jobclf.text import vocabulary
from jobclf.training import priors, recipe

MIN_DF = 20  # postings a term must stand in


def main(folder: str, target: str = "models", *left_out: str) -> None:
    """Train, save, and print the held-out scores of both."""
    begun = time.perf_counter()
    corpus = corpora.load(Path(folder), own=True, left_out=left_out)
    for name in ("base", "jobclf"):
        used = np.flatnonzero((corpus.why != "own") | (name == "jobclf"))
        postings = corpus.postings.part(used)
        trained = recipe.train(
            postings,
            priors.seed_model(vocabulary.load(), families=corpora.FAMILIES),
            name=name,
            date=date.today().isoformat(),  # noqa: DTZ011
            min_df=MIN_DF,
            progress=lambda step: print(f"{time.perf_counter() - begun:6.1f} s  {step}"),
        )
        model, held_out = measured(trained, postings)
        output = Path(target) / f"{name}.joblib"
        model_file.save_model(model, output)
        if held_out is not None:
            print(training_report.scores_text(held_out))
        print(f"written to {output}, {output.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
