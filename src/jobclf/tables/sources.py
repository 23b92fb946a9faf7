"""Postings one by one, wherever they stand: rows of a table, or files."""

import os
from collections.abc import Iterator
from contextlib import closing

from jobclf.documents import files
from jobclf.documents.files import ENDINGS
from jobclf.documents.posting import Posting
from jobclf.errors import DatasetError, PostingError
from jobclf.tables import reader
from jobclf.tables.columns import Wanted
from jobclf.tables.table import Table


def read(
    data: str | os.PathLike[str], *, text_column: str | None = None, title_column: str | None = None
) -> Iterator[Posting | None]:
    """Open a table, folder, file or pattern and yield its postings; None for the unreadable."""
    name = os.fspath(data)
    if name == "-":
        raise DatasetError("standard input is where the answers come from; name a file")
    known = os.path.splitext(name)[1].lower() in ENDINGS  # noqa: PTH122  # addresses too
    if known or reader.kind(name) is None:
        return _files(name)
    texts = () if text_column is None else (text_column,)
    return _rows(reader.read(name, Wanted(texts, title_column)))


def _rows(table: Table) -> Iterator[Posting | None]:
    with closing(table):
        for row in table.rows:
            company = row.value(table.chosen.company)
            yield (
                None
                if row.fault is not None
                else Posting(
                    row.text,
                    row.title,
                    company if isinstance(company, str) else None,
                    f"{table.name} row {row.number}",
                )
            )


def _files(name: str) -> Iterator[Posting | None]:
    found = list(files.find([name]))
    for file in found:
        try:
            yield from files.read(file)
        except PostingError:
            if len(found) == 1:
                raise
            yield None
