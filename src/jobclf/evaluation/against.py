"""Two models on the same postings: which is right more often, and where their answers differ."""

import numpy as np

from jobclf.classifier.counts import Floats
from jobclf.classifier.model import RoleModel
from jobclf.evaluation import metrics
from jobclf.evaluation.measurement import ANSWERS
from jobclf.evaluation.results import Against, Flip
from jobclf.training.dataset import LabeledPostings


def compare(postings: LabeledPostings, model: RoleModel, other: RoleModel) -> Against:
    """Compare what two models answer, title and prevalence weighed, as `predict` does.

    An answer is right where it is the label: one of the two roles, or neither.
    """
    found, before = _probabilities(postings, model), _probabilities(postings, other)
    gold = np.flatnonzero(postings.gold)
    labels = np.array([ANSWERS.index(role) for role in postings.roles])[gold]
    said, said_before = found[gold].argmax(axis=1), before[gold].argmax(axis=1)
    right, right_before = said == labels, said_before == labels
    truth, groups = np.ones(len(gold), bool), postings.groups[gold]
    flips = [
        Flip(
            postings.names[at],
            postings.roles[at],
            ANSWERS[said_before[place]],
            ANSWERS[said[place]],
            round(float(before[at].max()), 4),
            round(float(found[at].max()), 4),
        )
        for place, at in enumerate(gold.tolist())
        if said[place] != said_before[place]
    ]
    return Against(
        model=model.card.name,
        other=other.card.name,
        postings=len(gold),
        accuracy=metrics.bootstrap(metrics.accuracy, truth, right.astype(float), groups),
        other_accuracy=metrics.bootstrap(
            metrics.accuracy, truth, right_before.astype(float), groups
        ),
        difference=metrics.bootstrap_difference(
            metrics.accuracy, truth, (right.astype(float), right_before.astype(float)), groups
        ),
        p_value=metrics.mcnemar(right, right_before),
        # First those that are wrong now, the surest ahead.
        flips=tuple(sorted(flips, key=lambda flip: (flip.rank, -flip.confidence))),
    )


def _probabilities(postings: LabeledPostings, model: RoleModel) -> Floats:
    """Return the probability of each of `ANSWERS`, shape (postings, 3)."""
    titles = postings.columns.get("title")
    role, scope = model.probabilities(
        postings.texts, None if titles is None else [title or None for title in titles]
    )
    return np.stack([scope * (1.0 - role), scope * role, 1.0 - scope], axis=1)
