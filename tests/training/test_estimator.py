"""The recipe is a classifier of scikit-learn, wherever scikit-learn takes one."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

import jobclf
from jobclf import Prediction, RoleClassifier, RoleModel
from jobclf.errors import DatasetError
from jobclf.roles import Role
from jobclf.training import dataset, priors, recipe
from tests.factories import mixed_posting

ROLES = [role for role in Role for _ in range(8)]
TEXTS = [mixed_posting(role, number) for number, role in enumerate(ROLES)]
LABELS = [str(role) for role in ROLES]
TITLES = ["ML Engineer" if role is Role.ML_ENGINEER else None for role in ROLES]
NEW = [mixed_posting(role, number) for number, role in enumerate(ROLES, 100)]


@pytest.fixture(scope="module")
def fitted() -> RoleClassifier:
    """Return a classifier that knows three labels."""
    return RoleClassifier("seeds").fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def plain() -> RoleClassifier:
    """Return one whose probabilities are not calibrated, which takes a fifth of the time."""
    return RoleClassifier("seeds", calibrate=False).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def titled() -> RoleModel:
    """Return a model that has learned what titles are worth."""
    postings = dataset.collect(
        [*map(str, range(len(TEXTS)))], TEXTS, ROLES, columns={"title": [*map(told, ROLES)]}
    )
    model = recipe.train(postings, priors.load("seeds")).model
    assert model.role.title > 0
    return model


def told(role: Role) -> str:
    return "" if role is Role.NEITHER else role.label


def answered(model: RoleModel, texts: list[str], titles: Any = None) -> list[Prediction]:
    """Return the answers of a model, none of them an error."""
    found = list(model.predict_many(texts, titles))
    return [answer for answer in found if isinstance(answer, Prediction)]


class OfNumbers(RoleClassifier):
    """Write numbers as texts and any labels as roles, so that checks that draw numbers can run."""

    def __init__(self, prior: Any = "seeds", C: float = 10.0, *, calibrate: bool = False) -> None:
        super().__init__(prior, C, calibrate=calibrate)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = False
        tags.input_tags.two_d_array = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:
        """Fit to what is written for the numbers."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.middle_ = X.mean(axis=0)
        self.labels_, codes = np.unique(y, return_inverse=True)
        names = np.array([*Role])
        if len(self.labels_) > len(names):
            raise ValueError("too many classes")
        kept = int(X.shape[1])
        super().fit(_written(X, self.middle_), names[codes], sample_weight, groups)
        self.n_features_in_ = kept
        self.roles_, self.classes_ = self.classes_, self.labels_
        return self

    def predict_proba(self, X: Any) -> Any:
        """Return the probabilities of what is written for the numbers."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float64)
        return super().predict_proba(_written(X, self.middle_))


def _written(X: Any, middle: Any) -> list[str]:
    """Write which numbers are above the middle, and how much, in words that no seed has."""
    steps = np.clip(np.round(2 * (X - middle)), -4, 4)
    names = [
        f"f{'abcdefghijklmnopqrstuvwxyz'[at % 26] * (1 + at // 26)}f" for at in range(X.shape[1])
    ]
    signs = {1.0: "up", -1.0: "down", 0.0: "flat"}
    return [
        ". ".join(
            " ".join([f"{name}{signs[np.sign(step)]}"] * max(1, int(abs(step))))
            for name, step in zip(names, row, strict=True)
        )
        + ". one two six ten"
        for row in steps
    ]


NOT_FOR_TEXTS = {
    "check_sample_weight_equivalence_on_dense_data": "a posting that is there twice counts once",
    "check_dtype_object": "it draws four classes, and there are three roles",
}
"""The checks that cannot hold, and why."""


@parametrize_with_checks([OfNumbers()], expected_failed_checks=lambda _: NOT_FOR_TEXTS)  # type: ignore[untyped-decorator]
def test_it_passes_the_checks_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


def test_it_is_the_recipe_of_train() -> None:
    postings = dataset.collect([*map(str, range(len(TEXTS)))], TEXTS, ROLES)
    learned = recipe.train(postings, priors.load("seeds")).model
    found = RoleClassifier("seeds").fit(TEXTS, LABELS)
    assert found.model_.terms == learned.terms
    assert found.model_.role.weights == pytest.approx(learned.role.weights)
    assert found.model_.scope.offset == learned.scope.offset
    answers = answered(learned, NEW)
    expected = [list(answer.probabilities.values()) for answer in answers]
    assert found.predict_proba(NEW) == pytest.approx(np.array(expected))
    assert found.predict(NEW).tolist() == [str(answer.answer) for answer in answers]


def test_predictions_are_those_of_jobclf_predict() -> None:
    found = RoleClassifier.from_model(jobclf.load_model())
    answers = [jobclf.predict(text, title="Data Scientist") for text in NEW]
    X = [[text, "Data Scientist"] for text in NEW]
    assert found.predict(X).tolist() == [str(answer.answer) for answer in answers]
    assert found.predict_proba(X).max(axis=1) == pytest.approx(
        [each.confidence for each in answers]
    )


def test_another_prevalence_moves_the_line_to_neither() -> None:
    model = jobclf.load_model()
    rare, usual = (
        RoleClassifier.from_model(model).set_params(prevalence=share).predict_proba(NEW)
        for share in (0.01, None)
    )
    assert (rare[:, 2] > usual[:, 2]).all()
    assert RoleClassifier.from_model(model).to_model() is model


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (LABELS, ["data_scientist", "ml_engineer", "neither"]),
        (ROLES, ["data_scientist", "ml_engineer", "neither"]),
        (
            [role.label if role is not Role.NEITHER else "other" for role in ROLES],
            ["Data Scientist", "ML Engineer", "other"],
        ),
        (
            [{"d": "ds", "m": "MLE", "n": "Neither"}[role[0]] for role in ROLES],
            ["MLE", "Neither", "ds"],
        ),
    ],
    ids=["names", "roles", "as people write", "short"],
)
def test_labels_come_back_as_they_were_spelled(labels: list[str], classes: list[str]) -> None:
    found = RoleClassifier("seeds", calibrate=False).fit(TEXTS, labels)
    assert found.classes_.tolist() == classes
    assert found.predict_proba(NEW).sum(axis=1) == pytest.approx(1.0)
    assert found.decision_function(NEW).argmax(axis=1).tolist() == [
        classes.index(label) for label in found.predict(NEW)
    ]
    assert found.score(TEXTS, labels) > 0.9


def test_of_two_labels_the_decision_is_for_the_second() -> None:
    found = RoleClassifier("seeds", calibrate=False).fit(TEXTS[:16], LABELS[:16])
    assert found.classes_.tolist() == ["data_scientist", "ml_engineer"]
    odds = found.decision_function(NEW)
    assert odds.shape == (len(NEW),)
    assert ((odds > 0) == (found.predict(NEW) == "ml_engineer")).all()
    assert 1 / (1 + np.exp(-odds)) == pytest.approx(found.predict_proba(NEW)[:, 1])


def frame(titles_first: bool = False) -> pd.DataFrame:  # noqa: FBT001, FBT002
    """Return the postings with an index of their own."""
    columns = {"text": TEXTS, "title": TITLES}
    names = ["title", "text"] if titles_first else ["text", "title"]
    return pd.DataFrame(columns, index=range(100, 100 + len(TEXTS)))[names]


@pytest.mark.parametrize(
    "given",
    [
        lambda: np.array(TEXTS),
        lambda: np.array(TEXTS, dtype=object),
        lambda: tuple(TEXTS),
        lambda: np.array(TEXTS)[:, None],
        lambda: pd.Series(TEXTS, index=range(7, 7 + len(TEXTS))),
        lambda: pd.DataFrame({"text": TEXTS}),
        lambda: pytest.importorskip("pyarrow").chunked_array([TEXTS[:9], TEXTS[9:]]),
        lambda: pytest.importorskip("polars").Series(TEXTS),
        lambda: pytest.importorskip("polars").DataFrame({"text": TEXTS}),
    ],
    ids=[
        "array",
        "objects",
        "tuple",
        "column",
        "Series",
        "frame",
        "Arrow",
        "Polars",
        "Polars frame",
    ],
)
def test_texts_come_as_anything(given: Callable[[], Any], plain: RoleClassifier) -> None:
    X = given()
    found = RoleClassifier("seeds", calibrate=False).fit(X, LABELS)
    assert found.predict_proba(X) == pytest.approx(plain.predict_proba(TEXTS))


@pytest.mark.parametrize(
    "given",
    [
        lambda: list(zip(TEXTS, TITLES, strict=True)),
        lambda: np.array([TEXTS, TITLES], dtype=object).T,
        frame,
        lambda: frame(titles_first=True),
        lambda: pytest.importorskip("polars").DataFrame({"text": TEXTS, "title": TITLES}),
    ],
    ids=["pairs", "array", "frame", "frame that begins with titles", "Polars"],
)
def test_titles_are_a_second_column(given: Callable[[], Any], titled: RoleModel) -> None:
    found = RoleClassifier(titled, calibrate=False).fit(given(), LABELS)
    expected = answered(found.model_, TEXTS, TITLES)
    assert expected != answered(found.model_, TEXTS)
    assert found.predict(given()).tolist() == [str(answer.answer) for answer in expected]
    assert found.n_features_in_ == 2


def test_it_works_in_a_pipeline_with_columns() -> None:
    X = frame().assign(company="none", salary=1.0)
    columns = ColumnTransformer(
        [
            (
                "text",
                FunctionTransformer(lambda part: part.apply(lambda cell: cell.str.strip())),
                ["text"],
            ),
            ("title", "passthrough", ["title"]),
        ]
    )
    found = make_pipeline(columns, RoleClassifier("seeds")).fit(X, LABELS)
    assert found.score(X, LABELS) > 0.9
    assert found[-1].n_features_in_ == 2


def test_it_is_cross_validated_and_searched(fitted: RoleClassifier) -> None:
    assert (
        cross_val_score(RoleClassifier("seeds", calibrate=False), TEXTS, LABELS, cv=3).mean() > 0.5
    )
    grid = {"classifier__C": [0.1, 10.0], "classifier__max_features": [50, 14_000]}
    steps = Pipeline([("classifier", RoleClassifier("seeds", calibrate=False))])
    search = GridSearchCV(steps, grid, cv=2).fit(TEXTS, LABELS)
    assert search.best_params_["classifier__C"] in {0.1, 10.0}
    assert not np.isnan(search.cv_results_["mean_test_score"]).any()
    outer = CalibratedClassifierCV(RoleClassifier("seeds", calibrate=False), cv=2)
    assert outer.fit(TEXTS, LABELS).predict_proba(NEW).shape == fitted.predict_proba(NEW).shape


@pytest.mark.parametrize("count", [16, 24], ids=["two roles", "neither too"])
def test_probabilities_are_cross_validated(count: int) -> None:
    steps = make_pipeline(RoleClassifier("seeds", calibrate=False))
    found = cross_val_predict(steps, TEXTS[:count], LABELS[:count], cv=2, method="predict_proba")
    assert found.sum(axis=1) == pytest.approx(1.0)
    classes = np.unique(LABELS[:count])
    assert (classes[found.argmax(axis=1)] == LABELS[:count]).mean() > 0.6
    numbers = RoleClassifier("seeds", calibrate=False).fit(TEXTS, [0] * 8 + [1] * 8 + [2] * 8)
    named = RoleClassifier("seeds", calibrate=False).fit(TEXTS, LABELS)
    assert numbers.classes_.tolist() == [0, 1, 2]
    assert (numbers.predict_proba(NEW) == named.predict_proba(NEW)).all()
    assert (named.classes_[numbers.predict(NEW)] == named.predict(NEW)).all()


def test_parameters_change_what_is_learned(fitted: RoleClassifier) -> None:
    kept = fitted.get_params()
    assert set(kept) == {"prior", "C", "max_features", "min_df", "calibrate", "prevalence"}
    prior = fitted.to_model()
    for changed in ({"C": 0.1}, {"min_df": 6}, {"calibrate": False}, {"prior": prior}):
        other = clone(fitted).set_params(**changed).fit(TEXTS, LABELS)
        assert not np.allclose(other.predict_proba(NEW), fitted.predict_proba(NEW))
    fewer = clone(fitted).set_params(max_features=1).fit(TEXTS, LABELS)
    assert len(fewer.model_.terms) < len(fitted.model_.terms)


def test_weights_count_and_weightless_postings_do_not() -> None:
    weights = np.array([1.0] * 16 + [0.0] * 8)
    part = RoleClassifier("seeds").fit(TEXTS, LABELS, sample_weight=weights)
    alone = RoleClassifier("seeds").fit(TEXTS[:16], LABELS[:16])
    assert part.model_.terms == alone.model_.terms
    assert part.model_.role.weights == pytest.approx(alone.model_.role.weights)
    heavy = RoleClassifier("seeds").fit(
        TEXTS[:16], LABELS[:16], sample_weight=[5.0] * 8 + [1.0] * 8
    )
    assert heavy.model_.role.intercept < alone.model_.role.intercept


def test_groups_are_not_parted() -> None:
    whole = RoleClassifier("seeds").fit(TEXTS[:16], LABELS[:16], groups=["a"] * 8 + ["b"] * 8)
    assert whole.model_.role.calibrated_on == 0  # a role in one group: nothing can be held out
    pairs = RoleClassifier("seeds").fit(TEXTS[:16], LABELS[:16], groups=[*range(8), *range(8)])
    assert pairs.model_.role.calibrated_on == 16


def test_a_model_goes_in_and_out(tmp_path: Path, fitted: RoleClassifier) -> None:
    fitted.save(tmp_path / "my.joblib")
    with pytest.raises(jobclf.OutputError, match="there is a model already"):
        fitted.save(tmp_path / "my.joblib")
    fitted.save(tmp_path / "my.joblib", force=True)
    again = RoleClassifier.load(tmp_path / "my.joblib")
    assert again.predict_proba(NEW) == pytest.approx(fitted.predict_proba(NEW), abs=1e-5)
    assert jobclf.load_model(tmp_path / "my.joblib").terms == fitted.to_model().terms
    more = clone(again).fit(NEW, LABELS)
    assert more.model_.card.prior == "my"
    seeds = RoleClassifier.from_model(priors.load("seeds"))
    assert seeds.classes_.tolist() == ["data_scientist", "ml_engineer"]


@pytest.mark.parametrize("way", ["joblib", "pickle"])
def test_it_is_pickled(way: str, tmp_path: Path, fitted: RoleClassifier) -> None:
    if way == "joblib":
        joblib.dump(fitted, tmp_path / "fitted.joblib")
        again = joblib.load(tmp_path / "fitted.joblib")
    else:
        again = pickle.loads(pickle.dumps(fitted))
    assert (again.predict_proba(NEW) == fitted.predict_proba(NEW)).all()


@pytest.mark.parametrize(
    ("X", "y", "said"),
    [
        ("text", LABELS, r"not one str; give \[text\]"),
        ([*TEXTS[:2], None, np.nan, *TEXTS[4:]], LABELS, "no text .* in rows 2, 3; leave"),
        (pd.Series([None, *TEXTS[1:]]), LABELS, "no text .* in row 0; leave"),
        ([*TEXTS[:-1], 3], LABELS, "must hold str, and not int"),
        (np.zeros((24, 2)), LABELS, "must hold str, and not float"),
        (np.array([TEXTS] * 3).T, LABELS, r"shape \(24, 3\)"),
        (TEXTS, None, "requires y"),
        (TEXTS, [*LABELS[:-1], None], "no label .* in row 23"),
        (TEXTS, [*LABELS[:-1], "baker"], "Unknown label type: 'baker' is no role"),
        (TEXTS, [0, 1, *[3] * 22], "3 is no role; of numbers use 0 data_scientist, 1 ml_engineer"),
        (TEXTS, [1] * 8 + [0] * 8 + [2] * 8, "seem to be turned: 0 is data_scientist"),
        (TEXTS, ["0", *LABELS[1:]], "'0' is no role"),
        (TEXTS, ["ds", *LABELS[1:]], "'data_scientist' and 'ds' for one role"),
        (TEXTS[:8], LABELS[:8], "y has 1 class with a weight, data_scientist"),
        (TEXTS[:5], LABELS, "inconsistent"),
    ],
)
def test_what_cannot_be_learned_from_is_told(X: Any, y: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RoleClassifier("seeds").fit(X, y)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"C": 0.0}, "C must be above 0"),
        ({"max_features": 0}, "max_features must be above 0"),
        ({"prevalence": 1.0}, "prevalence must be between 0 and 1"),
    ],
)
def test_parameters_are_checked_where_it_is_fitted(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RoleClassifier("seeds", **parameters).fit(TEXTS, LABELS)


def test_unfitted_it_answers_nothing() -> None:
    for method in ("predict", "predict_proba", "decision_function"):
        with pytest.raises(NotFittedError):
            getattr(RoleClassifier(), method)(TEXTS)
    with pytest.raises(NotFittedError):
        RoleClassifier().to_model()


def test_short_texts_are_answered_and_not_learned_from(fitted: RoleClassifier) -> None:
    assert fitted.predict_proba(["", "pears"]).shape == (2, 3)
    with pytest.raises(DatasetError, match="no posting has 5 words"):
        RoleClassifier("seeds").fit(["a b", "c d"], ["data_scientist", "ml_engineer"])
