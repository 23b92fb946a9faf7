"""What held-out probabilities come to: measures with intervals, scope, slices and mistakes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.counts import Floats
from jobclf.classifier.model import RoleModel
from jobclf.evaluation import metrics, slices
from jobclf.evaluation.metrics import HALF
from jobclf.evaluation.results import (
    Comparison,
    Coverage,
    EvaluationReport,
    Figures,
    Mistake,
    Passed,
    Refusal,
    Scope,
    Scores,
    Slice,
    Step,
    Titles,
)
from jobclf.roles import Role
from jobclf.training import calibration
from jobclf.training.dataset import LabeledPostings
from jobclf.training.recipe import Trained
from jobclf.training.splits import Split

COVERAGES = (1.0, 0.9, 0.8, 0.7)
KEPT = 0.95  # share of the two roles that a scope threshold lets pass when refusals are counted
LEAST_SLICE = 10  # postings of the two roles below which a slice says nothing
MOST_SLICES = 12  # largest slices shown of each kind
ERRORS = 10
GATES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # least confidences
ANSWERS = (Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER)

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class HeldOut:
    """Probabilities for postings by models that had not seen them, shape (postings,) each."""

    role_probability: Floats
    scope_probability: Floats
    role_probability_hidden: Floats  # the same with titles taken out of the texts


def summarize(
    postings: LabeledPostings,
    found: HeldOut,
    others: dict[str, Floats],
    splits: Sequence[Split],
    *,
    method: str,
    curve: tuple[Step, ...] = (),
) -> EvaluationReport:
    """Measure held-out probabilities, and those of baselines beside them."""
    roles = np.array(postings.roles)
    gold = postings.gold & ~np.isnan(found.role_probability)
    among = gold & (roles != Role.OTHER)
    truth, groups = roles[among] == Role.ML_ENGINEER, postings.groups[among]
    role_probability = found.role_probability[among]
    members = np.bincount(postings.groups)
    answer = np.where(
        found.scope_probability < HALF,
        Role.OTHER,
        np.where(found.role_probability > HALF, Role.ML_ENGINEER, Role.DATA_SCIENTIST),
    )
    return EvaluationReport(
        method=method,
        postings=len(postings),
        gold=int(gold.sum()),
        in_scope=int(among.sum()),
        groups=int((members > 0).sum()),
        grouped=int(members[members > 1].sum()),
        duplicates=postings.dropped,
        folds=len(splits),
        figures=figures("jobclf", truth, role_probability, groups),
        baselines=tuple(
            figures(name, truth, probabilities[among], groups)
            for name, probabilities in others.items()
        ),
        comparison=_compared(
            truth, role_probability, {n: c[among] for n, c in others.items()}, groups
        ),
        coverage=tuple(
            Coverage(
                share, metrics.bootstrap(metrics.AccuracyAt(share), truth, role_probability, groups)
            )
            for share in COVERAGES
        ),
        reliability=metrics.reliability(truth, role_probability),
        scope=scope(postings, found.scope_probability, gold),
        titles=_titles(postings, found, among, splits),
        slices=_sliced(postings, found.role_probability, among),
        answers=ANSWERS,
        confusion=tuple(
            tuple(int((gold & (roles == role) & (answer == said)).sum()) for said in ANSWERS)
            for role in ANSWERS
        ),
        mistakes=_mistakes(postings, found, answer, gold),
        learning_curve=curve,
        gate=passed(postings, found, gold),
        short=postings.short,
        unlabeled=postings.unlabeled,
        notes=postings.notes,
    )


def passed(postings: LabeledPostings, found: HeldOut, gold: Booleans) -> tuple[Passed, ...]:
    """Return what gates of growing confidence keep, and what they lose."""
    role, scope = found.role_probability[gold], found.scope_probability[gold]
    probabilities = np.stack([scope * (1.0 - role), scope * role, 1.0 - scope], axis=1)
    answer, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    labels = np.array([ANSWERS.index(each) for each in postings.roles])[gold]
    neither = ANSWERS.index(Role.OTHER)
    right, wanted = answer == labels, labels != neither
    rows = []
    for least in GATES:
        kept = (answer != neither) & (confidence >= least)
        lost = wanted & ~(kept & right)
        rows.append(
            Passed(
                least,
                int(kept.sum()),
                float(right[kept].mean()) if kept.any() else float("nan"),
                float(lost.sum() / wanted.sum()) if wanted.any() else float("nan"),
            )
        )
    return tuple(rows)


def figures(name: str, truth: Booleans, found: Floats, groups: NDArray[np.int64]) -> Figures:
    """Return all measures of one way to tell the roles apart."""
    return Figures(
        name,
        metrics.bootstrap(metrics.accuracy, truth, found, groups),
        metrics.bootstrap(metrics.macro_f1, truth, found, groups),
        metrics.bootstrap(metrics.auc, truth, found, groups),
        metrics.bootstrap(metrics.brier, truth, found, groups),
        metrics.bootstrap(metrics.calibration_error, truth, found, groups),
    )


def _compared(
    truth: Booleans, role_probability: Floats, others: dict[str, Floats], groups: NDArray[np.int64]
) -> Comparison:
    best = max(others, key=lambda name: metrics.accuracy(truth, others[name]))
    return Comparison(
        best,
        metrics.bootstrap_difference(
            metrics.accuracy, truth, (role_probability, others[best]), groups
        ),
        metrics.mcnemar((role_probability > HALF) == truth, (others[best] > HALF) == truth),
    )


def scope(postings: LabeledPostings, scope_probability: Floats, gold: Booleans) -> Scope | None:
    """Measure the second head; None where all judged postings are on one side."""
    within = np.array(postings.roles) != Role.OTHER
    truth = within[gold]
    if truth.all() or not truth.any():
        return None
    threshold = float(np.quantile(scope_probability[gold & within], 1.0 - KEPT))
    named = postings.families
    families = np.where(named == "", "other", named)
    refusals = []
    for family in sorted(set(families[gold & ~within].tolist())):
        those = scope_probability[gold & ~within & (families == family)]
        at_kept, at_half = (float((those < edge).mean()) for edge in (threshold, HALF))
        refusals.append(Refusal(family, len(those), at_kept, at_half))
    return Scope(
        postings=int(gold.sum()),
        auc=metrics.bootstrap(metrics.auc, truth, scope_probability[gold], postings.groups[gold]),
        kept_at_half=float((scope_probability[gold & within] >= HALF).mean()),
        refusals=tuple(refusals),
    )


def _titles(
    postings: LabeledPostings,
    found: HeldOut,
    among: Booleans,
    splits: Sequence[Split],
) -> Titles:
    shown, weight = with_title(postings, found.role_probability, among, splits)
    truth = np.array(postings.roles)[among] == Role.ML_ENGINEER
    groups = postings.groups[among]
    return Titles(
        claiming=int((postings.claims[among] != 0.0).sum()),
        hidden=metrics.bootstrap(
            metrics.accuracy, truth, found.role_probability_hidden[among], groups
        ),
        shown=metrics.bootstrap(metrics.accuracy, truth, shown[among], groups),
        weight=weight,
    )


def with_title(
    postings: LabeledPostings,
    role_probability: Floats,
    among: Booleans,
    splits: Sequence[Split],
) -> tuple[Floats, float]:
    """Weigh the text's probability and the title's claim, each fold by the others.

    Returns the probabilities, and the mean log odds of a claim.
    """
    sure = np.clip(role_probability, 1e-9, 1.0 - 1e-9)
    text, claims = np.log(sure / (1.0 - sure)), postings.claims
    truth = np.array(postings.roles) == Role.ML_ENGINEER
    found, weights = role_probability.copy(), []
    for _, held_out in splits:
        fit = among & (claims != 0.0)
        fit[held_out] = False
        gold = held_out[~np.isnan(role_probability[held_out])]
        if not len(gold) or not fit.any():
            continue
        weights.append(calibration.title_weight(text[fit], claims[fit], truth[fit]))
        found[gold] = 1.0 / (1.0 + np.exp(-text[gold] - weights[-1] * claims[gold]))
    return found, float(np.mean(weights)) if weights else 0.0


def _sliced(
    postings: LabeledPostings, role_probability: Floats, among: Booleans
) -> tuple[Slice, ...]:
    truth = np.array(postings.roles) == Role.ML_ENGINEER
    rows = []
    for kind, values in slices.of(postings).items():
        names, counts = np.unique(values[among], return_counts=True)
        largest = sorted(zip(-counts, names.tolist(), strict=True))
        shown = [name for count, name in largest if name and -count >= LEAST_SLICE]
        for name in sorted(shown[:MOST_SLICES]):
            part = among & (values == name)
            accuracy = metrics.bootstrap(
                metrics.accuracy, truth[part], role_probability[part], postings.groups[part]
            )
            rows.append(Slice(kind, name, int(part.sum()), accuracy))
    return tuple(rows)


def _mistakes(
    postings: LabeledPostings, found: HeldOut, answer: NDArray[np.object_], gold: Booleans
) -> tuple[Mistake, ...]:
    probabilities = {
        Role.DATA_SCIENTIST: found.scope_probability * (1.0 - found.role_probability),
        Role.ML_ENGINEER: found.scope_probability * found.role_probability,
        Role.OTHER: 1.0 - found.scope_probability,
    }
    wrong = [
        Mistake(postings.names[at], role, said, round(float(probabilities[said][at]), 4))
        for at, role in enumerate(postings.roles)
        if gold[at] and (said := Role(answer[at])) is not role
    ]
    return tuple(sorted(wrong, key=lambda mistake: -mistake.probability)[:ERRORS])


def held_out_scores(
    postings: LabeledPostings, role_probability: Floats, scope_probability: Floats
) -> Scores:
    """Measure held-out probabilities, shape (postings,) each, against the judged labels."""
    roles = np.array(postings.roles)
    gold = postings.gold & ~np.isnan(role_probability)
    among = gold & (roles != Role.OTHER)
    truth, found = roles[among] == Role.ML_ENGINEER, role_probability[among]
    groups = postings.groups[among]
    scope_truth = roles[gold] != Role.OTHER
    return Scores(
        postings=int(among.sum()),
        scope_postings=int(gold.sum()),
        majority=float(max(truth.mean(), 1.0 - truth.mean())),
        accuracy=metrics.bootstrap(metrics.accuracy, truth, found, groups),
        auc=metrics.bootstrap(metrics.auc, truth, found, groups),
        brier=metrics.bootstrap(metrics.brier, truth, found, groups),
        ece=metrics.bootstrap(metrics.calibration_error, truth, found, groups),
        accuracy_at_90=metrics.bootstrap(metrics.accuracy_at_90, truth, found, groups),
        scope_auc=None
        if scope_truth.all() or not scope_truth.any()
        else metrics.bootstrap(
            metrics.auc, scope_truth, scope_probability[gold], postings.groups[gold]
        ),
    )


def measured(trained: Trained, postings: LabeledPostings) -> tuple[RoleModel, Scores | None]:
    """Measure a trained model on what its folds held out, and keep the figures in its card.

    Returns the model as it is and None where nothing was held out that can be judged.
    """
    if trained.held_out is None or not (postings.gold & postings.in_scope).any():
        return trained.model, None
    found = held_out_scores(postings, trained.held_out[:, 0], trained.held_out[:, 1])
    card = replace(trained.model.card, scores=found.figures())
    return replace(trained.model, card=card), found
