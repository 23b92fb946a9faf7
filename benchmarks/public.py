"""The public postings that the labels are about, found again and checked by hash.

usage: python -m benchmarks.public FOLDER [--mirror FOLDER] [--source OWNER/NAME ...]

Fetches each source of data/public_sources.csv from GitHub at its commit, or takes it from a folder
of bare repositories (OWNER/NAME.git, OWNER__NAME.git or OWNER+NAME/repo). Looks for the texts of
data/public_labels.csv, which holds a hash of each, says what share was found, and writes the tables
into FOLDER that the other benchmarks read as CORPORA:

read.parquet    postings with a label by content
titled.parquet  other postings of the same files, their titles as noisy labels

The texts belong to their employers and boards: learn and measure, and do not pass them on.
"""

import argparse
import csv
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import corpora
from benchmarks.public_files import Row, rows_of
from jobclf.roles import Role
from jobclf.text.titles import title_role
from jobclf.text.tokens import normalize
from jobclf.training.duplicates import group, near_duplicates

SOURCES = corpora.LABELS.with_name("public_sources.csv")
LEAST = 400  # characters of a text that may stand among those with noisy labels
DERIVED = "derived"  # a path of this beginning stands for all tables of its repository
FAMILIES = (
    ("data_engineer", re.compile(r"\bdata engineer", re.IGNORECASE)),
    ("data_analyst", re.compile(r"\b(data|business|bi|reporting) analyst", re.IGNORECASE)),
    ("software_engineer", re.compile(r"\b(software|backend|full.?stack) (eng|dev)", re.IGNORECASE)),
)
COLUMNS = {
    **dict.fromkeys(("posting_id", "source", "source_path", "row", "title"), pa.string()),
    **dict.fromkeys(("company", "location", "posted", "text", "title_role"), pa.string()),
    "cluster": pa.int64(),
    "exact": pa.uint64(),
    "label": pa.string(),
    "confidence": pa.int64(),
    "why": pa.string(),
}


