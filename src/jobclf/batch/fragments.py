"""Tables judged in fragments, each read, judged and written as a part of its own.

A fragment can be done anywhere, at any time and more than once: its part has a name that follows
from what goes into it, and comes into its place whole. What is done is never done again.
"""

import hashlib
import json
import os
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import CancelledError, as_completed
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from jobclf import __version__
from jobclf.batch import cluster, parts, predictions
from jobclf.batch.folders import Folder
from jobclf.batch.names import added_names, shown
from jobclf.batch.parts import Part
from jobclf.classifier.model import RoleModel
from jobclf.errors import DatasetError, JobclfError, OutputError, Reason
from jobclf.processes import sharing
from jobclf.roles import Role
from jobclf.tables import forms, reader, streams
from jobclf.tables.wanted import Wanted

# Names that begin with _ are passed over by those who read a folder of Parquet as one table.
MANIFEST = "_manifest.json"
_RECORDS = "_parts"  # folder of what is known of each part that is done
_AGAIN = "run the same command again, it does what is missing"
_ROWS = 50_000  # of a fragment, unless one row group has more
_ENDINGS = {
    "parquet": ".parquet",
    "csv": ".csv",
    "tsv": ".tsv",
    "jsonl": ".jsonl",
    "json": ".jsonl",
    "excel": ".jsonl",
    "sqlite": ".jsonl",
    "feed": ".jsonl",
}


