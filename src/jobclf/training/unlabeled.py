"""Postings without labels: a prior teaches itself on those it is surest of."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from jobclf.classifier.model import RoleModel
from jobclf.errors import DatasetError, Reason
from jobclf.text.tokens import normalize
from jobclf.training import features
from jobclf.training.fitting import fitted_head
from jobclf.training.priors import started

MIN_UNLABELED = 50  # postings that a prior can teach itself on


def train_unlabeled(
    texts: Sequence[str], prior: RoleModel, *, min_df: int | None = None, rounds: int = 4
) -> RoleModel:
    """Learn the role head without any label: the prior labels the postings it is surest of.

    The first round goes by which share of the seeds in a text is the ML Engineer's; each round
    fits the head to the surest 70 % by the round before, half of them of either role. So about
    half of the texts should be of either. A term must stand in `min_df` of them, by default one
    in a hundred, 2 at least and 20 at most.
    """
    if len(texts) < MIN_UNLABELED:
        raise DatasetError(
            f"there are {len(texts)} unlabelled postings and {MIN_UNLABELED} are needed",
            "give more, or none",
            reason=Reason.TOO_FEW,
        )
    if min_df is None:
        min_df = min(20, max(2, len(texts) // 100))
    start, counts = started([*map(normalize, texts)], prior, min_df)
    # Rare terms would count more, and mislead where no label corrects them: see the model card.
    idf = np.where(np.isnan(start.idf), 1.0, start.idf)
    matrix = features.tfidf_matrix(counts, idf)
    present = counts.sign()
    scores = present @ start.signs / np.maximum(1.0, present @ np.abs(start.signs))
    head = start.role
    for _ in range(rounds):
        low, high = np.quantile(scores, [0.35, 0.65])
        sure = (scores <= low) | (scores >= high)
        head = fitted_head(start.role, matrix[sure], scores[sure] >= high, np.full(sure.sum(), 0.2))
        scores = matrix @ head.weights + head.intercept
    # It counts as learned, so that what is trained on top keeps its idf and firm weights.
    name = f"{prior.card.name} and {len(texts)} unlabelled postings"
    card = replace(prior.card, name=name, postings={"unlabelled": len(texts)})
    return RoleModel(start.terms, idf, head, start.scope, card, start.kinds.tobytes())
