"""Terms are chosen and counted as scikit-learn's vectorizer does it."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from jobclf.text.tokens import normalize
from jobclf.training.features import Analyzer, count_matrix, select_terms

TEXTS = [
    "We deploy models to production, and monitor models in production.",
    "You deploy a model | monitor models in production daily",
    "Senior data scientist: design experiments and monitor models",
    "Design experiments, 24 7 24 7 design of experiments",
    "24 7 24 7 данные данные",
    "",
]
NORMAL = [normalize(text) for text in TEXTS]


@pytest.mark.parametrize("longest", [1, 2, 3, 4])
@pytest.mark.parametrize("min_df", [1, 2, 3, 7])
def test_terms_are_those_of_the_count_vectorizer(min_df: int, longest: int) -> None:
    vectorizer = CountVectorizer(analyzer=Analyzer(longest))
    present = vectorizer.fit_transform(TEXTS).sign().sum(axis=0).A1
    names = vectorizer.get_feature_names_out()
    expected = [
        term for term in names[present >= min_df] if any(map(str.isalpha, term)) and "ж" not in term
    ]
    assert select_terms(NORMAL, min_df=min_df, longest=longest) == expected


def test_nothing_is_chosen_from_nothing() -> None:
    assert select_terms([], min_df=1) == []


def test_counts_are_those_of_the_count_vectorizer() -> None:
    terms = select_terms(NORMAL, min_df=1, longest=3)
    vectorizer = CountVectorizer(analyzer=Analyzer(3), vocabulary=terms)
    expected = vectorizer.transform(TEXTS).toarray()
    np.testing.assert_array_equal(count_matrix(NORMAL, terms).toarray(), expected)
