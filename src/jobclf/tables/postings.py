"""Postings one by one: those of paths, the one of a file, and texts alone."""

import os
from collections.abc import Iterable, Iterator

from jobclf.documents import files
from jobclf.documents.posting import Posting
from jobclf.errors import JobclfError, PostingError, Reason
from jobclf.tables import listing, sources
from jobclf.tables.columns import Wanted

AnyPath = str | os.PathLike[str]


def read_postings(
    paths: AnyPath | Iterable[AnyPath], wanted: Wanted
) -> Iterator[Posting | PostingError]:
    """Yield the postings that each path names, and the error of what cannot be read."""
    for path in [paths] if isinstance(paths, str | os.PathLike) else list(paths):
        try:
            for each in sources.open_postings(path, wanted):
                yield each.posting
        except JobclfError as error:
            yield sources.as_posting_error(error)


def read_one(path: AnyPath) -> Posting:
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


def different_texts(paths: AnyPath | Iterable[AnyPath], wanted: Wanted) -> list[str]:
    """Return the texts of postings, each once, without those that cannot be read."""
    batches = sources.open_postings(paths, wanted).batches()
    texts = (text for batch in batches for text in batch.texts.to_pylist())
    return list(dict.fromkeys(text for text in texts if text and text.strip()))
