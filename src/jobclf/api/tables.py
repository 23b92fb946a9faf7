"""Rows of tables with their answers."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from jobclf.classifier import model_file
from jobclf.classifier.model import RoleModel

if TYPE_CHECKING:
    from jobclf.batch.predictions import PredictedTable

AnyPath = str | os.PathLike[str]
Names = str | Iterable[str] | None  # of columns
LABELS = Path("labels.jsonl")


@overload
def predict_table(
    paths: AnyPath | Iterable[AnyPath],
    *,
    text_column: Names = ...,
    title_column: str | None = ...,
    sheet: str | None = ...,
    table: str | None = ...,
    format: str | None = ...,
    prefix: str = ...,
    columns: Names = ...,
    keep: Names = ...,
    min_confidence: float | None = ...,
    output: AnyPath | None = ...,
    rest: AnyPath | None = ...,
    safe_csv: bool = ...,
    jobs: int = ...,
    scheduler: str | None = ...,
    prevalence: float | Literal["auto"] | None = ...,
    model: RoleModel | None = ...,
    progress: Callable[[int, float | None], None] | None = ...,
) -> "PredictedTable": ...


@overload
def predict_table(
    paths: Any,
    *,
    text_column: Names = ...,
    title_column: str | None = ...,
    prefix: str = ...,
    columns: Names = ...,
    keep: Names = ...,
    min_confidence: float | None = ...,
    rest: AnyPath | None = ...,
    jobs: int = ...,
    prevalence: float | Literal["auto"] | None = ...,
    model: RoleModel | None = ...,
    progress: Callable[[int, float | None], None] | None = ...,
) -> Any: ...


def predict_table(
    paths: AnyPath | Iterable[AnyPath] | Any,
    *,
    text_column: Names = None,
    title_column: str | None = None,
    sheet: str | None = None,
    table: str | None = None,
    format: str | None = None,  # noqa: A002  # the option's name
    prefix: str = "",
    columns: Names = None,
    keep: Names = None,
    min_confidence: float | None = None,
    output: AnyPath | None = None,
    rest: AnyPath | None = None,
    safe_csv: bool = False,
    jobs: int = 1,
    scheduler: str | None = None,
    prevalence: float | Literal["auto"] | None = None,
    model: RoleModel | None = None,
    progress: Callable[[int, float | None], None] | None = None,
) -> "PredictedTable | Any":
    """Judge every row of tables, or every posting in files; the rows keep all their columns.

    A frame of pandas, Polars or Arrow comes back as one of the same kind, its index and columns
    kept, with the answers as more columns. `prevalence` is the share of the two roles among the
    rows, 0 to 1; with `auto` it is estimated from them, which reads and judges them twice.

    `columns` names those that come out, in that order. With `keep`, roles by name, and
    `min_confidence`, only rows with such an answer come out; all others are written to `rest`, if
    it is named, once all are judged.

    The answers are the columns role, probability, in_scope, scope_probability, title_role,
    text_probability, family, basis, truncated and error, each after `prefix`. Without `output` the
    rows are judged while they are iterated over; with it they are written there, as CSV, TSV, JSON
    lines, Parquet or Excel by its ending; CSV with the separator and in the encoding that it came
    in, if that can hold the text. With `safe_csv`, cells that a spreadsheet would run as a formula
    get an apostrophe before them. `jobs` processes judge them, in order all the same. `progress` is
    told now and then how many rows are judged and what share of the input is read, None if that is
    unknown. Where `output` is a folder or an address, or a Dask `scheduler` is named, tables are
    judged in fragments, by `jobs` processes or the scheduler's workers. Each is written as a part
    of its own, with a manifest at the end; a second call does what is missing. No rows come back
    then, and the tally only counts.
    """
    from dataclasses import replace

    from jobclf.batch import tables
    from jobclf.batch.frames import predict_frame
    from jobclf.batch.prevalence import expecting
    from jobclf.tables import frames
    from jobclf.tables.columns import Wanted

    if jobs < 1:
        raise ValueError("jobs must be 1 or more")
    wanted = Wanted.of(text_column, title_column, sheet=sheet, table=table, form=format)
    classifier = model or model_file.load_model()
    out = tables.Output(prefix, columns, keep, min_confidence, output, rest, safe_csv)
    if frames.is_frame(paths):
        out.check_frame(scheduler)
        classifier = expecting(classifier, prevalence, paths, wanted, jobs)
        return predict_frame(classifier, paths, wanted, out, jobs=jobs, progress=progress)
    named = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    gate = out.gate()
    if out.in_parts(scheduler):
        out.check_parts()
        classifier = expecting(classifier, prevalence, named, wanted, jobs)
        return tables.predict_parts(
            classifier, named, wanted, out, jobs=jobs, scheduler=scheduler, progress=progress
        )
    out.check_files(named)
    classifier = expecting(classifier, prevalence, named, wanted, jobs)
    found = tables.predict_rows(
        classifier, named, wanted, out, gate=gate, jobs=jobs, progress=progress
    )
    if prevalence == "auto":
        said = f"the share of the two roles is estimated at {classifier.prevalence:.3f}"
        return replace(found, notes=(*found.notes, said))
    return found
