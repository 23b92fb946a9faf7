"""Labelled postings: a folder for each role, checked before anything is learned from them."""

import csv
import hashlib
import zlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobclf.errors import DatasetError
from jobclf.roles import Role, parse_role
from jobclf.text.tokens import BREAK, normalize

INDEX = "index.csv"  # the table beside the folders
SHINGLE = 6  # words in a run that two near duplicates share
SKETCH = 48  # smallest run hashes kept for each posting
MIN_WORDS = 5  # of a text that is learned from; fewer say nothing of the work
NEAR = 0.25  # share of the sketch in common that makes two postings near duplicates
_COMMON = 60  # a run hash in more postings than this is boilerplate and pairs nothing


@dataclass(frozen=True)
class LabeledPostings:
    """Postings with their roles, one entry of each field a posting.

    `weights` say how much a label counts, `groups` which postings must never be parted between
    training and judging, `gold` which labels are sure enough to measure and calibrate on, and
    `noisy` which are only guesses, such as titles, that the other labels may overrule.
    `columns` hold what else is known of each posting by column name, "" where nothing is.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    roles: tuple[Role, ...]
    groups: NDArray[np.int64]
    weights: NDArray[np.float64]
    gold: NDArray[np.bool_]
    noisy: NDArray[np.bool_]
    dropped: tuple[str, ...] = ()  # exact duplicates left out, by name
    short: tuple[str, ...] = ()  # left out for their few words, by name
    unlabeled: int = 0  # rows left out for they had no label
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def digest(self) -> str:
        """SHA-256 over texts and roles in order."""
        whole = hashlib.sha256()
        for text, role in zip(self.texts, self.roles, strict=True):
            name = "other" if role is Role.NEITHER else role  # as model files have always had it
            whole.update(f"{name}\0{text}\0".encode("utf-8", "surrogatepass"))
        return whole.hexdigest()

    def part(self, places: NDArray[np.int64]) -> "LabeledPostings":
        """Return the postings at some places, in that order."""
        return LabeledPostings(
            names=tuple(self.names[at] for at in places),
            texts=tuple(self.texts[at] for at in places),
            roles=tuple(self.roles[at] for at in places),
            groups=self.groups[places],
            weights=self.weights[places],
            gold=self.gold[places],
            noisy=self.noisy[places],
            columns={
                name: tuple(values[at] for at in places) for name, values in self.columns.items()
            },
        )

    def counts(self) -> dict[str, int]:
        """Return the number of postings of each role."""
        return {str(role): self.roles.count(role) for role in Role}


def read(path: Path, *, conflicts: bool = False, min_words: int = 1) -> LabeledPostings:
    """Read a folder with one folder of text files for each role.

    A table `index.csv` beside them, with a column `file`, gives further columns. With `conflicts`,
    one posting under two roles is kept under both instead of refused. Texts of fewer words than
    `min_words` are left out.
    """
    names, texts, roles = [], [], []
    for folder in _folders(path):
        try:
            role = parse_role(folder.name)
        except DatasetError as error:
            raise DatasetError(f"{path}: {error}") from None
        for file in sorted(folder.glob("*.txt")):
            names.append(f"{folder.name}/{file.name}")
            texts.append(_text(file))
            roles.append(role)
    if not texts:
        raise DatasetError(
            f"{path} holds no postings; put .txt files into data_scientist/ and so on"
        )
    columns = _index(path / INDEX, names)
    return collect(
        names,
        texts,
        roles,
        companies=columns.get("company"),
        columns=columns,
        conflicts=conflicts,
        min_words=min_words,
    )


def _index(path: Path, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what a table says of some files, column by column."""
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = {row.get("file"): row for row in csv.DictReader(stream)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path} cannot be read as CSV: {error}; mend or remove it") from None
    if rows and None in rows:
        raise DatasetError(f"{path} has no column `file` in every row; name each file as ROLE/NAME")
    header = dict.fromkeys(name for row in rows.values() for name in row if name)
    return {
        name: tuple((rows.get(file, {}).get(name) or "").strip() for file in names)
        for name in header
        if name not in {"file", "role"}
    }


def _folders(path: Path) -> list[Path]:
    try:
        if path.is_dir():
            inside = sorted(entry for entry in path.iterdir() if entry.is_dir())
            return [folder for folder in inside if not folder.name.startswith(".")]
        fact = "is a file, not a folder" if path.exists() else "does not exist"
    except OSError as error:
        fact = f"cannot be read: {error.strerror}"
    raise DatasetError(f"{path} {fact}; give a folder that holds one folder for each role")


