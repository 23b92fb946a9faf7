"""Files of one posting among what names some: read, unpacked, with their errors in their place."""

from collections.abc import Iterable, Iterator

from jobclf import limits
from jobclf.documents import files
from jobclf.documents.posting import Posting
from jobclf.errors import JobclfError, PostingError
from jobclf.tables import forms


def alone(names: Iterable[str], form: str | None = None) -> bool:
    """Tell whether all of some files hold one posting each, and none is a table."""
    return all(forms.form_of(name, form) == forms.DOCUMENT for name in names)


def read(name: str) -> Iterator[Posting | JobclfError]:
    """Yield the postings in one file, and why there are none."""
    try:
        if forms.is_packed(name):
            yield from _unpacked(name)
        else:
            yield from files.read(files.local(name))
    except JobclfError as error:
        yield error.at(path=files.name(name))


def _unpacked(name: str) -> tuple[Posting, ...]:
    """Return the postings in a file of one that is packed."""
    from contextlib import ExitStack

    from jobclf.tables import streams

    with ExitStack() as opening, streams.reading(name):
        stream, _, _ = streams.opened(name, opening)
        return files.parsed(stream.read(limits.FILE + 1), forms.ending(name), name)


def as_posting_error(error: JobclfError) -> PostingError:
    """Return what is wrong with a source as what is wrong with a posting."""
    if isinstance(error, PostingError):
        return error
    return PostingError(
        error.fact,
        error.remedy,
        reason=error.reason,
        path=error.path,
        row=error.row,
        column=error.column,
    )
