"""Labelled postings: learning from them, measuring on them, doubting them, gathering them."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jobclf import atomic
from jobclf.classifier import model_file
from jobclf.classifier.model import RoleModel
from jobclf.errors import DatasetError, JobclfError, Reason
from jobclf.training import threads

if TYPE_CHECKING:
    from jobclf.evaluation.audit_results import AuditReport
    from jobclf.evaluation.results import EvaluationReport, TrainingReport
    from jobclf.labeling.session import LabelingSession

AnyPath = str | os.PathLike[str]
Names = str | Iterable[str] | None  # of columns
LABELS = Path("labels.jsonl")


def train(
    data: AnyPath | Any,
    *,
    prior: str = "base",
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
    """Learn from labelled postings, starting from `base`, `seeds` or a model file.

    `data` is a folder with a folder for each role, or a table with a column of roles, also a frame
    of pandas, Polars or Arrow. `mapping`
    gives roles to other names of labels, `{"Data Engineer": "other"}`, and `conflicts` says what
    becomes of a posting under two roles. `unlabeled` is a folder or table of postings without
    labels, about half of either role, which `seeds` first teach themselves on. The model is written
    to `output`, over another model only with `force`; None keeps it in memory.

    A text of five words or more is learned from, though `predict` asks for thirty known ones.
    """
    from jobclf.evaluation import measurement
    from jobclf.evaluation.results import TrainingReport
    from jobclf.tables import listing, postings
    from jobclf.tables.columns import Wanted
    from jobclf.training import dataset, labeled_data, overlap, priors, recipe
    from jobclf.training.unlabeled import train_unlabeled

    labeled_data.check_exists(data)
    if unlabeled is not None and prior != "seeds":
        raise DatasetError(
            f"unlabelled postings help the seeds alone, and {prior} knows more",
            "use --prior seeds",
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
            plain = replace(wanted, label=None, sheet=None, table=None)
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


def evaluate(
    data: AnyPath | Any,
    *,
    prior: str = "base",
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

    Without `model` the recipe is cross-validated: each fold learns anew from `prior`. A model or
    prior that was learned from these very postings is refused; where some of them may be among the
    public ones that `base` was learned from, take `seeds`. With `plots`, pictures are written
    into that folder, and the learning curve is measured too.

    `against` is another model on the same postings, which `model`, the bundled one without it, is
    compared with, posting by posting. `prevalence` is the share of the two roles, 0 to 1, that
    probabilities are to hold for.
    """
    from jobclf.evaluation import crossvalidation
    from jobclf.reports import plots as pictures
    from jobclf.tables.columns import Wanted
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
    prior: str = "base",
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

    With `html`, the whole report is also written there as one page.
    """
    from jobclf.evaluation import confident_learning
    from jobclf.reports import audit_report
    from jobclf.tables import listing
    from jobclf.tables.columns import Wanted
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


def label(
    data: AnyPath,
    *,
    output: AnyPath = LABELS,
    prior: str = "base",
    text_column: Names = None,
    title_column: str | None = None,
    sheet: str | None = None,
    table: str | None = None,
    format: str | None = None,  # noqa: A002  # the option's name
    progress: Callable[[str], None] | None = None,
) -> "LabelingSession":
    """Choose postings of a table, a folder or a file to label, by doubt and variety.

    The session gives them one by one. Each label is in `output`, JSON lines that `train` reads,
    before the next posting is there; a session with the same file goes on from it.
    """
    from jobclf.labeling import session, store
    from jobclf.tables import sources
    from jobclf.tables.columns import Wanted
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
