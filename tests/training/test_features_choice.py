"""Terms are chosen and counted as scikit-learn's vectorizer does it."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from jobclf.training.features import Analyzer, choose_terms, count_matrix

TEXTS = [
    "We deploy models to production, and monitor models in production.",
    "You deploy a model | monitor models in production daily",
    "Senior data scientist: design experiments and monitor models",
    "Design experiments, 24 7 24 7 design of experiments",
    "24 7 24 7 данные данные",
    "",
]


@pytest.mark.parametrize("longest", [1, 2, 3, 4])
@pytest.mark.parametrize("fewest", [1, 2, 3, 7])
def test_terms_are_those_of_the_count_vectorizer(fewest: int, longest: int) -> None:
    vectorizer = CountVectorizer(analyzer=Analyzer(longest))
    present = vectorizer.fit_transform(TEXTS).sign().sum(axis=0).A1
    names = vectorizer.get_feature_names_out()
    expected = [
        term for term in names[present >= fewest] if any(map(str.isalpha, term)) and "ж" not in term
    ]
    assert choose_terms(TEXTS, fewest=fewest, longest=longest) == expected


def test_nothing_is_chosen_from_nothing() -> None:
    assert choose_terms([], fewest=1) == []


def test_counts_are_those_of_the_count_vectorizer() -> None:
    terms = choose_terms(TEXTS, fewest=1, longest=3)
    vectorizer = CountVectorizer(analyzer=Analyzer(3), vocabulary=terms)
    expected = vectorizer.transform(TEXTS).toarray()
    np.testing.assert_array_equal(count_matrix(TEXTS, terms).toarray(), expected)
