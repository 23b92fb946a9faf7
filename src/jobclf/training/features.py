"""The scikit-learn side: vocabulary, counts, TF-IDF, and the pipeline a model stands for."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobclf import limits
from jobclf.classifier.counts import Floats, Integers
from jobclf.classifier.kernel import TermTables
from jobclf.roles import KINDS, Role
from jobclf.text.tokens import BREAK, FUNCTION_WORDS, ngrams, tokenize
from jobclf.text.vocabulary import Seeds

LONGEST = 2  # words in a learned term; seeds may be longer


class Analyzer:
    """The analyzer for scikit-learn's vectorizers: text to terms of one to `longest` words."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.longest = longest

    def __call__(self, text: str) -> list[str]:
        """Return the terms of a text, in order."""
        return list(ngrams(tokenize(text), self.longest))


def select_terms(normal: Sequence[str], *, min_df: int, longest: int = LONGEST) -> list[str]:
    """Return the terms that stand in at least `min_df` normalised texts, in alphabetical order."""
    spelling, words, rows = _word_rows(map(str.split, normal))
    chosen: list[str] = []
    left = words
    for size in range(1, longest + 1):
        # A term is frequent only if the shorter one it begins with is, and so is its last word.
        right = words[size - 1 :]
        at = np.flatnonzero((left[: len(right)] > 0) & (right > 0))
        pairs = left[at] * len(spelling) + right[at] if size > 1 else right[at]
        order = np.argsort(pairs, kind="stable")
        at, pairs = at[order], pairs[order]
        new = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
        number = np.cumsum(new) - 1
        elsewhere = new | (np.append(0, np.diff(rows[at]))[: len(at)] != 0)
        often = np.bincount(number, elsewhere) >= min_df
        left = np.zeros(len(words), dtype=np.int64)
        left[at] = np.where(often, np.cumsum(often), 0)[number]
        if size == 1:
            words = np.where(left > 0, words, 0)
        starts = at[np.flatnonzero(new)[often]]
        chosen += (
            " ".join(spelling[word] for word in words[start : start + size].tolist())
            for start in starts.tolist()
        )
    return sorted(
        term
        for term in chosen
        if term.isascii() and len(term) <= limits.TERM and any(map(str.isalpha, term))
    )


def _word_rows(texts: Iterable[list[str]]) -> tuple[list[str], Integers, Integers]:
    """Return all words there are, and the number and the text of each word that terms are made of.

    Number 0 is a break; there is one after each text.
    """
    numbers = {BREAK: 0} | dict.fromkeys(FUNCTION_WORDS, -1)
    words, sizes = [], []
    for found in texts:
        for word in found:
            if word not in numbers:
                numbers[word] = len(numbers)
        kept = np.array([*map(numbers.__getitem__, found), 0], dtype=np.int64)
        words.append(kept[kept >= 0])
        sizes.append(len(words[-1]))
    spelling = [""] * (max(numbers.values()) + 1)
    for word, number in numbers.items():
        if number > 0:
            spelling[number] = word
    return (
        spelling,
        np.concatenate([*words, np.zeros(0, dtype=np.int64)]),
        np.repeat(np.arange(len(sizes)), sizes),
    )


def count_matrix(normal: Sequence[str], terms: Sequence[str]) -> Any:
    """Return the CSR matrix of how often each term stands in each normalised text."""
    from scipy.sparse import csr_array

    found = TermTables(terms).count(normal, normal=True)
    index = np.int32 if len(found.terms) < np.iinfo(np.int32).max else np.int64
    places = (found.terms.astype(index), found.starts.astype(index))
    return csr_array((found.counts, *places), shape=(len(normal), len(terms)))


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
    classes = (Role.DATA_SCIENTIST, Role.ML_ENGINEER)
    return _pipeline(model, classes, model.role.weights[None, :], [model.role.intercept])


def scope_pipeline(model: Any) -> Any:
    """Return the scikit-learn pipeline of either role, its first class, against each family."""
    head = model.scope
    weights = np.vstack([np.zeros(len(model.terms)), head.weights.T])
    return _pipeline(model, ("either role", *head.families), weights, [0.0, *head.intercepts])


def _pipeline(model: Any, classes: Sequence[str], weights: Floats, intercepts: Any) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    transformer = TfidfTransformer(sublinear_tf=True)
    transformer.idf_ = model.idf
    classifier = LogisticRegression()
    classifier.classes_ = np.array(classes)
    classifier.coef_ = weights
    classifier.intercept_ = np.array(intercepts)
    vectorizer = CountVectorizer(
        analyzer=Analyzer(model.lexicon.longest), vocabulary=list(model.terms)
    )
    return make_pipeline(vectorizer, transformer, classifier)


def seed_terms(seeds: Seeds) -> list[str]:
    """Return the seeds of either role as terms, without function words, in alphabetical order."""
    own = {
        " ".join(word for word in seed.term.split() if word not in FUNCTION_WORDS)
        for seed in seeds
        if seed.role is not None and seed.term not in seeds.general
    }
    return sorted(own)


def seed_kinds(seeds: Seeds, terms: Sequence[str]) -> NDArray[np.uint8]:
    """Return the place in `KINDS` of each term: of which seeds it is a form, 0 for none.

    Two terms are forms of each other when their words have the same Snowball stems in any order:
    "deploying models" is a form of "model deployment". Words that only share the stem are listed
    in the seed file.
    """
    from nltk.stem.snowball import SnowballStemmer

    stemmer = SnowballStemmer("english")
    stems: dict[str, str] = {}

    def form(term: str) -> tuple[str, ...]:
        words = [word for word in term.split() if word not in FUNCTION_WORDS]
        for word in words:
            if word not in stems:
                stems[word] = stemmer.stem(word)
        return tuple(sorted(stems[word] for word in words))

    kinds = {form(seed.term): KINDS.index((None, "shared")) for seed in seeds if seed.role is None}
    for seed in seeds:
        if seed.role is not None and seed.term not in seeds.general:
            kinds.setdefault(form(seed.term), KINDS.index((seed.role, seed.kind)))
    found = [
        0 if any(word in seeds.not_forms for word in term.split()) else kinds.get(form(term), 0)
        for term in terms
    ]
    return np.array(found, dtype=np.uint8)


def seed_signs(seeds: Seeds, terms: Sequence[str]) -> Floats:
    """Return +1 for each term that is a form of an ML Engineer seed, -1 for a Data Scientist's."""
    return signs(seed_kinds(seeds, terms))


def signs(kinds: NDArray[np.uint8]) -> Floats:
    """Return the sign on the role head of each kind, by its place in `KINDS`."""
    by_role = {Role.ML_ENGINEER: 1.0, Role.DATA_SCIENTIST: -1.0}
    table = np.array([by_role.get(role, 0.0) if role else 0.0 for role, _ in KINDS])
    found: Floats = table[kinds]
    return found
