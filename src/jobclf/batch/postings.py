"""Single postings answered one by one, here or by several processes, in their order."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from jobclf.classifier.model import RoleModel
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError

if TYPE_CHECKING:
    from jobclf.classifier.explanation import Explanation
    from jobclf.classifier.prediction import Prediction

_TOGETHER = 8  # postings sent to a process at once


class AnsweredPosting(NamedTuple):
    """A posting of a file and what was found: an answer, the reasons of one, or why there is none.

    `path` is None where an error stands for a folder or pattern without postings. `notes` say what
    was mended to read it.
    """

    path: str | None
    title: str | None
    found: "Prediction | Explanation | PostingError"
    notes: tuple[str, ...] = ()


def answered(
    model: RoleModel,
    postings: Iterable[Posting | PostingError],
    *,
    reasons: bool = False,
    jobs: int = 1,
) -> Iterator[AnsweredPosting]:
    """Yield each posting with its answer, or with the explanation of it where `reasons` are asked.

    An error among the postings stays in its place.
    """
    answer_each = partial(_answers, model, reasons)
    if jobs == 1:
        for posting in postings:
            yield answer_each([posting])[0]
        return
    from jobclf.processes import sharing

    source = iter(postings)
    parts = iter(lambda: list(islice(source, _TOGETHER)), [])
    for _, found in sharing.ordered(answer_each, parts, list, jobs):
        yield from found


def _answers(
    model: RoleModel,
    reasons: bool,  # noqa: FBT001  # bound by `partial`, which goes to processes
    postings: list[Posting | PostingError],
) -> list[AnsweredPosting]:
    return [_answer(model, each, reasons=reasons) for each in postings]


def _answer(model: RoleModel, posting: Posting | PostingError, *, reasons: bool) -> AnsweredPosting:
    if isinstance(posting, PostingError):
        return AnsweredPosting(posting.path, None, posting)
    found: Prediction | Explanation | PostingError
    try:
        if reasons:
            from jobclf.classifier.explanation import explain

            found = explain(model, posting.text, title=posting.title)
        else:
            found = model.predict(posting.text, title=posting.title)
    except PostingError as error:
        found = error.at(path="standard input" if posting.path == "-" else posting.path)
    return AnsweredPosting(posting.path, posting.title, found, posting.notes)
