"""Labels that are probably wrong, by confident learning with held-out probabilities.

After Northcutt, Jiang and Chuang, Confident Learning, JAIR 70 (2021): a label is suspect when
another role is as probable as it usually is where it is the label.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.counts import Floats
from jobclf.classifier.heads import shares
from jobclf.classifier.model import RoleModel
from jobclf.evaluation.audit_results import AuditReport, Clash, Conflict, Suspect
from jobclf.evaluation.crossvalidation import not_learned
from jobclf.roles import Role
from jobclf.text.titles import title_role
from jobclf.training import calibration, features, recipe
from jobclf.training.dataset import LabeledPostings
from jobclf.training.duplicates import near_duplicates
from jobclf.training.splits import grouped_folds

FOLDS = 5
ROUNDS = 2  # the second learns without what the first found suspect
PHRASES = 6  # shown for each suspect
SURE = 0.8  # probability from which a text speaks plainly against its title
ROLES = (Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER)  # the columns of probabilities


@dataclass(frozen=True)
class Doubts:
    """Held-out probabilities of each role, and what they say of each label."""

    probabilities: Floats  # shape (postings, 3), in the order of `ROLES`
    margins: Floats  # of the label over the likeliest other role
    suggested: NDArray[np.int64]  # column of the likeliest other role
    suspect: NDArray[np.bool_]
    phrases: tuple[tuple[str, ...], ...]  # against the label, else against the title


def audit(
    postings: LabeledPostings,
    prior: RoleModel,
    *,
    folds: int = FOLDS,
    progress: recipe.Progress = recipe.silent,
) -> AuditReport:
    """Rank the labels of postings by how probably they are wrong.

    Not those that the prior has learned from: it remembers their labels, wrong ones too.
    """
    recipe.check_roles(postings)
    postings = not_learned(postings, prior)
    prepared = recipe.prepare(postings.normal, prior)
    found = doubts(postings, prior, prepared, folds=folds, progress=progress)
    progress("comparing near duplicates")
    return AuditReport(
        postings=len(postings),
        prior=prior.card.name,
        duplicates=postings.dropped,
        suspects=tuple(
            Suspect(
                posting=postings.names[at],
                role=postings.roles[at],
                suggested=ROLES[found.suggested[at]],
                margin=round(float(found.margins[at]), 4),
                phrases=found.phrases[at],
            )
            for at in np.argsort(found.margins, kind="stable")
            if found.suspect[at]
        ),
        conflicts=conflicts(postings),
        clashes=_clashes(postings, found),
        notes=postings.notes,
    )


def doubts(
    postings: LabeledPostings,
    prior: RoleModel,
    prepared: recipe.Prepared,
    *,
    folds: int = FOLDS,
    progress: recipe.Progress = recipe.silent,
) -> Doubts:
    """Return how doubtful each label is, by models that have not seen the posting."""
    splits = grouped_folds(postings, folds)
    labels = np.array([ROLES.index(role) for role in postings.roles])
    trusted = np.ones(len(postings), dtype=bool)
    for number in range(ROUNDS):
        progress(f"round {number + 1} of {ROUNDS}")
        scores = np.full((len(postings), 2), np.nan)
        parts = [(_trusted(fit, trusted, labels), held_out) for fit, held_out in splits]
        learned = []
        for fold in recipe.fold_models(prepared, postings, parts, progress=progress):
            scores[fold.held_out] = fold.scores
            learned.append(fold)
        sure = replace(postings, gold=postings.gold & trusted)
        heads = calibration.cross_calibrated(scores, sure, prior, splits)
        probabilities = class_probabilities(heads, scoped=Role.OTHER in postings.roles)
        suspect, margins, suggested = confident(probabilities, labels, postings.gold)
        trusted = ~suspect
    claimed = [title_role(title) for title in postings.titles]
    phrases: list[tuple[str, ...]] = [()] * len(postings)
    for fold in learned:
        for at in fold.held_out:
            to, away = suggested[at], labels[at]
            claim = claimed[at]
            if not postings.gold[at]:
                continue
            if not suspect[at] and claim is not None:
                to, away = int(np.argmax(probabilities[at])), ROLES.index(claim)
            if to != away and (suspect[at] or claim is not None):
                row = prepared.counts[[at]][:, fold.columns]
                phrases[at] = speaking(fold.model, row, ROLES[to], ROLES[away])
    return Doubts(probabilities, margins, suggested, suspect, tuple(phrases))


def _trusted(
    fit: NDArray[np.int64], trusted: NDArray[np.bool_], labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the trusted part, all of it where one role would lose most of its postings."""
    kept = fit[trusted[fit]]
    before = np.bincount(labels[fit], minlength=len(ROLES))
    after = np.bincount(labels[kept], minlength=len(ROLES))
    return kept if (2 * after >= before).all() else fit


