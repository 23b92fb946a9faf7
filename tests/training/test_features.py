"""The scikit-learn side: terms, counts, and what is a form of a seed."""

import numpy as np
import pytest

from jobclf.roles import Role
from jobclf.text.tokens import normalize
from jobclf.text.vocabulary import Seed, Seeds, load
from jobclf.training import features

SEEDS = Seeds(
    (
        Seed("deploy models", Role.ML_ENGINEER, "responsibilities", "duties"),
        Seed("run data pipelines", Role.ML_ENGINEER, "responsibilities", "duties"),
        Seed("statistics", Role.DATA_SCIENTIST, "skills", "skillset"),
        Seed("python", None, "shared", "both"),
        Seed("subject of matter", Role.DATA_SCIENTIST, "skills", "skillset"),
    ),
    frozenset({"deployed"}),
)

FORMS = {
    "deploy models": 1,
    "deploying model": 1,
    "models deployment": 1,
    "model deploys": 1,
    "deployed models": 0,
    "statistic": -1,
    "python": 0,
    "subject matter": -1,
    "cooking": 0,
}


def test_a_form_of_a_seed_takes_its_sign() -> None:
    assert dict(zip(FORMS, features.seed_signs(SEEDS, list(FORMS)), strict=True)) == FORMS


def test_every_shipped_seed_of_a_role_is_a_form_of_itself_unless_both_share_it() -> None:
    seeds = load()
    terms = features.seed_terms(seeds)
    signs = features.seed_signs(seeds, terms)
    assert set(signs) == {-1.0, 0.0, 1.0} or set(signs) == {-1.0, 1.0}
    assert np.mean(signs == 0.0) < 0.05


def test_terms_are_frequent_plain_and_hold_a_letter() -> None:
    texts = ["Build 2024 models in 日本語 c++", "build 2024 models 日本語 C++", "c++ once"]
    found = features.select_terms([*map(normalize, texts)], min_df=2)
    assert found == [*["2024 models", "build", "build 2024", "c++", "models"]]


def test_nothing_frequent_is_no_term() -> None:
    assert features.select_terms(["build", "serve"], min_df=2) == []


def test_tfidf_rows_have_length_one_and_empty_rows_stay_empty() -> None:
    counts = features.count_matrix(["a build build serve", "nothing known"], ["build", "serve"])
    assert counts.toarray().tolist() == [[2, 1], [0, 0]]
    matrix = features.tfidf_matrix(counts, np.array([1.0, 2.0])).toarray()
    before = np.array([1 + np.log(2), 2.0])
    assert matrix[0] == pytest.approx(before / np.linalg.norm(before))
    assert matrix[1].tolist() == [0, 0]


def test_idf_is_that_of_scikit_learn() -> None:
    from sklearn.feature_extraction.text import TfidfTransformer

    texts = ["build build models", "serve models", "models", ""]
    counts = features.count_matrix(texts, ["build", "models", "serve", "unseen"])
    expected = TfidfTransformer().fit(counts).idf_
    assert features.inverse_document_frequency(counts) == pytest.approx(expected, abs=1e-12)
