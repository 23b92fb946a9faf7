"""Single postings: answers, reasons, and what files hold."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from jobclf.classifier import model_file
from jobclf.classifier.given import check_str
from jobclf.classifier.model import RoleModel
from jobclf.classifier.prediction import Prediction
from jobclf.documents import files
from jobclf.documents.html import as_text
from jobclf.errors import PostingError

if TYPE_CHECKING:
    import pyarrow as pa

    from jobclf.atomic import AnyPath
    from jobclf.batch.postings import AnsweredPosting
    from jobclf.classifier.explanation import Explanation
    from jobclf.documents.posting import Posting


def predict(
    text: str,
    *,
    title: str | None = None,
    model: RoleModel | None = None,
    prevalence: float | None = None,
) -> Prediction:
    """Say what the work in a posting is; raise `PostingError` if the text cannot be judged.

    Parameters
    ----------
    text : str
        The posting, never a path.
    title : str, optional
        Its title, looked for in the first lines without it; "" judges the text alone. One that
        claims a role weighs a little; `text_probability` is without it.
    model : RoleModel, optional
        The bundled one without it.
    prevalence : float, optional
        The share of the two roles, 0 to 1, where the posting comes from.

    Raises
    ------
    PostingError
        If it is too short, not English, or no posting by its form.

    >>> posting = "We deploy machine learning models to production and monitor them. " * 5
    >>> predict(posting).role
    <Role.ML_ENGINEER: 'ml_engineer'>
    """
    check_str(text, "text")
    check_str(title, "title", optional=True)
    try:
        return model_file.chosen(model).predict(as_text(text), title=title, prevalence=prevalence)
    except PostingError as error:
        raise files.hinted(error, text, "predict_file") from None


def predict_file(path: "AnyPath", *, model: RoleModel | None = None) -> Prediction:
    """Say what the work in the one posting in a file is, `-` for standard input."""
    from jobclf.tables import postings

    found = postings.read_one(path)
    try:
        return model_file.chosen(model).predict(found.text, title=found.title)
    except PostingError as error:
        raise error.at(path=files.name(path)) from None


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
        return explanation.explain(model_file.chosen(model), as_text(text), title=title)
    except PostingError as error:
        raise files.hinted(error, text, "read_postings") from None


def read_postings(
    paths: "AnyPath | Iterable[AnyPath]",
    *,
    format: str | None = None,  # noqa: A002  # the option's name
) -> "Iterator[Posting | PostingError]":
    """Yield the postings in whatever names some; a `PostingError` for what cannot be read.

    Files of one posting, pages, tables (a posting a row), folders and patterns of them, and `-`.
    """
    from jobclf.tables import postings
    from jobclf.tables.wanted import Wanted

    return postings.read_postings(paths, Wanted(form=format))


def predict_files(
    paths: "Iterable[AnyPath]",
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

    classifier = model_file.chosen(model)
    found = read_postings(paths, format=format)
    return postings.answered(classifier, found, reasons=reasons, jobs=jobs)


def predict_many(
    texts: Iterable[str | None],
    *,
    titles: Iterable[str | None] | None = None,
    model: RoleModel | None = None,
    prevalence: float | None = None,
) -> Iterator[Prediction | PostingError]:
    """Yield an answer for each text in order; a `PostingError` stands where none can be given.

    Parameters
    ----------
    texts : iterable of str or None
        Also arrays and columns of pandas, Polars and Arrow. What is missing (None, NaN, NA) has an
        error as its answer.
    titles : iterable of str or None, optional
        The title of each text, as many; looked for in the text where one is missing.
    model : RoleModel, optional
        The bundled one without it.
    prevalence : float, optional
        The share of the two roles among them, 0 to 1.

    Raises
    ------
    TypeError
        If something is neither str nor missing; it is named by its place, from 1.
    """
    classifier = model_file.chosen(model)
    return classifier.predict_many(texts, titles, prevalence=prevalence)


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
    (['ml_engineer', None], [None, 'the cell is empty; fill it'])
    """
    from jobclf.batch import arrow

    classifier = model_file.chosen(model)
    return arrow.predict_arrow(classifier, texts, titles, prevalence=prevalence)


def is_table(path: "AnyPath", *, format: str | None = None) -> bool:  # noqa: A002  # the option's name
    """Tell whether a path names a table, or a folder or pattern with one: its answer is rows."""
    from jobclf.tables import listing

    return listing.has_table([path], format)


def left_out(paths: "Iterable[AnyPath]") -> tuple[str, ...]:
    """Say what folders and patterns hold that is not read, a line each; nothing where all is."""
    from jobclf.tables import listing

    return listing.left_out(paths)


def check_page(html: "AnyPath", paths: "Iterable[AnyPath]") -> None:
    """Refuse a place for a page that is none, or that is among what is read."""
    from jobclf import atomic
    from jobclf.tables import listing

    atomic.check_page(html, listing.read_files(paths))
