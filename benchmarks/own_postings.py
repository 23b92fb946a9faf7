"""What the project's own postings teach, judged on the public corpora's random draw.

usage: python -m benchmarks.own_postings CORPORA

Learned from `data/labeled_postings` alone, starting from the seeds; nothing from the corpora.
Judged on postings drawn at random from those titled as either role, by labels from content, titles
hidden; scope also with typical postings of other titles beside them. Then the bundled models are
compared on the same rows, which both have learned from.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora
from jobclf.classifier import model_file
from jobclf.classifier.heads import calibrated
from jobclf.classifier.model import RoleModel
from jobclf.evaluation import metrics
from jobclf.evaluation.results import Measure
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.training import features, fitting, labeled_data, priors, recipe
from jobclf.training.dataset import LabeledPostings

OWN = Path(__file__).parents[1] / "data" / "labeled_postings"
SIZES = (50, 200, 600, 1_679)
LATER = ("near miss", "neighbour")  # by `hardness`, what came in November 2026
DRAWS = 3  # of each size below the whole


def main(folder: str) -> None:
    """Print the learning curve and the comparison of the bundled models."""
    corpus = corpora.load(Path(folder), titles=False)
    typical = np.flatnonzero(np.isin(corpus.why, corpora.TYPICAL))
    gold = corpus.postings.part(typical)
    random_draw = np.isin(corpus.why[typical], corpora.RANDOM)
    own = labeled_data.read(OWN)
    random = np.random.default_rng(1)
    print(
        f"{'learned from':>22}  accuracy               AUC                    "
        "calibration error      "
        "AUC in scope           with typical negatives"
    )
    for size in SIZES:
        whole = size >= len(own)
        found = []
        for _ in range(1 if whole else DRAWS):
            part = own if whole else own.part(np.sort(random.permutation(len(own))[:size]))
            model = recipe.train(part, priors.seed_model(vocabulary.load())).model
            found.append(classifier(model, gold, random_draw))
        print(f"{size:>13} postings  " + "  ".join(map(shown, zip(*found, strict=True))))
    first = own.part(np.flatnonzero(~np.isin(own.columns["hardness"], LATER)))
    model = recipe.train(first, priors.seed_model(vocabulary.load())).model
    found = [(each,) for each in classifier(model, gold, random_draw)]
    print(f"{'without near misses':>22}  " + "  ".join(map(shown, found)))
    for name in ("base", "jobclf"):
        model = model_file.load_model(model_file.bundled(name))
        print(
            f"{name:>22}  "
            + "  ".join(shown((measure,)) for measure in classifier(model, gold, random_draw))
        )


def classifier(
    model: RoleModel, gold: LabeledPostings, random_draw: NDArray[np.bool_]
) -> tuple[Measure, ...]:
    """Return accuracy, AUC, calibration error and scope AUC on the random draw, that on all too."""
    scores = fitting.raw_scores(model, features.count_matrix(gold.normal, model.terms))
    roles = np.array(gold.roles)
    scope_probability = roles != Role.OTHER
    among = scope_probability & random_draw
    truth = (roles == Role.ML_ENGINEER)[among]
    role_probability = calibrated(scores[among, 0], model.role)
    return (
        metrics.bootstrap(metrics.accuracy, truth, role_probability, gold.groups[among]),
        metrics.bootstrap(metrics.auc, truth, role_probability, gold.groups[among]),
        metrics.bootstrap(metrics.calibration_error, truth, role_probability, gold.groups[among]),
        *(
            metrics.bootstrap(
                metrics.auc, scope_probability[those], scores[those, 1], gold.groups[those]
            )
            for those in (random_draw, np.ones(len(gold), dtype=bool))
        ),
    )


def shown(found: tuple[Measure, ...]) -> str:
    """Return the interval of one measure, or the mean and range over several draws."""
    if len(found) == 1:
        return str(found[0])
    values = [measure.value for measure in found]
    return f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
