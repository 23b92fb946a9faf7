"""Learn `models/base.joblib` from the public corpora.

usage: python -m benchmarks.train_base CORPORA [OUTPUT]
"""

import sys
import time
from datetime import date
from pathlib import Path

from benchmarks import corpora
from jobclf.classifier import model_file
from jobclf.evaluation.measurement import measured
from jobclf.reports import render
from jobclf.text import vocabulary
from jobclf.training import recipe

MIN_DF = 20  # postings a term must stand in


def main(folder: str, output: str = "models/base.joblib") -> None:
    """Train, save, and print the held-out scores."""
    begun = time.perf_counter()
    corpus = corpora.load(Path(folder))
    trained = recipe.train(
        corpus.postings,
        recipe.seed_model(vocabulary.load(), families=corpora.FAMILIES),
        name="base",
        date=date.today().isoformat(),  # noqa: DTZ011
        min_df=MIN_DF,
        progress=lambda step: print(f"{time.perf_counter() - begun:6.1f} s  {step}", flush=True),
    )
    model, held_out = measured(trained, corpus.postings)
    model_file.save_model(model, Path(output))
    print(render.scores_text(held_out))
    print(f"written to {output}, {Path(output).stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    main(*sys.argv[1:])
