"""Postings one by one, wherever they stand: rows of a table, or files."""

import os
from collections.abc import Iterator
from contextlib import closing

from jobclf.documents import files
from jobclf.documents.files import ENDINGS
from jobclf.documents.posting import Posting
from jobclf.errors import DatasetError, PostingError
from jobclf.tables import reader
from jobclf.tables.columns import COMPANIES, usual


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
    return _rows(reader.read(name, text_column=text_column, title_column=title_column))


def _rows(table: reader.Table) -> Iterator[Posting | None]:
    firm = usual(table.columns, COMPANIES)
    with closing(table):
        for number, row in enumerate(table.rows, 1):
            company = row.values.get(firm) if firm else None
            yield (
                None
                if row.fault is not None
                else Posting(
                    row.text,
                    row.title,
                    company if isinstance(company, str) else None,
                    f"{table.name} row {number}",
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
