"""The estimator is scikit-learn's with a prior; the recipe learns, and can be repeated."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from jobclf.classifier import model_document
from jobclf.classifier.model import RoleModel
from jobclf.classifier.prediction import Prediction
from jobclf.errors import DatasetError, Reason
from jobclf.evaluation.measurement import measured
from jobclf.roles import Role
from jobclf.text.vocabulary import load
from jobclf.training import dataset, labeled_data
from jobclf.training.logistic import PriorLogisticRegression, fit_families
from jobclf.training.priors import seed_model
from jobclf.training.recipe import train
from jobclf.training.splits import grouped_folds
from jobclf.training.unlabeled import train_unlabeled
from tests.factories import folder, mixed_posting, posting

DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER
pytestmark = pytest.mark.usefixtures("few_resamples")
REPOSITORY = Path(__file__).parents[2]


@parametrize_with_checks([PriorLogisticRegression()])  # type: ignore[untyped-decorator]
def test_the_estimator_is_one_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


def drawn(samples: int = 80, features: int = 6) -> tuple[Any, Any, Any]:
    """Return a matrix, two noisy classes and weights, the same ones every time."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(samples, features))
    y = X @ rng.normal(size=features) + rng.normal(size=samples) > 0
    return X, y, rng.uniform(0.1, 3, samples)


@pytest.mark.parametrize("C", [0.01, 1.0, 20.0])
@pytest.mark.parametrize("weighted", ["plain", "weighted"])
def test_with_mean_zero_it_is_logistic_regression(C: float, weighted: str) -> None:
    X, y, weights = drawn()
    weights = weights if weighted == "weighted" else None
    prior = PriorLogisticRegression(prior_precision=1 / C, tol=1e-9, max_iter=2000)
    found = prior.fit(X, y, sample_weight=weights)
    expected = LogisticRegression(C=C, tol=1e-9, max_iter=2000).fit(X, y, sample_weight=weights)
    assert found.coef_ == pytest.approx(expected.coef_, abs=1e-4)
    assert found.intercept_ == pytest.approx(expected.intercept_, abs=1e-4)
    assert found.predict_proba(X) == pytest.approx(expected.predict_proba(X), abs=1e-4)


def test_a_sparse_matrix_gives_the_same_weights() -> None:
    X, y, _ = drawn()
    dense = PriorLogisticRegression().fit(X, y)
    sparse = PriorLogisticRegression().fit(csr_matrix(X), y)
    assert sparse.coef_ == pytest.approx(dense.coef_, abs=1e-6)


def test_a_weight_that_no_sample_speaks_of_keeps_its_prior() -> None:
    X, y, _ = drawn()
    X[:, 2] = 0.0
    mean = np.array([0.0, 1.0, -3.5, 0.0, 2.0, 0.0])
    found = PriorLogisticRegression(prior_mean=mean).fit(X, y)
    assert found.coef_[0, 2] == pytest.approx(-3.5, abs=1e-12)


def test_a_firm_weight_moves_less_and_an_endless_one_not_at_all() -> None:
    X, y, _ = drawn()
    moved = [
        np.abs(PriorLogisticRegression(prior_mean=1.0, prior_precision=firm).fit(X, y).coef_ - 1)
        for firm in (0.1, 10.0, 1e9)
    ]
    assert moved[0].max() > moved[1].max() > moved[2].max()
    assert moved[2].max() < 1e-6


def test_more_samples_outweigh_the_prior() -> None:
    X, y, _ = drawn(2000)
    plain = LogisticRegression(C=1.0).fit(X, y).coef_
    far = [
        np.abs(PriorLogisticRegression(prior_mean=-2.0).fit(X[:n], y[:n]).coef_ - plain).max()
        for n in (20, 200, 2000)
    ]
    assert far[0] > far[1] > far[2]


def families(X: Any, allowed: Any, weights: Any, firm: float, mean: float = 0.0) -> Any:
    shape = (X.shape[1], allowed.shape[1] - 1)
    return fit_families(
        csr_matrix(X),
        allowed,
        weights,
        prior_mean=np.full(shape, mean),
        prior_precision=np.full(shape, firm),
        intercept_mean=np.zeros(shape[1]),
        intercept_precision=np.zeros(shape[1]),
        max_iter=2000,
    )


def test_one_family_is_the_estimator_of_two_classes() -> None:
    X, y, weights = drawn()
    one = PriorLogisticRegression(prior_mean=-0.5, prior_precision=0.3, tol=1e-9).fit(X, y, weights)
    found, intercepts, probabilities = families(X, np.stack([~y, y], axis=1), weights, 0.3, -0.5)
    assert found[:, 0] == pytest.approx(one.coef_[0], abs=1e-3)
    assert intercepts == pytest.approx(one.intercept_, abs=1e-3)
    assert probabilities == pytest.approx(one.predict_proba(X), abs=1e-3)


