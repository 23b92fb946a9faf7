"""The scikit-learn side: vocabulary, counts, TF-IDF, and the pipeline a model stands for."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from jobclf.roles import Role
from jobclf.scoring import Floats
from jobclf.seeds import Seeds
from jobclf.text import FUNCTION_WORDS, ngrams, tokenize

LONGEST = 2  # words in a learned term; seeds may be longer


class Analyzer:
    """The analyzer for scikit-learn's vectorizers: text to terms of one to `longest` words."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.longest = longest

    def __call__(self, text: str) -> list[str]:
        """Return the terms of a text, in order."""
        return list(ngrams(tokenize(text), self.longest))


def choose_terms(texts: Sequence[str], *, fewest: int, longest: int = LONGEST) -> list[str]:
    """Return the terms that stand in at least `fewest` of the texts, in alphabetical order."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=Analyzer(longest), min_df=fewest)
    try:
        vectorizer.fit(texts)
    except ValueError:  # nothing is frequent enough
        return []
    found = vectorizer.get_feature_names_out()
    return [term for term in found if term.isascii() and any(map(str.isalpha, term))]


def count_matrix(texts: Sequence[str], terms: Sequence[str]) -> Any:
    """Return the CSR matrix of how often each term stands in each text."""
    from sklearn.feature_extraction.text import CountVectorizer

    longest = max((term.count(" ") + 1 for term in terms), default=1)
    vectorizer = CountVectorizer(analyzer=Analyzer(longest), vocabulary=list(terms))
    return vectorizer.transform(texts).astype(np.float64)


def inverse_document_frequency(counts: Any) -> Floats:
    """Return ln((1 + texts) / (1 + texts with the term)) + 1 for each column."""
    present = np.bincount(counts.indices, minlength=counts.shape[1])
    idf: Floats = np.log((1.0 + counts.shape[0]) / (1.0 + present)) + 1.0
    return idf


def tfidf_matrix(counts: Any, idf: Floats) -> Any:
    """Return (1 + ln count) x idf with rows of length one, as the kernel computes it."""
    from sklearn.preprocessing import normalize as scaled

    values = counts.tocsr(copy=True)
    values.data = (1.0 + np.log(values.data)) * idf[values.indices]
    return scaled(values, copy=False)


def pipeline(model: Any) -> Any:
    """Return the scikit-learn pipeline that gives the model's raw `role` scores.

    Its `decision_function` and the kernel must agree to 1e-9.
    """
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    longest = max(term.count(" ") + 1 for term in model.terms)
    transformer = TfidfTransformer(sublinear_tf=True)
    transformer.idf_ = model.idf
    classifier = LogisticRegression()
    classifier.classes_ = np.array([Role.DATA_SCIENTIST, Role.ML_ENGINEER])
    classifier.coef_ = model.role.weights[None, :]
    classifier.intercept_ = np.array([model.role.intercept])
    vectorizer = CountVectorizer(analyzer=Analyzer(longest), vocabulary=list(model.terms))
    return make_pipeline(vectorizer, transformer, classifier)


def seed_terms(seeds: Seeds) -> list[str]:
    """Return the seeds of either role as terms, without function words, in alphabetical order."""
    own = {
        " ".join(word for word in seed.term.split() if word not in FUNCTION_WORDS)
        for seed in seeds
        if seed.role is not None
    }
    return sorted(own)


def seed_signs(seeds: Seeds, terms: Sequence[str]) -> Floats:
    """Return +1 for each term that is a form of an ML Engineer seed, -1 for a Data Scientist's.

    Two terms are forms of each other when their words have the same Snowball stems in any order:
    "deploying models" is a form of "model deployment". Words that only share the stem are listed
    in the seed file.
    """
    from nltk.stem.snowball import SnowballStemmer

    stemmer = SnowballStemmer("english")
    stems: dict[str, str] = {}

    def form(term: str) -> tuple[str, ...]:
        words = [word for word in term.split() if word not in FUNCTION_WORDS]
        return tuple(sorted(stems.setdefault(word, stemmer.stem(word)) for word in words))

    shared = {form(seed.term) for seed in seeds if seed.role is None}
    signs: dict[tuple[str, ...], float] = {}
    for seed in seeds:
        if seed.role is not None and form(seed.term) not in shared:
            signs.setdefault(form(seed.term), 1.0 if seed.role is Role.ML_ENGINEER else -1.0)
    return np.array(
        [
            0.0
            if any(word in seeds.not_forms for word in term.split())
            else signs.get(form(term), 0.0)
            for term in terms
        ]
    )
