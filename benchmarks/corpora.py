"""The public corpora: labels by content, and titles as noisy labels beside them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from jobclf.roles import Role
from jobclf.text.tokens import normalize
from jobclf.training.dataset import LabeledPostings, collect

LABELS = Path(__file__).parents[1] / "data" / "public_labels.csv"
RANDOM = ("random", "random2", "random3")  # an unbiased draw of postings titled as either role
TYPICAL = (*RANDOM, "random4", "neg", "neg2")  # what calibration and the model card go by
BY_CONTENT = {"DS": Role.DATA_SCIENTIST, "MLE": Role.ML_ENGINEER, "OTHER": Role.OTHER}
BY_TITLE = {
    "data_scientist": Role.DATA_SCIENTIST,
    "ml_engineer": Role.ML_ENGINEER,
    "data_engineer": Role.OTHER,
    "data_analyst": Role.OTHER,
    "software_engineer": Role.OTHER,
    "other": Role.OTHER,
}
TITLE_WEIGHT = 0.05  # of a label by title, where one by content counts 1
OTHER_TITLE_WEIGHT = 0.5  # of titles of neither role, which are the surer ones
FAMILIES = ("data analyst", "data engineer", "software engineer", "other")
COIN_FLIP_WEIGHT = 0.25  # of a label that its reader called a coin flip
_COLUMNS = ("posting_id", "source", "title", "company", "posted", "text", "title_role", "cluster")


@dataclass(frozen=True)
class Corpus:
    """Labelled postings, and what the tables beside them say of each."""

    postings: LabeledPostings
    why: NDArray[np.str_]
    confidence: NDArray[np.int64]  # 3 clear, 2 leaning, 1 coin flip; 9 for labels by title
    sources: NDArray[np.str_]
    title_roles: NDArray[np.str_]
    titles: NDArray[np.str_]


def load(folder: Path, *, titles: bool = True, labels: Path = LABELS) -> Corpus:
    """Read the corpora; without `titles` only what was labelled by content."""
    own = {row["posting_id"]: row for row in _labels(labels)}
    rows = [
        (row, BY_CONTENT[row["label"]], row["why"], row["confidence"])
        for row in pq.read_table(folder / "read.parquet").to_pylist()
        if row["confidence"] > 0
    ]
    for row in pq.read_table(folder / "titled.parquet").to_pylist():
        label = own.get(row["posting_id"])
        if label is not None:
            if int(label["confidence"]) > 0:
                role = BY_CONTENT[label["label"]]
                rows.append((row, role, label["drawn"], int(label["confidence"])))
        elif titles and row["title_role"] in BY_TITLE:
            rows.append((row, BY_TITLE[row["title_role"]], "title", 9))
    return _corpus(rows)


def _labels(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _corpus(rows: list[tuple[dict, Role, str, int]]) -> Corpus:
    seen: set[str] = set()
    kept = []
    for row in rows:  # content comes first, so a title never wins over it
        normal = normalize(row[0]["text"])
        if normal not in seen:
            seen.add(normal)
            kept.append(row)
    tables, roles, why, confidence = zip(*kept, strict=True)
    by_title = np.array([reason == "title" for reason in why])
    ml_engineer = np.array([role is Role.ML_ENGINEER for role in roles])
    scientist = np.array([role is Role.DATA_SCIENTIST for role in roles])
    weights = np.where(np.array(confidence) == 1, COIN_FLIP_WEIGHT, 1.0)
    weights[by_title] = TITLE_WEIGHT
    weights[by_title & ~ml_engineer & ~scientist] = OTHER_TITLE_WEIGHT
    if (by_title & ml_engineer).any():  # titles of either role weigh the same in sum
        weights[by_title & ml_engineer] *= (by_title & scientist).sum() / (
            by_title & ml_engineer
        ).sum()
    postings = collect(
        [row["posting_id"] for row in tables],
        [row["text"] for row in tables],
        roles,
        companies=[row["company"] for row in tables],
        clusters=[row["cluster"] for row in tables],
        weights=weights.tolist(),
        gold=[reason in TYPICAL for reason in why],
        noisy=by_title.tolist(),
        columns={
            "title": [row["title"] or "" for row in tables],
            "source": [row["source"] for row in tables],
            "posted": [row["posted"] or "" for row in tables],
            "family": [(row["title_role"] or "").replace("_", " ") for row in tables],
        },
    )
    return Corpus(
        postings=postings,
        why=np.array(why),
        confidence=np.array(confidence),
        sources=np.array([row["source"] for row in tables]),
        title_roles=np.array([row["title_role"] or "" for row in tables]),
        titles=np.array([row["title"] or "" for row in tables]),
    )