def class_probabilities(heads: Floats, *, scoped: bool = True) -> Floats:
    """Turn the probabilities of both heads into one for each role; rows sum to one.

    >>> class_probabilities(np.array([[0.75, 0.5]])).tolist()
    [[0.125, 0.375, 0.5]]
    """
    role_probability = heads[:, 0]
    scope_probability = heads[:, 1] if scoped else np.ones(len(heads))
    return np.stack(
        [
            scope_probability * (1.0 - role_probability),
            scope_probability * role_probability,
            1.0 - scope_probability,
        ],
        axis=1,
    )


def confident(
    probabilities: Floats, labels: NDArray[np.int64], gold: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], Floats, NDArray[np.int64]]:
    """Return which labels are suspect, their margins, and the likeliest other role.

    A role's threshold is its mean probability among the judged postings labelled with it. Of these
    a label is suspect when another role reaches its own threshold and is more probable.
    """
    size = probabilities.shape[1]
    labelled = [gold & (labels == role) for role in range(size)]
    thresholds = np.array(
        [
            probabilities[these, role].mean() if these.any() else np.inf
            for role, these in enumerate(labelled)
        ]
    )
    rows = np.arange(len(labels))
    others = probabilities.copy()
    others[rows, labels] = -np.inf
    suggested = np.argmax(others, axis=1)
    margins = probabilities[rows, labels] - probabilities[rows, suggested]
    suspect = (probabilities[rows, suggested] >= thresholds[suggested]) & (margins < 0.0) & gold
    return suspect, margins, suggested


def speaking(model: RoleModel, counts: object, to: Role, away: Role) -> tuple[str, ...]:
    """Return the terms of one counted posting that speak most for one role against another."""
    row = features.tfidf_matrix(counts, model.idf)
    if Role.OTHER in {to, away}:
        families = row @ model.scope.weights + model.scope.intercepts
        weights = model.scope.weights @ shares(families)[0] * (1.0 if to is Role.OTHER else -1.0)
    else:
        weights = model.role.weights * (1.0 if to is Role.ML_ENGINEER else -1.0)
    worth = row.data * weights[row.indices]
    chosen: list[str] = []
    for at in np.argsort(-worth):
        words = model.terms[row.indices[at]].split()
        # A word inside a phrase already chosen says the same again.
        if worth[at] > 0.0 and not any(set(words) & set(other.split()) for other in chosen):
            chosen.append(" ".join(words))
        if len(chosen) == PHRASES:
            break
    return tuple(chosen)


def conflicts(postings: LabeledPostings) -> tuple[Conflict, ...]:
    """Return the pairs of near duplicates with different labels, same texts first."""
    normal = postings.normal
    pairs = set(near_duplicates(normal)) | set(_same(normal))
    found = [
        Conflict(
            (postings.names[one], postings.names[other]),
            (postings.roles[one], postings.roles[other]),
            normal[one] == normal[other],
        )
        for one, other in sorted(pairs)
        if postings.roles[one] is not postings.roles[other]
    ]
    return tuple(sorted(found, key=lambda pair: not pair.same))


def _same(normal: Sequence[str]) -> list[tuple[int, int]]:
    first: dict[str, int] = {}
    return [(first[text], at) for at, text in enumerate(normal) if first.setdefault(text, at) != at]


def _clashes(postings: LabeledPostings, found: Doubts) -> tuple[Clash, ...]:
    clashes = []
    for at, title in enumerate(postings.titles):
        claimed = title_role(title)
        likeliest = int(np.argmax(found.probabilities[at]))
        probability = float(found.probabilities[at, likeliest])
        if (
            postings.gold[at]
            and claimed is not None
            and claimed is not ROLES[likeliest]
            and probability >= SURE
        ):
            clashes.append(
                Clash(
                    postings.names[at],
                    postings.roles[at],
                    claimed,
                    ROLES[likeliest],
                    round(probability, 4),
                    found.phrases[at],
                )
            )
    # A label that follows the title against the text is the likeliest to be wrong.
    return tuple(
        sorted(clashes, key=lambda clash: (clash.role is not clash.title_role, -clash.probability))
    )
