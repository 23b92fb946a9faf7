"""A gate before costly steps: rows with some answers pass, the rest are kept apart."""

import pickle
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobclf.batch.predictions import PredictedBatch
from jobclf.classifier.answers import Answer
from jobclf.classifier.prediction import Prediction
from jobclf.roles import Role, parse_role


@dataclass(slots=True)
class Gate:
    """Which answers pass, and how many did.

    `roles` are those that pass, with a confidence of `least` or more. `lost` counts the others by
    why: another role, `unsure`, or `not judged`.
    """

    roles: frozenset[Role]
    least: float = 0.0
    kept: int = 0
    lost: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, keep: str | Iterable[str] | None, least: float | None) -> "Gate | None":
        """Return the gate that options say, None for none.

        Parameters
        ----------
        keep : str, iterable of str, or None
            Roles, also in one str with commas between them; None for all.
        least : float or None
            The least confidence, 0 to 1.

        Raises
        ------
        DatasetError
            If one is no role.
        ValueError
            If the confidence is none.
        """
        if keep is None and least is None:
            return None
        if least is not None and not 0.0 <= least <= 1.0:
            raise ValueError(f"min_confidence must be between 0 and 1, not {least!r}")
        names = keep.split(",") if isinstance(keep, str) else keep
        roles = Role if names is None else map(parse_role, map(str.strip, map(str, names)))
        return cls(frozenset(roles), least or 0.0)

    def reason(self, found: Answer) -> str | None:
        """Return why an answer does not pass, None where it does."""
        if not isinstance(found, Prediction):
            return "not judged"
        if found.answer not in self.roles:
            return found.answer.label
        return "unsure" if round(found.confidence, 4) < self.least else None

    def parted(self, chunk: PredictedBatch) -> tuple[list[int], list[int]]:
        """Count some rows, and return the places of those that pass and of the others."""
        why = [self.reason(each) for each in chunk.answers]
        lost = [at for at, each in enumerate(why) if each is not None]
        self.lost.update(each for each in why if each is not None)
        self.kept += len(why) - len(lost)
        return [at for at, each in enumerate(why) if each is None], lost

    def passed(
        self,
        chunks: Iterable[PredictedBatch],
        write_rest: Callable[[Iterator[PredictedBatch]], Any] | None = None,
    ) -> Iterator[PredictedBatch]:
        """Yield the rows that pass; the others are written at the end.

        They wait in a temporary file, for two tables cannot be written from one run of rows.
        """
        with tempfile.TemporaryFile() as waiting:
            count = 0
            for chunk in chunks:
                kept, lost = self.parted(chunk)
                if write_rest is not None and lost:
                    pickle.dump(chunk.taken(lost), waiting, pickle.HIGHEST_PROTOCOL)
                    count += 1
                yield chunk.taken(kept)
            if write_rest is not None:
                waiting.seek(0)
                # What was written above and nothing else.
                write_rest(pickle.load(waiting) for _ in range(count))

    def __str__(self) -> str:
        total = self.kept + self.lost.total()
        why = ", ".join(f"{count:,} {name}" for name, count in self.lost.most_common())
        return f"kept {self.kept:,} of {total:,} postings" + (f"; not kept: {why}" if why else "")


def at_places(
    chunks: Iterable[PredictedBatch], wanted: NDArray[np.bool_]
) -> Iterator[PredictedBatch]:
    """Yield of the rows, from the first on, those that are wanted; nothing is read beyond them."""
    first = 0
    for chunk in chunks:
        count = len(chunk.answers)
        yield chunk.taken(np.flatnonzero(wanted[first : first + count]).tolist())
        first += count
        if first >= len(wanted):
            return
