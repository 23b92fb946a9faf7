"""Labelled postings read: tables with a column of roles, or a folder for each role."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from jobclf.atomic import AnyPath
from jobclf.errors import DatasetError, JobclfError, Reason, option
from jobclf.roles import Role
from jobclf.tables import csv_reader, frames, sources, streams
from jobclf.tables.columns import listed
from jobclf.tables.wanted import Wanted
from jobclf.text.titles import TitleKind, title_kind
from jobclf.training import dataset
from jobclf.training.dataset import LabeledPostings
from jobclf.training.labels import NoLabel, Roles, Several, has_labels, label_of

INDEX = "index.csv"  # the table beside the folders
_SHOWN = 5  # bad labels named in a message


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    roles: Roles
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    labels: list[Role] = field(default_factory=list)
    companies: list[str | None] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    unlabeled: int = 0
    rejected: int = 0
    unread: list[str] = field(default_factory=list)
    several: dict[str, str] = field(default_factory=dict)  # rows with several labels, by name
    bad: Counter[str] = field(default_factory=Counter)
    first_bad: str = ""
    notes: list[str] = field(default_factory=list)
    files: bool = True  # all are files in folders

    def add(self, found: sources.Found, label: Any, name: str) -> None:
        """Take in one posting with its label, or count why not."""
        if isinstance(label, Several):
            self.several[name] = label
        elif isinstance(label, str) and not isinstance(label, Role):
            self.first_bad = self.first_bad or name
            self.bad[label] += 1
        elif label is NoLabel.REJECTED:
            self.rejected += 1
        elif label is NoLabel.MISSING:
            self.unlabeled += 1
        elif isinstance(found.posting, JobclfError):
            self.unread.append(f"{name}: {found.posting.fact}")
        else:
            self.names.append(name)
            self.texts.append(found.posting.text)
            self.labels.append(label)
            self.companies.append(found.posting.company)
            self.titles.append(found.posting.title or "")


_Conflicts = Literal["error", "drop", "keep"]


def read(
    data: AnyPath | Iterable[AnyPath] | Any,
    wanted: Wanted = Wanted(),  # noqa: B008  # frozen
    *,
    mapping: Mapping[str, str] | None = None,
    conflicts: _Conflicts = "error",
    min_words: int = 1,
) -> LabeledPostings:
    """Read labelled postings from whatever names some.

    Parameters
    ----------
    data : path, iterable of paths, or frame
        Tables with a column of labels, in any form that `predict` reads; or folders that hold a
        folder for each role, with files and tables of postings in any form; patterns, `-`.
    wanted : Wanted
        The columns, sheet, table or form that the caller names.
    mapping : mapping of str to str, optional
        Roles by other names of labels, as `{"Data Engineer": "other"}`; `drop` leaves rows out.
    conflicts : {"error", "drop", "keep"}
        What becomes of one posting under two roles.
    min_words : int
        Texts of fewer words are left out, and named.

    Raises
    ------
    DatasetError
        Where there is no label, or some are unknown: all of them at once, with their counts.
    """
    if conflicts not in get_args(_Conflicts):
        raise ValueError(f"conflicts must be 'error' or 'drop', not {conflicts!r}")
    several: Any = data
    single = isinstance(data, str | os.PathLike) or frames.is_frame(data)
    given: list[Any] = [data] if single else list(several)
    reading = _Reading(Roles(mapping))
    columns: dict[str, tuple[str, ...]] = {}
    wanted = wanted._replace(labeled=True)
    for path in given:
        folders = _role_folders(path, reading.roles)
        if folders:
            columns = _read_folders(Path(path), folders, reading)
        else:
            _read_rows(path, wanted, reading)
    if reading.several and conflicts == "error":
        raise _several(reading)
    _check(reading, given)
    if len(given) > 1 or not columns:
        columns = {"title": tuple(reading.titles)} if any(reading.titles) else {}
    found = dataset.collect(
        reading.names,
        reading.texts,
        reading.labels,
        companies=columns.get("company", reading.companies),
        columns=columns,
        conflicts=conflicts,
        min_words=min_words,
    )
    return replace(
        found,
        unlabeled=reading.unlabeled,
        rejected=reading.rejected,
        unread=tuple(reading.unread),
        notes=tuple(reading.notes),
        conflicting=(*found.conflicting, *reading.several),
    )


def _several(reading: _Reading) -> DatasetError:
    shown = Counter(reading.several.values()).most_common(_SHOWN)
    named = ", ".join(f"{name!r} ({count:,})" for name, count in shown)
    total = len(reading.several)
    have = "postings have" if total > 1 else "posting has"
    return DatasetError(
        f"{total:,} {have} several labels: {named}; the first is at {next(iter(reading.several))}",
        f"give each the one that its work is, or leave them out with {option('conflicts', 'drop')}",
        reason=Reason.CONFLICT,
    )


def _check(reading: _Reading, given: list[AnyPath]) -> None:
    """Refuse labels that are not known, all at once, and data without any."""
    named = len(given) == 1 and isinstance(given[0], str | os.PathLike)
    where = os.fspath(given[0]) if named else None
    if reading.bad:
        most = reading.bad.most_common(_SHOWN)
        rest = len(reading.bad) - len(most)
        shown = ", ".join(f"{name!r} ({count:,})" for name, count in most)
        more = f" and {rest:,} more" if rest else ""
        total = reading.bad.total()
        raise DatasetError(
            f"{total:,} label{'s are' if total > 1 else ' is'} no role: {shown}{more}; the first is"
            f" at {reading.first_bad}",
            f"map each with {_mapped(most[0][0])} (data_scientist, ml_engineer, other or "
            "drop), or correct it",
            reason=Reason.BAD_LABEL,
            path=where,
        )
    if not reading.texts:
        facts = [
            f"{reading.unlabeled:,} without a label" if reading.unlabeled else "",
            f"{reading.rejected:,} rejected" if reading.rejected else "",
            f"{len(reading.unread):,} unreadable ({reading.unread[0]})" if reading.unread else "",
        ]
        told = ", ".join(filter(None, facts)) or "it holds none"
        raise DatasetError(
            f"there is no posting with a label that can be read: {told}",
            "label some, or put postings into folders data_scientist, ml_engineer and other",
            reason=Reason.NO_LABEL,
            path=where,
        )


def _mapped(name: str) -> str:
    """Return how a label is mapped, AI engineers to the role that they count as."""
    role = "ml_engineer" if title_kind(name) is TitleKind.AI_ENGINEER else "other"
    return option("mapping", {name: role}, f"'{name}={role}'")


def _role_folders(path: AnyPath, roles: Roles) -> list[Path]:
    """Return the folders in a folder if one of them is named after a role, none for all else."""
    if frames.is_frame(path) or not os.path.isdir(path):  # noqa: PTH112  # odd names are no folders to it
        return []
    try:
        contained = sorted(each for each in Path(path).iterdir() if each.is_dir())
    except OSError as error:
        raise DatasetError(
            f"it cannot be read: {error.strerror}", "check the path", path=os.fspath(path)
        ) from None
    folders = [each for each in contained if not each.name.startswith((".", "_"))]
    is_role = [isinstance(roles.of(each.name), Role) for each in folders]
    return folders if any(is_role) else []


def _read_folders(path: Path, folders: list[Path], reading: _Reading) -> dict[str, tuple[str, ...]]:
    """Read a folder for each role; return what `index.csv` says of the files, column by column."""
    first = len(reading.names)
    for folder in folders:
        role = reading.roles.of(folder.name)
        try:
            found = sources.open_postings(folder)
        except DatasetError as error:
            reading.notes.append(str(error))
            continue
        reading.notes += [note for note in found.notes if "not read" in note]
        for each in found:
            name = _within(each.name, path)
            reading.add(each, folder.name if role is None else role, name)
    beside = [each for each in path.iterdir() if each.is_file() and not _is_aside(each.name)]
    if beside:
        names = ", ".join(each.name for each in sorted(beside)[:_SHOWN])
        many = "files beside the folders are" if len(beside) > 1 else "file beside the folders is"
        reading.notes.append(f"{path}: {len(beside):,} {many} not read ({names})")
    return _index(path / INDEX, reading.names[first:])


def _is_aside(name: str) -> bool:
    return name.startswith(".") or name == INDEX or name.upper().startswith("README")


def _within(name: str, path: Path) -> str:
    """Return a name from the folder of data on."""
    start = os.path.join(path, "")  # noqa: PTH118  # with the slash
    return name.removeprefix(start).replace(os.sep, "/")


def _index(path: Path, names: list[str]) -> dict[str, tuple[str, ...]]:
    """Return what a table says of some files, column by column."""
    if not path.is_file():
        return {}
    with ExitStack() as opening:
        stream, _, _ = streams.opened(str(path), opening)
        found = csv_reader.read(stream, str(path))
        if "file" not in found.columns:
            raise DatasetError(
                "there is no column 'file'",
                "name each file as ROLE/NAME",
                reason=Reason.NO_COLUMN,
                path=str(path),
            )
        rows = {str(row["file"]): row for cells, _ in found.batches for row in cells.to_pylist()}
    return {
        name: tuple(str(rows.get(file, {}).get(name) or "").strip() for file in names)
        for name in found.columns
        if name not in {"file", "role"}
    }


def _read_rows(path: AnyPath, wanted: Wanted, reading: _Reading) -> None:
    """Read tables, in which each row says its label."""
    found = sources.open_postings(path, wanted)
    try:
        _check_labels(found)
    except DatasetError:
        found.close()
        raise
    reading.notes += found.notes
    reading.notes += [
        f"{each.name}: the labels are read from {each.chosen.label!r}"
        for each in found.tables
        if each.chosen.label is not None
    ]
    documents = 0
    for each in found:
        if each.row is None and not isinstance(each.posting, JobclfError):
            documents += 1
            continue
        label = label_of(each.label, each.row, reading.roles)
        reading.add(each, label, each.name)
    if documents:
        reading.unlabeled += documents
        reading.notes.append(f"{os.fspath(path)}: {documents:,} files have no label")


def _check_labels(found: sources.Postings) -> None:
    """Refuse tables without labels, and files that are none."""
    if not found.tables:
        name = next((each for each in found.heads if isinstance(each, str)), "it")
        raise DatasetError(
            "it is no table, and no folder with a folder for each role",
            "give labelled postings: put them into folders data_scientist, ml_engineer and other, "
            "or name a table with a column of roles",
            reason=Reason.NO_LABEL,
            path=name,
        )
    for table in found.tables:
        label = table.chosen.label
        if label is None and not has_labels(set(table.columns)):
            raise DatasetError(
                "no column is known as the label",
                f"name one with {option('label_column')}: {listed(table.columns)}",
                reason=Reason.NO_COLUMN,
                path=table.name,
            )


def paths_in(data: Any) -> list[AnyPath]:
    """Return the path that names postings, none for a frame or nothing."""
    return [data] if isinstance(data, str | os.PathLike) else []


def called(data: Any) -> str:
    """Return what to call what holds labelled postings: its path, or its type."""
    return str(data) if paths_in(data) else type(data).__name__


def check_exists(data: Any) -> None:
    """Refuse at once what is not there; of addresses and patterns the reader tells."""
    if not paths_in(data):
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
