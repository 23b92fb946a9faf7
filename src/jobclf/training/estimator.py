"""The recipe as a classifier of scikit-learn, over texts."""

import os
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import (
    _check_sample_weight,
    check_consistent_length,
    check_is_fitted,
)

from jobclf.classifier import model_file
from jobclf.classifier.counts import Floats
from jobclf.classifier.model import RoleModel
from jobclf.roles import Role
from jobclf.training import dataset, priors, recipe, threads
from jobclf.training.arrays import roles_of, texts_and_titles

_LEAST = np.finfo(float).tiny  # probability that a logarithm is taken of
_LOOKED_AT = 500  # postings of a role that tell which number is which


class RoleClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classify postings as scikit-learn's classifiers do: fit to texts and labels, then predict.

    It learns what `jobclf.train` learns, by the same recipe. Labels are names of roles:
    `data_scientist` and `ml_engineer`, both of them, and `neither` if there are other jobs. They
    may be spelled as `train` reads them (`Data Scientist`, `MLE`, `other`), each role in one way,
    and are given back as they were spelled. The numbers 0, 1 and 2 stand for them in that order.

    Unlike `jobclf.predict` it answers for every text, short ones and those not in English too.

    Parameters
    ----------
    prior : "jobclf", "base", "seeds", path or RoleModel
        What training starts from: the model that `predict` uses, the one of public postings alone,
        the article alone, or any other.
    C : float
        Inverse strength of the penalty on weights that the prior does not know.
    max_features : int
        Terms that are kept; those of the article and of the prior are, whatever their number.
    min_df : int
        Postings that a term must stand in to be learned.
    calibrate : bool
        Whether probabilities and the weights of titles are learned from five folds. Without it
        they are the prior's, and fitting takes a fifth of the time.
    prevalence : float or None
        The share of the two roles expected where it predicts, as in `jobclf.predict`.

    Attributes
    ----------
    classes_ : ndarray of str or int
        The labels, in order.
    model_ : RoleModel
        What was learned.
    n_features_in_ : int
        The columns of `X`, where it has two dimensions.
    feature_names_in_ : ndarray of str
        Their names, where `X` is a frame.

    >>> texts = ["You test hypotheses and present forecasts.", "We serve models and watch them."]
    >>> labels = ["data_scientist", "ml_engineer"]
    >>> RoleClassifier("seeds").fit(texts, labels).predict(["Serving models at scale."]).tolist()
    ['ml_engineer']
    """

    def __init__(
        self,
        prior: str | os.PathLike[str] | RoleModel = "jobclf",
        C: float = priors.STRENGTH,
        max_features: int = recipe.MAX_FEATURES,
        min_df: int = recipe.MIN_DF,
        calibrate: bool = True,  # noqa: FBT001, FBT002  # parameters may be given in order
        prevalence: float | None = None,
    ) -> None:
        self.prior = prior
        self.C = C
        self.max_features = max_features
        self.min_df = min_df
        self.calibrate = calibrate
        self.prevalence = prevalence

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:
        """Learn from postings and their labels.

        Parameters
        ----------
        X : sequence of str, or array or frame of shape (postings, 1 or 2)
            The texts; a second column holds titles, None where one has none.
        y : sequence of str or int, shape (postings,)
            The labels.
        sample_weight : sequence of float, shape (postings,), optional
            How much each label counts, 1 without it. A posting that is there twice counts once.
        groups : sequence, shape (postings,), optional
            What calibration must not part, such as companies; near duplicates it never does.

        Raises
        ------
        ValueError
            If a text is missing or no str, a label names no role, or numbers seem to be turned.
        DatasetError
            If a role has no posting that has five words.
        """
        self._check_parameters()
        texts, titles = texts_and_titles(X, self, reset=True)
        self.classes_, self._roles, roles = roles_of(y)
        check_consistent_length(texts, roles, sample_weight, groups)
        weights = np.ones(len(texts))
        if sample_weight is not None:
            weights = _check_sample_weight(
                sample_weight, np.zeros((len(texts), 1)), dtype=np.float64, ensure_non_negative=True
            )
        kept = np.flatnonzero(weights)  # what counts for nothing is not there
        there = {roles[at] for at in kept}
        if not {Role.DATA_SCIENTIST, Role.ML_ENGINEER} <= there:
            one = "1 class" if len(there) == 1 else f"{len(there)} classes"
            raise ValueError(
                f"y has {one} with a weight, {', '.join(sorted(there))}; both roles are needed"
            )
        postings = dataset.collect(
            [str(at) for at in kept],
            [texts[at] for at in kept],
            [roles[at] for at in kept],
            weights=weights[kept].tolist(),
            columns={} if titles is None else {"title": [titles[at] or "" for at in kept]},
            conflicts="keep",
            min_words=dataset.MIN_WORDS,
        )
        prior = priors.load(self.prior, C=self.C)
        if self.classes_.dtype.kind == "i":
            _check_order(prior, postings)
        if groups is not None:
            given = np.unique(np.asarray(groups), return_inverse=True)[1]
            postings = postings.held_together(given[[int(name) for name in postings.names]])
        with threads.single():
            self.model_ = recipe.train(
                postings,
                prior,
                date=date.today().isoformat(),  # noqa: DTZ011
                min_df=self.min_df,
                max_features=self.max_features,
                C=self.C,
                calibrate=self.calibrate,
            ).model
        return self

    def _check_parameters(self) -> None:
        for name in ("C", "max_features", "min_df"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, not {getattr(self, name)!r}")
        if self.prevalence is not None and not 0.0 < self.prevalence < 1.0:
            raise ValueError(f"prevalence must be between 0 and 1, not {self.prevalence!r}")

    def predict_proba(self, X: Any) -> Floats:
        """Return the probability of each label, shape (postings, labels)."""
        check_is_fitted(self)
        texts, titles = texts_and_titles(X, self, reset=False)
        role, scope = self.model_.probabilities(texts, titles, prevalence=self.prevalence)
        if Role.NEITHER not in self._roles:
            scope = np.ones(len(role))
        columns = {
            Role.DATA_SCIENTIST: scope * (1.0 - role),
            Role.ML_ENGINEER: scope * role,
            Role.NEITHER: 1.0 - scope,
        }
        return np.stack([columns[role] for role in self._roles], axis=1)

    def decision_function(self, X: Any) -> Floats:
        """Return the log odds of the second of two labels, or the log probability of each of three.

        The shape is (postings,) for two labels, (postings, labels) for three.
        """
        logs = np.log(np.maximum(self.predict_proba(X), _LEAST))
        odds: Floats = logs[:, 1] - logs[:, 0] if logs.shape[1] == 2 else logs  # noqa: PLR2004
        return odds

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the likeliest label of each posting."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        found: NDArray[Any] = self.classes_[likeliest]
        return found

    @classmethod
    def from_model(cls, model: RoleModel) -> Self:
        """Return a fitted classifier that answers by a model, and learns on from it."""
        made = cls(prior=model)
        roles = [role for role in Role if not (role is Role.NEITHER and model.scope.knows_nothing)]
        made.classes_, made._roles, _ = roles_of(roles)
        made.model_ = model
        return made

    def to_model(self) -> RoleModel:
        """Return the model that was learned, which answers one posting and says why."""
        check_is_fitted(self)
        return self.model_

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write a model file, which can run nothing; over another only with `force`."""
        model_file.check_place(path, force=force)
        model_file.save_model(self.to_model(), path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a model file; the labels are the usual names of the roles."""
        return cls.from_model(model_file.load_model(path))


def _check_order(prior: RoleModel, postings: dataset.LabeledPostings) -> None:
    """Refuse numbers for labels where the prior says they stand the other way round.

    They are the places of the caller's own names in alphabetical order, and who wrote `MLE` and
    `ds` has 0 for the engineers.
    """
    scores = [
        prior.scores(prior.lexicon.count([postings.texts[at] for at in places[:_LOOKED_AT]]))[:, 0]
        for role in (Role.DATA_SCIENTIST, Role.ML_ENGINEER)
        if (places := [at for at, each in enumerate(postings.roles) if each is role])
    ]
    enough = min(map(len, scores)) >= recipe.MIN_HELD_OUT
    if enough and np.median(scores[0]) > np.median(scores[1]):
        raise ValueError(
            "y has numbers that seem to be turned: 0 is data_scientist, 1 ml_engineer, 2 neither; "
            "give names, data_scientist and ml_engineer"
        )
