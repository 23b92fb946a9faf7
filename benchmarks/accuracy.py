"""How right the recipe is on the public corpora, by labels from content; nothing leaks.

usage: python -m benchmarks.accuracy CORPORA [folds] [sources] [adapted] [unlabeled] [few]

Measured are the postings drawn at random from those titled as either role. Titles are learned from
as noisy labels, content labels count most; near duplicates and companies are never parted.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora
from benchmarks.train_base import MIN_DF
from jobclf.classifier.model import RoleModel
from jobclf.evaluation import baselines, crossvalidation, measurement, metrics
from jobclf.reports import evaluation_report
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.text.tokens import normalize
from jobclf.training import calibration, features, fitting, priors, recipe
from jobclf.training.dataset import LabeledPostings
from jobclf.training.splits import Split, grouped_folds
from jobclf.training.unlabeled import train_unlabeled

PARTS = ("folds", "sources", "adapted", "unlabeled", "few")
ADAPTED = (0, 10, 20, 50, 200)  # labels of a source that the base has not seen
SOURCES, DRAWS = 4, 5  # the largest sources, and how often labels are drawn from each
UNLABELED = (100, 300, 1000, 0)  # texts that the seeds teach themselves on, 0 for all
FEW = ((20, 40), (50, 20), (200, 10), (1000, 5))  # labels, and how often they are drawn
LONG = 100  # words from which on a posting must be judged, whatever a model knows
_BEGUN = time.perf_counter()


def say(step: str) -> None:
    """Print what is done now to standard error."""
    print(f"{time.perf_counter() - _BEGUN:6.0f} s  {step}", file=sys.stderr, flush=True)


def main(folder: str, *parts: str) -> None:
    """Measure the parts asked for, all without any."""
    corpus = corpora.load(Path(folder))
    prior = priors.seed_model(vocabulary.load(), families=corpora.FAMILIES)
    postings = corpus.postings
    content = int((~np.isin(corpus.why, ["title", "typed"])).sum())
    print(f"{len(postings)} postings, {content} of them labelled by content")
    random = np.isin(corpus.why, corpora.RANDOM)
    if not parts or {"folds", "sources", "adapted"} & set(parts):
        say("counting terms")
        prepared = recipe.prepare(postings.normal, prior, min_df=MIN_DF)
        if not parts or "folds" in parts:
            folds(corpus, prior, prepared, random)
        if not parts or "sources" in parts:
            sources(corpus, prior, prepared, random)
        if not parts or "adapted" in parts:
            adapted(corpus, prior, prepared)
    part = postings.part(np.flatnonzero(random))
    if not parts or "unlabeled" in parts:
        unlabeled(part, prior)
    if not parts or "few" in parts:
        few(part, prior)


def folds(
    corpus: corpora.Corpus,
    prior: RoleModel,
    prepared: recipe.Prepared,
    random: NDArray[np.bool_],
) -> None:
    """Print the whole report of grouped folds."""
    postings = corpus.postings
    splits = grouped_folds(postings, crossvalidation.FOLDS)
    found = crossvalidation.cross_validated(postings, prior, prepared, splits, say)
    others = baselines.held_out(postings, splits, say)
    bare = replace(postings, texts=tuple(map(normalize, postings.texts)))
    for name, probabilities in baselines.held_out(bare, splits, say).items():
        if name.startswith("TF-IDF"):
            others[name.replace("TF-IDF +", "bare")] = probabilities
    say("measuring")
    gold = replace(postings, gold=random)
    whole = measurement.summarize(
        gold, found, others, splits, method="the recipe of models/base.joblib, grouped folds"
    )
    print(evaluation_report.evaluation_text(replace(whole, mistakes=(), duplicates=())))
    print("bare: the same texts as words, without role titles and page furniture, as jobclf reads")
    print("\nScope, postings drawn at random and typical negatives, all labelled by content")
    print(
        evaluation_report.scope_text(
            measurement.scope(postings, found.scope_probability, postings.gold)
        )
    )
    hard = np.char.startswith(corpus.why, "hardneg")
    print("\nScope with the hardest negatives: those that a keyword filter takes for either role")
    print(
        evaluation_report.scope_text(
            measurement.scope(postings, found.scope_probability, random | hard)
        )
    )
    roles = np.array(postings.roles)
    print("\nAccuracy by how sure the reader was (3 clear, 2 leaning, 1 coin flip)")
    for levels in ((1, 2, 3), (3,), (2,), (1,), (2, 3)):
        among = random & (roles != Role.OTHER) & np.isin(corpus.confidence, levels)
        name = f"confidence {' and '.join(map(str, levels))}"
        line(name, postings, found.role_probability, among)
        shown, _ = measurement.with_title(gold, found.role_probability, gold_roles(gold), splits)
        line("  with the title as evidence", postings, shown, among)


def gold_roles(postings: LabeledPostings) -> NDArray[np.bool_]:
    """Return which postings are judged and of the two roles."""
    return postings.gold & (np.array(postings.roles) != Role.OTHER)


def line(
    name: str,
    postings: LabeledPostings,
    role_probability: NDArray[np.float64],
    among: NDArray[np.bool_],
) -> None:
    """Print accuracy, AUC and calibration error on some postings of the two roles."""
    among = among & ~np.isnan(role_probability)
    truth = np.array(postings.roles)[among] == Role.ML_ENGINEER
    row = measurement.figures(name, truth, role_probability[among], postings.groups[among])
    print(f"  {name:32}{row.accuracy}  AUC {row.auc}  ECE {row.ece.value:.3f}  n {len(truth)}")


def sources(
    corpus: corpora.Corpus,
    prior: RoleModel,
    prepared: recipe.Prepared,
    random: NDArray[np.bool_],
) -> None:
    """Print what is right on sources that nothing was learned from."""
    postings = corpus.postings
    splits = list(_by_source(corpus))
    scores = np.full((len(postings), 2), np.nan)
    likest = np.full(len(postings), "", dtype=object)
    for fold in recipe.fold_models(prepared, postings, splits, progress=say):
        scores[fold.held_out] = fold.scores
        head = fold.model.scope
        counts = prepared.counts[fold.held_out][:, fold.columns]
        values = features.tfidf_matrix(counts, fold.model.idf)
        odds = values @ head.weights + head.intercepts
        likest[fold.held_out] = np.array(head.families)[odds.argmax(axis=1)]
    probabilities = calibration.cross_calibrated(scores, postings, prior, splits)
    among = random & (np.array(postings.roles) != Role.OTHER)
    print("\nUnseen sources: five folds that part no source")
    line("all", postings, probabilities[:, 0], among)
    names, counts = np.unique(corpus.sources[among], return_counts=True)
    for name in names[counts >= 40]:
        line(name[-30:], postings, probabilities[:, 0], among & (corpus.sources == name))
    in_scope = np.array(postings.roles) != Role.OTHER
    typical = np.isin(corpus.why, corpora.TYPICAL)
    found = metrics.auc(in_scope[typical], scores[typical, 1])
    print(f"  AUC in scope, with typical negatives {found:.3f}, n {typical.sum()}")
    families = postings.families
    refused = typical & ~in_scope & (probabilities[:, 1] < 0.5)
    print("  of what is refused, called what its title says")
    for family in corpora.FAMILIES:
        those = refused & (families == family)
        print(f"    {family:24}{(likest[those] == family).mean():.3f}  n {those.sum()}")
    line(
        "all but the largest source",
        postings,
        probabilities[:, 0],
        among & _not_largest(corpus, among),
    )


def _not_largest(corpus: corpora.Corpus, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    names, counts = np.unique(corpus.sources[among], return_counts=True)
    different: NDArray[np.bool_] = corpus.sources != names[counts.argmax()]
    return different


def _by_source(corpus: corpora.Corpus) -> Iterator[Split]:
    from sklearn.model_selection import GroupKFold

    groups = corpus.postings.groups
    everything = np.arange(len(groups))
    splitter = GroupKFold(crossvalidation.FOLDS)
    for fit, held_out in splitter.split(everything, groups=corpus.sources):
        # A posting that stands in two sources is not unseen.
        apart = fit[~np.isin(groups[fit], groups[held_out])]
        yield apart, held_out


def adapted(corpus: corpora.Corpus, prior: RoleModel, prepared: recipe.Prepared) -> None:
    """Print what a few labels of one's own give on a source that the base has not seen."""
    read = ~corpus.postings.noisy & (np.array(corpus.postings.roles) != Role.OTHER)
    names, counts = np.unique(corpus.sources[read], return_counts=True)
    right: dict[tuple[str, int], list[float]] = {}
    for source in names[np.argsort(-counts)[:SOURCES]]:
        at = np.flatnonzero(read & (corpus.sources == source))
        say(f"{source}, {len(at)} postings")
        groups = corpus.postings.groups
        others = np.flatnonzero((corpus.sources != source) & ~np.isin(groups, groups[at]))
        base = next(recipe.fold_models(prepared, corpus.postings, [(others, at)])).model
        own = corpus.postings.part(at)
        for (name, size), found in _with_labels(own, {"base": base, "seeds": prior}):
            right.setdefault((name, size), []).append(found)
    columns = ("base", "seeds", "plain regression")
    print(f"\nLabels of one's own, mean over the {SOURCES} largest sources, each unseen before")
    print(f"  {'labels':8}" + "".join(f"{name:20}" for name in columns))
    for size in ADAPTED:
        means = [f"{np.mean(right[name, size]):.3f}" for name in columns if (name, size) in right]
        print(f"  {size:<8}" + "".join(f"{mean:20}" for mean in means))


