"""Tables judged row by row: where the rows go, which of them, and what is said of them."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jobclf import atomic
from jobclf.atomic import AnyPath
from jobclf.batch import fragments, names, predictions
from jobclf.batch.gate import Gate, at_places
from jobclf.batch.parts import counted
from jobclf.batch.predictions import PredictedBatch, PredictedTable, Tally
from jobclf.classifier.model import RoleModel
from jobclf.errors import OutputError, Reason, option
from jobclf.tables import listing, sources, writer
from jobclf.tables.wanted import Wanted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Progress = Callable[[int, float | None], None]  # rows judged, share of the input that is read


@dataclass(frozen=True, slots=True)
class Output:
    """Which rows and columns come out, and where they go.

    Parameters
    ----------
    prefix : str
        Put before the names of the columns that are added.
    columns : str or iterable of str, optional
        Names of those that come out, in order; all without it. `model` among them says which model
        answered: its name, a short digest, and the version of jobclf.
    keep : str or iterable of str, optional
        Roles whose rows come out.
    min_confidence : float, optional
        The least confidence of rows that come out, 0 to 1.
    output, rest : path, optional
        The file, folder or address that rows are written to, and the file for those not kept.
    safe_csv : bool
        Put an apostrophe before cells that a spreadsheet would run as a formula.
    marked : bool
        Begin CSV in UTF-8 with the mark by which Excel knows it.
    """

    prefix: str = ""
    columns: str | Iterable[str] | None = None
    keep: str | Iterable[str] | None = None
    min_confidence: float | None = None
    output: AnyPath | None = None
    rest: AnyPath | None = None
    safe_csv: bool = False
    marked: bool = False

    @property
    def writes(self) -> bool:
        """Whether the rows that come out go to files."""
        return bool(self.output or self.safe_csv)

    def in_parts(self, scheduler: str | None) -> bool:
        """Tell whether rows go to a folder of parts."""
        return scheduler is not None or (
            self.output is not None and fragments.is_folder(self.output)
        )

    def check_frame(self, scheduler: str | None) -> None:
        """Refuse what does not go with a frame, which comes back as one."""
        if self.writes or scheduler:
            raise OutputError(
                "a frame comes back as a frame, and is not written",
                "leave out output, safe_csv and scheduler, and write what comes back",
                reason=Reason.BAD_OPTION,
            )
        if self.rest is not None:
            writer.form(self.rest)
            atomic.check(self.rest)

    def check_parts(self) -> None:
        """Refuse what does not go with a folder of parts."""
        if self.output is None:
            raise OutputError(
                "with a scheduler the answers go to a folder",
                f"name one with {option('output')}",
                reason=Reason.BAD_OPTION,
            )
        if self.keep is not None or self.min_confidence is not None or self.rest is not None:
            raise OutputError(
                "a folder of parts has all rows",
                f"leave out {option('keep')} and {option('min_confidence')}, or name a file",
                reason=Reason.BAD_OPTION,
            )

    def check_files(self, read: list[AnyPath]) -> None:
        """Refuse places that rows cannot be written to, among them what is read."""
        for target in (self.output, self.rest):
            if target is not None:
                writer.form(target, safe_csv=self.safe_csv)
                atomic.check(target)
                atomic.check_not_read(target, listing.read_files(read))
        if self.output is None and self.safe_csv:
            raise OutputError(
                f"{option('safe_csv')} is for files",
                f"name one with {option('output')}",
                reason=Reason.BAD_OPTION,
            )
        both = {os.path.realpath(each) for each in (self.output, self.rest) if each is not None}
        if self.output is not None and self.rest is not None and len(both) == 1:
            raise OutputError(
                "the rows that are kept and the rest are to be written to the same file",
                f"name another with {option('rest')}",
                reason=Reason.BAD_OPTION,
                path=os.fspath(self.rest),
            )

    def gate(self) -> Gate | None:
        """Return which answers come out, None for all."""
        gate = Gate.of(self.keep, self.min_confidence)
        if gate is None and self.rest is not None:
            raise OutputError(
                f"all rows are kept, and none are left for {option('rest')}",
                f"say what is kept with {option('keep')} or {option('min_confidence')}",
                reason=Reason.BAD_OPTION,
            )
        return gate


def predict_parts(
    model: RoleModel,
    paths: list[AnyPath],
    wanted: Wanted,
    out: Output,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> PredictedTable:
    """Judge tables in fragments, each written as a part of its own; only the tally comes back."""
    folder = fragments.folder(out.output or "")
    columns = None if out.columns is None else names.listed_columns(out.columns)
    work = fragments.Work(model, folder, wanted, out.prefix, out.safe_csv, columns)
    files = listing.files_of(paths).names
    said: list[str] = []
    done = fragments.run(
        work,
        files,
        jobs=jobs,
        scheduler=scheduler,
        progress=progress or (lambda *_: None),
        tell=said.append,
    )
    return PredictedTable((), iter(()), counted(done), notes=tuple(said))


def predict_rows(
    model: RoleModel,
    paths: list[AnyPath],
    wanted: Wanted,
    out: Output,
    *,
    gate: Gate | None = None,
    places: "NDArray[np.bool_] | None" = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> PredictedTable:
    """Judge rows while they are asked for, or all of them where they are written to a file.

    Parameters
    ----------
    model : RoleModel
        The model, for the prevalence that is expected.
    paths : list of paths
        Tables, files of one posting, folders and patterns of them, `-`.
    wanted : Wanted
        The columns that are read.
    out : Output
        Where they go.
    gate : Gate, optional
        Which come out, by their answers.
    places : array of bool, optional
        Which come out, by where they stand; none beyond its length.
    jobs : int
        Processes that judge them; the order stays.
    progress : callable, optional
        Called with the rows judged and the share of the input that is read.
    """
    found = sources.open_postings(paths, wanted)
    with ExitStack() as opening:
        opening.callback(found.close)
        added = names.added_names(found.columns, out.prefix)
        shown, which = names.shown(model, out.columns, found.columns, added, out.prefix)
        opening.pop_all()  # from here on the rows close what they read
    layout = found.layout
    if out.marked and layout.encoding == "utf-8":
        layout = layout._replace(encoding="utf-8-sig")
    tally = Tally(named="title" if found.chosen else "file", not_read=found.not_read)
    chunks = predictions.predicted(model, found.batches(), tally, jobs, taken=added, named=which)
    if progress is not None:
        chunks = _telling(chunks, tally, found.share, progress)
    write = partial(
        predictions.write,
        columns=found.columns,
        names=added,
        schema=found.schema,
        safe_csv=out.safe_csv,
        shown=shown,
        layout=layout,
    )
    said: list[str] = []
    if places is not None:
        chunks = at_places(chunks, places)
    if gate is not None:
        rest = out.rest
        keeping = None if rest is None else lambda others: said.extend(write(rest, others))
        chunks = gate.passed(chunks, keeping)
    if out.output is not None:
        said.extend(write(out.output, chunks))
    rows = (row for chunk in chunks for row in chunk.rows(added, shown))
    return PredictedTable(
        shown or (*found.columns, *added),
        rows,
        tally,
        found.chosen,
        (*found.notes, *names.renamed(added, out.prefix)),
        added[[*names.ADDED].index("error")],
        gate,
        lambda: (*found.remarks, *said),
    )


def _telling(
    chunks: Iterator[PredictedBatch],
    tally: Tally,
    share: Callable[[], float | None],
    progress: Progress,
) -> Iterator[PredictedBatch]:
    for chunk in chunks:
        yield chunk
        progress(tally.postings, share())
