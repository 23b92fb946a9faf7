"""A session of labelling: a posting chosen, every answer kept, the model refitted."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from jobclf.classifier import explanation
from jobclf.classifier.counts import Floats
from jobclf.classifier.explanation import Explanation
from jobclf.classifier.fitness import unfit
from jobclf.classifier.heads import calibrated
from jobclf.classifier.model import RoleModel
from jobclf.documents.posting import Posting
from jobclf.errors import DatasetError, Reason
from jobclf.evaluation.measurement import measured
from jobclf.evaluation.results import Measure
from jobclf.labeling.query import QueryStrategy
from jobclf.labeling.store import Label, LabelsFile, digest
from jobclf.roles import Role
from jobclf.training import dataset, recipe, threads

EVERY = 10  # labels after which the model learns anew
POOL = 3_000  # postings chosen from, drawn at random where there are more
_DRAW = 20261123


@dataclass(frozen=True, slots=True)
class Pool:
    """The postings to choose from, and how many rows were no use.

    `left_out` were too short or not English for the model, `copies` said the same words as another,
    and `unread` could not be read; `more` were not drawn.
    """

    postings: tuple[Posting, ...]
    unread: int
    copies: int
    left_out: int
    more: int


@dataclass(frozen=True, slots=True)
class Refit:
    """How the model moved since it last learned.

    `changed` of the `compared` postings that wait got another answer. `accuracy` of the role is
    measured on labels held out, None where there are too few; those were chosen because they are
    hard. `answers` count what the model says of those that wait.
    """

    labels: int
    changed: int
    compared: int
    accuracy: Measure | None
    answers: dict[Role, int]


class LabelingSession:
    """Postings one by one, as `jobclf label` shows them.

    `current` is the posting to label, None when none is left; `label` writes the answer to the
    file and goes on.
    """

    def __init__(self, pool: Pool, file: LabelsFile, prior: RoleModel) -> None:
        self.pool, self.file = pool, file
        self._prior = self._model = prior
        self._places = {digest(each.text): at for at, each in enumerate(pool.postings)}
        self._left = np.ones(len(pool.postings), dtype=bool)
        others = []
        for label in file:
            at = self._places.get(label.posting)
            if at is None:
                others.append(label.text)
            else:
                self._left[at] = False
        self._strategy = QueryStrategy([each.text for each in pool.postings], others)
        for at in np.flatnonzero(~self._left).tolist():
            self._strategy.add(at)
        self._at = len(file)  # place among the labels; at their end a new posting is shown
        self._probabilities = self._predicted()
        self._learned = 0
        if self.labels:
            self._learn()
        self._next = self._choose()

    def __repr__(self) -> str:
        return f"LabelingSession({self.file.path}: {self.labels:,} labels, {self.left:,} left)"

    @property
    def current(self) -> Posting | None:
        """The posting to label, None when all are labelled or skipped."""
        if self._at < len(self.file):
            label = self.file[self._at]
            return Posting(label.text, label.title, label.company, label.source)
        return None if self._next is None else self.pool.postings[self._next]

    @property
    def given(self) -> Label | None:
        """The label of the current posting where `back` led to it."""
        return self.file[self._at] if self._at < len(self.file) else None

    @property
    def counts(self) -> dict[Role, int]:
        """The number of labels of each role."""
        return {role: sum(label.role is role for label in self.file) for role in Role}

    @property
    def labels(self) -> int:
        """The number of labels; what was skipped has none."""
        return sum(label.role is not None for label in self.file)

    @property
    def left(self) -> int:
        """The number of postings neither labelled nor skipped."""
        return int(self._left.sum())

    def label(self, role: Role | None) -> Refit | None:
        """Keep the label of the current posting, None to skip it, and go on to the next.

        It is on the disk when this returns. After each ten the model learns anew, and how it moved
        is returned.
        """
        current = self.current
        if current is None:
            raise DatasetError(
                "no posting is left to label", "give a table with more", reason=Reason.TOO_FEW
            )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        if (before := self.given) is not None:
            self.file.replace(self._at, replace(before, role=role, time=now))
        else:
            given = (current.title, current.company, current.path, now)
            self.file.append(Label(digest(current.text), role, current.text, *given))
            if self._next is not None:
                self._left[self._next] = False
                self._strategy.add(self._next)
        self._at = len(self.file)
        moved = self._learn() if self.labels >= self._learned + EVERY else None
        self._next = self._choose()
        return moved

    def back(self) -> bool:
        """Go back to the posting before; its label stays until it gets another."""
        if self._at == 0:
            return False
        self._at -= 1
        return True

    def forward(self) -> None:
        """Return from where `back` led to the posting that has no label yet."""
        self._at = len(self.file)

    def explain(self) -> Explanation:
        """Say what the model, as far as it has learned, says of the current posting, and why."""
        current = self.current
        if current is None:
            raise DatasetError(
                "no posting is left to explain", "go back to one", reason=Reason.TOO_FEW
            )
        return explanation.explain(self._model, current.text, title=current.title)

    def _choose(self) -> int | None:
        among = np.flatnonzero(self._left)
        return self._strategy.best(among, self._probabilities[:, 0]) if len(among) else None

    def _learn(self) -> Refit | None:
        """Learn from all labels, from the prior on, and compare."""
        named = [label for label in self.file if label.role is not None]
        self._learned = len(named) - len(named) % EVERY
        given = {label.role for label in named}
        if not {Role.DATA_SCIENTIST, Role.ML_ENGINEER} <= given:
            return None  # nothing to learn of either until there is one of both
        labelled = dataset.collect(
            [f"{self.file.path}: the posting of {label.time}" for label in named],
            [label.text for label in named],
            [label.role for label in named if label.role is not None],
            companies=[label.company for label in named],
        )
        with threads.single():
            trained = recipe.train(labelled, self._prior)
            model, held_out = measured(trained, labelled)
        before = self._answers()
        self._model = model
        self._probabilities = self._predicted()
        after = self._answers()
        waiting = after[self._left]
        return Refit(
            len(named),
            int((before != after)[self._left].sum()),
            self.left,
            held_out.accuracy if held_out else None,
            {role: int((waiting == role).sum()) for role in Role},
        )

    def _predicted(self) -> Floats:
        """Return the probabilities of ML Engineer and of scope for the whole pool."""
        model = self._model
        scores = model.scores(model.lexicon.count([each.text for each in self.pool.postings]))
        probabilities = (
            calibrated(scores[:, 0], model.role),
            calibrated(scores[:, 1], model.scope),
        )
        return np.stack(probabilities, axis=1)

    def _answers(self) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
        role_probability, scope = self._probabilities.T
        role = np.where(role_probability > 0.5, Role.ML_ENGINEER, Role.DATA_SCIENTIST)  # noqa: PLR2004
        answers = np.where(scope < 0.5, Role.OTHER, role)  # noqa: PLR2004
        return answers.astype(np.str_)


def draw(
    found: Iterable[Posting | None],
    model: RoleModel,
    *,
    most: int = POOL,
    progress: Callable[[str], None] = lambda _: None,
) -> Pool:
    """Draw a pool from postings, None for what could not be read; the same one every time."""
    rng = random.Random(_DRAW)  # noqa: S311
    drawn: list[Posting] = []
    unread = readable = 0
    for number, each in enumerate(found, 1):
        if number % 10_000 == 0:
            progress(f"{number:,} postings read")
        if each is None:
            unread += 1
            continue
        readable += 1
        if len(drawn) < 2 * most:  # twice as many, for copies and what is too short
            drawn.append(each)
        elif (place := rng.randrange(readable)) < len(drawn):
            drawn[place] = each
    more = readable - len(drawn)
    seen: set[str] = set()
    kept: list[Posting] = []
    left_out = copies = 0
    for each in drawn:
        name = digest(each.text)
        counts = model.lexicon.count([each.text])
        if name in seen:
            copies += 1
        elif unfit(
            each.text, *(int(of[0]) for of in (counts.words, counts.known, counts.function))
        ):
            left_out += 1
        elif len(kept) == most:
            more += 1
        else:
            kept.append(each)
        seen.add(name)
    return Pool(tuple(kept), unread, copies, left_out, more)


def open_session(
    name: str,
    found: Iterable[Posting | None],
    file: LabelsFile,
    prior: RoleModel,
    progress: Callable[[str], None] = lambda _: None,
) -> LabelingSession:
    """Start a session, or go on with the one that a file of labels is from."""
    pool = draw(found, prior, progress=progress)
    if not pool.postings:
        raise DatasetError(
            f"no posting can be labelled: {pool.unread} cannot be read, "
            f"{pool.left_out} are too short or not English",
            "give another",
            reason=Reason.TOO_FEW,
            path=name,
        )
    progress(f"comparing {len(pool.postings):,} postings")
    return LabelingSession(pool, file, prior)