def _with_labels(
    own: LabeledPostings, priors: dict[str, RoleModel]
) -> Iterator[tuple[tuple[str, int], float]]:
    """Yield how many answers are right after learning from some of these postings, for each way."""
    role_probability = np.array(own.roles) == Role.ML_ENGINEER
    random = np.random.default_rng(0)
    started = {name: recipe.prepare(own.normal, prior) for name, prior in priors.items()}
    regression = plain(own, role_probability)
    for size in ADAPTED:
        for _ in range(DRAWS if size else 1):
            fit = random.choice(len(own), size, replace=False)
            while (
                size and len(set(role_probability[fit])) == 1
            ):  # nothing can be learned from one side
                fit = random.choice(len(own), size, replace=False)
            held_out = np.flatnonzero(~np.isin(own.groups, own.groups[fit]))
            for name, prior in priors.items():
                if size:
                    split = [(fit, held_out)]
                    scores = next(recipe.fold_models(started[name], own, split)).scores
                else:
                    scores = fitting.raw_scores(
                        prior, features.count_matrix(own.normal, prior.terms)
                    )
                yield (name, size), float(((scores[:, 0] > 0) == role_probability[held_out]).mean())
            if size:
                found = regression(fit, held_out) > 0
                yield (
                    ("plain regression", size),
                    float((found == role_probability[held_out]).mean()),
                )


