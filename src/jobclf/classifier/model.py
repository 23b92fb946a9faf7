"""What a trained model is, and what it says of a text."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from jobclf.classifier.fitness import LONGEST_TEXT, other_form, unfit
from jobclf.classifier.kernel import Floats, Lexicon, TermCounts, logits, tfidf
from jobclf.errors import PostingError
from jobclf.roles import Role
from jobclf.text.titles import title_in, title_role

_LARGEST_LOGIT = 700.0  # beyond which exp runs over
_BATCH = 256  # texts scored at once


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the work in one posting is.

    `role` is always one of the two, the nearer one when `in_scope` is false. `probability` is the
    calibrated probability of that role against the other, `scope_probability` that of being one of
    the two at all. `title_role` is what the title claims, None where it claims neither or both;
    where it claims one, `text_probability` is the probability of `role` by the text alone.
    `family` is the kind of other work that a posting out of scope is most like, such as
    "data engineer"; None for one in scope, and from a model that tells no kinds apart.
    """

    role: Role
    probability: float
    in_scope: bool
    scope_probability: float
    title_role: Role | None = None
    text_probability: float | None = None
    family: str | None = None

    @property
    def probabilities(self) -> dict[Role, float]:
        """The probability of each of the three answers; they sum to one."""
        other = Role.DATA_SCIENTIST if self.role is Role.ML_ENGINEER else Role.ML_ENGINEER
        found = {
            self.role: self.scope_probability * self.probability,
            other: self.scope_probability * (1.0 - self.probability),
            Role.NEITHER: 1.0 - self.scope_probability,
        }
        return {role: found[role] for role in Role}

    @property
    def answer(self) -> Role:
        """The likeliest of the three: one of the roles, or neither."""
        found = self.probabilities
        return max(found, key=found.__getitem__)

    @property
    def confidence(self) -> float:
        """The probability of the answer."""
        return max(self.probabilities.values())

    def __reduce__(self) -> tuple[Any, ...]:  # answers come from other processes by the million
        return Prediction, (
            self.role,
            self.probability,
            self.in_scope,
            self.scope_probability,
            self.title_role,
            self.text_probability,
            self.family,
        )


@dataclass(frozen=True, slots=True)
class Head:
    """One logistic regression over the terms, with its calibration.

    `precision` is how firmly each weight is held, as the inverse variance of a Gaussian: training
    that starts from this model moves firm weights less. The calibrated probability of a score z is
    1 / (1 + exp(-(slope * z + offset))), learned from `calibrated_on` held-out postings. A title
    that claims the head's role adds `title` to that exponent, one that claims the other takes it.
    """

    weights: Floats
    precision: Floats
    intercept: float
    intercept_precision: float = 0.0
    slope: float = 1.0
    offset: float = 0.0
    calibrated_on: int = 0
    title: float = 0.0


@dataclass(frozen=True, slots=True)
class ScopeHead:
    """What tells either role from other work: one logistic regression for each family of it.

    The score of a family is its log odds against either role; `scope_log_odds` joins them.
    `weights` and `precision` have the shape (terms, families), the intercepts (families,). The rest
    is as in `Head`.
    """

    families: tuple[str, ...]
    weights: Floats
    precision: Floats
    intercepts: Floats
    intercept_precision: Floats
    slope: float = 1.0
    offset: float = 0.0
    calibrated_on: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class ModelCard:
    """Where a model comes from: plain facts, kept inside the model file."""

    name: str
    trained: str  # ISO date
    prior: str
    postings: dict[str, int]  # role to number of postings learned from
    digest: str  # SHA-256 of the training texts and roles
    scores: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        learned = f"{sum(self.postings.values()):,} postings, from {self.prior}"
        return f"ModelCard({self.name!r} of {self.trained or 'no date'}: {learned})"

    def __str__(self) -> str:
        from jobclf.reports import render

        return render.card_text(self)


