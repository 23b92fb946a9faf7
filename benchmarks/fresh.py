"""What a frozen model refuses and keeps of texts that nothing was learned from.

usage: python -m benchmarks.fresh FOLDER [MODEL]

FOLDER holds the texts and one table (CSV) with a row for each: `file`, `role` (or `label`:
data_scientist, ml_engineer, and neither, other or the like) and, where there is one, `title`; other
columns are as they may be. Instead of `file` the table may have the `text` itself. MODEL is a model
file, the bundled one without. Answers are those of `jobclf predict` at the default mix; a text that
it calls a CV, a list or too short is refused. Postings that the model has learned from are not
judged. Printed with 95 % intervals (Wilson's), with titles and by the text alone: how much of other
work is refused, how much of either role is kept, and how many of those have the right role.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier import model_file
from jobclf.classifier.heads import PREVALENCE
from jobclf.classifier.model import RoleModel
from jobclf.errors import JobclfError
from jobclf.evaluation import metrics
from jobclf.roles import Role, parse_role
from jobclf.training import overlap

_LABELS = ("role", "label", "expected", "answer")
Row = tuple[str, str, Role]  # text, title, role


def main(folder: str, model: str = "") -> None:
    """Print what is refused and kept."""
    given = model_file.load_model(model) if model else model_file.load_model()
    rows = list(read(Path(folder)))
    known = overlap.learned_from(given, (text for text, _, _ in rows))
    print(f"{len(rows)} texts, {known.sum()} of them learned from and left out", end="")
    print(f"; model {given.card.name} of {given.card.trained}, mix {PREVALENCE}")
    rows = [row for row, out in zip(rows, known, strict=True) if not out]
    roles = np.array([role for _, _, role in rows])
    others = roles == Role.NEITHER
    for name, titled in (("with titles", True), ("by the text alone", False)):
        said = np.array([answer(given, text, title if titled else "") for text, title, _ in rows])
        refused = said == Role.NEITHER
        print(name)
        share("other work refused", refused[others])
        share("either role kept", ~refused[~others])
        for role in (Role.DATA_SCIENTIST, Role.ML_ENGINEER):
            share(f"  {role.label} kept", ~refused[roles == role])
        share("right role of those kept", (said == roles)[~others & ~refused])
    print("refused that should be kept, and kept that should be refused: with titles, by the text")
    shown(given, rows)


def read(folder: Path) -> Iterator[Row]:
    """Yield the text, title and role of each row of the table in a folder."""
    tables = sorted(folder.glob("*.csv"))
    if len(tables) != 1:
        sys.exit(f"{folder} must hold one table (*.csv) and has {len(tables)}")
    with tables[0].open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            label = next((row[name] for name in _LABELS if row.get(name)), "")
            text = row.get("text") or (folder / row["file"]).read_text(encoding="utf-8")
            yield text, row.get("title") or "", parse_role(label)


def answer(model: RoleModel, text: str, title: str) -> Role:
    """Return the answer to a text; one that cannot be judged is neither's."""
    try:
        return model.predict(text, title=title).answer
    except JobclfError:
        return Role.NEITHER


def share(name: str, right: NDArray[np.bool_]) -> None:
    """Print a share with its interval."""
    if len(right):
        low, high = metrics.wilson(float(right.mean()), len(right))
        print(f"  {name:28}{right.mean():.3f} ({low:.3f} to {high:.3f})  n {len(right)}")


def shown(model: RoleModel, rows: list[Row]) -> None:
    """Print the title and role of each text that is wrong in scope."""
    for text, title, role in rows:
        found = [answer(model, text, given) for given in (title, "")]
        wrong = [(each is Role.NEITHER) != (role is Role.NEITHER) for each in found]
        if any(wrong):
            marks = " ".join("wrong" if each else "right" for each in wrong)
            print(f"  {marks}  {role:16}{title or '(no title)'}")


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    main(*sys.argv[1:])