def unlabeled(postings: LabeledPostings, prior: RoleModel) -> None:
    """Print what seeds and texts without any label give, learned from other postings."""
    splits = grouped_folds(postings, crossvalidation.FOLDS)
    among = gold_roles(postings)
    random = np.random.default_rng(0)
    print("\nNo label at all")
    for size in UNLABELED:
        role_probability = np.full(len(postings), np.nan)
        for number, (fit, held_out) in enumerate(splits, 1):
            say(f"{size or 'all'} texts without labels, fold {number}")
            drawn = random.choice(fit, size, replace=False) if size else fit
            model = train_unlabeled([postings.texts[at] for at in drawn], prior)
            normal = [postings.normal[at] for at in held_out]
            scores = fitting.raw_scores(model, features.count_matrix(normal, model.terms))[:, 0]
            role_probability[held_out] = 1.0 / (1.0 + np.exp(-scores))
        few = f"seeds and {size:,} of them" if size else "seeds and unlabelled texts"
        line(few, postings, role_probability, among)
    line("share of seeds alone", postings, (baselines.seed_scores(postings.normal) + 1) / 2, among)
    line("titles alone", postings, (postings.claims + 1) / 2, among)


def few(postings: LabeledPostings, prior: RoleModel) -> None:
    """Print accuracy from few labels: the seeds as prior, plain regression, seed columns."""
    postings = postings.part(np.flatnonzero(gold_roles(postings)))
    say("counting terms for few labels")
    prepared = recipe.prepare(postings.normal, prior)
    splits = grouped_folds(postings, crossvalidation.FOLDS)
    role_probability = np.array(postings.roles) == Role.ML_ENGINEER
    ways: dict[str, Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]] = {
        "seed prior": lambda fit, held_out: next(
            recipe.fold_models(prepared, postings, [(fit, held_out)])
        ).scores[:, 0],
        "and unlabelled texts": with_unlabeled(postings, prior, splits),
        "plain regression": plain(postings, role_probability),
        "seed columns alone": seed_columns(postings, role_probability),
    }
    print("\nFew labels, two roles: mean accuracy (range of 95 % of the draws)")
    print(f"  {'labels':8}" + "".join(f"{name:28}" for name in ways))
    for size, draws in FEW:
        say(f"{size} labels")
        random = np.random.default_rng(size)  # the same draws whatever other sizes there are
        values: dict[str, list[float]] = {name: [] for name in ways}
        for draw in range(draws):
            fit, held_out = splits[draw % len(splits)]
            chosen = random.choice(fit, size, replace=False)
            for name, way in ways.items():
                right = (way(chosen, held_out) > 0) == role_probability[held_out]
                values[name].append(float(right.mean()))
        spread = [metrics.spread(found) for found in values.values()]
        print(f"  {size:<8}" + "".join(f"{found!s:28}" for found in spread))
    fit, held_out = splits[0]
    chosen = random.choice(fit, FEW[0][0], replace=False)
    learned = next(recipe.fold_models(prepared, postings, [(chosen, held_out)]))
    long = [text for text in postings.texts if len(text.split()) >= LONG]
    for name, model in (("the seeds", prior), (f"{FEW[0][0]} labels", learned.model)):
        refused = len(model.answers(long, [None] * len(long)).faults)
        print(f"  refused by {name}: {refused} of {len(long):,} postings of {LONG} words and more")


