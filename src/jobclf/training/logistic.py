"""Logistic regression whose weights are held to a prior of any mean and precision.

Of two classes as scikit-learn has it; of several against one where a label may leave open which.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from jobclf.classifier.counts import Floats

_FLATTEST = 1e-6  # curvature below which a direction is as good as flat


class PriorLogisticRegression(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Binary logistic regression with a Gaussian prior of any mean and precision on each weight.

    It minimises the weighted log loss plus sum(precision * (weight - mean)^2) / 2. With mean 0 and
    precision 1/C it is scikit-learn's `LogisticRegression(C=C)`. `prior_mean` and `prior_precision`
    are scalars or arrays of one value for each feature.
    """

    def __init__(
        self,
        prior_mean: float | Floats = 0.0,
        prior_precision: float | Floats = 1.0,
        intercept_mean: float = 0.0,
        intercept_precision: float = 0.0,
        max_iter: int = 300,
        tol: float = 1e-4,
    ) -> None:
        self.prior_mean = prior_mean
        self.prior_precision = prior_precision
        self.intercept_mean = intercept_mean
        self.intercept_precision = intercept_precision
        self.max_iter = max_iter
        self.tol = tol

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.sparse = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the weights to a matrix of shape (samples, features) and two classes."""
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=np.float64)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) > 2:  # noqa: PLR2004
            raise ValueError(
                "Only binary classification is supported. The type of the target is multiclass."
            )
        if len(self.classes_) == 1:
            raise ValueError(
                "This solver needs samples of 2 classes in the data, but has one class"
            )
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64)
        size = X.shape[1]
        mean = np.append(np.broadcast_to(self.prior_mean, size), self.intercept_mean)
        precision = np.append(np.broadcast_to(self.prior_precision, size), self.intercept_precision)
        sign = np.where(codes == 1, 1.0, -1.0)
        transposed = X.T.tocsr() if hasattr(X, "tocsr") else X.T

        def objective(point: Floats) -> tuple[float, Floats]:
            margin = sign * (X @ point[:-1] + point[-1])
            moved = point - mean
            loss = weight @ np.logaddexp(0.0, -margin) + 0.5 * precision @ (moved * moved)
            slope = -sign * weight * expit(-margin)
            return float(loss), np.append(transposed @ slope, slope.sum()) + precision * moved

        found = minimize(
            objective,
            mean,
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": self.max_iter, "gtol": self.tol, "ftol": 1e-10},
        )
        self.coef_ = found.x[None, :-1]
        self.intercept_ = found.x[-1:]
        self.n_iter_ = found.nit
        return self

    def decision_function(self, X: Any) -> Floats:
        """Return the logit of the second class, shape (samples,)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False)
        scores: Floats = X @ self.coef_[0] + self.intercept_[0]
        return scores

    def predict_proba(self, X: Any) -> Floats:
        """Return the probabilities of both classes, shape (samples, 2)."""
        second = expit(self.decision_function(X))
        return np.stack([1.0 - second, second], axis=1)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the likelier class of each sample."""
        second = self.decision_function(X) > 0
        chosen: NDArray[Any] = self.classes_[second.astype(int)]
        return chosen


def fit_families(
    matrix: Any,
    allowed: NDArray[np.bool_],
    sample_weight: Floats,
    *,
    prior_mean: Floats,
    prior_precision: Floats,
    intercept_mean: Floats,
    intercept_precision: Floats,
    max_iter: int = 80,
) -> tuple[Floats, Floats, Floats]:
    """Fit the log odds of families against a reference class, each with a prior as above.

    `allowed`, of shape (samples, 1 + families), says what each sample may be, the reference class
    first: what is minimised is the weighted -log of the probability of all that is allowed. Weights
    have the shape (features, families). Return weights, intercepts, and the probabilities of all
    classes, shape (samples, 1 + families).
    """
    shape = prior_mean.shape
    mean = np.concatenate([prior_mean.ravel(), intercept_mean])
    precision = np.concatenate([prior_precision.ravel(), intercept_precision])
    transposed = matrix.T.tocsr()
    # Steps are taken in units of what the curvature is about: rare and common features alike.
    shares = sample_weight @ (allowed / allowed.sum(axis=1, keepdims=True)) / sample_weight.sum()
    spread = (shares * (1.0 - shares))[1:]
    curvature = np.outer(matrix.multiply(matrix).T @ sample_weight, spread)
    curvature = np.concatenate([curvature.ravel(), sample_weight.sum() * spread]) + precision
    unit = 1.0 / np.sqrt(np.maximum(curvature, _FLATTEST))

    def odds(point: Floats) -> Floats:
        families = matrix @ point[: mean.size - shape[1]].reshape(shape) + point[-shape[1] :]
        return np.concatenate([np.zeros((len(families), 1)), families], axis=1)

    def objective(steps: Floats) -> tuple[float, Floats]:
        point = mean + steps * unit
        found = odds(point)
        found -= found.max(axis=1, keepdims=True)
        likely = np.exp(found)
        consistent = likely * allowed
        whole = likely.sum(axis=1)
        part = np.maximum(consistent.sum(axis=1), np.finfo(float).tiny)
        moved = point - mean
        loss = sample_weight @ (np.log(whole) - np.log(part)) + 0.5 * precision @ (moved * moved)
        slope = likely / whole[:, None] - consistent / part[:, None]
        slope = slope[:, 1:] * sample_weight[:, None]
        steep = np.concatenate([(transposed @ slope).ravel(), slope.sum(axis=0)])
        return float(loss), (steep + precision * moved) * unit

    steps = minimize(
        objective,
        np.zeros(mean.size),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": max_iter, "gtol": 1e-4, "ftol": 1e-9},
    ).x
    found = mean + steps * unit
    likely = odds(found)
    likely = np.exp(likely - likely.max(axis=1, keepdims=True))
    return (
        found[: -shape[1]].reshape(shape),
        found[-shape[1] :],
        likely / likely.sum(axis=1, keepdims=True),
    )
