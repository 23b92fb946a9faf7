"""What 60 labels chosen by `jobclf label` teach, beside 60 and 120 drawn at random.

usage: python -m benchmarks.active CORPORA [REPETITIONS]

Each time the postings with labels by content are parted anew, near duplicates and companies whole:
one part is judged (of it only what was drawn at random from postings titled as either role), one
is the table that labels are chosen from, by a real session that is given the true labels. The table
is either like what is judged, with a tenth of other work, or all there is, most of which was drawn
because it is hard. The prior is the seeds, or a base that learned from a third part.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import corpora
from jobclf.classifier.heads import calibrated
from jobclf.classifier.model import RoleModel
from jobclf.documents.posting import Posting
from jobclf.evaluation import metrics
from jobclf.labeling import session
from jobclf.labeling.store import LabelsFile
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.training import features, fitting, labeled_data, priors, recipe
from jobclf.training.dataset import LabeledPostings

CHOSEN, DRAWN = 60, 120
REPETITIONS = 6
_BASE = 3_000  # postings that the base learns from

Figures = tuple[float, float, float, float]


def main(folder: str, repetitions: int = REPETITIONS) -> None:
    """Print how right role and answer are, and both AUCs; mean (lowest to highest)."""
    corpus = corpora.load(Path(folder), titles=False)
    groups = np.unique(corpus.postings.groups)
    third = np.random.default_rng(0).permutation(groups)[: len(groups) // 3]
    teaching = np.flatnonzero(np.isin(corpus.postings.groups, third))[:_BASE]
    from_seeds = priors.seed_model(vocabulary.load())
    base = recipe.train(corpus.postings.part(teaching), from_seeds).model
    print(f"{'':30}{'role right':24}{'answer right':24}{'AUC':24}AUC in scope")
    for name, prior, like in (
        ("seeds, a table like the judged", from_seeds, True),
        ("seeds, all there is", from_seeds, False),
        ("base, a table like the judged", base, True),
    ):
        found: dict[str, list[Figures]] = {}
        for number in range(repetitions):
            rest = np.setdiff1d(groups, third) if prior is base else groups
            for way, figures in _repeat(corpus, rest, prior, number, like=like):
                found.setdefault(way, []).append(figures)
        print(name)
        for way, rows in found.items():
            cells = "".join(f"{_shown(column):24}" for column in zip(*rows, strict=True))
            print(f"  {way:28}{cells.rstrip()}", flush=True)


def _repeat(
    corpus: corpora.Corpus, groups: np.ndarray, prior: RoleModel, number: int, *, like: bool
) -> Iterator[tuple[str, Figures]]:
    random = np.random.default_rng(number)
    held_out = random.permutation(groups)[: len(groups) // 2]
    everything = corpus.postings
    gold_side = np.isin(everything.groups, held_out)
    mine = np.isin(everything.groups, groups) & ~gold_side
    gold = everything.part(
        np.flatnonzero(gold_side & np.isin(corpus.why, corpora.RANDOM)),
    )
    table = everything.part(np.flatnonzero(mine & (everything.gold | (not like))))
    yield "prior alone", _measured(prior, gold)
    for size in (CHOSEN, DRAWN):
        drawn = random.choice(len(table), size, replace=False)
        labelled = table.part(np.sort(drawn))
        labelled.weights[:] = 1.0
        labelled.gold[:] = True
        yield f"{size} drawn at random", _measured(recipe.train(labelled, prior).model, gold)
    yield f"{CHOSEN} chosen", _measured(_chosen(table, prior, random), gold)


def _chosen(table: LabeledPostings, prior: RoleModel, random: np.random.Generator) -> RoleModel:
    """Run a session on a table in random order, and train on the file it leaves."""
    truth = dict(zip(table.texts, table.roles, strict=True))
    order = random.permutation(len(table))
    pool = session.draw((Posting(table.texts[at], path=table.names[at]) for at in order), prior)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.jsonl"
        labeling = session.LabelingSession(pool, LabelsFile(path), prior)
        for _ in range(CHOSEN):
            shown = labeling.current
            if shown is None:
                break
            labeling.label(truth[shown.text])
        return recipe.train(labeled_data.read(path), prior).model


def _measured(model: RoleModel, gold: LabeledPostings) -> Figures:
    scores = fitting.raw_scores(model, features.count_matrix(gold.normal, model.terms))
    role_probability, scope = (
        calibrated(scores[:, 0], model.role),
        calibrated(scores[:, 1], model.scope),
    )
    roles = np.array(gold.roles)
    among = roles != Role.OTHER
    truth = roles == Role.ML_ENGINEER
    nearer = np.where(role_probability > 0.5, Role.ML_ENGINEER, Role.DATA_SCIENTIST)
    answers = np.where(scope < 0.5, Role.OTHER, nearer)
    return (
        float(np.mean((role_probability > 0.5)[among] == truth[among])),
        float(np.mean(answers == roles)),
        metrics.auc(truth[among], role_probability[among]),
        metrics.auc(among, scope),
    )


def _shown(values: tuple[float, ...]) -> str:
    return f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    main(sys.argv[1], *map(int, sys.argv[2:]))
