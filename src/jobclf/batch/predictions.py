"""Many postings: a judged row for each, and what they come to."""

import heapq
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from jobclf import processes
from jobclf.classifier.model import RoleModel
from jobclf.classifier.prediction import Prediction
from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.roles import Role
from jobclf.tables import values, writer
from jobclf.tables.columns import listed
from jobclf.tables.table import Batch

if TYPE_CHECKING:
    from jobclf.batch.gate import Gate

if TYPE_CHECKING:
    from jobclf.batch.gate import Gate

Answer = Prediction | PostingError

# The columns that are added, and their Arrow types.
ADDED = {
    "answer": "string",
    "confidence": "float64",
    "role": "string",
    "probability": "float64",
    "in_scope": "bool_",
    "scope_probability": "float64",
    "title_role": "string",
    "text_probability": "float64",
    "family": "string",
    "basis": "string",
    "truncated": "bool_",
    "error": "string",
    "error_reason": "string",
}
BINS = 20  # of the probability of ML Engineer, all of the same width
_SURE = 0.8  # from which an answer is in no real doubt
MOST_DOUBTFUL = 500  # postings kept, the most doubtful first


@dataclass(frozen=True, slots=True)
class Doubt:
    """A posting and its answer; `number` counts the rows from 1, `margin` is 0 for a coin flip."""

    number: int
    name: str
    prediction: Prediction
    margin: float


