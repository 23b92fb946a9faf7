"""The public corpora: labels by content, and titles as noisy labels beside them."""

import csv
import re
from collections.abc import Sequence
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
RECENT = "recent"  # what was left unread of 2026 of those titled as either role
TYPICAL = (*RANDOM, "random4", "neg", "neg2", RECENT)  # what calibration and the model card go by
BY_CONTENT = {"DS": Role.DATA_SCIENTIST, "MLE": Role.ML_ENGINEER, "OTHER": Role.OTHER}
BY_OWN = {
    "data_scientist": Role.DATA_SCIENTIST,
    "ml_engineer": Role.ML_ENGINEER,
    "other": Role.OTHER,
}
BY_TITLE = {
    "data_scientist": Role.DATA_SCIENTIST,
    "ml_engineer": Role.ML_ENGINEER,
    "data_engineer": Role.OTHER,
    "data_analyst": Role.OTHER,
    "software_engineer": Role.OTHER,
    "other": Role.OTHER,
}
# What a third party called postings that were drawn as AI engineers': the role is a guess.
AI_TYPES = {"ai-first": Role.ML_ENGINEER, "ai-support": Role.NEITHER}
TYPED_WEIGHT = 1e-3  # of that guess, on role and scope
TITLE_WEIGHT = 0.05  # of a label by title, where one by content counts 1
OTHER_TITLE_WEIGHT = 0.5  # of titles of neither role, which are the surer ones
FAMILIES = ("data_analyst", "data_engineer", "software_engineer", "other")
OWN = Path(__file__).parents[1] / "data" / "labeled_postings"
OWN_WEIGHT = 3.0  # of a posting written for the project: near misses are few and clear
FIRST_AI_YEAR = 2024  # before it no posting is for applications of language models
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


def load(
    folder: Path,
    *,
    titles: bool = True,
    own: bool = False,
    left_out: Sequence[str] = (),
    labels: Path = LABELS,
) -> Corpus:
    """Read the corpora.

    Parameters
    ----------
    folder : Path
        Where `titled.parquet`, `read.parquet` and `ai_engineer.parquet` stand.
    titles : bool
        Whether postings that nobody read are in, their titles as noisy labels.
    own : bool
        Whether the postings written for the project are in.
    left_out : sequence of str
        Draws that are left out, as `drawn` names them.
    labels : Path
        The table of labels by content.
    """
    given = {row["posting_id"]: row for row in read_labels(labels)}
    rows = [
        (row, BY_CONTENT[row["label"]], row["why"], row["confidence"])
        for row in pq.read_table(folder / "read.parquet").to_pylist()
        if row["confidence"] > 0 and row["why"] not in left_out
    ]
    for name in ("titled.parquet", "ai_engineer.parquet"):
        if not (folder / name).exists():
            continue
        for row in pq.read_table(folder / name).to_pylist():
            label = given.get(row["posting_id"])
            if label is not None:
                if int(label["confidence"]) > 0 and label["drawn"] not in left_out:
                    role = BY_CONTENT[label["label"]]
                    known = row | {"read_family": label.get("family", "")}
                    rows.append((known, role, label["drawn"], int(label["confidence"])))
            elif titles and row.get("title_role") in BY_TITLE:
                rows.append((row, BY_TITLE[row["title_role"]], "title", 9))
            elif titles and row.get("ai_type") in AI_TYPES:
                rows.append((row, AI_TYPES[row["ai_type"]], "typed", 9))
    if own:
        rows += [(row, BY_OWN[row["role"]], "own", 3) for row in _own()]
    return _corpus(rows)


def _own() -> list[dict]:
    """Return the postings written for the project; those of one writer stay together."""
    with (OWN / "index.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        {
            "posting_id": row["file"],
            "source": "written",
            "title": row["title"],
            "company": "",
            "posted": "",
            "text": (OWN / row["file"]).read_text(encoding="utf-8"),
            "title_role": "",
            "cluster": -1 - number,
            "role": row["role"],
        }
        for number, row in enumerate(rows)
    ]


def read_labels(path: Path) -> list[dict[str, str]]:
    """Return the rows of the table of labels by content, none where it is not there."""
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
    weights[np.array([reason == "own" for reason in why])] = OWN_WEIGHT
    typed = np.array([reason == "typed" for reason in why])
    weights[typed] = TYPED_WEIGHT
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
        clusters=[row.get("cluster", f"ai {at}") for at, row in enumerate(tables)],
        weights=weights.tolist(),
        gold=[reason in TYPICAL for reason in why],
        noisy=(by_title | typed).tolist(),
        columns={
            "title": [row["title"] or "" for row in tables],
            "source": [row["source"] for row in tables],
            "posted": [row.get("posted") or "" for row in tables],
            "family": [_family(row, role) for row, role in zip(tables, roles, strict=True)],
            "ai": [_ai(row) for row in tables],
        },
    )
    return Corpus(
        postings=postings,
        why=np.array(why),
        confidence=np.array(confidence),
        sources=np.array([row["source"] for row in tables]),
        title_roles=np.array([row.get("title_role") or "" for row in tables]),
        titles=np.array([row["title"] or "" for row in tables]),
    )


def _family(row: dict, role: Role) -> str:
    """Return the kind of job a posting is: as it was read, else by its title."""
    read = row.get("read_family") or ""
    return read if read in FAMILIES and role is Role.NEITHER else row.get("title_role") or ""


def _ai(row: dict) -> str:
    """Say whether a posting is for applications of language models, "" where nobody knows.

    By its third party's type where it has one, else as it was read or by its year.
    """
    if (type_ := row.get("ai_type")) in AI_TYPES:
        return "yes" if type_ == "ai-first" else "no"
    if read := row.get("read_family"):
        return "yes" if read == "ai_engineer" else "far"
    year = re.search(r"\b(?:19|20)\d\d\b", row.get("posted") or "")
    return "far" if year and int(year.group()) < FIRST_AI_YEAR else ""
