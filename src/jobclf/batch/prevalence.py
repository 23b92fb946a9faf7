"""The share of the two roles among postings, estimated from the postings themselves."""

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

from jobclf.batch.predictions import PredictedBatch, Tally, predicted
from jobclf.classifier.answers import Answer
from jobclf.classifier.counts import Floats
from jobclf.classifier.model import RoleModel
from jobclf.classifier.prediction import Prediction
from jobclf.errors import DatasetError, Reason
from jobclf.tables import sources
from jobclf.tables.table import Batch
from jobclf.tables.wanted import Wanted

_STEPS = 1000
_STILL = 1e-6  # a change between two steps that is none
_EVEN = 0.5


def expecting(
    model: RoleModel,
    prevalence: float | Literal["auto"] | None,
    paths: Any,
    wanted: Wanted,
    jobs: int = 1,
) -> RoleModel:
    """Return the model for a prevalence, which `auto` estimates from all rows of the paths.

    Parameters
    ----------
    prevalence : float, "auto" or None
        The share of the two roles, 0 to 1; None for what the model expects.
    paths : path, list of paths, or frame
        What is judged afterwards; standard input cannot be read twice.
    wanted : Wanted
        The columns that are read.
    jobs : int
        Processes that judge the rows.
    """
    if prevalence is None:
        return model
    if isinstance(prevalence, str) and prevalence != "auto":
        raise ValueError(f"prevalence must be between 0 and 1, or 'auto', not {prevalence!r}")
    if prevalence != "auto":
        return model.expecting(prevalence)
    if isinstance(paths, list) and "-" in paths:
        raise DatasetError(
            "standard input is read once, and the prevalence is estimated before rows are judged",
            "write it to a file, or give a number",
            reason=Reason.BAD_OPTION,
        )
    found = sources.open_postings(paths, wanted)
    return model.expecting(of_batches(model, found.batches(), jobs))


def estimate(model: RoleModel, texts: Iterable[str | None], titles: Iterable[str | None]) -> float:
    """Return the likeliest share of either role among postings; those without an answer are none.

    It is found by expectation and maximisation over the calibrated scope probabilities (Saerens,
    Latinne and Decaestecker, 2002), and is between 0 and 1, neither of them itself.
    """
    return _of(model.predict_many(texts, titles, prevalence=_EVEN))


def of_batches(model: RoleModel, batches: Iterable[Batch], jobs: int = 1) -> float:
    """Return the likeliest share of either role among rows, found by `jobs` processes."""
    chunks = predicted(model.expecting(_EVEN), batches, Tally(), jobs)
    return likeliest(np.concatenate([np.zeros(0), *map(_scopes, chunks)]))


def _scopes(chunk: PredictedBatch) -> Floats:
    return chunk.answers.scope[chunk.answers.valid()]


def _of(answers: Iterable[Answer]) -> float:
    found = [each.scope_probability for each in answers if isinstance(each, Prediction)]
    return likeliest(np.array(found))


def likeliest(probabilities: Floats) -> float:
    """Return the share that makes probabilities likeliest, given for an even mix.

    >>> round(likeliest(np.array([0.99, 0.01, 0.01, 0.01])), 2)
    0.24
    """
    count = len(probabilities)
    share, odds = _EVEN, probabilities / np.maximum(1.0 - probabilities, 1e-12)
    for _ in range(_STEPS if count else 0):
        weighed = share * odds
        after = float(np.mean(weighed / (weighed + 1.0 - share)))
        after = min(max(after, 1.0 / (count + 2)), 1.0 - 1.0 / (count + 2))
        if abs(after - share) < _STILL:
            break
        share = after
    return share
