"""A frame in, a frame of the same kind out: its rows with their answers."""

from collections.abc import Callable
from typing import Any

from jobclf.batch import predictions
from jobclf.batch.names import added_names
from jobclf.batch.names import shown as shown_columns
from jobclf.batch.predictions import PredictedBatch, Tally
from jobclf.batch.tables import Output
from jobclf.classifier.model import RoleModel
from jobclf.tables import frames, values
from jobclf.tables.wanted import Wanted


def predict_frame(
    model: RoleModel,
    frame: Any,
    wanted: Wanted,
    out: Output,
    *,
    jobs: int = 1,
    progress: Callable[[int, float | None], None] | None = None,
) -> Any:
    """Return a frame with the columns of answers; its index is kept.

    Of rows and columns it has those that `out` chooses; the other rows are written where it says.
    """
    import pyarrow as pa

    from jobclf.batch import arrow

    gate, table = out.gate(), frames.read(frame, wanted)
    names = added_names(table.columns, out.prefix)
    shown, which = shown_columns(model, out.columns, table.columns, names, out.prefix)
    tally, parts, kept, rest = Tally(), list[Any](), list[int](), list[PredictedBatch]()
    for chunk in predictions.predicted(model, table.batches, tally, jobs, named=which):
        part, first = chunk.added(names), tally.postings - len(chunk.answers)
        if gate is not None:
            passing, others = gate.parted(chunk)
            kept += [first + at for at in passing]
            part = part.take(values.array_of(passing, int))
            if out.rest is not None:
                rest.append(chunk.taken(others))
        parts.append(part)
        if progress is not None:
            progress(tally.postings, None)
    if out.rest is not None:
        predictions.write(out.rest, rest, table.columns, names, table.schema, shown=shown)
    schema = pa.schema(zip(names, arrow.ARROW_SCHEMA.types, strict=True))
    added = pa.Table.from_batches(parts, schema)
    if which is not None:
        added = added.append_column(which[0], values.array_of([which[1]] * len(added), str))
    if gate is not None:
        frame = frames.taken(frame, kept)
    found = frames.joined(frame, added)
    return (
        found
        if shown is None
        else frames.selected(found, (*table.columns, *added.schema.names), shown)
    )
