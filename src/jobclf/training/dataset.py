"""Labelled postings: a folder for each role, checked before anything is learned from them."""

import csv
import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.kernel import Floats
from jobclf.errors import DatasetError
from jobclf.roles import Role, parse_role
from jobclf.text.titles import cut_title, title_in, title_role
from jobclf.text.tokens import normalize
from jobclf.training.duplicates import group, near_duplicates, words
from jobclf.training.families import family_of_title

INDEX = "index.csv"  # the table beside the folders
MIN_WORDS = 5  # of a text that is learned from; fewer say nothing of the work
_SIGNS = {Role.ML_ENGINEER: 1.0, Role.DATA_SCIENTIST: -1.0}


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

    @cached_property
    def is_ml_engineer(self) -> NDArray[np.bool_]:
        """Which postings are labelled ML Engineer."""
        return np.array([role is Role.ML_ENGINEER for role in self.roles])

    @cached_property
    def in_scope(self) -> NDArray[np.bool_]:
        """Which postings are labelled with either role."""
        return np.array([role is not Role.NEITHER for role in self.roles])

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The title of each posting: from its column, else as its first lines state it."""
        return tuple(
            title or title_in(text) or ""
            for title, text in zip(self._given_titles, self.texts, strict=True)
        )

    @cached_property
    def claims(self) -> Floats:
        """What each title claims: 1 ML Engineer, -1 Data Scientist, 0 neither or both."""
        claimed = map(title_role, self.titles)
        return np.array([0.0 if role is None else _SIGNS.get(role, 0.0) for role in claimed])

    @cached_property
    def untitled_texts(self) -> tuple[str, ...]:
        """The texts without the line that states the title or claims a role."""
        return tuple(
            _without_title(text, title)
            for text, title in zip(self.texts, self._given_titles, strict=True)
        )

    @cached_property
    def families(self) -> NDArray[np.str_]:
        """The kind of job of each posting by its column `family`, else its title; "" unknown."""
        if "family" in self.columns:
            return np.array(self.columns["family"])
        return np.array([family_of_title(title) if title else "" for title in self.titles])

    @cached_property
    def is_ai_engineer(self) -> NDArray[np.bool_]:
        """Which postings are for work on applications of language models, by column `ai`."""
        return np.array(
            [value == "yes" for value in self.columns.get("ai", ())] or [False] * len(self)
        )

    @cached_property
    def knows_ai(self) -> NDArray[np.bool_]:
        """Of which postings it is known whether they are, by column `ai`."""
        known = self.columns.get("ai", ("",) * len(self))
        return np.array([value in {"yes", "no"} for value in known])

    @property
    def _given_titles(self) -> tuple[str, ...]:
        return self.columns.get("title") or ("",) * len(self)

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

    def held_together(self, numbers: NDArray[np.int64]) -> "LabeledPostings":
        """Return the postings in groups that part none of the same number either."""
        pairs = [*_chained(self.groups.tolist()), *_chained(numbers.tolist())]
        return replace(self, groups=group(pairs, [None] * len(self)))

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
        if min_words > 1 and len(words(text)) < min_words:
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


def _chained(clusters: Sequence[Hashable]) -> list[tuple[int, int]]:
    first: dict[Hashable, int] = {}
    return [(at, first.setdefault(cluster, at)) for at, cluster in enumerate(clusters)]


def _without_title(text: str, title: str) -> str:
    stated, rest = cut_title(text)
    return rest if stated and (title_role(stated) or _same(stated, title)) else text


def _same(line: str, title: str) -> bool:
    plain, wanted = ("".join(filter(str.isalnum, part.lower())) for part in (line, title))
    return bool(plain and wanted) and (plain.startswith(wanted) or wanted.startswith(plain))