def test_with_hardly_a_prior_families_are_classes_of_scikit_learn() -> None:
    X, y, weights = drawn(400, 3)
    classes = y + 1 * (X[:, 0] + 0.5 * X[:, 1] ** 2 > 0.5)
    _, _, found = families(X, classes[:, None] == np.arange(3), weights, 1e-4)
    expected = LogisticRegression(C=1e4, tol=1e-8, max_iter=2000).fit(X, classes, weights)
    assert found == pytest.approx(expected.predict_proba(X), abs=5e-3)


def test_a_sample_that_may_be_anything_teaches_nothing() -> None:
    X, y, weights = drawn(400, 3)
    allowed = np.stack([~y, y & (X[:, 1] > 0), y & (X[:, 1] <= 0)], axis=1)
    some = families(X[:200], allowed[:200], weights[:200], 1.0)
    allowed[200:] = True
    more = families(X, allowed, weights, 1.0)
    assert more[0] == pytest.approx(some[0], abs=1e-3)


@pytest.mark.parametrize("told", ["Data Analyst", ""], ids=["by title", "untold"])
def test_titles_tell_families_apart_and_what_has_none_may_be_of_any(told: str) -> None:
    texts = [posting(role, number) for number in range(30) for role in (DS, MLE, OTHER, OTHER)]
    titles = ["", "", told, "Nurse" if told else ""] * 30
    given = dataset.collect(
        [str(number) for number in range(120)],
        texts,
        [DS, MLE, OTHER, OTHER] * 30,
        columns={"title": titles},
    )
    model = train(given, seed_model(load(), families=("data analyst", "other"))).model
    new = [posting(role, number) for role in (DS, MLE, OTHER) for number in range(100, 110)]
    scores = model.scores(model.lexicon.count(new))[:, 1]
    assert (scores[:20] > 0).all()
    assert (scores[20:] < 0).all()
    assert model.scope.families == ("data analyst", "other")


