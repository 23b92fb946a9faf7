"""What is done for many postings at once: rows to look at, files to take away, reasons of a row."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jobclf
from jobclf.batch.names import ADDED, OWN
from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.reports import reasons, render, summary_report
from jobclf.server.shown import ROWS, Shown, Which
from jobclf.server.work import Head, Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from jobclf.batch.predictions import PredictedTable
    from jobclf.tables.wanted import Wanted

INPUT = "in"  # the folder of what was uploaded
STOP = "stop"  # a file that ends the work
_COLUMNS = 500  # named for a person to choose from


def look(task: Task) -> tuple[Head, bytes]:
    """Judge all rows; keep what is shown of them, and return what they come to."""
    folder = Path(task.head["folder"])
    shown = Shown(folder)
    with _in(folder / INPUT), (folder / ROWS).open("wb") as stream:
        found = _predicted(task, shown.tell(task))
        names = dict(zip(ADDED, found.columns[-len(ADDED) :], strict=True))
        for row in found:
            stream.write(shown.line(row, names, found.chosen))
            # A batch is counted whole, and its rows are shown whole.
            if len(shown.places) == found.tally.postings and (folder / STOP).exists():
                break
    shown.save()
    summary = found.tally.summary()
    fields = summary_report.summary_fields(summary) | {"named": summary.named}
    for name in ("doubtful", "refused", "not_read"):  # rows are looked at one by one
        del fields[name]
    columns = [{"name": name, "text": text, "title": title} for name, text, title in found.chosen]
    stopped = (folder / STOP).exists()
    fields |= {"columns": columns, "stopped": stopped}
    if found.chosen:
        own = found.columns[: len(found.columns) - len(ADDED)]
        fields["known_columns"] = list(own)[:_COLUMNS]
    return {}, render.as_json(fields).encode()


def write(task: Task) -> tuple[Head, bytes]:
    """Judge the rows once more and write them, in the form that is asked for.

    Those that were stopped at, or are not among the rows that are meant, are left out.
    """
    folder, target = Path(task.head["folder"]), task.head["output"]
    which = Which(**task.head["which"]) if "which" in task.head else None
    places = None if which is None else which.of(folder)

    def told(rows: int, share: float | None) -> None:
        if places is not None:
            share = min(1.0, rows / max(1, len(places)))
        task.tell({"progress": True, "rows": rows, "share": share})

    with _in(folder / INPUT):
        found = _predicted(task, told, str(folder / target), places)
    summary = found.tally.summary()
    if which is None and summary.failed == summary.postings > 0:
        if summary.postings == 1:
            raise summary.refused[0]
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

    for found in sources.open_postings(task.head["names"], _wanted(task)):
        yield None if isinstance(found.posting, PostingError) else found.posting


def _predicted(
    task: Task,
    told: Callable[[int, float | None], None],
    output: str | None = None,
    places: "NDArray[np.bool_] | None" = None,
) -> "PredictedTable":
    """Judge the uploads; where a later row brings a name of an answer, those get a prefix.

    With `places`, the rows there are written for a person to open.
    """
    safe_csv = task.head.get("safe_csv", False)

    def predicted(prefix: str) -> "PredictedTable":
        if places is not None:
            from jobclf.batch.tables import Output, predict_rows

            out = Output(prefix, output=output, safe_csv=safe_csv, marked=True)
            names, wanted = task.head["names"], _wanted(task)
            return predict_rows(task.model, names, wanted, out, places=places, progress=told)
        return jobclf.predict_table(
            task.head["names"],
            prefix=prefix,
            output=output,
            safe_csv=safe_csv,
            model=task.model,
            progress=told,
            **_columns(task),
        )

    try:
        return predicted("")
    except DatasetError as error:
        if error.reason is not Reason.EXISTS:
            raise
        return predicted(OWN)


def _columns(task: Task) -> dict[str, Any]:
    names = ("text_column", "title_column")
    return {name: task.head[name] for name in names if task.head.get(name)}


def _wanted(task: Task) -> "Wanted":
    from jobclf.tables.wanted import Wanted

    columns = _columns(task)
    return Wanted.of(columns.get("text_column"), columns.get("title_column"))


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    """Work in a folder, so that what was uploaded goes by its own name."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
