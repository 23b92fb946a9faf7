"""One function a command, with its option names and defaults: the order of work."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from jobclf import atomic
from jobclf.classifier import model_file
from jobclf.classifier.given import check_str
from jobclf.classifier.model import ModelCard, RoleModel
from jobclf.classifier.prediction import Prediction
from jobclf.documents import files
from jobclf.errors import DatasetError, JobclfError, OutputError, PostingError, Reason
from jobclf.training import threads

if TYPE_CHECKING:
    import pyarrow as pa

    from jobclf.batch.gate import Gate
    from jobclf.batch.postings import AnsweredPosting
    from jobclf.batch.predictions import PredictedBatch, PredictedTable, Tally
    from jobclf.classifier.explanation import Explanation
    from jobclf.documents.posting import Posting
    from jobclf.evaluation.audit_results import AuditReport
    from jobclf.evaluation.results import EvaluationReport, TrainingReport
    from jobclf.labeling.session import LabelingSession
    from jobclf.tables.columns import Wanted
    from jobclf.tables.sources import Postings
    from jobclf.text.vocabulary import Seed

AnyPath = str | os.PathLike[str]
Names = str | Iterable[str] | None  # of columns

LABELS = Path("labels.jsonl")
_LONGEST_NAME = 200  # letters of a text that may be the name of a file


def predict(
    text: str,
    *,
    title: str | None = None,
    model: RoleModel | None = None,
    prevalence: float | None = None,
) -> Prediction:
    """Say what the work in a posting is; raise `PostingError` if the text cannot be judged.

    A title that claims one of the roles weighs a little; `text_probability` is without it. If none
    is given, the first line may be one; "" judges the text alone. `prevalence` is the share of the
    two roles, 0 to 1, where the posting comes from.

    >>> posting = "We deploy machine learning models to production and monitor them. " * 5
    >>> predict(posting).role
    <Role.ML_ENGINEER: 'ml_engineer'>
    """
    check_str(text, "text")
    check_str(title, "title", optional=True)
    try:
        return (model or model_file.load_model()).predict(text, title=title, prevalence=prevalence)
    except PostingError as error:
        raise _hinted(error, text, "predict_file") from None


def _hinted(error: PostingError, text: str, function: str) -> PostingError:
    """Return the error with a hint where the text is the name of a file."""
    # `Path.is_file` would raise what the system says of odd names.
    if len(text) < _LONGEST_NAME and text.split() == [text] and os.path.isfile(text):  # noqa: PTH113
        remedy = f"{error.remedy}; to read a file use {function}"
        return PostingError(error.fact, remedy, reason=error.reason)
    return error


def predict_file(path: AnyPath, *, model: RoleModel | None = None) -> Prediction:
    """Say what the work in the one posting in a file is, `-` for standard input."""
    if os.fspath(path) != "-" and is_table(path):
        raise PostingError(
            "it is a table, not one posting",
            "use `predict_table`",
            reason=Reason.SEVERAL,
            path=os.fspath(path),
        )
    found = files.read(files.local(path))
    if len(found) > 1:
        raise PostingError(
            f"it holds {len(found)} postings",
            "use `read_postings`",
            reason=Reason.SEVERAL,
            path=os.fspath(path),
        )
    try:
        judge = model or model_file.load_model()
        return judge.predict(found[0].text, title=found[0].title)
    except PostingError as error:
        raise error.at(path=files.name(Path(path))) from None


def explain(
    text: str, *, title: str | None = None, model: RoleModel | None = None
) -> "Explanation":
    """Say why: the phrases of a posting, and what each adds to the answer.

    >>> found = explain("We deploy machine learning models to production and monitor them. " * 5)
    >>> whole = found.intercept + sum(each.contribution for each in found.phrases)
    >>> abs(whole - found.logit) < 1e-9
    True
    """
    from jobclf.classifier import explanation

    check_str(text, "text")
    check_str(title, "title", optional=True)
    try:
        return explanation.explain(model or model_file.load_model(), text, title=title)
    except PostingError as error:
        raise _hinted(error, text, "read_postings") from None


def read_postings(
    paths: AnyPath | Iterable[AnyPath],
    *,
    format: str | None = None,  # noqa: A002  # the option's name
) -> "Iterator[Posting | PostingError]":
    """Yield the postings in whatever names some; a `PostingError` for what cannot be read.

    Files of one posting, pages, tables (a posting a row), folders and patterns of them, and `-`.
    """
    from jobclf.tables import sources
    from jobclf.tables.columns import Wanted

    named = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    for path in named:
        try:
            for each in sources.open_postings(path, Wanted(form=format)):
                yield each.posting
        except PostingError as error:
            yield error
        except DatasetError as error:
            yield PostingError(
                error.fact,
                error.remedy,
                reason=error.reason,
                path=error.path,
                row=error.row,
                column=error.column,
            )


def predict_files(
    paths: Iterable[AnyPath],
    *,
    format: str | None = None,  # noqa: A002  # the option's name
    reasons: bool = False,
    jobs: int = 1,
    model: RoleModel | None = None,
) -> "Iterator[AnsweredPosting]":
    """Yield the postings in files, folders and globs with their answers, in order.

    With `reasons` the answers are explanations; `jobs` processes find them.
    """
    from jobclf.batch import postings

    judge = model or model_file.load_model()
    found = read_postings(paths, format=format)
    return postings.answered(judge, found, reasons=reasons, jobs=jobs)


def predict_many(
    texts: Iterable[str | None],
    *,
    titles: Iterable[str | None] | None = None,
    model: RoleModel | None = None,
    prevalence: float | None = None,
) -> Iterator[Prediction | PostingError]:
    """Yield an answer for each text in order; a `PostingError` stands where none can be given.

    Texts and titles may be lists, arrays, or columns of pandas, Polars and Arrow. What is missing
    in them (None, NaN, NA) has an error as its answer. What is neither str nor missing is a
    `TypeError`, which names the text or title by its place, from 1.
    """
    judge = model or model_file.load_model()
    return judge.predict_many(texts, titles, prevalence=prevalence)


def predict_arrow(
    texts: Any,
    titles: Any = None,
    *,
    model: RoleModel | None = None,
    prevalence: float | None = None,
) -> "pa.RecordBatch":
    """Judge texts as the cells of a table, Arrow in and Arrow out, for any engine with batches.

    Parameters
    ----------
    texts, titles : pyarrow.Array, pyarrow.ChunkedArray, or what Arrow makes one of
        Strings, large strings or views, null where there is none: also lists, NumPy arrays and
        columns of pandas and Polars.
    model : RoleModel, optional
        The bundled one without it.
    prevalence : float, optional
        The share of the two roles expected among them.

    Returns
    -------
    pyarrow.RecordBatch
        A row for each text, in order, with the columns of `ARROW_SCHEMA`. Where none can be given
        an answer, `error` says why and `error_reason` is its code; all else is null.

    Raises
    ------
    TypeError
        If what is given is no column of strings.

    >>> text = "We deploy machine learning models to production and monitor them. " * 5
    >>> found = predict_arrow([text, None])
    >>> found.column("answer").to_pylist(), found.column("error").to_pylist()
    (['ml_engineer', None], [None, 'the cell is empty'])
    """
    from jobclf.batch import arrow

    judge = model or model_file.load_model()
    return arrow.predict_arrow(judge, texts, titles, prevalence=prevalence)


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
    from jobclf.batch import fragments, predictions
    from jobclf.tables import frames, listing, sources
    from jobclf.tables.columns import Wanted

    if jobs < 1:
        raise ValueError("jobs must be 1 or more")
    wanted = Wanted.of(text_column, title_column, sheet=sheet, table=table, form=format)
    judge = model or model_file.load_model()
    if frames.is_frame(paths):
        judge = _expecting(judge, prevalence, paths, wanted, jobs)
        to_file = bool(output or rest or scheduler or safe_csv or keep or columns)
        to_file |= min_confidence is not None
        options = {"prefix": prefix, "jobs": jobs, "progress": progress}
        return _predict_frame(judge, paths, wanted, to_file=to_file, **options)
    named = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    gate = _gate(keep, min_confidence, rest)
    if scheduler is not None or (output is not None and fragments.is_folder(output)):
        _check_parts(output, chosen=gate is not None or columns is not None)
        work = fragments.Work(
            _expecting(judge, prevalence, named, wanted, jobs),
            fragments.folder(output or ""),
            wanted,
            prefix,
            safe_csv,
        )
        names = listing.files_of(named).names
        parts = fragments.run(
            work, names, jobs=jobs, scheduler=scheduler, progress=progress or (lambda *_: None)
        )
        return predictions.PredictedTable((), iter(()), fragments.counted(parts))
    _check_targets(output, rest, named, safe_csv=safe_csv)
    judge = _expecting(judge, prevalence, named, wanted, jobs)
    found = sources.open_postings(named, wanted)
    with ExitStack() as opening:
        opening.callback(found.close)
        added = predictions.added_names(found.columns, prefix)
        shown = predictions.chosen_columns(columns, (*found.columns, *added))
        opening.pop_all()  # from here on the rows close what they read
    tally = predictions.Tally(named="title" if found.chosen else "file")
    chunks = predictions.predicted(judge, found.batches(), tally, jobs)
    if progress is not None:
        chunks = _telling(chunks, tally, found.share, progress)
    write = partial(
        predictions.write,
        columns=found.columns,
        names=added,
        schema=found.schema,
        safe_csv=safe_csv,
        shown=shown,
        layout=found.layout,
    )
    said: list[str] = []
    if gate is not None:
        keeping = None if rest is None else lambda others: said.extend(write(rest, others))
        chunks = gate.passed(chunks, keeping)
    if output is not None:
        said.extend(write(output, chunks))
    rows = (row for chunk in chunks for row in chunk.rows(added, shown))
    notes = found.notes
    if prevalence == "auto":
        notes += (f"the share of the two roles is estimated at {judge.prevalence:.3f}",)
    return predictions.PredictedTable(
        shown or (*found.columns, *added),
        rows,
        tally,
        found.chosen,
        notes,
        prefix + "error",
        gate,
        lambda: (*found.remarks, *said),
    )


def _check_parts(output: AnyPath | None, *, chosen: bool) -> None:
    """Refuse what does not go with a folder of parts."""
    if output is None:
        raise OutputError(
            "with a scheduler the answers go to a folder",
            "name one with --output",
            reason=Reason.BAD_OPTION,
        )
    if chosen:
        raise OutputError(
            "a folder of parts has all rows and columns",
            "leave out --keep, --min-confidence and --columns, or name a file",
            reason=Reason.BAD_OPTION,
        )


def _check_targets(
    output: AnyPath | None, rest: AnyPath | None, named: list[AnyPath], *, safe_csv: bool
) -> None:
    """Refuse places that rows cannot be written to."""
    from jobclf.tables import sources, writer

    targets = [each for each in (output, rest) if each is not None]
    for target in targets:
        writer.form(target, safe_csv=safe_csv)
        atomic.check(target)
        atomic.check_not_read(target, sources.read_files(named))
    if output is None and safe_csv:
        raise OutputError(
            "--safe-csv is for files", "name one with --output", reason=Reason.BAD_OPTION
        )
    if output and rest and os.path.realpath(output) == os.path.realpath(rest):
        raise OutputError(
            "the rows that are kept and the rest are to be written to the same file",
            "name another with --rest",
            reason=Reason.BAD_OPTION,
            path=os.fspath(rest),
        )


def _gate(keep: Names, least: float | None, rest: AnyPath | None) -> "Gate | None":
    from jobclf.batch.gate import Gate

    gate = Gate.of(keep, least)
    if gate is None and rest is not None:
        raise OutputError(
            "all rows are kept, and none are left for --rest",
            "say what is kept with --keep or --min-confidence",
            reason=Reason.BAD_OPTION,
        )
    return gate


def _predict_frame(
    model: RoleModel, frame: Any, wanted: "Wanted", *, to_file: bool, **options: Any
) -> Any:
    from jobclf.batch import frames

    if to_file:
        raise OutputError(
            "a frame comes back as a frame, with all rows and columns",
            "leave out what chooses and writes them, and do so with what comes back",
            reason=Reason.BAD_OPTION,
        )
    return frames.predict_frame(model, frame, wanted, **options)


def _expecting(
    model: RoleModel,
    prevalence: float | Literal["auto"] | None,
    paths: Any,
    wanted: "Wanted",
    jobs: int,
) -> RoleModel:
    """Return the model for a prevalence, which `auto` estimates from all rows."""
    if prevalence is None:
        return model
    if prevalence != "auto":
        return model.expecting(prevalence)
    from jobclf.batch import prevalence as estimated
    from jobclf.tables import sources

    if isinstance(paths, list) and "-" in paths:
        raise DatasetError(
            "standard input is read once, and the prevalence is estimated before rows are judged",
            "write it to a file, or give a number",
            reason=Reason.BAD_OPTION,
        )
    found = sources.open_postings(paths, wanted)
    return model.expecting(estimated.of_batches(model, found.batches(), jobs))


def check_page(html: AnyPath, paths: Iterable[AnyPath]) -> None:
    """Refuse a place for a page that is none, or that is among what is read."""
    from jobclf.tables import sources

    atomic.check_page(html, sources.read_files(paths))


def _telling(
    chunks: "Iterator[PredictedBatch]",
    tally: "Tally",
    share: Callable[[], float | None],
    progress: Callable[[int, float | None], None],
) -> "Iterator[PredictedBatch]":
    for chunk in chunks:
        yield chunk
        progress(tally.postings, share())


def is_table(path: AnyPath, *, format: str | None = None) -> bool:  # noqa: A002  # the option's name
    """Tell whether a path names a table, or a folder or pattern with one: its answer is rows."""
    from jobclf.tables import sources
    from jobclf.tables.columns import Wanted

    return sources.has_table([path], Wanted(form=format))


def left_out(paths: Iterable[AnyPath]) -> tuple[str, ...]:
    """Say what folders and patterns hold that is not read, a line each; nothing where all is."""
    from jobclf.tables import sources

    return sources.left_out(paths)


def load_model(path: AnyPath | None = None) -> RoleModel:
    """Read a model file, the one that comes with the package without a path."""
    return model_file.load_model(path)


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
    _check_data(data)
    from jobclf.evaluation import measurement
    from jobclf.evaluation.results import TrainingReport
    from jobclf.tables import sources
    from jobclf.tables.columns import Wanted
    from jobclf.training import dataset, labeled_data, priors, recipe
    from jobclf.training.unlabeled import train_unlabeled

    if unlabeled is not None and prior != "seeds":
        raise DatasetError(
            f"unlabelled postings help the seeds alone, and {prior} knows more",
            "use --prior seeds",
            reason=Reason.BAD_OPTION,
        )
    target = None if output is None else Path(output)
    if target is not None:
        atomic.check_not_read(target, [*_paths(data), *_paths(unlabeled)])
        model_file.check_place(target, force=force)
    progress = progress or (lambda _: None)
    progress(f"reading {_named(data)}")
    wanted = Wanted.of(
        text_column, title_column, label=label_column, sheet=sheet, table=table, form=format
    )
    labelled = labeled_data.read(
        data, wanted, mapping=mapping, conflicts=conflicts, min_words=dataset.MIN_WORDS
    )
    with threads.single():
        start = priors.load(prior)
        if unlabeled is not None:
            texts = _texts(sources.open_postings(unlabeled, _same_columns(wanted)))
            progress(f"seeds teach themselves on {len(texts)} unlabelled postings")
            start = train_unlabeled(texts, start)
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


def _paths(data: Any) -> list[AnyPath]:
    """Return the path that names postings, none for a frame or nothing."""
    return [data] if isinstance(data, str | os.PathLike) else []


def _named(data: Any) -> str:
    return str(data) if _paths(data) else type(data).__name__


def _check_data(data: Any) -> None:
    """Refuse at once what is not there; addresses and what holds what else the reader tells."""
    if not _paths(data):
        return
    name = os.fspath(data)
    is_pattern = any(mark in name for mark in "*?[")
    if name != "-" and "://" not in name and not is_pattern and not os.path.lexists(name):
        raise DatasetError(
            "it does not exist",
            "name a folder or table of labelled postings",
            reason=Reason.NOT_FOUND,
            path=name,
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
    _check_data(data)
    from jobclf.evaluation import crossvalidation
    from jobclf.reports import plots as pictures
    from jobclf.tables.columns import Wanted
    from jobclf.training import dataset, labeled_data, priors

    if plots is not None:
        pictures.check(Path(plots))
    if prevalence is not None and not 0.0 < prevalence < 1.0:
        raise ValueError(f"prevalence must be between 0 and 1, not {prevalence!r}")
    if against is not None and model is None:
        model = model_file.load_model()
    progress = progress or (lambda _: None)
    progress(f"reading {_named(data)}")
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
    _check_data(data)
    from jobclf.evaluation import confident_learning
    from jobclf.reports import audit_report
    from jobclf.tables.columns import Wanted
    from jobclf.training import labeled_data, priors

    target = None if html is None else Path(html)
    if target is not None:
        atomic.check_page(target, _paths(data))
        atomic.check_room(target)
    progress = progress or (lambda _: None)
    progress(f"reading {_named(data)}")
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


def _same_columns(wanted: "Wanted") -> "Wanted":
    """Return what is wanted of postings without labels: the same columns and form."""
    return replace(wanted, label=None, sheet=None, table=None)


def _texts(found: "Postings") -> list[str]:
    """Return the different texts of postings, without those that cannot be read."""
    texts = (text for batch in found.batches() for text in batch.texts.to_pylist())
    return list(dict.fromkeys(text for text in texts if text and text.strip()))


def seeds() -> "tuple[Seed, ...]":
    """Return the article's vocabulary, term by term."""
    from jobclf.text.vocabulary import load

    return load().terms


def model_card(path: AnyPath | None = None) -> ModelCard:
    """Return the card of a model: what it was learned from and how it did."""
    return load_model(path).card


def json_schema(name: str | None = None) -> dict[str, Any]:
    """Return the JSON Schema of an output by its name, of all by name without one.

    >>> json_schema("prediction")["properties"]["answer"]["enum"]
    ['data_scientist', 'ml_engineer', 'neither']
    """
    from jobclf.schemas import outputs

    if name is None:
        return {each: outputs.json_schema(each) for each in outputs.NAMES}
    return outputs.json_schema(name)
