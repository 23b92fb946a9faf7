"""Labelled postings: measuring on them, and doubting them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jobclf import atomic
from jobclf.atomic import AnyPath
from jobclf.classifier import model_file
from jobclf.classifier.model import RoleModel
from jobclf.tables.wanted import Names
from jobclf.training import threads

if TYPE_CHECKING:
    from jobclf.evaluation.audit_results import AuditReport
    from jobclf.evaluation.results import EvaluationReport


def evaluate(
    data: AnyPath | Any,
    *,
    prior: str = "jobclf",
    model: RoleModel | None = None,
    against: RoleModel | None = None,
    prevalence: float | None = None,
    plots: AnyPath | None = None,
    text_column: Names = None,
    title_column: str | None = None,
    label_column: str | None = None,
    sheet: str | None = None,
    table: str | None = None,
    format: str | None = None,  # noqa: A002  # the option's name
    mapping: Mapping[str, str] | None = None,
    conflicts: Literal["error", "drop"] = "error",
    progress: Callable[[str], None] | None = None,
) -> "EvaluationReport":
    """Measure on labelled postings, leak-free, how right the recipe is; or a model as it is.

    Parameters
    ----------
    data : path or frame
        A folder with a folder for each role, a table with a column of roles, or a frame of pandas,
        Polars or Arrow with one.
    prior : str
        What each fold starts from: `jobclf`, `base`, `seeds` or a model file. Take `seeds` where
        some of the postings may be among those that the first two were learned from.
    model : RoleModel, optional
        Judged as it is; without it the recipe is cross-validated, each fold learning anew.
    against : RoleModel, optional
        Compared, posting by posting, with `model`, or the bundled one without it.
    prevalence : float, optional
        The share of the two roles, 0 to 1, that probabilities are to hold for.
    plots : path, optional
        A folder for pictures; the learning curve is measured too.
    text_column : str or iterable of str, optional
        The column of the text, or several whose cells are put together; found without it.
    title_column : str, optional
        The column of the title; found without it.
    label_column : str, optional
        The column of the roles; found without it.
    sheet : str, optional
        The sheet of a workbook; those that look like postings without it.
    table : str, optional
        The table or view of a database; those that look like postings without it.
    format : str, optional
        What files are read as, whatever they look like: csv, tsv, json, jsonl, parquet, excel,
        sqlite, feed or text.
    mapping : mapping of str to str, optional
        Roles by other names of labels, as `{"Data Engineer": "other"}`; `drop` leaves them out.
    conflicts : "error" or "drop"
        What becomes of a posting under two roles: an error that names it, or none is kept.
    progress : function of str, optional
        Called with each step, a phrase for people.

    Returns
    -------
    EvaluationReport
        Measures with 95 % intervals, of baselines too; shares and accuracies are 0 to 1.

    Raises
    ------
    DatasetError
        If the data cannot be read, is too little, or was learned from by the model or the prior.
    OutputError
        If pictures cannot be written.
    """
    from jobclf.evaluation import crossvalidation
    from jobclf.reports import plots as pictures
    from jobclf.tables.wanted import Wanted
    from jobclf.training import dataset, labeled_data, priors

    labeled_data.check_exists(data)
    if plots is not None:
        pictures.check(Path(plots))
    if prevalence is not None and not 0.0 < prevalence < 1.0:
        raise ValueError(f"prevalence must be between 0 and 1, not {prevalence!r}")
    if against is not None and model is None:
        model = model_file.load_model()
    progress = progress or (lambda _: None)
    progress(f"reading {labeled_data.called(data)}")
    wanted = Wanted.of(
        text_column, title_column, label=label_column, sheet=sheet, table=table, form=format
    )
    labelled = labeled_data.read(
        data, wanted, mapping=mapping, conflicts=conflicts, min_words=dataset.MIN_WORDS
    )
    with threads.single():
        report = crossvalidation.evaluate(
            labelled,
            priors.load(prior),
            model=model,
            against=against,
            prevalence=prevalence,
            curve=plots is not None,
            progress=progress,
        )
    if plots is not None:
        pictures.draw(report, Path(plots))
    return report


def audit(
    data: AnyPath | Any,
    *,
    prior: str = "jobclf",
    html: AnyPath | None = None,
    text_column: Names = None,
    title_column: str | None = None,
    label_column: str | None = None,
    sheet: str | None = None,
    table: str | None = None,
    format: str | None = None,  # noqa: A002  # the option's name
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> "AuditReport":
    """Find labels that are probably wrong, with the terms of the postings that say so.

    Parameters
    ----------
    data : path or frame
        A folder with a folder for each role, a table with a column of roles, or a frame of pandas,
        Polars or Arrow with one.
    prior : str
        What each fold starts from: `jobclf`, `base`, `seeds` or a model file.
    html : path, optional
        Where the whole report is written as one page.
    text_column : str or iterable of str, optional
        The column of the text, or several whose cells are put together; found without it.
    title_column : str, optional
        The column of the title; found without it.
    label_column : str, optional
        The column of the roles; found without it.
    sheet : str, optional
        The sheet of a workbook; those that look like postings without it.
    table : str, optional
        The table or view of a database; those that look like postings without it.
    format : str, optional
        What files are read as, whatever they look like: csv, tsv, json, jsonl, parquet, excel,
        sqlite, feed or text.
    mapping : mapping of str to str, optional
        Roles by other names of labels, as `{"Data Engineer": "other"}`; `drop` leaves them out.
    progress : function of str, optional
        Called with each step, a phrase for people.

    Returns
    -------
    AuditReport
        Doubtful labels, the surest first, near duplicates under two roles, and titles that the text
        contradicts.

    Raises
    ------
    DatasetError
        If the data cannot be read, or has too few postings of a role.
    OutputError
        If the page cannot be written.
    """
    from jobclf.evaluation import confident_learning
    from jobclf.reports import audit_report
    from jobclf.tables import listing
    from jobclf.tables.wanted import Wanted
    from jobclf.training import labeled_data, priors

    labeled_data.check_exists(data)
    target = None if html is None else Path(html)
    if target is not None:
        atomic.check_page(target, listing.read_files(labeled_data.paths_in(data)))
        atomic.check_room(target)
    progress = progress or (lambda _: None)
    progress(f"reading {labeled_data.called(data)}")
    wanted = Wanted.of(
        text_column, title_column, label=label_column, sheet=sheet, table=table, form=format
    )
    # An audit sees conflicts, and postings of few words.
    labelled = labeled_data.read(data, wanted, mapping=mapping, conflicts="keep")
    with threads.single():
        report = confident_learning.audit(labelled, priors.load(prior), progress=progress)
    if target is not None:
        atomic.write(target, audit_report.audit_html(report).encode("utf-8", "replace"))
    return report
