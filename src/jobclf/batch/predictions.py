"""Many postings: a judged row for each, and what they come to."""

import heapq
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from jobclf.batch.names import ADDED, unless_taken
from jobclf.classifier.answers import NONE, ROLES, Answer, Answers
from jobclf.classifier.counts import Floats
from jobclf.classifier.model import RoleModel
from jobclf.classifier.prediction import Prediction
from jobclf.errors import PostingError
from jobclf.processes import sharing
from jobclf.roles import Role
from jobclf.tables import values, writer
from jobclf.tables.table import Batch

if TYPE_CHECKING:
    from jobclf.batch.gate import Gate

BINS = 20  # of the probability of ML Engineer, all of the same width
_SURE = 0.8  # from which an answer is in no real doubt
MOST_DOUBTFUL = 500  # postings kept, the most doubtful first
MOST_REFUSED = 500  # errors kept, the first ones


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
    by the code of the error; `refused` has the errors of the first 500 of them, with the path and
    row of each. `not_read` names files of folders and patterns that are of no form that is read.
    """

    postings: int
    failed: int
    roles: dict[Role, int]
    titles: dict[tuple[Role, Role], int]
    histogram: tuple[int, ...]
    doubtful: tuple[Doubt, ...]
    reasons: dict[str, int]
    named: str
    refused: tuple[PostingError, ...] = ()
    not_read: tuple[str, ...] = ()

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
        counted = f"{self.tally.postings:,} rows so far, {self.tally.failed:,} not judged"
        return f"PredictedTable({len(self.columns)} columns: {counted})"

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
    refused: list[PostingError] = field(default_factory=list)
    not_read: tuple[str, ...] = ()

    def add(self, name: str, found: Answer) -> None:
        """Count one answer."""
        self.count([name], Answers.of([found]))

    def count(self, names: Sequence[str | None], found: Answers) -> None:
        """Count answers, of postings that go by some names."""
        first, valid = self.postings + 1, found.valid()
        self.postings += len(found)
        self.failed += len(found.faults)
        self.reasons.update(str(fault.reason) for fault in found.faults.values())
        places = sorted(found.faults)[: MOST_REFUSED - len(self.refused)]
        self.refused += [found.faults[at] for at in places]
        each = found.probabilities()
        answers = each.argmax(axis=0)
        for role, count in zip(ROLES, np.bincount(answers[valid], minlength=3), strict=True):
            self.roles[role] += int(count)
        titled = valid & (found.claimed != NONE)
        for claim, answer in zip(found.claimed[titled], answers[titled], strict=True):
            self.titles[ROLES[claim], ROLES[answer]] += 1
        within = valid & (answers != ROLES.index(Role.NEITHER))
        role_probability = np.where(
            found.is_ml_engineer, found.probability, 1.0 - found.probability
        )[within]
        bins = np.minimum((role_probability * BINS).astype(np.int64), BINS - 1)
        for at, count in enumerate(np.bincount(bins, minlength=BINS).tolist()):
            self.bins[at] += count
        doubtful = np.flatnonzero(valid & (each.max(axis=0) < _SURE))
        self._add_doubtful(doubtful.tolist(), each, names, found, first)

    def _add_doubtful(
        self,
        places: list[int],
        probabilities: Floats,
        names: Sequence[str | None],
        found: Answers,
        first: int,
    ) -> None:
        _, second, best = np.sort(probabilities[:, places], axis=0)
        margins = (best - second).tolist()
        for at, margin, each in zip(places, margins, found.taken(places), strict=True):
            entry = (-margin, -(first + at), names[at] or "", cast("Prediction", each))
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
            tuple(self.refused),
            self.not_read,
        )


@dataclass(frozen=True, slots=True)
class PredictedBatch:
    """Some hundred rows with their answers."""

    rows_in: Batch
    answers: Answers
    named: tuple[str, str] | None = None  # the column that says which model answered, and what

    def added(self, names: Sequence[str]) -> Any:
        """Return the columns that are added, under some names, as a record batch."""
        from jobclf.batch import arrow

        return arrow.of_answers(self.answers).rename_columns(list(names))

    def rows(
        self, names: tuple[str, ...], shown: tuple[str, ...] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows with the answers under these names; of all columns those `shown`."""
        for row in values.rows_of(self.batch(names, shown)):
            yield row if shown is None else {name: row.get(name) for name in shown}

    def batch(self, names: tuple[str, ...], shown: tuple[str, ...] | None = None) -> Any:
        """Return the rows with the answers under these names as a record batch.

        Of all columns it has those `shown`, where there are any such.
        """
        import pyarrow as pa

        cells, added = self.rows_in.cells, self.added(names)
        kept = [name for name in cells.schema.names if name not in names]
        if len(kept) < len(cells.schema.names):
            cells = cells.select(kept)
        arrays, fields = [*cells.columns, *added.columns], [*cells.schema, *added.schema]
        if self.named is not None:
            name, value = self.named
            arrays.append(values.array_of([value] * len(self.answers), str))
            fields.append(pa.field(name, pa.string()))
        whole = pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))
        if shown is None:
            return whole
        return whole.select([name for name in shown if name in whole.schema.names])

    def taken(self, places: list[int]) -> "PredictedBatch":
        """Return the rows at some places."""
        at, rows = values.array_of(places, int), self.rows_in
        names = None if rows.names is None else rows.names.take(at)
        taken = Batch(
            rows.cells.take(at), rows.texts.take(at), rows.titles.take(at), {}, rows.first, names
        )
        return PredictedBatch(taken, self.answers.taken(places), self.named)


