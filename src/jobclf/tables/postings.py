"""Postings one by one: those of paths, the one of a file, and texts alone."""

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jobclf.documents import files
from jobclf.documents.posting import Posting
from jobclf.errors import JobclfError, PostingError, Reason
from jobclf.tables import documents, listing
from jobclf.tables.wanted import Wanted

if TYPE_CHECKING:
    from jobclf.atomic import AnyPath


def read_postings(
    paths: "AnyPath | Iterable[AnyPath]", wanted: Wanted
) -> Iterator[Posting | PostingError]:
    """Yield the postings that each path names, and the error of what cannot be read."""
    for path in [paths] if isinstance(paths, str | os.PathLike) else list(paths):
        try:
            yield from _postings(path, wanted)
        except JobclfError as error:
            yield documents.as_posting_error(error)


def _postings(path: "AnyPath", wanted: Wanted) -> Iterator[Posting | PostingError]:
    if wanted.names_nothing and documents.alone(
        names := listing.files_of([path]).names, wanted.form
    ):
        for name in names:
            for found in documents.read(name):
                yield found if isinstance(found, Posting) else documents.as_posting_error(found)
        return
    from jobclf.tables import sources  # and with it what reads tables, which takes its time

    for each in sources.open_postings(path, wanted):
        yield each.posting


def read_one(path: "AnyPath") -> Posting:
    """Return the one posting in a file, `-` for standard input; refuse what holds several."""
    if os.fspath(path) != "-" and listing.has_table([path]):
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
    return found[0]


def different_texts(paths: "AnyPath | Iterable[AnyPath]", wanted: Wanted) -> list[str]:
    """Return the texts of postings, each once, without those that cannot be read."""
    from jobclf.tables import sources

    batches = sources.open_postings(paths, wanted).batches()
    texts = (text for batch in batches for text in batch.texts.to_pylist())
    return list(dict.fromkeys(text for text in texts if text and text.strip()))