@dataclass(frozen=True, slots=True, repr=False)
class Summary:
    """What many answers come to.

    `roles` counts the answers (`other` for out of scope). `titles` counts, among titles that claim
    one of the two roles, the pairs of claim and answer. `histogram` counts postings in scope by
    their probability of ML Engineer. `doubtful` holds those in real doubt, the least certain first;
    `named` says what they go by, `title` or `file`. `reasons` counts why some could not be judged,
    by the code of the error.
    """

    postings: int
    failed: int
    roles: dict[Role, int]
    titles: dict[tuple[Role, Role], int]
    histogram: tuple[int, ...]
    doubtful: tuple[Doubt, ...]
    reasons: dict[str, int]
    named: str

    def __repr__(self) -> str:
        counts = ", ".join(f"{count:,} {role.label}" for role, count in self.roles.items())
        return f"Summary({self.postings:,} postings: {counts}, {self.failed:,} not judged)"

    def __str__(self) -> str:
        from jobclf.reports import summary_report

        return summary_report.summary_text(self)

    def _repr_html_(self) -> str:
        from jobclf.reports import page

        return page.summary_part(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the counts and the doubtful postings as plain values."""
        from jobclf.reports import summary_report

        return summary_report.summary_fields(self)


@dataclass(frozen=True, slots=True, repr=False)
class PredictedTable:
    """Rows with their answers, judged as they are asked for, once.

    `chosen` names each table, the columns of its text and that of its title; `notes` say this for
    people, and what was left out; `remarks` what is known only of rows that have been asked for:
    what was mended to read and to write them. `tally` counts those, `gate` the ones among them that
    were kept. `error_column` says why a row could not be judged.
    """

    columns: tuple[str, ...]
    rows: Iterator[dict[str, Any]]
    tally: "Tally"
    chosen: tuple[tuple[str, tuple[str, ...], str | None], ...] = ()
    notes: tuple[str, ...] = ()
    error_column: str = "error"
    gate: "Gate | None" = None
    remarks: Callable[[], tuple[str, ...]] = tuple

    def __repr__(self) -> str:
        judged = f"{self.tally.postings:,} rows so far, {self.tally.failed:,} not judged"
        return f"PredictedTable({len(self.columns)} columns: {judged})"

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.rows


@dataclass(slots=True)
class Tally:
    """A summary while it is being counted."""

    postings: int = 0
    failed: int = 0
    roles: Counter[Role] = field(default_factory=Counter)
    titles: Counter[tuple[Role, Role]] = field(default_factory=Counter)
    bins: list[int] = field(default_factory=lambda: [0] * BINS)
    heap: list[tuple[float, int, str, Prediction]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    named: str = "title"

    def add(self, name: str, found: Answer) -> None:
        """Count one answer."""
        self.postings += 1
        if isinstance(found, PostingError):
            self.failed += 1
            self.reasons[str(found.reason)] += 1
            return
        answer = found.answer
        self.roles[answer] += 1
        if found.title_role is not None:
            self.titles[found.title_role, answer] += 1
        first, second, _ = sorted(found.probabilities.values(), reverse=True)
        margin = first - second
        if answer is not Role.NEITHER:
            engineer = found.probability
            if found.role is Role.DATA_SCIENTIST:
                engineer = 1.0 - engineer
            self.bins[min(BINS - 1, int(engineer * BINS))] += 1
        if not _in_doubt(found):
            return
        entry = (-margin, -self.postings, name, found)
        if len(self.heap) < MOST_DOUBTFUL:
            heapq.heappush(self.heap, entry)
        elif entry > self.heap[0]:
            heapq.heapreplace(self.heap, entry)

    def summary(self) -> Summary:
        """Return what was counted so far."""
        return Summary(
            self.postings,
            self.failed,
            {role: self.roles[role] for role in Role},
            dict(self.titles),
            tuple(self.bins),
            tuple(
                Doubt(-number, name, found, -margin)
                for margin, number, name, found in sorted(self.heap, reverse=True)
            ),
            dict(self.reasons.most_common()),
            self.named,
        )


def _in_doubt(found: Prediction) -> bool:
    """Tell whether another answer would be no surprise."""
    return found.confidence < _SURE


def added_names(columns: Iterable[str], prefix: str) -> tuple[str, ...]:
    """Return the names of the columns that are added; refuse those that are there already."""
    names = tuple(prefix + name for name in ADDED)
    taken = set(columns) & set(names)
    if taken:
        raise DatasetError(
            f"the table has a column {min(taken)!r} already",
            "keep both with --prefix",
            reason=Reason.EXISTS,
        )
    return names


def chosen_columns(
    columns: str | Iterable[str] | None, known: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Return the columns that are to come out in their order, None for all.

    Parameters
    ----------
    columns : str, iterable of str, or None
        Names, also in one str with commas between them.
    known : tuple of str
        All that there are.
    """
    if columns is None:
        return None
    names = columns.split(",") if isinstance(columns, str) else columns
    chosen = tuple(dict.fromkeys(name if name in known else name.strip() for name in names))
    if unknown := [name for name in chosen if name not in known]:
        raise DatasetError(
            f"there is no column {unknown[0]!r} to come out",
            f"name some of: {listed(known)}",
            reason=Reason.NO_COLUMN,
        )
    return chosen


@dataclass(frozen=True, slots=True)
class PredictedBatch:
    """Some hundred rows with their answers."""

    rows_in: Batch
    found: list[Answer]

    def rows(
        self, names: tuple[str, ...], shown: tuple[str, ...] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows with the answers under these names; of all columns those `shown`."""
        rows = values.rows_of(self.rows_in.cells)
        for row, found in zip(rows, self.found, strict=True):
            whole = row | dict(zip(names, cells(found), strict=True))
            yield whole if shown is None else {name: whole.get(name) for name in shown}

    def taken(self, places: list[int]) -> "PredictedBatch":
        """Return the rows at some places."""
        at, rows = values.array_of(places, int), self.rows_in
        names = None if rows.names is None else rows.names.take(at)
        taken = Batch(
            rows.cells.take(at), rows.texts.take(at), rows.titles.take(at), {}, rows.first, names
        )
        return PredictedBatch(taken, [self.found[place] for place in places])

    def batch(self, schema: Any) -> Any:
        """Return rows that came as a record batch as one that has the answers as well."""
        import pyarrow as pa

        from jobclf.batch import arrow

        added = arrow.answers(self.found).columns
        return pa.RecordBatch.from_arrays([*self.rows_in.cells.columns, *added], schema=schema)


def predicted(
    model: RoleModel, batches: Iterable[Batch], tally: Tally, jobs: int = 1
) -> Iterator[PredictedBatch]:
    """Yield batches with their answers, and count them; in order, a few of them in memory."""
    for batch, found in processes.ordered(partial(_predict_rows, model), batches, _judged_by, jobs):
        names = (batch.titles if batch.names is None else batch.names).to_pylist()
        answers = [batch.faults.get(at, answer) for at, answer in enumerate(found)]
        for name, answer in zip(names, answers, strict=True):
            tally.add(name or "", answer)
        yield PredictedBatch(batch, answers)


def _judged_by(batch: Batch) -> tuple[Any, Any]:
    return batch.texts, batch.titles


def _predict_rows(model: RoleModel, judged_by: tuple[Any, Any]) -> list[Answer]:
    texts, titles = judged_by
    return list(model.predict_many((text or "" for text in texts.to_pylist()), titles.to_pylist()))


def write(
    target: str | os.PathLike[str],
    chunks: Iterable[PredictedBatch],
    columns: tuple[str, ...],
    names: tuple[str, ...],
    schema: Any,
    *,
    safe_csv: bool = False,
    shown: tuple[str, ...] | None = None,
    layout: writer.Layout = writer.Layout(),  # noqa: B008  # frozen
) -> tuple[str, ...]:
    """Write judged rows by the ending of the target; `names` are those of the added columns.

    Of all columns only those `shown` are written, if they are named. `layout` is for CSV. Return
    what there is to say of what was written.
    """
    if schema is not None and writer.form(target) == ".parquet":
        import pyarrow as pa

        fields = [(field.name, field.type) for field in schema]
        fields += [
            (name, getattr(pa, kind)()) for name, kind in zip(names, ADDED.values(), strict=True)
        ]
        whole = pa.schema(fields)
        chosen = list(shown or whole.names)
        batches = (chunk.batch(whole).select(chosen) for chunk in chunks)
        writer.write_batches(target, batches, pa.schema([whole.field(name) for name in chosen]))
        return ()
    return writer.write_rows(
        target,
        shown or (*columns, *names),
        (row for chunk in chunks for row in chunk.rows(names, shown)),
        schema=schema,
        types=dict(zip(names, ADDED.values(), strict=True)),
        safe_csv=safe_csv,
        layout=layout,
    )


def cells(found: Answer) -> tuple[Any, ...]:
    """Return what the added columns hold of an answer."""
    if isinstance(found, PostingError):
        placed = PostingError(found.fact, found.remedy, column=found.column)
        return (*(None,) * (len(ADDED) - 2), str(placed), str(found.reason))
    return (
        str(found.answer),
        round(found.confidence, 4),
        str(found.role),
        round(found.probability, 4),
        found.in_scope,
        round(found.scope_probability, 4),
        found.title_role and str(found.title_role),
        None if found.text_probability is None else round(found.text_probability, 4),
        found.family,
        found.basis,
        found.truncated,
        None,
        None,
    )