@dataclass(frozen=True, slots=True)
class Fragment:
    """Some row groups of a Parquet file, or another table as a whole.

    `stamp` tells the state of the source that was planned for; `part` is the name of the part.
    """

    source: str
    stamp: str
    row_groups: tuple[int, ...] | None
    part: str


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with each fragment, and the folder that its part goes to."""

    model: RoleModel
    folder: Folder
    wanted: Wanted = field(default_factory=Wanted)
    prefix: str = ""
    safe_csv: bool = False
    columns: tuple[str, ...] | None = None  # that come out, all without it

    def write(self, fragment: Fragment) -> Part:
        """Judge a fragment, and write its part and then its record."""
        tally = predictions.Tally()
        with self.folder.placing(fragment.part) as target:
            table = reader.read(fragment.source, self.wanted, groups=fragment.row_groups)
            try:
                names = added_names(table.columns, self.prefix)
                out, which = shown(self.model, self.columns, table.columns, names, self.prefix)
                chunks = _unless_changed(
                    predictions.predicted(
                        self.model, table.batches, tally, taken=names, named=which
                    ),
                    fragment,
                )
                predictions.write(
                    target,
                    chunks,
                    table.columns,
                    names,
                    table.schema,
                    safe_csv=self.safe_csv,
                    shown=out,
                )
            finally:
                table.close()
            size = target.stat().st_size
        groups = None if fragment.row_groups is None else list(fragment.row_groups)
        roles = {str(role): tally.roles[role] for role in Role}
        done = Part(
            fragment.part,
            fragment.source,
            groups,
            size,
            tally.postings,
            tally.failed,
            roles,
            dict(tally.reasons),
        )
        content = json.dumps(asdict(done)).encode()
        self.folder.below(_RECORDS).write(f"{fragment.part}.json", content)
        return done

    def done(self, fragment: Fragment, size: int | None) -> Part | None:
        """Return what is known of the part of a fragment that has a size, None if it is missing."""
        if size is None:
            return None
        record = self.folder.below(_RECORDS).read(f"{fragment.part}.json")
        found = parts.recorded(record or b"")
        if found is None or found.bytes != size or found.part != fragment.part:
            return None
        planned = (fragment.source, fragment.row_groups)
        return found if (found.source, parts.groups_of(found)) == planned else None

    def digest(self) -> str:
        """Return what tells this work from other work."""
        given = [self.wanted, self.prefix, self.safe_csv, self.columns]
        whole = json.dumps([self.model.fingerprint, __version__, *given])
        return hashlib.sha256(whole.encode()).hexdigest()


def _unless_changed(
    chunks: Iterable[predictions.PredictedBatch], fragment: Fragment
) -> Iterator[predictions.PredictedBatch]:
    """Yield chunks; refuse at the end if their source is no longer what was planned for."""
    yield from chunks
    if streams.stamp(fragment.source) != fragment.stamp:
        raise DatasetError(
            "it was changed meanwhile",
            "name an empty folder",
            reason=Reason.CHANGED,
            path=fragment.source,
        )


def plan(sources: Iterable[str], digest: str) -> list[Fragment]:
    """Cut tables into fragments, and name their parts in order."""
    fragments: list[Fragment] = []
    for source in sources:
        kind = forms.form_of(source) if source != "-" else forms.DOCUMENT
        if kind == forms.DOCUMENT:
            raise DatasetError(
                "it is no table, and a folder takes tables",
                "name a file such as out.csv",
                reason=Reason.UNSUPPORTED,
                path=source,
            )
        place = source if "://" in source else str(Path(source).resolve())
        stamp = streams.stamp(place)
        for groups in _cut(reader.groups(place)) if kind == "parquet" else [None]:
            known = json.dumps([digest, place, stamp, groups])
            key = hashlib.sha256(known.encode()).hexdigest()[:12]
            part = f"part-{len(fragments):06}-{key}{_ENDINGS[kind]}"
            fragments.append(Fragment(place, stamp, groups, part))
    return fragments


def _cut(rows: list[int]) -> Iterator[tuple[int, ...]]:
    """Put neighbouring row groups together until they have enough rows."""
    first = count = 0
    for at, more in enumerate(rows):
        if at > first and count + more > _ROWS:
            yield tuple(range(first, at))
            first, count = at, 0
        count += more
    yield tuple(range(first, len(rows)))


def run(
    work: Work,
    sources: Iterable[str],
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Callable[[int, float], None] = lambda _rows, _share: None,
    tell: Callable[[str], None] = lambda _fact: None,
) -> list[Part]:
    """Do the fragments that are not done yet; return all parts in order and write the manifest.

    Where some fail, the others are done all the same, and the first fault is raised. `tell` is
    called with what is good to know of a scheduler's workers.
    """
    digest = work.digest()
    fragments = plan(sources, digest)
    sizes = _prepared(work.folder, {fragment.part for fragment in fragments})
    found = ((each.part, work.done(each, sizes.get(each.part))) for each in fragments)
    done = {name: part for name, part in found if part is not None}
    missing = [fragment for fragment in fragments if fragment.part not in done]
    if missing:
        work.folder.remove(MANIFEST)
    faults: list[JobclfError] = []
    rows = 0
    for fragment, predicted in _each(work, missing, jobs, scheduler, tell):
        if isinstance(predicted, Part):
            done[fragment.part] = predicted
            rows += predicted.rows
        else:
            faults.append(predicted.at(path=fragment.source))
        progress(rows, (len(done) + len(faults)) / len(fragments))
    if faults:
        first = faults[0]
        raise JobclfError(
            f"{len(faults)} of {len(fragments)} parts are missing, the first for this: "
            f"{first.place}: {first.fact}",
            f"{first.remedy or 'mend that'}, then start again for what is missing",
            reason=first.reason,
        )
    ordered = [done[fragment.part] for fragment in fragments]
    _close(work, digest, ordered)
    return ordered


def _prepared(folder: Folder, names: set[str]) -> dict[str, int]:
    """Make the folder and return the sizes of its files; refuse the parts of other work."""
    folder.make()
    records = folder.below(_RECORDS)
    if records.leads_out():
        raise OutputError(
            f"its {_RECORDS} is a link",
            "name an empty folder",
            reason=Reason.EXISTS,
            path=folder.place,
        )
    records.make()
    sizes = folder.sizes()
    _check_others(folder, sizes, names)
    if not parts.is_manifest(folder.read(MANIFEST)):
        raise OutputError(
            f"its {MANIFEST} is not of jobclf",
            "name an empty folder",
            reason=Reason.EXISTS,
            path=folder.place,
        )
    return sizes


def _check_others(folder: Folder, found: Iterable[str], names: Container[str]) -> None:
    """Refuse parts of other work in a folder, which would be read as one table with ours."""
    other = next((each for each in found if each.startswith("part-") and each not in names), None)
    if other is not None:
        raise OutputError(
            f"it holds {other}, a part of other postings or another model",
            "name an empty folder",
            reason=Reason.EXISTS,
            path=folder.place,
        )


def _close(work: Work, digest: str, done: list[Part]) -> None:
    """Look whether all parts are there, remove halves of some, and write the manifest."""
    sizes = work.folder.sizes()
    # Another who began when it was empty as well.
    _check_others(work.folder, sizes, {part.part for part in done})
    lost = next((part.part for part in done if sizes.get(part.part) != part.bytes), None)
    if lost is not None:
        raise OutputError(
            f"it does not hold {lost} as it was written",
            "name a folder or an address that all workers share",
            reason=Reason.CHANGED,
            path=work.folder.place,
        )
    work.folder.clear()
    work.folder.below(_RECORDS).clear()
    tally = parts.counted(done)
    manifest = {
        "format": 1,
        "jobclf": __version__,
        "model": work.model.card.name,
        "digest": digest,
        "rows": tally.postings,
        "failed": tally.failed,
        "reasons": dict(tally.reasons),
        "roles": {str(role): tally.roles[role] for role in Role},
        "parts": [asdict(part) for part in done],
    }
    work.folder.write(MANIFEST, json.dumps(manifest, indent=1).encode())


def _each(
    work: Work,
    fragments: list[Fragment],
    jobs: int,
    scheduler: str | None,
    tell: Callable[[str], None],
) -> Iterator[tuple[Fragment, Part | JobclfError]]:
    """Do fragments here or elsewhere; yield each with its part, or with what went wrong."""
    if not fragments:
        return
    if scheduler is None and jobs == 1:
        for fragment in fragments:
            yield fragment, _tried(work, fragment)
        return
    function = partial(_tried, work)
    with (
        sharing.pool(jobs, function)
        if scheduler is None
        else cluster.pool(scheduler, function, tell) as submit
    ):
        futures = {submit(fragment): fragment for fragment in fragments}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except CancelledError:
                lost = "it was cancelled, or the scheduler was lost"
                yield futures[future], JobclfError(lost, _AGAIN, reason=Reason.CLUSTER)
            except Exception as error:
                if scheduler is None:
                    raise
                fact = str(error).split("\n", 1)[0]
                yield futures[future], JobclfError(fact, _AGAIN, reason=Reason.CLUSTER)


def _tried(work: Work, fragment: Fragment) -> Part | JobclfError:
    try:
        return work.write(fragment)
    except JobclfError as error:
        return error


def folder(path: str | os.PathLike[str]) -> Folder:
    """Return the folder of parts that an output names."""
    name = os.fspath(path)
    for here in ("file://", "local://"):  # on a disk files are written whole
        name = name.removeprefix(here) if name.startswith(here) else name
    return Folder(name.rstrip("/") if "://" in name else str(Path(name).resolve()))


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Tell whether an output names a folder of parts: one that is there, or by its last slash."""
    name = os.fspath(path)
    return name.endswith(("/", os.sep)) or "://" in name or os.path.isdir(path)  # noqa: PTH112  # odd names are no folders to it
