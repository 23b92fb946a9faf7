"""What a trained model is, and what it says of a text."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import islice, repeat
from typing import Any

import numpy as np

from jobclf import limits
from jobclf.classifier.answers import (
    FAMILIES,
    NONE,
    ROLES,
    Answer,
    Answers,
    Bools,
    Codes,
    most_like,
    three,
)
from jobclf.classifier.counts import Floats, TermCounts, logits, tfidf
from jobclf.classifier.fitness import MIN_POSTING_WORDS, other_form, refusals
from jobclf.classifier.given import check_str, is_share, strings
from jobclf.classifier.heads import (
    PREVALENCE,
    Calibration,
    Combined,
    Head,
    ScopeHead,
    TitleHead,
    claim,
    log_odds,
    probabilities,
    scope_log_odds,
    unsaid,
)
from jobclf.classifier.lexicon import Lexicon
from jobclf.classifier.prediction import Prediction
from jobclf.errors import PostingError
from jobclf.text.forms import is_cut
from jobclf.text.stated_titles import title_in
from jobclf.text.tails import without_others
from jobclf.text.titles import TitleKind, title_kind, title_role, title_role_of

_BATCH = 256  # texts scored at once
_OF_TERMS = ("numbers", "lexicon", "_weights")
_CLAIMS: dict[TitleKind | None, int] = {
    kind: ROLES.index(role) for kind in TitleKind if (role := title_role_of(kind)) is not None
}
UNNAMED = "own"  # the name of a model of one's own until it is written to a file, which names it


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
        from jobclf.reports import training_report

        return training_report.card_text(self)

    def _repr_html_(self) -> str:
        from jobclf.reports import page

        return page.card_part(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as plain values."""
        return asdict(self)


