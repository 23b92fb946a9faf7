"""The kernel gives the numbers of the scikit-learn pipeline."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf import features
from jobclf.model import Head, ModelCard, RoleModel, ScopeHead
from jobclf.persistence import load_model
from jobclf.roles import Role
from jobclf.scoring import Lexicon
from tests.test_text import TEXTS
from tests.written import posting

TERMS = (
    "a/b", "build", "build data pipelines", "c", "c++", "ci/cd", "data", "data pipelines",
    "deploy", "deploy models", "models", "node.js", "pipelines", "r", "scikit-learn", "serve",
)  # fmt: skip
WORDS = (*TERMS, "the", "of", "apply now", "data scientist", "engineer", "unknown", "\n", "é")


def other_work(chance: np.random.Generator, terms: int) -> ScopeHead:
    """Return a head of scope with three families and weights drawn at random."""
    return ScopeHead(
        families=("one", "two", "three"),
        weights=chance.normal(size=(terms, 3)),
        precision=np.ones((terms, 3)),
        intercepts=chance.normal(size=3),
        intercept_precision=np.zeros(3),
    )


def small_model() -> RoleModel:
    """Return a model of a few terms with weights drawn once."""
    chance = np.random.default_rng(1)
    ones = np.ones(len(TERMS))
    return RoleModel(
        terms=TERMS,
        idf=chance.uniform(1, 5, len(TERMS)),
        role=Head(chance.normal(size=len(TERMS)), ones, 0.3),
        scope=other_work(chance, len(TERMS)),
        card=ModelCard("small", "2026-01-01", "nothing", {}, ""),
    )


SMALL = small_model()
PIPELINE = features.pipeline(SMALL)
SENTENCES = st.one_of(TEXTS, st.lists(st.sampled_from(WORDS)).map(" ".join))


@given(st.lists(SENTENCES, min_size=1, max_size=5))
def test_the_kernel_and_scikit_learn_agree(texts: list[str]) -> None:
    kernel = SMALL.scores(SMALL.lexicon.count(texts))[:, 0]
    assert np.abs(kernel - PIPELINE.decision_function(texts)).max() <= 1e-9


def test_they_agree_on_whole_postings_with_the_bundled_model() -> None:
    model = load_model()
    texts = [posting(role, number) for role in Role for number in range(5)]
    kernel = model.scores(model.lexicon.count(texts))[:, 0]
    assert np.abs(kernel - features.pipeline(model).decision_function(texts)).max() <= 1e-9


@given(st.lists(SENTENCES, max_size=5))
def test_counts_are_those_of_scikit_learn(texts: list[str]) -> None:
    counts = Lexicon(TERMS).count(texts)
    assert counts.starts.tolist()[0] == 0
    assert len(counts.starts) == len(texts) + 1
    if texts:
        expected = features.count_matrix(texts, TERMS)
        expected.sort_indices()
        assert counts.starts.tolist() == expected.indptr.tolist()
        assert counts.terms.tolist() == expected.indices.tolist()
        assert counts.counts.tolist() == expected.data.tolist()


COUNTED = {
    "empty": ("", 0, 0, 0),
    "known and unknown": ("build widgets", 2, 1, 0),
    "function words are known": ("build the widgets of", 4, 3, 2),
    "titles are no words": ("Data Scientist build", 1, 1, 0),
    "a part of a term alone is not known": ("scikit", 1, 0, 0),
    "a word again counts again": ("build build", 2, 2, 0),
}


@pytest.mark.parametrize(
    ("text", "words", "known", "function"), COUNTED.values(), ids=COUNTED.keys()
)
def test_words_and_known_words(text: str, words: int, known: int, function: int) -> None:
    counts = Lexicon(TERMS).count([text])
    assert counts.words.tolist() == [words]
    assert counts.known.tolist() == [known]
    assert counts.function.tolist() == [function]


def test_a_lexicon_has_the_length_of_its_terms() -> None:
    assert len(Lexicon(TERMS)) == len(TERMS)
