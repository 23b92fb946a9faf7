"""How right a model is on postings it has not seen."""

from dataclasses import dataclass, replace

import numpy as np

from jobclf.classifier.kernel import Floats
from jobclf.classifier.model import RoleModel
from jobclf.evaluation.metrics import (
    Measure,
    accuracy,
    accuracy_at_90,
    auc,
    bootstrap,
    brier,
    calibration_error,
)
from jobclf.roles import Role
from jobclf.training.dataset import LabeledPostings
from jobclf.training.recipe import Trained


@dataclass(frozen=True, slots=True)
class Scores:
    """How a model did on postings it had not seen.

    `postings` in scope are judged for the role, `scope_postings` for being in scope; a measure is
    None where one side is missing. `majority` is the accuracy of always naming the commoner role.
    """

    postings: int
    scope_postings: int
    majority: float
    accuracy: Measure
    auc: Measure
    brier: Measure
    ece: Measure
    accuracy_at_90: Measure  # on the 90 % of postings it is surest of
    scope_auc: Measure | None

    def figures(self) -> dict[str, float]:
        """Return the plain numbers, for a model card; what could not be measured is left out."""
        found = {
            "postings": float(self.postings),
            "scope_postings": float(self.scope_postings),
            "majority": self.majority,
        }
        for name in ("accuracy", "auc", "brier", "ece", "accuracy_at_90", "scope_auc"):
            measure = getattr(self, name)
            if measure is not None:
                found |= {
                    name: measure.value,
                    f"{name}_low": measure.low,
                    f"{name}_high": measure.high,
                }
        return {name: round(float(value), 4) for name, value in found.items() if np.isfinite(value)}


def held_out_scores(
    postings: LabeledPostings, role_probability: Floats, scope_probability: Floats
) -> Scores:
    """Measure held-out probabilities, shape (postings,) each, against the judged labels."""
    roles = np.array(postings.roles)
    gold = postings.gold & ~np.isnan(role_probability)
    among = gold & (roles != Role.OTHER)
    truth, found = roles[among] == Role.ML_ENGINEER, role_probability[among]
    groups = postings.groups[among]
    scope_truth = roles[gold] != Role.OTHER
    return Scores(
        postings=int(among.sum()),
        scope_postings=int(gold.sum()),
        majority=float(max(truth.mean(), 1.0 - truth.mean())),
        accuracy=bootstrap(accuracy, truth, found, groups),
        auc=bootstrap(auc, truth, found, groups),
        brier=bootstrap(brier, truth, found, groups),
        ece=bootstrap(calibration_error, truth, found, groups),
        accuracy_at_90=bootstrap(accuracy_at_90, truth, found, groups),
        scope_auc=None
        if scope_truth.all() or not scope_truth.any()
        else bootstrap(auc, scope_truth, scope_probability[gold], postings.groups[gold]),
    )


def measured(trained: Trained, postings: LabeledPostings) -> tuple[RoleModel, Scores | None]:
    """Measure a trained model on what its folds held out, and keep the figures in its card.

    Returns the model as it is and None where nothing was held out.
    """
    if trained.held_out is None:
        return trained.model, None
    found = held_out_scores(postings, trained.held_out[:, 0], trained.held_out[:, 1])
    card = replace(trained.model.card, scores=found.figures())
    return replace(trained.model, card=card), found