def test_the_seed_model_knows_the_roles_without_a_label() -> None:
    model = seed_model(load())
    texts = [posting(role, number) for role in (DS, MLE) for number in range(10)]
    scores = model.scores(model.lexicon.count(texts))[:, 0]
    right = np.sign(scores) == np.repeat([-1, 1], 10)
    assert right.mean() >= 0.8


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dataset.LabeledPostings:
    """Return a small set of labelled postings."""
    return labeled_data.read(folder(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def learned(small: dataset.LabeledPostings) -> RoleModel:
    """Return what the seeds and a small set of postings teach."""
    return train(small, seed_model(load()), name="small", date="2026-01-01").model


def test_a_small_folder_teaches_both_heads(learned: RoleModel) -> None:
    for role in Role:
        (answer,) = learned.predict_many([posting(role, 99, sentences=30)])
        assert isinstance(answer, Prediction), answer
        assert answer.in_scope == (role is not OTHER)
        if role is not OTHER:
            assert answer.role is role


def test_the_card_says_what_was_learned(learned: RoleModel, small: dataset.LabeledPostings) -> None:
    assert learned.card.name == "small"
    assert learned.card.trained == "2026-01-01"
    assert learned.card.prior == "seeds"
    assert learned.card.postings == {"data_scientist": 12, "ml_engineer": 12, "neither": 8}
    assert learned.card.digest == small.digest
    assert learned.card.scores == {}  # what is measured is for `evaluation` to say
    assert set(learned.card.versions) == {"jobclf", "python", "numpy", "scikit-learn", "nltk"}


def test_training_again_gives_the_same_model(
    learned: RoleModel, small: dataset.LabeledPostings
) -> None:
    again = train(small, seed_model(load()), name="small", date="2026-01-01").model
    one, other = model_document.to_document(again), model_document.to_document(learned)
    for part in ("terms", "idf", "role", "scope"):
        assert one[part] == other[part]


def test_training_goes_on_from_a_trained_model(
    learned: RoleModel, small: dataset.LabeledPostings
) -> None:
    further = train(small, learned).model
    assert further.card.prior == "small"
    assert set(learned.terms) <= set(further.terms)
    assert further.role.calibrated_on == 2 * learned.role.calibrated_on
    firm = dict(zip(further.terms, further.role.precision, strict=True))
    for term, before in zip(learned.terms, learned.role.precision, strict=True):
        assert firm[term] >= before


def test_only_the_terms_that_matter_most_are_kept(small: dataset.LabeledPostings) -> None:
    prior = seed_model(load())
    assert len(train(small, prior, max_features=200).model.terms) == 200


def test_progress_is_told(small: dataset.LabeledPostings) -> None:
    told: list[str] = []
    train(small, seed_model(load()), progress=told.append)
    assert told[0] == "counting the terms of 32 postings"
    assert told[-1] == "fitting on everything"


@pytest.mark.parametrize(
    ("scientists", "engineers", "fact"),
    [
        (0, 12, "0 postings of data_scientist and 1 are needed"),
        (12, 0, "0 postings of ml_engineer and 1 are needed"),
    ],
)
def test_too_few_postings_are_refused(
    tmp_path: Path, scientists: int, engineers: int, fact: str
) -> None:
    few = labeled_data.read(folder(tmp_path, scientists=scientists, engineers=engineers))
    with pytest.raises(DatasetError, match=fact):
        train(few, seed_model(load()))


@pytest.mark.parametrize(("each", "gold"), [(1, False), (2, False), (4, False), (5, True)])
def test_a_model_is_judged_from_five_postings_of_each_role_on(
    tmp_path: Path, each: int, *, gold: bool
) -> None:
    few = labeled_data.read(folder(tmp_path, scientists=each, engineers=each, others=1))
    prior = seed_model(load())
    trained = train(few, prior)
    assert (trained.held_out is not None) == gold
    assert bool(measured(trained, few)[0].card.scores) == gold
    assert (trained.model.role.calibrated_on > 0) == gold


@pytest.mark.parametrize("others", [0, 3])
def test_few_or_no_postings_of_other_work_will_do(tmp_path: Path, others: int) -> None:
    few = labeled_data.read(folder(tmp_path, scientists=5, engineers=5, others=others))
    trained = train(few, seed_model(load()))
    _, scores = measured(trained, few)
    assert scores is not None
    assert (scores.scope_auc is None) == (others == 0)


def test_near_duplicates_are_learned_from_but_not_measured_on() -> None:
    texts = [f"{posting(DS, 1)} extra{number}" for number in range(6)]
    texts += [f"{posting(MLE, 1)} extra{number}" for number in range(6)]
    copies = dataset.collect([str(n) for n in range(12)], texts, [DS] * 6 + [MLE] * 6)
    assert train(copies, seed_model(load())).held_out is None
    with pytest.raises(DatasetError, match="near duplicates or of one company") as refused:
        grouped_folds(copies, 5)
    assert refused.value.reason is Reason.TOO_FEW


def test_postings_of_one_company_are_learned_from_and_measured_on() -> None:
    texts = [posting(role, number) for role in (DS, MLE) for number in range(6)]
    names = [str(number) for number in range(12)]
    one = dataset.collect(names, texts, [DS] * 6 + [MLE] * 6, companies=["Acme"] * 12)
    assert train(one, seed_model(load())).held_out is not None


def test_without_labels_the_prior_teaches_itself() -> None:
    texts = [posting(role, number) for role in (DS, MLE) for number in range(40)]
    model = train_unlabeled(texts, seed_model(load()), min_df=3)
    new = [posting(role, number) for role in (DS, MLE) for number in range(100, 120)]
    scores = model.scores(model.lexicon.count(new))[:, 0]
    assert scores[20:].mean() > scores[:20].mean() + 1
    assert (model.scope.weights == 0).all()


@pytest.mark.parametrize("commoner", [DS, MLE])
def test_the_commoner_role_of_few_labels_is_not_the_likelier_answer(commoner: Role) -> None:
    roles = [commoner] * 16 + [MLE if commoner is DS else DS] * 3
    texts = [mixed_posting(role, number) for number, role in enumerate(roles)]
    few = dataset.collect([*map(str, range(len(texts)))], texts, roles)
    model = train(few, seed_model(load())).model
    new = [mixed_posting(role, 100 + number) for number in range(30) for role in (DS, MLE)]
    found = model.scores(model.lexicon.count(new))[:, 0] > 0
    assert (found == [False, True] * 30).mean() > 0.85


def test_terms_of_few_postings_weigh_alike_however_rare() -> None:
    texts = [posting(role, number) for role in (DS, MLE) for number in range(30)]
    few = dataset.collect([*map(str, range(60))], texts, [DS] * 30 + [MLE] * 30)
    untaught = train_unlabeled(texts, seed_model(load()))
    for model in (untaught, train(few, seed_model(load())).model, train(few, untaught).model):
        assert set(model.idf) == {1.0}


def test_a_title_weighs_as_much_as_it_is_right_where_the_text_is_not() -> None:
    texts = [posting(role, number) for number in range(40) for role in (DS, MLE)]
    roles = [DS, MLE] * 40

    def weight(titles: list[str]) -> float:
        told = dataset.collect([f"{n}" for n in range(80)], texts, roles, columns={"title": titles})
        return train(told, seed_model(load())).model.role.title

    right = weight([role.label for role in roles])
    wrong = weight([(MLE if role is DS else DS).label for role in roles])
    assert right > 0.5
    assert wrong == 0.0
    assert weight(["Colleague"] * 80) == 0.0


def test_seeds_teach_themselves_on_fifty_postings_at_least() -> None:
    with pytest.raises(DatasetError, match="49 unlabelled postings and 50 are needed"):
        train_unlabeled([posting(DS, 1)] * 49, seed_model(load()))
