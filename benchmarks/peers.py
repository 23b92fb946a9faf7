"""The kernel and its peers: each scores a list of texts, given as Python strings.

Every peer is trained on the texts it is timed on, which costs it nothing: only speed is measured.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from jobclf.classifier.heads import scope_log_odds
from jobclf.classifier.model import RoleModel
from jobclf.training import features

Scorer = Callable[[Sequence[str]], Any]
_WORD = re.compile(r"\w\w+")


def scorers(model: RoleModel, texts: Sequence[str], targets: np.ndarray) -> dict[str, Scorer]:
    """Return those that are installed, by name; targets are true for an ML Engineer's postings."""
    found = {"jobclf kernel, both heads": kernel(model)}
    for name, make in (
        ("scikit-learn, same terms, both heads", lambda: same_terms(model)),
        ("scikit-learn, TfidfVectorizer (1, 2)", lambda: plain_tfidf(model, texts, targets)),
        ("scikit-learn, HashingVectorizer (1, 2)", lambda: hashing(texts, targets)),
        ("fastText, bigrams", lambda: fasttext(texts, targets)),
        ("Vowpal Wabbit, bigrams, tokenising", lambda: vowpal_wabbit(texts, targets)),
    ):
        try:
            found[name] = make()
        except ImportError as error:
            print(f"left out: {name} ({error})")
    return found


def kernel(model: RoleModel) -> Scorer:
    """Return the package's own way."""
    lexicon = model.lexicon
    return lambda texts: model.scores(lexicon.count(texts))


def same_terms(model: RoleModel) -> Scorer:
    """Return the scikit-learn pipeline that the model stands for, with the second head beside."""
    pipeline = features.pipeline(model)
    weights = np.hstack([model.role.weights[:, None], model.scope.weights])
    intercepts = np.append(model.role.intercept, model.scope.intercepts)

    def scored(texts: Sequence[str]) -> Any:
        found = pipeline[:-1].transform(texts) @ weights + intercepts
        return found[:, 0], scope_log_odds(found[:, 1:])

    return scored


def plain_tfidf(model: RoleModel, texts: Sequence[str], targets: np.ndarray) -> Scorer:
    """Return what most people write first, with as many terms."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return _linear(
        TfidfVectorizer(ngram_range=(1, 2), max_features=len(model.terms)), texts, targets
    )


def hashing(texts: Sequence[str], targets: np.ndarray) -> Scorer:
    """Return scikit-learn's way without a vocabulary."""
    from sklearn.feature_extraction.text import HashingVectorizer

    return _linear(HashingVectorizer(ngram_range=(1, 2), n_features=2**18), texts, targets)


def _linear(vectorizer: Any, texts: Sequence[str], targets: np.ndarray) -> Scorer:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(vectorizer, LogisticRegression()).fit(texts, targets).decision_function


def fasttext(texts: Sequence[str], targets: np.ndarray) -> Scorer:
    """Return fastText with bigrams; that it wants one line a text is counted."""
    model = fasttext_model(texts, targets)
    return lambda texts: model.predict([text.replace("\n", " ") for text in texts])


def fasttext_model(
    texts: Sequence[str], targets: np.ndarray, *, epoch: int = 1, dim: int = 16
) -> Any:
    """Train fastText; one epoch will do to be timed."""
    import fasttext

    lines = (
        f"__label__{int(target)} {text}".replace("\n", " ")
        for text, target in zip(texts, targets, strict=True)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "postings.txt"
        path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
        for _ in range(50):  # some builds run into NaN now and then, whatever the rate
            try:
                return fasttext.train_supervised(
                    str(path),
                    wordNgrams=2,
                    dim=dim,
                    bucket=2**18,
                    epoch=epoch,
                    thread=1,
                    verbose=0,
                )
            except RuntimeError:
                continue
    raise ImportError("its training fails each time")


def vowpal_wabbit(texts: Sequence[str], targets: np.ndarray) -> Scorer:
    """Return Vowpal Wabbit with bigrams; splitting the words off its own marks is counted."""
    from vowpalwabbit import Workspace

    workspace = Workspace("--quiet --ngram 2 --loss_function logistic -b 18")
    for line, target in zip(_lines(texts), targets, strict=True):
        workspace.learn(f"{1 if target else -1} {line}")
    return lambda texts: [workspace.predict(line) for line in _lines(texts)]


def _lines(texts: Sequence[str]) -> Iterable[str]:
    return ("| " + " ".join(_WORD.findall(text.lower())) for text in texts)
