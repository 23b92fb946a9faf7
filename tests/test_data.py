"""The postings and labels that the repository ships are what their datasheets say."""

import csv
import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.model_selection import cross_val_score

from jobclf.text.tokens import BREAK, tokenize
from jobclf.training.duplicates import SHINGLE

DATA = Path(__file__).parents[1] / "data"
OWN = DATA / "labeled_postings"
pytestmark = pytest.mark.skipif(not OWN.is_dir(), reason="data/labeled_postings is not here")


def index() -> list[dict[str, str]]:
    with (OWN / "index.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_there_are_1679_postings_and_each_has_its_row() -> None:
    files = {path.relative_to(OWN).as_posix() for path in OWN.glob("*/*.txt")}
    assert {row["file"] for row in index()} == files
    assert Counter(row["role"] for row in index()) == {
        "data_scientist": 489,
        "ml_engineer": 476,
        "other": 714,
    }
    assert all(row["file"].startswith(row["role"] + "/") for row in index())


def test_they_are_varied_and_hard_on_purpose() -> None:
    rows = [row for row in index() if row["industry"]]  # of later ones only the kind is known
    assert len({row["industry"] for row in rows}) >= 25
    assert len({row["country"] for row in rows}) >= 15
    assert len({row["form"] for row in rows}) >= 9
    hardness = Counter(row["hardness"] for row in rows)
    assert hardness["borderline"] >= 0.20 * len(rows)
    assert hardness["title disagrees"] >= 0.15 * len(rows)


def test_near_misses_are_of_many_kinds_and_have_neighbours_in_scope() -> None:
    near = [row for row in index() if row["hardness"] == "near miss"]
    neighbours = [row for row in index() if row["hardness"] == "neighbour"]
    assert len(near) >= 400
    assert len({row["kind"] for row in near}) >= 40
    assert len(neighbours) >= 400


def test_the_index_counts_their_words_and_they_are_plain_text() -> None:
    for row in index():
        content = (OWN / row["file"]).read_bytes()
        text = content.decode("utf-8")
        assert int(row["words"]) == len(text.split()), row["file"]
        assert text.endswith("\n"), row["file"]
        assert "\r" not in text, row["file"]


def test_no_two_share_a_quarter_of_their_runs_of_six_words() -> None:
    sizes: dict[str, int] = {}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in index():
        words = [word for word in tokenize((OWN / row["file"]).read_text()) if word != BREAK]
        runs = {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
        sizes[row["file"]] = len(runs)
        for run in runs:
            holders[run].append(row["file"])
    shared = Counter(pair for files in holders.values() for pair in combinations(files, 2))
    for (one, other), count in shared.items():
        assert count < 0.25 * min(sizes[one], sizes[other]), (one, other)


def test_no_contact_data() -> None:
    contact = re.compile(r"[\w.]+@[\w-]+\.\w{2,}|https?://|www\.|\+\d{2}[\d ()-]{7,}")
    for row in index():
        found = contact.search((OWN / row["file"]).read_text())
        assert found is None, (row["file"], found)


def test_form_and_circumstance_do_not_tell_the_role() -> None:
    rows = [row for row in index() if row["role"] != "other" and row["industry"]]
    facts = [
        {
            "form": row["form"],
            "seniority": row["seniority"],
            "country": row["country"],
            "industry": row["industry"],
            "words": int(row["words"]),
        }
        for row in rows
    ]
    matrix = DictVectorizer(sparse=False).fit_transform(facts)
    roles = np.array([row["role"] for row in rows])
    forest = RandomForestClassifier(60, min_samples_leaf=3, random_state=0)
    accuracy = cross_val_score(forest, matrix, roles, cv=5).mean()
    assert accuracy < 0.60  # 440 postings, half of either role: chance is .50, give or take .05


def test_public_labels_are_facts_without_text() -> None:
    with (DATA / "public_labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) >= 10_000
    assert len({row["posting_id"] for row in rows}) == len(rows)
    assert {row["label"] for row in rows} == {"DS", "MLE", "OTHER"}
    assert {row["confidence"] for row in rows} == {"0", "1", "2", "3"}
    assert max(len(value) for row in rows for value in row.values()) < 200