def _text(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DatasetError(f"{file} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise DatasetError(f"{file} cannot be read: {error.strerror}") from None
    if not normalize(text):
        raise DatasetError(f"{file} has no words; delete it or fill it")
    return text


def collect(
    names: Sequence[str],
    texts: Sequence[str],
    roles: Sequence[Role],
    *,
    companies: Sequence[str | None] | None = None,
    clusters: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
    gold: Sequence[bool] | None = None,
    noisy: Sequence[bool] | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    conflicts: bool = False,
    min_words: int = 1,
) -> LabeledPostings:
    """Put labelled postings together: exact duplicates out, conflicts refused, groups made.

    `clusters` number the near duplicates where they are known already; else they are looked for.
    With `conflicts`, one text under two roles is kept under both, in one group. Texts of fewer
    words than `min_words` are left out.
    """
    normal = [normalize(text) for text in texts]
    first: dict[tuple[str, Role | None], int] = {}
    kept, dropped, short = [], [], []
    for at, text in enumerate(normal):
        if min_words > 1 and len(_words(text)) < min_words:
            short.append(names[at])
            continue
        other = first.setdefault((text, roles[at] if conflicts else None), at)
        if other == at:
            kept.append(at)
        elif roles[other] is not roles[at]:
            raise DatasetError(
                f"{names[at]} is {roles[at]} and {names[other]}, the same posting, is "
                f"{roles[other]}; delete the wrong one"
            )
        else:
            dropped.append(names[at])
    if short and not kept:
        raise DatasetError(
            f"no posting has {min_words} words, {short[0]} among them; give the full texts"
        )
    firms = [(companies or [None] * len(texts))[at] for at in kept]
    if clusters is None:
        pairs = near_duplicates([normal[at] for at in kept])
    else:
        pairs = _chained([clusters[at] for at in kept])
    if conflicts:
        pairs += _chained([normal[at] for at in kept])
    return LabeledPostings(
        names=tuple(names[at] for at in kept),
        texts=tuple(texts[at] for at in kept),
        roles=tuple(roles[at] for at in kept),
        groups=group(pairs, firms),
        weights=np.array([1.0 if weights is None else weights[at] for at in kept]),
        gold=np.array([True if gold is None else gold[at] for at in kept]),
        noisy=np.array([False if noisy is None else noisy[at] for at in kept]),
        dropped=tuple(dropped),
        short=tuple(short),
        columns={
            name: tuple(values[at] for at in kept) for name, values in (columns or {}).items()
        },
    )


def group(pairs: Iterable[tuple[int, int]], companies: Sequence[str | None]) -> NDArray[np.int64]:
    """Give near duplicates, and postings of one company, the same number."""
    parents = list(range(len(companies)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    by_company: dict[str, int] = {}
    for at, company in enumerate(companies):
        key = "".join(filter(str.isalnum, (company or "").split("\n")[0].lower()))
        if len(key) > 1:
            parents[root(at)] = root(by_company.setdefault(key, at))
    for one, other in pairs:
        parents[root(one)] = root(other)
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(root(at), len(numbers)) for at in range(len(companies))])


def _chained(clusters: Sequence[Hashable]) -> list[tuple[int, int]]:
    first: dict[Hashable, int] = {}
    return [(at, first.setdefault(cluster, at)) for at, cluster in enumerate(clusters)]


def near_duplicates(normal: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of normalised texts that share a quarter of their runs of six words.

    The share is estimated from the smallest hashes of each text's runs (bottom-k MinHash).
    """
    sketches = [_sketch(text) for text in normal]
    holders: dict[int, list[int]] = defaultdict(list)
    for at, sketch in enumerate(sketches):
        for run in sketch:
            holders[run].append(at)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for places in holders.values():
        if 1 < len(places) <= _COMMON:
            for index, one in enumerate(places):
                for other in places[index + 1 :]:
                    shared[one, other] += 1
    pairs = []
    for one, other in shared:
        smallest = sorted(sketches[one] | sketches[other])[:SKETCH]
        both = sum(run in sketches[one] and run in sketches[other] for run in smallest)
        if both >= NEAR * len(smallest):
            pairs.append((one, other))
    return pairs


def _sketch(text: str) -> frozenset[int]:
    words = _words(text)
    runs = {
        zlib.crc32(" ".join(words[at : at + SHINGLE]).encode())
        for at in range(max(1, len(words) - SHINGLE + 1))
    }
    return frozenset(sorted(runs)[:SKETCH])


def _words(text: str) -> list[str]:
    return [word for word in text.split() if word != BREAK]