@dataclass
class Found:
    """What came out of one source: rows of tables, and how many labels were looked for."""

    wanted: int
    read: list[dict[str, Any]] = field(default_factory=list)
    titled: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Find, count and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mirror", type=Path)
    parser.add_argument("--source", action="append", default=[], metavar="OWNER/NAME")
    parser.add_argument("--labels", type=Path, default=corpora.LABELS, help=argparse.SUPPRESS)
    parser.add_argument("--sources", type=Path, default=SOURCES, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    labels = defaultdict(list)
    for row in corpora.read_labels(given.labels):
        labels[row["source"]].append(row)
    commits = {row["source"]: row["commit"] for row in corpora.read_labels(given.sources)}
    given.folder.mkdir(parents=True, exist_ok=True)
    found = []
    for source in given.source or sorted(labels, key=lambda name: -len(labels[name])):
        one = searched(source, commits.get(source, ""), labels[source], given)
        found.append(one)
        share = len(one.read) / max(1, one.wanted)
        print(f"{share:6.1%}  {len(one.read):5} of {one.wanted:5}  {source}{one.note}", flush=True)
    read = [row for one in found for row in one.read]
    wanted = sum(one.wanted for one in found)
    print(f"{len(read) / max(1, wanted):6.1%}  {len(read):5} of {wanted:5}  in all")
    write(given.folder, read, [row for one in found for row in one.titled])


def searched(
    source: str, commit: str, labels: list[dict[str, str]], given: argparse.Namespace
) -> Found:
    """Look for the labelled texts of one source."""
    found = Found(wanted=len(labels))
    try:
        repository, note = opened(source, commit, given.mirror, given.folder / "repositories")
    except (subprocess.CalledProcessError, OSError) as error:
        found.note = f": {error}"
        return found
    found.note = note
    by_path: dict[str, dict[int, dict[str, str]]] = defaultdict(dict)
    for label in labels:
        by_path[label["source_path"]][int(label["exact"])] = label
    for path, wanted in by_path.items():
        names = [path]
        if path.startswith(DERIVED):
            names = [name for name in repository.files() if name.endswith(".csv")]
        seen: set[int] = set()
        for name in names:
            match(source, path, repository.rows(name), wanted, found, seen)
    return found


def match(
    source: str,
    path: str,
    rows: Iterable[Row],
    wanted: dict[int, dict[str, str]],
    found: Found,
    seen: set[int],
) -> None:
    """Sort rows into those that a label is about, by hash, and those with a title to learn from."""
    kept = list(rows)
    texts = [(row, text) for row in kept for text in row.texts]
    hashes = exact([text for _, text in texts])
    matched: dict[int, int] = {}
    for (row, text), key in zip(texts, hashes.tolist(), strict=True):
        label = wanted.get(key)
        if label is None or key in seen:
            continue
        seen.add(key)
        matched[id(row)] = key
        found.read.append(
            about(row, text, key, label["posting_id"], source, path)
            | {
                "label": label["label"],
                "confidence": int(label["confidence"]),
                "why": label["drawn"],
                "row": label["row"],
            }
        )
    first = {id(row): (text, key) for (row, text), key in zip(texts, hashes.tolist(), strict=True)}
    for row in kept:
        if id(row) in matched or id(row) not in first:
            continue
        text, key = first[id(row)]
        if len(text) >= LEAST and key not in seen and named(row.title):
            seen.add(key)
            name = f"{source.replace('/', '__')}::{path}::{row.number}"
            found.titled.append(about(row, text, key, name, source, path))


def about(row: Row, text: str, key: int, name: str, source: str, path: str) -> dict[str, Any]:
    """Return a row of the tables."""
    return {
        "posting_id": name,
        "source": source,
        "source_path": path,
        "row": str(row.number),
        "title": row.title,
        "company": row.company or None,
        "location": row.location or None,
        "posted": row.posted or None,
        "text": text,
        "title_role": named(row.title),
        "exact": key,
    }


def named(title: str) -> str:
    """Return the role or the family of other work that a title names, "" without a title."""
    role = title_role(title) if title else None
    if role in {Role.DATA_SCIENTIST, Role.ML_ENGINEER}:
        return str(role)
    return next((name for name, form in FAMILIES if form.search(title)), "other" if title else "")


def exact(texts: Sequence[str]) -> np.ndarray:
    """Return the hash of each text's letters and digits, as `data/public_labels.csv` has it."""
    from pandas.util import hash_array

    letters = [re.sub("[^a-z0-9]+", "", text.lower()) for text in texts]
    return hash_array(np.array(letters, dtype=object)) if letters else np.zeros(0, np.uint64)


def write(folder: Path, read: list[dict[str, Any]], titled: list[dict[str, Any]]) -> None:
    """Write both tables; near duplicates get one cluster."""
    rows = [*read, *titled]
    normal = [normalize(row["text"]) for row in rows]
    clusters = group(near_duplicates(normal), [None] * len(rows))
    for row, cluster in zip(rows, clusters.tolist(), strict=True):
        row["cluster"] = cluster
    for name, part in (("read", read), ("titled", titled)):
        table = pa.Table.from_pylist(part, schema=pa.schema(list(COLUMNS.items())))
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
        print(f"{len(part)} rows written to {folder / name}.parquet")


@dataclass(frozen=True)
class Repository:
    """A git directory at a commit."""

    place: Path
    commit: str

    def files(self) -> list[str]:
        """Return the names of all files."""
        listed = git(self.place, "ls-tree", "-r", "-z", "--name-only", self.commit)
        return listed.decode("utf-8", "replace").rstrip("\0").split("\0")

    def rows(self, path: str) -> Iterator[Row]:
        """Yield the rows of a file, none where it is not there."""
        try:
            content = git(self.place, "cat-file", "blob", f"{self.commit}:{path}")
        except subprocess.CalledProcessError:
            return
        yield from rows_of(path, content)


def opened(source: str, commit: str, mirror: Path | None, own: Path) -> tuple[Repository, str]:
    """Return the repository of a source, and a note where its commit is another."""
    owner, name = source.split("/")
    if mirror is None:
        place = own / f"{owner}__{name}.git"
        if not place.exists():
            place.mkdir(parents=True)
            git(place, "init", "--quiet", "--bare")
        address = f"https://github.com/{source}"
        git(place, "fetch", "--quiet", "--depth", "1", address, commit or "HEAD")
        return Repository(place, commit or "FETCH_HEAD"), ""
    tried = (
        f"{owner}/{name}.git",
        f"{owner}/{name}",
        f"{owner}__{name}.git",
        f"{owner}+{name}/repo",
    )
    places = [mirror / each for each in tried if (mirror / each).exists()]
    if not places:
        raise FileNotFoundError("not in the mirror")
    try:
        git(places[0], "cat-file", "-e", f"{commit}^{{commit}}")
    except subprocess.CalledProcessError:
        return Repository(
            places[0], "HEAD"
        ), f" (at its newest commit, for {commit[:8]} is not there)"
    return Repository(places[0], commit), ""


def git(place: Path, *words: str) -> bytes:
    """Run git in a bare repository, without anyone's settings."""
    command = ["git", "--git-dir", str(place), *words]
    return subprocess.run(command, check=True, capture_output=True).stdout


def write_sources(rows: Iterable[dict[str, str]], path: Path = SOURCES) -> None:
    """Write the table of sources and commits."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["source", "commit"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
