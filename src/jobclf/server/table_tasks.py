"""What is done for many postings at once: rows to look at, files to take away, reasons of a row."""

import itertools
import json
import os
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jobclf
from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.reports import reasons, render, summary_report
from jobclf.roles import Role
from jobclf.server.work import Head, Task

if TYPE_CHECKING:
    from jobclf.batch.predictions import PredictedTable

INPUT = "in"  # the folder of what was uploaded
ROWS = "rows.jsonl"  # a line a row: what the page shows of it
PLACES = "places.npy"  # where each line begins
DOUBT = "doubt.npy"  # the rows, the least certain first
ANSWERS = "answers.npy"  # the place of each row's answer in `KINDS`
STOP = "stop"  # a file that ends the work
KINDS = (*map(str, Role), "error")
_TELL_EVERY = 0.2  # seconds
_PREFIX = "jobclf_"  # of the added columns where theirs are taken
_SHOWN = ("title_role", "text_probability", "family", "role", "probability", "scope_probability")


def look(task: Task) -> tuple[Head, bytes]:
    """Judge all rows; keep what is shown of them, and return what they come to."""
    folder = Path(task.head["folder"])
    shown = _Shown(folder)
    with _in(folder / INPUT), (folder / ROWS).open("wb") as stream:
        found, prefix = _predicted(task, shown.tell(task))
        for row in found:
            stream.write(shown.line(row, prefix, found.chosen))
            if len(shown.places) % 64 == 0 and (folder / STOP).exists():
                break
    shown.save()
    summary = found.tally.summary()
    fields = summary_report.summary_fields(summary) | {"named": summary.named}
    for name in ("doubtful", "refused", "not_read"):  # rows are looked at one by one
        del fields[name]
    columns = [{"name": name, "text": text, "title": title} for name, text, title in found.chosen]
    stopped = (folder / STOP).exists()
    return {}, render.as_json(fields | {"columns": columns, "stopped": stopped}).encode()


class _Shown:
    """What is kept of the rows, so that some of them can be found at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.places, self._confidence, self._answers = array("q"), array("d"), array("b")
        self._size = 0
        self._counts: Counter[str] = Counter()
        self._told = 0.0

    def line(self, row: dict[str, Any], prefix: str, chosen: Any) -> bytes:
        """Return a row as it is shown, and remember where it stands."""
        error = row.get(f"{prefix}error")
        answer, confidence = ("error", 2.0) if error is not None else _answer(row, prefix)
        title = row.get(chosen[0][2]) if chosen and chosen[0][2] else row.get("title")
        fields = {
            "number": len(self.places) + 1,
            "title": str(title)[:200] if title else None,
            "path": row.get("path") if not chosen else None,
            "answer": answer,
            "confidence": None if error is not None else round(confidence, 4),
            "error": error,
        } | {name: row.get(f"{prefix}{name}") for name in _SHOWN}
        line = render.as_json(fields).encode() + b"\n"
        self.places.append(self._size)
        self._confidence.append(confidence)
        self._answers.append(KINDS.index(answer))
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
        order = np.argsort(np.array(self._confidence), kind="stable")
        np.save(self._folder / DOUBT, order)


def _answer(row: dict[str, Any], prefix: str) -> tuple[str, float]:
    if (answer := row.get(f"{prefix}answer")) is not None:
        return answer, row[f"{prefix}confidence"]
    role, sure = row[f"{prefix}role"], row[f"{prefix}probability"]
    scope = row[f"{prefix}scope_probability"]
    found = max((scope * sure, role), (scope * (1 - sure), ""), (1 - scope, str(Role.NEITHER)))
    return found[1] or role, found[0]


def write(task: Task) -> tuple[Head, bytes]:
    """Judge all rows once more and write them whole, in the form that is asked for."""
    folder, target = Path(task.head["folder"]), task.head["output"]

    def told(rows: int, share: float | None) -> None:
        task.tell({"progress": True, "rows": rows, "share": share})

    with _in(folder / INPUT):
        found, _ = _predicted(task, told, output=str(folder / target))
    summary = found.tally.summary()
    if summary.failed == summary.postings > 0:
        raise PostingError(
            summary_report.refused_text(summary), "give others", reason=Reason.NO_TEXT
        )
    return {}, b""


def explain(task: Task) -> tuple[Head, bytes]:
    """Say why of one row, which is read again."""
    number = task.head["number"]
    with _in(Path(task.head["folder"]) / INPUT):
        found = next(itertools.islice(_postings(task), number - 1, None), None)
    if found is None:
        raise PostingError(f"row {number} cannot be read", "ask for another", reason=Reason.NO_TEXT)
    explained = jobclf.explain(found.text, title=found.title, model=task.model)
    fields = reasons.explanation_fields(explained)
    return {}, render.as_json(fields | {"given": found.title}).encode()


def _postings(task: Task) -> Iterator[Any]:
    from jobclf.tables import sources
    from jobclf.tables.wanted import Wanted

    columns = _columns(task)
    wanted = Wanted.of(columns.get("text_column"), columns.get("title_column"))
    for found in sources.open_postings(task.head["names"], wanted):
        yield None if isinstance(found.posting, PostingError) else found.posting


def _predicted(
    task: Task, told: Callable[[int, float | None], None], output: str | None = None
) -> "tuple[PredictedTable, str]":
    """Judge the uploads; where they have columns named as the answers are, those get a prefix."""

    def predicted(prefix: str) -> "PredictedTable":
        return jobclf.predict_table(
            task.head["names"],
            prefix=prefix,
            output=output,
            safe_csv=task.head.get("safe_csv", False),
            model=task.model,
            progress=told,
            **_columns(task),
        )

    try:
        return predicted(""), ""
    except DatasetError as error:
        if error.reason is not Reason.EXISTS:
            raise
        return predicted(_PREFIX), _PREFIX


def _columns(task: Task) -> dict[str, Any]:
    names = ("text_column", "title_column")
    return {name: task.head[name] for name in names if task.head.get(name)}


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    """Work in a folder, so that what was uploaded goes by its own name."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def shown(folder: Path, start: int, count: int, *, doubt: bool, answer: str | None) -> bytes:
    """Return rows to look at, as JSON: `rows`, and of how many (`total`).

    Parameters
    ----------
    folder : path
        Where `look` kept them.
    start, count : int
        Which, from 0, in the order that is asked for.
    doubt : bool
        The least certain first, instead of the order of the table.
    answer : str or None
        One of `KINDS`: these alone.
    """
    import numpy as np

    places = np.load(folder / PLACES, mmap_mode="r")
    order = np.load(folder / DOUBT, mmap_mode="r") if doubt else np.arange(len(places))
    if answer is not None:
        kinds = np.load(folder / ANSWERS, mmap_mode="r")
        order = order[kinds[order] == KINDS.index(answer)]
    rows = []
    with (folder / ROWS).open("rb") as stream:
        for at in order[start : start + count]:
            stream.seek(int(places[at]))
            rows.append(json.loads(stream.readline()))
    return render.as_json({"rows": rows, "total": len(order)}).encode()
