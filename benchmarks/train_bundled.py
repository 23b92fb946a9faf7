"""Learn `models/jobclf.joblib`, the model of `predict`, from the postings of this repository.

usage: python -m benchmarks.train_bundled [OUTPUT]
"""

import sys

import jobclf
from jobclf.reports import render

DATA = "data/labeled_postings"


def main(output: str = "models/jobclf.joblib") -> None:
    """Train from base, save, and print the held-out scores."""
    report = jobclf.train(DATA, output=output, force=True, progress=print)
    print(render.training_text(report))
    print(f"written to {output}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
