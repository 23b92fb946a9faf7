"""Labelled postings from a table: a text and the name of a role in each row."""

import os
from dataclasses import replace

from jobclf.errors import DatasetError
from jobclf.roles import Role, parse_role
from jobclf.tables import reader
from jobclf.tables.columns import Wanted
from jobclf.training import dataset
from jobclf.training.dataset import LabeledPostings


def read(
    path: str | os.PathLike[str],
    *,
    text_column: str | None = None,
    label_column: str | None = None,
    conflicts: bool = False,
    min_words: int = 1,
) -> LabeledPostings:
    """Read the labelled rows of a table; those without a label are counted and left out.

    Postings of one company are kept together where a column names it. Texts of fewer words than
    `min_words` are left out too, and named.
    """
    name = os.fspath(path)
    wanted = Wanted(() if text_column is None else (text_column,), label=label_column)
    table = reader.read(name, wanted)
    label = table.chosen.label
    if label is None or label not in table.columns:
        table.close()
        fact = f"no column {label!r}" if label else "no column known as the label"
        raise DatasetError(f"{name} has {fact}; name one with --label-column: {table.listed}")
    names, texts, roles, companies = list[str](), list[str](), list[Role](), list[str | None]()
    unlabeled = 0
    for row in table.rows:
        given = row.values.get(label)
        at = f"{name} row {row.number}"
        if row.fault is not None and (given is not None or not row.values):
            fault = row.fault
            raise DatasetError(
                fault.fact,
                "mend the row or delete it",
                reason=fault.reason,
                path=name,
                row=row.number,
                column=fault.column,
            )
        if given is None or not str(given).strip():
            unlabeled += 1
            continue
        try:
            roles.append(parse_role(str(given)))
        except DatasetError as error:
            raise DatasetError(f"{at}: {error}") from None
        names.append(at)
        texts.append(row.text)
        company = row.value(table.chosen.company)
        companies.append(company if isinstance(company, str) else None)
    if not texts:
        raise DatasetError(f"{name} has no row with a label in {label!r}; label some")
    found = dataset.collect(
        names, texts, roles, companies=companies, conflicts=conflicts, min_words=min_words
    )
    return replace(found, unlabeled=unlabeled)