def predicted(
    model: RoleModel,
    batches: Iterable[Batch],
    tally: Tally,
    jobs: int = 1,
    *,
    taken: tuple[str, ...] = (),
    named: tuple[str, str] | None = None,
) -> Iterator[PredictedBatch]:
    """Yield batches with their answers, and count them; in order, a few of them in memory.

    Rows that have a column of their own by a name `taken` for answers are refused.
    """
    batches = unless_taken(batches, taken) if taken else batches
    for batch, found in sharing.ordered(partial(_predict_rows, model), batches, _inputs, jobs):
        answers = found.failing(batch.faults)
        if answers.faults:
            answers = answers.failing(
                {at: batch.placed(at, fault) for at, fault in answers.faults.items()}
            )
        tally.count((batch.titles if batch.names is None else batch.names).to_pylist(), answers)
        yield PredictedBatch(batch, answers, named)


def _inputs(batch: Batch) -> tuple[Any, Any]:
    return batch.texts, batch.titles


def _predict_rows(model: RoleModel, inputs: tuple[Any, Any]) -> Answers:
    texts, titles = inputs
    return model.answers([text or "" for text in texts.to_pylist()], titles.to_pylist())


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
    form, out = writer.form(target), shown or (*columns, *names)
    if schema is not None and form == ".parquet":
        import pyarrow as pa

        types = [getattr(pa, kind)() for kind in ADDED.values()]
        added = [pa.field(name, kind) for name, kind in zip(names, types, strict=True)]
        known = {field.name: field for field in [*schema.remove_metadata(), *added]}
        fields = pa.schema([known.get(name) or pa.field(name, pa.string()) for name in out])
        writer.write_batches(target, (chunk.batch(names, shown) for chunk in chunks), fields)
        return ()
    if form in writer.OF_TEXT:
        batches = (chunk.batch(names, shown) for chunk in chunks)
        alone = shown is not None
        return writer.write_lines(
            target, out, batches, alone=alone, safe_csv=safe_csv, layout=layout
        )
    return writer.write_rows(
        target,
        out,
        (row for chunk in chunks for row in chunk.rows(names, shown)),
        schema=schema,
        types=dict(zip(names, ADDED.values(), strict=True)),
    )
