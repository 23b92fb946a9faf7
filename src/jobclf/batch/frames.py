"""A frame in, a frame of the same kind out: its rows with their answers."""

from collections.abc import Callable
from typing import Any

from jobclf.batch.names import added_names
from jobclf.batch.predictions import Tally, predicted
from jobclf.classifier.model import RoleModel
from jobclf.tables import frames
from jobclf.tables.columns import Wanted


def predict_frame(
    model: RoleModel,
    frame: Any,
    wanted: Wanted,
    *,
    prefix: str = "",
    jobs: int = 1,
    progress: Callable[[int, float | None], None] | None = None,
) -> Any:
    """Return a frame with the columns of answers, each after `prefix`; its index is kept."""
    import pyarrow as pa

    from jobclf.batch import arrow

    table = frames.read(frame, wanted)
    names = added_names(table.columns, prefix)
    tally, parts = Tally(), []
    for chunk in predicted(model, table.batches, tally, jobs):
        parts.append(chunk.added(names))
        if progress is not None:
            progress(tally.postings, None)
    schema = pa.schema(zip(names, arrow.ARROW_SCHEMA.types, strict=True))
    added = pa.Table.from_batches(parts, schema)
    return frames.joined(frame, added)
