"""How well postings for applications of language models are told from those beside them.

usage: python -m benchmarks.ai_engineers CORPORA

Judged out of fold by company, by the types of a third party: `ai-first` should be called so,
`ai-support` (ordinary engineering around such products) and postings from before 2024 should not.
The line is drawn in inner folds, by company too; a posting that names no language model is not
called so. A share of both types was read as well.
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks import corpora
from benchmarks.train_base import MIN_DF
from jobclf.classifier.answers import names_language_models
from jobclf.classifier.counts import Floats
from jobclf.classifier.heads import Head
from jobclf.evaluation import metrics
from jobclf.training import calibration, features, fitting
from jobclf.training.dataset import LabeledPostings
from jobclf.training.priors import STRENGTH

FOLDS = 5


def main(folder: str) -> None:
    """Print recall and both kinds of error, with intervals."""
    corpus = corpora.load(Path(folder))
    known = np.flatnonzero(corpus.postings.knows_ai)
    postings = corpus.postings.part(known)
    terms = features.select_terms(postings.normal, min_df=MIN_DF)
    counts = features.count_matrix(postings.normal, terms)
    score = np.full(len(postings), np.nan)
    for fit, held_out in _folds(postings.groups):
        part = postings.part(fit)
        inner = np.full(len(part), np.nan)
        for within, beside in _folds(part.groups):
            head, idf = _fitted(part.part(within), counts[fit[within]])
            inner[beside] = features.tfidf_matrix(counts[fit[beside]], idf) @ head.weights
            inner[beside] += head.intercept
        head, idf = _fitted(part, counts[fit])
        line = calibration.calibrated_ai(head, inner, part) or head
        raw = features.tfidf_matrix(counts[held_out], idf) @ head.weights + head.intercept
        score[held_out] = line.slope * raw + line.offset
    types = {
        row["posting_id"]: row["ai_type"]
        for row in pq.read_table(Path(folder) / "ai_engineer.parquet").to_pylist()
    }
    typed = np.array([types.get(name, "") for name in postings.names])
    far = np.array([value == "far" for value in postings.columns["ai"]])
    called = (score > 0.0) & np.array([*map(names_language_models, postings.texts)])
    for name, these in (
        ("ai-first", typed == "ai-first"),
        ("ai-support", typed == "ai-support"),
        ("far from both, read or before 2024", far),
    ):
        share, number = float(called[these].mean()), int(these.sum())
        low, high = metrics.wilson(share, number)
        print(f"{name:36} called so {share:.3f} ({low:.3f} to {high:.3f})  n {number}")
    beside = np.isin(typed, ["ai-first", "ai-support"])
    print(f"AUC of the two types {metrics.auc(typed[beside] == 'ai-first', score[beside]):.3f}")


def _folds(groups: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import GroupKFold

    return list(GroupKFold(FOLDS).split(groups, groups=groups))


def _fitted(postings: LabeledPostings, counts: object) -> tuple[Head, Floats]:
    """Fit the head as the recipe does."""
    idf = features.inverse_document_frequency(counts)
    head = fitting.fitted_ai(None, counts, idf, postings, STRENGTH)
    if head is None:
        sys.exit("there are too few postings for applications of language models")
    return head, idf


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
