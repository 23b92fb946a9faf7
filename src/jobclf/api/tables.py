"""Rows of tables with their answers."""

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, overload

from jobclf.atomic import AnyPath
from jobclf.classifier import model_file
from jobclf.classifier.model import RoleModel
from jobclf.tables.wanted import Names

if TYPE_CHECKING:
    from jobclf.batch.predictions import PredictedTable


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

    Parameters
    ----------
    paths : path, iterable of paths, or frame
        Tables, files of one posting, folders and patterns of them, or a frame of pandas, Polars or
        Arrow, which comes back as one of the same kind, its index and columns kept.
    text_column : str or iterable of str, optional
        The column of the text, or several whose cells are put together; found without it.
    title_column : str, optional
        The column of the title; found without it.
    sheet : str, optional
        The sheet of a workbook; those that look like postings without it.
    table : str, optional
        The table or view of a database; those that look like postings without it.
    format : str, optional
        What files are read as, whatever they look like: csv, tsv, json, jsonl, parquet, excel,
        sqlite, feed or text.
    prefix : str
        Put before the names of the columns of answers; without it, `jobclf_` before those that the
        table has itself.
    columns : str or iterable of str, optional
        Names of those that come out, in order; `model` says which model answered. All without it.
    keep : str or iterable of str, optional
        Roles whose rows come out.
    min_confidence : float, optional
        The least confidence of rows that come out, 0 to 1.
    output : path, optional
        Where rows are written, as CSV, TSV, JSON lines, Parquet, Excel or SQLite by its ending;
        CSV with the separator and in the encoding that it came in, if that can hold the text. A
        folder or an address gets parts, one for each fragment of the tables, and a manifest at the
        end; a second call does what is missing. Without it rows are judged while they are iterated
        over.
    rest : path, optional
        The file for the rows that `keep` and `min_confidence` leave out, written once all are
        judged.
    safe_csv : bool
        Whether cells that a spreadsheet would run as a formula get an apostrophe before them.
    jobs : int
        Processes that judge; the order stays.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers judge the fragments; `output` is a folder then.
    prevalence : float, "auto" or None
        The share of the two roles among the rows, 0 to 1; `auto` estimates it from them, which
        reads and judges them twice.
    model : RoleModel, optional
        The bundled one without it.
    progress : function of int and float or None, optional
        Called now and then with how many rows are judged and what share of the input is read, None
        where that is unknown.

    Returns
    -------
    PredictedTable, or a frame
        The rows with the columns answer, confidence, role, probability, in_scope,
        scope_probability, title_role, text_probability, family, basis, truncated, error and
        error_reason; of a folder of parts none, the tally alone.

    Raises
    ------
    DatasetError
        If no table can be read or a column is missing; an unreadable row has an error in its place.
    OutputError
        If what is asked for cannot be written.
    """
    from dataclasses import replace

    from jobclf.batch import tables
    from jobclf.batch.frames import predict_frame
    from jobclf.batch.prevalence import expecting
    from jobclf.tables import frames
    from jobclf.tables.wanted import Wanted

    if jobs < 1:
        raise ValueError("jobs must be 1 or more")
    wanted = Wanted.of(text_column, title_column, sheet=sheet, table=table, form=format)
    classifier = model_file.chosen(model)
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