def with_unlabeled(
    postings: LabeledPostings, prior: RoleModel, splits: list[Split]
) -> Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]:
    """Return the recipe with the prior that seeds and the other folds' texts give, unlabelled."""
    ready = {}
    for number, (fit, held_out) in enumerate(splits, 1):
        say(f"unlabelled prior, fold {number}")
        model = train_unlabeled([postings.texts[at] for at in fit], prior)
        ready[held_out.tobytes()] = recipe.prepare(postings.normal, model)

    def scored(fit: NDArray[np.int64], held_out: NDArray[np.int64]) -> NDArray[np.float64]:
        prepared = ready[held_out.tobytes()]
        fold = next(recipe.fold_models(prepared, postings, [(fit, held_out)]))
        scores: NDArray[np.float64] = fold.scores[:, 0]
        return scores

    return scored


def plain(
    postings: LabeledPostings, role_probability: NDArray[np.bool_]
) -> Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]:
    """Return scikit-learn's TF-IDF and LogisticRegression as they come, over one and two words."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts = np.array(postings.texts, dtype=object)

    def scored(fit: NDArray[np.int64], held_out: NDArray[np.int64]) -> NDArray[np.float64]:
        learned = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
        scores: NDArray[np.float64] = learned.fit(
            texts[fit], role_probability[fit]
        ).decision_function(texts[held_out])
        return scores

    return scored


def seed_columns(
    postings: LabeledPostings, role_probability: NDArray[np.bool_]
) -> Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]:
    """Return a regression over nothing but how often each seed stands in a text."""
    from sklearn.linear_model import LogisticRegression

    counts = features.count_matrix(postings.normal, features.seed_terms(vocabulary.load()))
    values = features.tfidf_matrix(counts, features.inverse_document_frequency(counts))

    def scored(fit: NDArray[np.int64], held_out: NDArray[np.int64]) -> NDArray[np.float64]:
        learned = LogisticRegression().fit(values[fit], role_probability[fit])
        scores: NDArray[np.float64] = learned.decision_function(values[held_out])
        return scores

    return scored


if __name__ == "__main__":
    if len(sys.argv) < 2 or set(sys.argv[2:]) - set(PARTS):
        sys.exit(__doc__)
    main(*sys.argv[1:])
