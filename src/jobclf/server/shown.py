"""Rows of an upload as they are looked at: kept so that some of them can be found at once."""

import json
import time
from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jobclf.reports import render
from jobclf.roles import Role
from jobclf.server.work import Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROWS = "rows.jsonl"  # a line a row: what the page shows of it
PLACES = "places.npy"  # where each line begins
DOUBT = "doubt.npy"  # the rows, the least certain first
ANSWERS = "answers.npy"  # the place of each row's answer in `KINDS`
CLAIMS = "claims.npy"  # the same of what its title says
KINDS = (*map(str, Role), "error")
_CLAIMED = (Role.DATA_SCIENTIST, Role.ML_ENGINEER)
_NONE = -1
_LONGEST = 200  # letters of a title
_TELL_EVERY = 0.2  # seconds
_SHOWN = ("title_role", "text_probability", "family", "role", "probability", "scope_probability")


@dataclass(frozen=True)
class Which:
    """Which rows are meant: those with an answer, a claim in the title, or both at odds.

    Without any of the three it is all of them.

    Parameters
    ----------
    answer : str or None
        One of `KINDS`.
    title_role : str or None
        The one of the two roles that the title says.
    disagree : bool
        Whether the title says another of the two roles than the text.
    """

    answer: Literal["data_scientist", "ml_engineer", "neither", "error"] | None = None
    title_role: Literal["data_scientist", "ml_engineer"] | None = None
    disagree: bool = False

    @property
    def name(self) -> str:
        """What the rows go by in the name of a file, "" for all of them."""
        parts = [
            self.answer or "",
            f"titled_{self.title_role}" if self.title_role else "",
            "titled_otherwise" if self.disagree else "",
        ]
        return "-".join(filter(None, parts))

    def of(self, folder: Path) -> "NDArray[np.bool_]":
        """Return for each row of an upload whether it is meant."""
        import numpy as np

        answers, claims = np.load(folder / ANSWERS), np.load(folder / CLAIMS)
        found = np.ones(len(answers), dtype=bool)
        if self.answer is not None:
            found &= answers == KINDS.index(self.answer)
        if self.title_role is not None:
            found &= claims == KINDS.index(self.title_role)
        if self.disagree:
            found &= (claims != _NONE) & (answers != claims) & (answers != KINDS.index("error"))
        return found


class Shown:
    """What is kept of the rows, so that some of them can be found at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.places, self._confidence = array("q"), array("d")
        self._answers, self._claims = array("b"), array("b")
        self._size = 0
        self._counts: Counter[str] = Counter()
        self._told = 0.0

    def line(self, row: dict[str, Any], names: dict[str, str], chosen: Any) -> bytes:
        """Return a row as it is shown, and remember where it stands.

        `names` holds what each added column is called in it.
        """
        added = {name: row.get(called) for name, called in names.items()}
        error = added["error"]
        answer, confidence = ("error", 2.0) if error is not None else _answer(added)
        title = row.get(chosen[0][2]) if chosen and chosen[0][2] else row.get("title")
        fields = {
            "number": len(self.places) + 1,
            "title": _short(str(title)) if title else None,
            "path": row.get("path") if not chosen else None,
            "answer": answer,
            "confidence": None if error is not None else round(confidence, 4),
            "error": error,
        } | {name: added.get(name) for name in _SHOWN}
        line = render.as_json(fields).encode() + b"\n"
        self.places.append(self._size)
        self._confidence.append(confidence)
        self._answers.append(KINDS.index(answer))
        claim = fields["title_role"]
        self._claims.append(KINDS.index(claim) if claim in _CLAIMED and error is None else _NONE)
        self._size += len(line)
        self._counts[answer] += 1
        return line

    def tell(self, task: Task) -> Callable[[int, float | None], None]:
        """Return what hears of progress and says it now and then."""

        def told(rows: int, share: float | None) -> None:
            if time.monotonic() - self._told >= _TELL_EVERY:
                self._told = time.monotonic()
                facts = {"rows": rows, "share": share, "counts": dict(self._counts)}
                task.tell({"progress": True} | facts)

        return told

    def save(self) -> None:
        """Write where the rows are, and in which order those in doubt come first."""
        import numpy as np

        np.save(self._folder / PLACES, np.array(self.places, np.int64))
        np.save(self._folder / ANSWERS, np.array(self._answers, np.int8))
        np.save(self._folder / CLAIMS, np.array(self._claims, np.int8))
        order = np.argsort(np.array(self._confidence), kind="stable")
        np.save(self._folder / DOUBT, order)


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[:_LONGEST].rstrip()}…"


def _answer(added: dict[str, Any]) -> tuple[str, float]:
    if (answer := added["answer"]) is not None:
        return answer, added["confidence"]
    role, sure, scope = added["role"], added["probability"], added["scope_probability"]
    found = max((scope * sure, role), (scope * (1 - sure), ""), (1 - scope, str(Role.NEITHER)))
    return found[1] or role, found[0]


def page(folder: Path, start: int, count: int, which: Which, *, doubt: bool) -> bytes:
    """Return rows to look at, as JSON: `rows`, and of how many (`total`).

    Parameters
    ----------
    folder : path
        Where `Shown` kept them.
    start, count : int
        Which, from 0, in the order that is asked for.
    which : Which
        Those among them that are meant.
    doubt : bool
        The least certain first, instead of the order of the table.
    """
    import numpy as np

    places = np.load(folder / PLACES, mmap_mode="r")
    order = np.load(folder / DOUBT) if doubt else np.arange(len(places))
    order = order[which.of(folder)[order]]
    rows = []
    with (folder / ROWS).open("rb") as stream:
        for at in order[start : start + count]:
            stream.seek(int(places[at]))
            rows.append(json.loads(stream.readline()))
    return render.as_json({"rows": rows, "total": len(order)}).encode()
