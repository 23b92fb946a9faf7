"""Labelled postings: gathering them, and learning from them."""

import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jobclf import atomic
from jobclf.atomic import AnyPath
from jobclf.classifier import model_file
from jobclf.errors import DatasetError, JobclfError, Reason, option
from jobclf.tables.wanted import Names
from jobclf.training import threads

if TYPE_CHECKING:
    from jobclf.evaluation.results import TrainingReport
    from jobclf.labeling.session import LabelingSession

LABELS = Path("labels.jsonl")


def train(
    data: AnyPath | Any,
    *,
    prior: str = "jobclf",
    unlabeled: AnyPath | None = None,
    output: AnyPath | None = None,
    force: bool = False,
    text_column: Names = None,
    title_column: str | None = None,
    label_column: str | None = None,
    sheet: str | None = None,
    table: str | None = None,
    format: str | None = None,  # noqa: A002  # the option's name
    mapping: Mapping[str, str] | None = None,
    conflicts: Literal["error", "drop"] = "error",
    progress: Callable[[str], None] | None = None,
) -> "TrainingReport":
    """Learn from labelled postings, starting from `jobclf`, `base`, `seeds` or a model file.

    A text of five words or more is learned from, though `predict` asks for thirty known ones.

    Parameters
    ----------
    data : path or frame
        A folder with a folder for each role, a table with a column of roles, or a frame of pandas,
        Polars or Arrow with one.
    prior : str
        What training starts from: `jobclf`, the model that `predict` uses, `base`, that of public
        postings alone, `seeds`, the article alone, or a model file.
    unlabeled : path, optional
        Postings without labels, about half of either role, which `seeds` first teach themselves on.
    output : path, optional
        Where the model is written; None keeps it in memory.
    force : bool
        Whether it may be written over another model.
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
    TrainingReport
        The model, how right it was on postings that were held out, and what was left out.

    Raises
    ------
    DatasetError
        If the data cannot be read, has too few postings of a role, a label that names none, or
        conflicts.
    OutputError
        If the model cannot be written, or another would be lost.
    ModelFileError
        If the prior is no model file.
    """
    from jobclf.evaluation import measurement
    from jobclf.evaluation.results import TrainingReport
    from jobclf.tables import listing, postings
    from jobclf.tables.wanted import Wanted
    from jobclf.training import dataset, labeled_data, overlap, priors, recipe
    from jobclf.training.unlabeled import train_unlabeled

    labeled_data.check_exists(data)
    if unlabeled is not None and prior != "seeds":
        raise DatasetError(
            f"unlabelled postings help the seeds alone, and {prior} knows more",
            f"use {option('prior', 'seeds')}",
            reason=Reason.BAD_OPTION,
        )
    target = None if output is None else Path(output)
    if target is not None:
        atomic.check_not_read(
            target,
            listing.read_files([*labeled_data.paths_in(data), *labeled_data.paths_in(unlabeled)]),
        )
        model_file.check_place(target, force=force)
    progress = progress or (lambda _: None)
    progress(f"reading {labeled_data.called(data)}")
    wanted = Wanted.of(
        text_column, title_column, label=label_column, sheet=sheet, table=table, form=format
    )
    labelled = labeled_data.read(
        data, wanted, mapping=mapping, conflicts=conflicts, min_words=dataset.MIN_WORDS
    )
    with threads.single():
        start = priors.load(prior)
        if unlabeled is not None:
            plain = wanted._replace(label=None, sheet=None, table=None)
            texts = postings.different_texts(unlabeled, plain)
            progress(f"seeds teach themselves on {len(texts)} unlabelled postings")
            start = train_unlabeled(texts, start)
        labelled = overlap.unseen(labelled, start)
        trained = recipe.train(
            labelled,
            start,
            date=date.today().isoformat(),  # noqa: DTZ011
            progress=progress,
        )
        model, held_out = measurement.measured(trained, labelled)
    if target is not None:
        model = model_file.save_model(model, target)
    return TrainingReport(
        model,
        target,
        labelled.dropped,
        held_out,
        labelled.short,
        labelled.unlabeled,
        labelled.rejected,
        labelled.unread,
        labelled.conflicting,
        labelled.notes,
    )


def label(
    data: AnyPath,
    *,
    output: AnyPath = LABELS,
    prior: str = "jobclf",
    text_column: Names = None,
    title_column: str | None = None,
    sheet: str | None = None,
    table: str | None = None,
    format: str | None = None,  # noqa: A002  # the option's name
    progress: Callable[[str], None] | None = None,
) -> "LabelingSession":
    """Choose postings of a table, a folder or a file to label, by doubt and variety.

    The session gives them one by one.

    Parameters
    ----------
    data : path
        The postings; not standard input, where the answers come from.
    output : path
        The file of labels, JSON lines that `train` reads. Each label is in it before the next
        posting is there; a session with the same file goes on from it.
    prior : str
        What the model of the session starts from: `jobclf`, `base`, `seeds` or a model file.
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
    progress : function of str, optional
        Called with each step, a phrase for people.

    Returns
    -------
    LabelingSession
        The posting to label next, and what the labels changed so far.

    Raises
    ------
    DatasetError
        If the data cannot be read, or no posting of it can be labelled.
    OutputError
        If the file of labels cannot be written.
    """
    from jobclf.labeling import session, store
    from jobclf.tables import sources
    from jobclf.tables.wanted import Wanted
    from jobclf.training import priors

    if os.fspath(data) == "-":
        raise DatasetError(
            "standard input is where the answers come from", "name a file", reason=Reason.BAD_OPTION
        )
    atomic.check_not_read(output, [data])
    # First: what is wrong with it should be said before a long read and a first answer.
    file, start = store.LabelsFile(Path(output)), priors.load(prior)
    wanted = Wanted.of(text_column, title_column, sheet=sheet, table=table, form=format)
    source = sources.open_postings(data, wanted)
    found = (None if isinstance(each.posting, JobclfError) else each.posting for each in source)
    steps = progress or (lambda _: None)
    return session.open_session(os.fspath(data), found, file, start, steps)
