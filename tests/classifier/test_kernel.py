"""The kernel gives the numbers of the scikit-learn pipeline."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.classifier.kernel import TermTables
from jobclf.classifier.model_file import load_model
from jobclf.roles import Role
from jobclf.training import features
from tests.factories import SMALL, SMALL_TERMS, TEXTS, posting

WORDS = (*SMALL_TERMS, "the", "of", "apply now", "data scientist", "engineer", "unknown", "\n", "é")


PIPELINE = cache(lambda: features.pipeline(SMALL))
SENTENCES = st.one_of(TEXTS, st.lists(st.sampled_from(WORDS)).map(" ".join))


@pytest.mark.slow
@given(st.lists(SENTENCES, min_size=1, max_size=5))
def test_the_kernel_and_scikit_learn_agree(texts: list[str]) -> None:
    kernel = SMALL.scores(SMALL.lexicon.count(texts))[:, 0]
    assert np.abs(kernel - PIPELINE().decision_function(texts)).max() <= 1e-9


@pytest.mark.slow
def test_they_agree_on_whole_postings_with_the_bundled_model() -> None:
    model = load_model()
    texts = [posting(role, number) for role in Role for number in range(5)]
    kernel = model.scores(model.lexicon.count(texts))[:, 0]
    assert np.abs(kernel - features.pipeline(model).decision_function(texts)).max() <= 1e-9


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
    counts = TermTables(SMALL_TERMS).count([text])
    assert counts.words.tolist() == [words]
    assert counts.known.tolist() == [known]
    assert counts.function.tolist() == [function]


def test_a_lexicon_has_the_length_of_its_terms() -> None:
    assert len(TermTables(SMALL_TERMS)) == len(SMALL_TERMS)
