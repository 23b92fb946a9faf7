"""Model files that other versions of the libraries read: `python -m tests.versions write FOLDER`.

`read FOLDER` then answers with the model found there and compares. The gate does both with the
oldest and the newest versions. Files of every released format are kept in `tests/kept`.
"""

import argparse
import json
import tempfile
from pathlib import Path

import jobclf
from jobclf.roles import Role
from tests.factories import folder, posting

TEXTS = [posting(role, number) for role in Role for number in range(100, 104)]
SAME = 1e-9


def answers(path: Path) -> list[list[float]]:
    """Return a model's answers for the same postings: role, in scope, probabilities, logits."""
    model = jobclf.load_model(path)
    mix = model.scope.prevalence or None  # as calibrated: the default may change
    predictions = [model.predict(text, prevalence=mix) for text in TEXTS]
    return [
        [
            float(each.role is Role.ML_ENGINEER),
            float(each.in_scope),
            each.probability,
            each.scope_probability,
            *map(float, logits),
        ]
        for each, logits in zip(predictions, model.scores(model.lexicon.count(TEXTS)), strict=True)
    ]


def write(place: Path) -> None:
    """Train a small model, and write it and its answers."""
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        data = folder(Path(name) / "data", scientists=6, engineers=6, others=5)
        jobclf.train(data, prior="seeds", output=place / "model.joblib")
    found = answers(place / "model.joblib")
    (place / "answers.json").write_text(json.dumps(found) + "\n", encoding="utf-8")


def difference(place: Path) -> float:
    """Return how far the answers of the model in a folder are from those written beside it."""
    expected = json.loads((place / "answers.json").read_text(encoding="utf-8"))
    pairs = zip(answers(place / "model.joblib"), expected, strict=True)
    return max(
        abs(a - float(b)) for ours, theirs in pairs for a, b in zip(ours, theirs, strict=True)
    )


def main() -> None:
    """Write a model, or read one that was written elsewhere."""
    parser = argparse.ArgumentParser(prog="python -m tests.versions", description=__doc__)
    parser.add_argument("what", choices=["write", "read"])
    parser.add_argument("place", type=Path)
    options = parser.parse_args()
    if options.what == "write":
        write(options.place)
    elif (found := difference(options.place)) > SAME:
        raise SystemExit(f"answers differ by {found:g}")


if __name__ == "__main__":
    main()