@dataclass(frozen=True, repr=False, eq=False)
class RoleModel:
    """Terms with their weights in the two heads: `role` (ML Engineer), `scope` (either role).

    `titles` says what the kind of a title adds; `ai` tells work on applications of language models
    from all other work. Either may be missing.
    """

    terms: tuple[str, ...]
    idf: Floats
    role: Head
    scope: ScopeHead
    card: ModelCard
    kinds: bytes = b""  # one a term: its place in `roles.KINDS`, of which seeds it is a form
    titles: TitleHead | None = None
    ai: Head | None = None
    prevalence: float | None = None  # expected where postings come from; no part of the file
    learned: bytes = b""  # a mark of four bytes of each posting learned from, ascending

    def __repr__(self) -> str:
        card = self.card
        learned = f"{len(self.terms):,} terms from {sum(card.postings.values()):,} postings"
        return f"RoleModel({card.name!r} of {card.trained or 'no date'}: {learned})"

    def _repr_html_(self) -> str:
        from jobclf.reports import page

        return page.card_part(self.card, ("terms", f"{len(self.terms):,}"))

    def expecting(self, prevalence: float | None) -> "RoleModel":
        """Return the model with answers for a mix with that share of the two roles, above 0 to 1.

        None is `PREVALENCE`. It makes no difference to a model that does not know the share among
        what it was calibrated on.
        """
        if prevalence == self.prevalence:
            return self
        if prevalence is not None and not is_share(prevalence):
            raise ValueError(f"prevalence must be between 0 and 1, not {prevalence!r}")
        made = replace(self, prevalence=prevalence)
        # What is made of the terms and weights is the same, and takes long.
        same = {name: self.__dict__[name] for name in _OF_TERMS if name in self.__dict__}
        made.__dict__.update(same)
        return made

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write a model file, which can run nothing; over another only with `force`."""
        from jobclf.classifier import model_file

        model_file.check_place(path, force=force)
        model_file.save_model(self, path)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that its answers follow from, its card too, in hexadecimal digits."""
        import hashlib
        import json

        from jobclf.classifier import model_document

        document = model_document.to_document(self) | {"prevalence": self.prevalence}
        content = json.dumps(document, sort_keys=True, default=bytes.hex)
        return hashlib.sha256(content.encode()).hexdigest()

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
        heads = [self.role.weights, self.scope.weights.T]
        if self.ai is not None:
            heads.append(self.ai.weights)
        return np.vstack(heads).T  # each head in one piece

    def predict(
        self, text: str, *, title: str | None = None, prevalence: float | None = None
    ) -> Prediction:
        """Answer for one text; raise `PostingError` if it is too short, not English or no posting.

        That a text is a CV or a list of jobs is told of single texts alone: rows are postings.

        Parameters
        ----------
        text : str
            The posting.
        title : str or None
            Its title; looked for in the first lines without one, "" for none.
        prevalence : float or None
            The share of either role expected where it comes from, the model's own without it.
        """
        check_str(text, "text")
        check_str(title, "title", optional=True)
        text = without_others(text)
        if (fault := other_form(text, title)) is not None:
            raise fault
        (answer,) = self._answers([text], [title], self.prevalence_shift(prevalence))
        if isinstance(answer, PostingError):
            raise answer
        return answer

    def predict_many(
        self,
        texts: Iterable[str | None],
        titles: Iterable[str | None] | None = None,
        *,
        prevalence: float | None = None,
    ) -> Iterator[Answer]:
        """Yield an answer for each text in order, a `PostingError` in place of one if need be.

        Texts and titles may be columns of pandas, Polars and Arrow, with missing values (None, NaN,
        NA): such a text has an error, such a title is none.
        """
        source = strings(texts, "text")
        names = strings(titles, "title") if titles is not None else None
        return self._predict_each(source, names, prevalence)

    def _predict_each(
        self,
        source: Iterator[str | None],
        names: Iterator[str | None] | None,
        prevalence: float | None,
    ) -> Iterator[Answer]:
        while batch := [text or "" for text in islice(source, _BATCH)]:
            given: list[str | None] = [None] * len(batch)
            if names is not None:
                given = list(islice(names, len(batch)))
            if len(given) < len(batch):
                raise ValueError("there are fewer titles than texts; give None where one has none")
            yield from self.answers(batch, given, prevalence)

    def probabilities(
        self,
        texts: Iterable[str],
        titles: Iterable[str | None] | None = None,
        *,
        prevalence: float | None = None,
    ) -> tuple[Floats, Floats]:
        """Return P(ML Engineer | one of the two) and P(scope) of every text, short ones too.

        Both have the shape (texts,) and are those of `predict_many` where that has an answer.
        """
        source = iter(texts)
        names = repeat(None) if titles is None else iter(titles)
        shift = self.prevalence_shift(prevalence)
        role, scope = [np.zeros(0)], [np.zeros(0)]
        while batch := [*map(without_others, islice(source, _BATCH))]:
            raw = self.scores(self.lexicon.count(batch))
            given = zip(batch, names, strict=False)
            named = [title_in(text) if title is None else title for text, title in given]
            of_role, of_scope, *_ = self._combined(raw[:, 0], raw[:, 1], named)
            role.append(probabilities(of_role, self.role))
            within = probabilities(of_scope + shift, self.scope)
            scope.append(np.ones(len(batch)) if self.scope.knows_nothing else within)
        return np.concatenate(role), np.concatenate(scope)

    def scores(self, counts: TermCounts) -> Floats:
        """Return the raw logits of counted texts, shape (texts, 2): role, scope."""
        found = self._logits(counts)
        families = len(self.scope.families)
        return np.stack([found[:, 0], scope_log_odds(found[:, 1 : 1 + families])], axis=1)

    def _logits(self, counts: TermCounts) -> Floats:
        """Return the raw logits of counted texts: role, each family of other work, ai if known."""
        intercepts = [self.role.intercept, *self.scope.intercepts]
        if self.ai is not None:
            intercepts.append(self.ai.intercept)
        return logits(counts, tfidf(counts, self.idf), self._weights, np.array(intercepts))

    def prevalence_shift(self, prevalence: float | None = None) -> float:
        """Return what the log odds of scope change by for a mix with that share of either role."""
        if prevalence is not None:
            return self.expecting(prevalence).prevalence_shift()
        known = self.scope.prevalence
        wanted = PREVALENCE if self.prevalence is None else self.prevalence
        return log_odds(wanted) - log_odds(known) if 0.0 < known < 1.0 else 0.0

    def answers(
        self, texts: Sequence[str], titles: Sequence[str | None], prevalence: float | None = None
    ) -> Answers:
        """Return the answers for texts with their titles, column by column, as `predict_many`."""
        alone = [*map(without_others, texts)]
        return self._answers(alone, titles, self.prevalence_shift(prevalence))

    def _answers(self, texts: Sequence[str], titles: Sequence[str | None], shift: float) -> Answers:
        counts = self.lexicon.count([text if len(text) <= limits.TEXT else "" for text in texts])
        raw = self._logits(counts)
        families = raw[:, 1 : 1 + len(self.scope.families)]
        given = zip(texts, titles, strict=True)
        named = [title_in(text) if title is None else title for text, title in given]
        few, nothing = counts.words < MIN_POSTING_WORDS, unsaid(self.role, self.scope)
        role, scope, claimed, weighed = self._combined(
            np.where(few, nothing[0], raw[:, 0]),
            np.where(few, nothing[1], scope_log_odds(families)),
            named,
        )
        is_ml_engineer = role > 0.0
        within = probabilities(scope + shift, self.scope)
        if self.scope.knows_nothing:
            within = np.ones(len(texts))
        probability = probabilities(np.where(is_ml_engineer, role, -role), self.role)
        alone = self.role.slope * raw[:, 0] + self.role.offset
        by_text = probabilities(np.where(is_ml_engineer, alone, -alone), self.role)
        applied = np.zeros(len(texts), bool)
        if self.ai is not None:
            applied = self.ai.slope * raw[:, -1] + self.ai.offset > 0.0
        by_title, faults = refusals(texts, counts, (claimed != NONE) & (self.titles is not None))
        return Answers(
            is_ml_engineer,
            probability,
            within,
            claimed,
            np.where(weighed, by_text, np.nan),
            most_like(three(is_ml_engineer, probability, within), families, applied, texts),
            by_title,
            np.array([*map(is_cut, texts)], bool),
            faults,
            (*FAMILIES, *(name.replace(" ", "_") for name in self.scope.families)),
        )

    def _combined(
        self, raw: Floats, scope: Floats, titles: Sequence[str | None]
    ) -> tuple[Floats, Floats, Codes, Bools]:
        """Return, for many, what `combined` does for one: both logits, claims, what was weighed."""
        kinds = [title_kind(title) if title else None for title in titles]
        claimed = np.array([_CLAIMS.get(kind, NONE) for kind in kinds], np.int16)
        claims = np.where(claimed == NONE, 0, 2 * claimed - 1)
        role = self.role.slope * raw + self.role.offset + claims * self.role.title
        within = self.scope.slope * scope + self.scope.offset
        if self.titles is None:
            return role, within, claimed, claimed != NONE
        head = self.titles
        places = np.array([*map(head.places.get, kinds, repeat(NONE))], np.int64)
        known = places != NONE
        titled = head.role_slope * raw + head.role_offset + np.append(head.role, 0.0)[places]
        role = np.where(known, titled, role)
        titled = head.scope_slope * scope + head.scope_offset + np.append(head.scope, 0.0)[places]
        return role, np.where(known, titled, within), claimed, known

    def combined(self, raw: float, scope: float, title: str | None) -> Combined:
        """Return the calibrated logits of raw scores, with what the title adds to each."""
        claimed = title_role(title) if title else None
        place = self.titles.place(title) if self.titles is not None else None
        if self.titles is None or place is None:
            added = claim(claimed) * self.role.title
            return Combined(
                Calibration(self.role.slope, self.role.offset, added, raw),
                Calibration(self.scope.slope, self.scope.offset, 0.0, scope),
                claimed,
                weighed=claimed is not None and self.titles is None,
            )
        head = self.titles
        return Combined(
            Calibration(head.role_slope, head.role_offset, float(head.role[place]), raw),
            Calibration(head.scope_slope, head.scope_offset, float(head.scope[place]), scope),
            claimed,
            weighed=True,
        )