@dataclass(frozen=True, repr=False)
class RoleModel:
    """Terms with their weights in the two heads: `role` (ML Engineer), `scope` (either role)."""

    terms: tuple[str, ...]
    idf: Floats
    role: Head
    scope: ScopeHead
    card: ModelCard
    kinds: bytes = b""  # one a term: its place in `roles.KINDS`, of which seeds it is a form

    def __repr__(self) -> str:
        card = self.card
        learned = f"{len(self.terms):,} terms from {sum(card.postings.values()):,} postings"
        return f"RoleModel({card.name!r} of {card.trained or 'no date'}: {learned})"

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each term."""
        return {term: number for number, term in enumerate(self.terms)}

    @cached_property
    def lexicon(self) -> Lexicon:
        """The terms, ready to be counted."""
        return Lexicon(self.terms)

    @cached_property
    def _weights(self) -> Floats:
        return np.vstack([self.role.weights, self.scope.weights.T]).T  # each head in one piece

    def predict(self, text: str, *, title: str | None = None) -> Prediction:
        """Judge one text; raise `PostingError` if it is too short, not English or no posting.

        That a text is a CV or a list of jobs is told of single texts alone: rows are postings.
        """
        if (fault := other_form(text)) is not None:
            raise fault
        (answer,) = self._predict_batch([text], [title])
        if isinstance(answer, PostingError):
            raise answer
        return answer

    def predict_many(
        self, texts: Iterable[str], titles: Iterable[str | None] | None = None
    ) -> Iterator[Prediction | PostingError]:
        """Yield an answer for each text in order, a `PostingError` in place of one if need be."""
        source = iter(texts)
        names = iter(titles) if titles is not None else None
        while batch := list(islice(source, _BATCH)):
            given: list[str | None] = [None] * len(batch)
            if names is not None:
                given = list(islice(names, len(batch)))
            if len(given) < len(batch):
                raise ValueError("there are fewer titles than texts; give None where one has none")
            yield from self._predict_batch(batch, given)

    def scores(self, counts: TermCounts) -> Floats:
        """Return the raw logits of counted texts, shape (texts, 2): role, scope."""
        found = self._logits(counts)
        return np.stack([found[:, 0], scope_log_odds(found[:, 1:])], axis=1)

    def _logits(self, counts: TermCounts) -> Floats:
        """Return the raw logits of counted texts: role, then each family of other work."""
        intercepts = np.append(self.role.intercept, self.scope.intercepts)
        return logits(counts, tfidf(counts, self.idf), self._weights, intercepts)

    def _predict_batch(
        self, texts: list[str], titles: list[str | None]
    ) -> Iterator[Prediction | PostingError]:
        counts = self.lexicon.count([text if len(text) <= LONGEST_TEXT else "" for text in texts])
        raw = self._logits(counts)
        logits = self.role.slope * raw[:, 0] + self.role.offset
        scope = calibrated(scope_log_odds(raw[:, 1:]), self.scope)
        nearest = raw[:, 1:].argmax(axis=1)
        families = self.scope.families if len(self.scope.families) > 1 else (None,)
        for at, text in enumerate(texts):
            words, known = int(counts.words[at]), int(counts.known[at])
            fault = unfit(text, words, known, int(counts.function[at]))
            if fault is not None:
                yield fault
                continue
            title = titles[at] if titles[at] is not None else title_in(text)
            claimed = title_role(title) if title else None
            logit = float(logits[at])
            shown = logit + claim(claimed) * self.role.title
            side = 1.0 if shown > 0.0 else -1.0
            within = bool(scope[at] >= 0.5)  # noqa: PLR2004
            yield Prediction(
                role=Role.ML_ENGINEER if shown > 0.0 else Role.DATA_SCIENTIST,
                probability=probability(side * shown, self.role),
                in_scope=within,
                scope_probability=float(scope[at]),
                title_role=claimed,
                text_probability=probability(side * logit, self.role) if claimed else None,
                family=None if within else families[nearest[at]],
            )


def claim(role: Role | None) -> float:
    """Return the side a title takes: 1 for ML Engineer, -1 for Data Scientist, 0 for neither."""
    if role is None:
        return 0.0
    return 1.0 if role is Role.ML_ENGINEER else -1.0


def scope_log_odds(families: Floats) -> Floats:
    """Return the log odds of either role against all families, given those of each against it.

    The families are the last axis.
    """
    odds: Floats = -np.logaddexp.reduce(families, axis=-1)
    return odds


def shares(families: Floats) -> Floats:
    """Return the share of each family in the odds against either role; they sum to one."""
    found: Floats = np.exp(families + scope_log_odds(families)[..., None])
    return found


def probability(logit: float, head: Head | ScopeHead) -> float:
    """Turn a calibrated logit into a probability, none surer than calibration can tell."""
    found = 1.0 / (1.0 + math.exp(-min(max(logit, -_LARGEST_LOGIT), _LARGEST_LOGIT)))
    return min(max(found, _least(head)), 1.0 - _least(head))


def calibrated(scores: Floats, head: Head | ScopeHead) -> Floats:
    """Turn raw logits into calibrated probabilities, none surer than calibration can tell."""
    logits = np.clip(head.slope * scores + head.offset, -_LARGEST_LOGIT, _LARGEST_LOGIT)
    bounded: Floats = np.clip(1.0 / (1.0 + np.exp(-logits)), _least(head), 1.0 - _least(head))
    return bounded


def _least(head: Head | ScopeHead) -> float:
    """Return the least probability: the next posting may be the first of its kind.

    After n held-out postings none is below 1 / (n + 2), by Laplace's rule of succession.
    """
    return 1.0 / (head.calibrated_on + 2) if head.calibrated_on else 0.0
