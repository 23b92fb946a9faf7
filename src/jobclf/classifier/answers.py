"""Answers to many postings, column by column: what tables and predictions are made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.counts import Floats
from jobclf.classifier.prediction import Prediction
from jobclf.errors import PostingError
from jobclf.roles import Role
from jobclf.text.patterns import pattern

Bools = NDArray[np.bool_]
Codes = NDArray[np.int16]
Answer = Prediction | PostingError

ROLES = tuple(Role)  # in the order of the codes below
FAMILIES = (
    *map(str, ROLES[:2]),
    "ai_engineer",
    "data_analyst",
    "data_engineer",
    "software_engineer",
    "other",
)
NONE = -1  # the code of no role, no family
BASES = ("text", "title")
_HALF = 0.5
_LANGUAGE_MODELS = pattern(
    r"\b(?:[ls]lms?|language[ -]models?|foundation models?|gen(?:erative)?[ -]?a\.?i|rag"
    r"|retrieval[ -]augmented|(?:chat)?gpts?|agentic|(?:ai|llm) agents?|multi[ -]agents?"
    r"|lang(?:chain|graph)|llama|prompt(?:s|ing)|prompt engineer(?:s|ing)?)\b",
    re.IGNORECASE,
)
_SENTENCES = pattern(r"[.;!?\n]")
_NOT_SO = pattern(  # "no chatbots: we train what we ship", "generative AI is a plus"
    r"\b(?:an?(?: \w{1,8})? plus|nice[ -]to[ -]haves?|bonus|not?|never|without"
    r"|instead of|rather than)\b|n['\u2019]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Answers:
    """Answers to some postings, each at its place in all the arrays, shape (postings,).

    `faults` says by place why a posting has no answer; what the arrays hold there means nothing.
    Codes are places in `ROLES` and `families`, -1 for none; `text` is NaN where no title was
    weighed, and `by_title` tells that the title decided.
    """

    is_ml_engineer: Bools
    probability: Floats
    scope: Floats
    claimed: Codes
    text: Floats
    family: Codes
    by_title: Bools
    truncated: Bools
    faults: dict[int, PostingError]
    families: tuple[str, ...] = FAMILIES

    def __len__(self) -> int:
        return len(self.is_ml_engineer)

    def __iter__(self) -> Iterator[Answer]:
        """Yield each answer as one value."""
        arrays = (
            self.is_ml_engineer,
            self.probability,
            self.scope,
            self.claimed,
            self.text,
            self.family,
            self.by_title,
            self.truncated,
        )
        for at, row in enumerate(zip(*(each.tolist() for each in arrays), strict=True)):
            if at in self.faults:
                yield self.faults[at]
                continue
            is_ml_engineer, probability, scope, claimed, text, family, by_title, truncated = row
            yield Prediction(
                ROLES[is_ml_engineer],
                probability,
                scope >= _HALF,
                scope,
                None if claimed == NONE else ROLES[claimed],
                None if text != text else text,  # noqa: PLR0124  # NaN
                None if family == NONE else self.families[family],
                BASES[by_title],
                truncated,
            )

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Answers":
        """Put single answers together."""
        faults = {at: each for at, each in enumerate(answers) if isinstance(each, PostingError)}
        blank = Prediction(Role.DATA_SCIENTIST, 1.0, in_scope=True, scope_probability=1.0)
        given = [blank if isinstance(each, PostingError) else each for each in answers]
        families = tuple(dict.fromkeys(each.family for each in given if each.family is not None))
        return cls(
            np.array([each.role is Role.ML_ENGINEER for each in given], bool),
            np.array([each.probability for each in given], float),
            np.array([each.scope_probability for each in given], float),
            np.array([_code(each.title_role, ROLES) for each in given], np.int16),
            np.array([each.text_probability for each in given], float),
            np.array([_code(each.family, families) for each in given], np.int16),
            np.array([each.basis == BASES[1] for each in given], bool),
            np.array([each.truncated for each in given], bool),
            faults,
            families,
        )

    def failing(self, faults: dict[int, PostingError]) -> "Answers":
        """Return the answers with more faults, which count before those that are there."""
        return replace(self, faults=self.faults | faults) if faults else self

    def taken(self, places: Sequence[int]) -> "Answers":
        """Return the answers at some places."""
        faults = {to: self.faults[place] for to, place in enumerate(places) if place in self.faults}
        at = np.array(places, np.int64)
        return Answers(
            self.is_ml_engineer[at],
            self.probability[at],
            self.scope[at],
            self.claimed[at],
            self.text[at],
            self.family[at],
            self.by_title[at],
            self.truncated[at],
            faults,
            self.families,
        )

    def valid(self) -> Bools:
        """Tell which have an answer."""
        found = np.ones(len(self), bool)
        found[list(self.faults)] = False
        return found

    def probabilities(self) -> Floats:
        """Return the probability of each of the three answers, shape (3, postings)."""
        return three(self.is_ml_engineer, self.probability, self.scope)


def three(is_ml_engineer: Bools, probability: Floats, scope: Floats) -> Floats:
    """Return the probabilities of `ROLES`, shape (3, postings), as `Prediction` has them."""
    of_role, of_other = scope * probability, scope * (1.0 - probability)
    return np.stack(
        [
            np.where(is_ml_engineer, of_other, of_role),
            np.where(is_ml_engineer, of_role, of_other),
            1.0 - scope,
        ]
    )


def names_language_models(text: str) -> bool:
    """Tell whether a sentence names language models, or what is built on them, for the work itself.

    >>> names_language_models("You evaluate our LLM agents."), names_language_models("No LLM here.")
    (True, False)
    """
    return any(
        _LANGUAGE_MODELS.search(each) is not None and _NOT_SO.search(each) is None
        for each in _SENTENCES.split(text)
    )


def most_like(answers: Floats, others: Floats, applied: Bools, texts: Sequence[str]) -> Codes:
    """Return the kind of job that work is most like, as places in `FAMILIES` and what follows it.

    Parameters
    ----------
    answers : array of shape (3, postings)
        The probabilities of `ROLES`.
    others : array of shape (postings, families)
        The scores of the families of other work, which follow `FAMILIES`.
    applied : array of shape (postings,)
        Whether the work is like that on applications of language models.
    texts : sequence of str
        The postings. One that names no language model is not for applications of them, however
        like it is: who trains models of another kind does much the same.
    """
    answer = answers.argmax(axis=0)
    only = others.shape[1] == 1  # which says no more than that it is neither
    nearest = NONE if only else len(FAMILIES) + others.argmax(axis=1)
    family = np.where(answer == ROLES.index(Role.NEITHER), nearest, answer)
    those = np.flatnonzero(applied)
    applied = np.zeros(len(applied), bool)
    applied[those] = [names_language_models(texts[at]) for at in those.tolist()]
    codes: Codes = np.where(applied, FAMILIES.index("ai_engineer"), family).astype(np.int16)
    return codes


def _code(name: str | None, names: Sequence[str]) -> int:
    return NONE if name is None else names.index(name)
