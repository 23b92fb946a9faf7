"""Labelled postings, checked and grouped before anything is learned from them."""

import hashlib
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.counts import Floats
from jobclf.errors import DatasetError, Reason, option
from jobclf.roles import Role
from jobclf.text.cleaning import clean
from jobclf.text.stated_titles import cut_title, title_in
from jobclf.text.titles import title_role
from jobclf.text.tokens import normalize
from jobclf.training.duplicates import group, near_duplicates, words
from jobclf.training.overlap import marks

MIN_WORDS = 5  # of a text that is learned from; fewer say nothing of the work
_FAMILIES = (
    (
        "ambiguous title",
        r"applied scientist|research scientist|ai engineer|ai/ml|scientist.*engine",
    ),
    ("data analyst", r"\banalyst|\banalytics?\b|\bbi\b"),
    (
        "data engineer",
        r"\bdata (?:platform |warehouse )?(?:engineer|architect)|\bdatabase\b|\betl\b",
    ),
    ("software engineer", r"\b(?:developer|software|devops|backend|back-end|frontend|front-end)\b"),
)
_SIGNS = {Role.ML_ENGINEER: 1.0, Role.DATA_SCIENTIST: -1.0}


# What a posting counts in telling applications of language models from other work: most of all that
# is other is far from them, and what is hard to tell are the few beside them.
_AI_WEIGHTS = {"yes": 1.0, "no": 1.0, "far": 0.05}


@dataclass(frozen=True)
class LabeledPostings:
    """Postings with their roles, one entry of each field a posting.

    `weights` say how much a label counts, `groups` which postings must never be parted between
    training and judging, `gold` which labels are sure enough to measure and calibrate on, and
    `noisy` which are only guesses, such as titles, that the other labels may overrule.
    `normal` are the normalised texts and `marks` what a model keeps of each, both made once.
    `columns` hold what else is known of each posting by column name, "" where nothing is.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    roles: tuple[Role, ...]
    groups: NDArray[np.int64]
    weights: NDArray[np.float64]
    gold: NDArray[np.bool_]
    noisy: NDArray[np.bool_]
    normal: tuple[str, ...] = field(repr=False)
    marks: NDArray[np.uint32] = field(repr=False)
    dropped: tuple[str, ...] = ()  # exact duplicates left out, by name
    short: tuple[str, ...] = ()  # left out for their few words, by name
    unlabeled: int = 0  # left out for they had no label
    rejected: int = 0  # left out for somebody said that their label is wrong
    unread: tuple[str, ...] = ()  # labelled and left out for they cannot be read, by name and why
    conflicting: tuple[str, ...] = ()  # left out for they stood under two roles, by name
    notes: tuple[str, ...] = ()  # what was read and what was not, for people
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
        """Of which postings it is known whether they are, by column `ai`: "yes", "no", "far"."""
        return self.ai_weights > 0.0

    @cached_property
    def ai_weights(self) -> Floats:
        """How much each of them counts: those far from it ("far") less than those beside ("no")."""
        known = self.columns.get("ai", ("",) * len(self))
        return np.array([_AI_WEIGHTS.get(value, 0.0) for value in known])

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
            normal=tuple(self.normal[at] for at in places),
            marks=self.marks[places],
        )

    def held_together(self, numbers: NDArray[np.int64]) -> "LabeledPostings":
        """Return the postings in groups that part none of the same number either."""
        pairs = [*_chained(self.groups.tolist()), *_chained(numbers.tolist())]
        return replace(self, groups=group(pairs, [None] * len(self)))

    def counts(self) -> dict[str, int]:
        """Return the number of postings of each role."""
        return {str(role): self.roles.count(role) for role in Role}


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
    conflicts: Literal["error", "drop", "keep"] = "error",
    min_words: int = 1,
) -> LabeledPostings:
    """Put labelled postings together: exact duplicates out, conflicts refused, groups made.

    `clusters` number the near duplicates where they are known already; else they are looked for.
    `conflicts` says what becomes of one text under two roles: an error that names all, all copies
    dropped, or one kept under each role, in one group. Texts of fewer words than `min_words` are
    left out.
    """
    cleaned = [clean(text) for text in texts]
    normal = [normalize(text) for text in cleaned]
    several = _under_two_roles(normal, roles) if conflicts != "keep" else frozenset()
    first: dict[tuple[str, Role], int] = {}
    kept, dropped, short, conflicting = [], [], [], []
    for at, text in enumerate(normal):
        if min_words > 1 and len(words(text)) < min_words:
            short.append(names[at])
        elif text in several:
            conflicting.append(at)
        elif first.setdefault((text, roles[at]), at) == at:
            kept.append(at)
        else:
            dropped.append(names[at])
    if conflicting and (conflicts == "error" or not kept):
        raise _conflict(conflicting, normal, names, roles)
    if short and not kept:
        raise DatasetError(
            f"no posting has {min_words} words, {short[0]} among them",
            "give the full texts",
            reason=Reason.TOO_FEW,
        )
    firms = [(companies or [None] * len(texts))[at] for at in kept]
    if clusters is None:
        pairs = near_duplicates([normal[at] for at in kept])
    else:
        pairs = _chained([clusters[at] for at in kept])
    if conflicts == "keep":
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
        conflicting=tuple(names[at] for at in conflicting),
        columns={
            name: tuple(values[at] for at in kept) for name, values in (columns or {}).items()
        },
        normal=tuple(normal[at] for at in kept),
        marks=marks(cleaned[at] for at in kept),
    )


def _under_two_roles(texts: Sequence[str], roles: Sequence[Role]) -> frozenset[str]:
    first: dict[str, Role] = {}
    return frozenset(
        text
        for text, role in zip(texts, roles, strict=True)
        if first.setdefault(text, role) is not role
    )


def _conflict(
    places: Sequence[int], texts: Sequence[str], names: Sequence[str], roles: Sequence[Role]
) -> DatasetError:
    """Return the error that names the first posting under two roles, and counts the others."""
    one = places[0]
    other = next(at for at in places if texts[at] == texts[one] and roles[at] is not roles[one])
    count = len({texts[at] for at in places})
    noun = "posting stands" if count == 2 else "postings stand"  # noqa: PLR2004
    more = f"; {count - 1:,} more {noun} under two roles" if count > 1 else ""
    return DatasetError(
        f"{names[one]} is {roles[one]} and {names[other]}, the same posting, is {roles[other]}"
        f"{more}",
        "delete the wrong ones, see `jobclf audit`, or leave all out with "
        f"{option('conflicts', 'drop')}",
        reason=Reason.CONFLICT,
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


def family_of_title(title: str) -> str:
    """Return the kind of job a title names, for postings that are neither role by their work.

    >>> family_of_title("Senior Analytics Engineer")
    'data analyst'
    """
    claimed = title_role(title)
    if claimed is not None:
        return f"titled {claimed.label}"
    return (
        next((name for name, words in _FAMILIES if re.search(words, title.lower())), "") or "other"
    )
