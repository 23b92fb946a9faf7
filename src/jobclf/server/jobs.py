"""Tables that are judged for the page: each in a folder of its own, which goes with it."""

import asyncio
import json
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobclf import limits
from jobclf.errors import JobclfError, PostingError, Reason
from jobclf.server import table_tasks
from jobclf.server.names import path_name
from jobclf.server.problems import BusyError
from jobclf.server.workers import Workers

_KEPT = 2 * 3600.0  # seconds after which one that nobody asks after goes
_STOPS_WITHIN = 5.0  # seconds, after which the process is ended


@dataclass
class Job:
    """Files that are uploaded, judged, looked at and taken away.

    `state` is `open` while files may come, then `running`, and at last `done` or `failed`.
    """

    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="jobclf-job-")))
    names: list[str] = field(default_factory=list)
    state: str = "open"
    progress: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] | None = None
    error: JobclfError | None = None
    size: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    asked: float = field(default_factory=time.monotonic)
    work: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        (self.folder / table_tasks.INPUT).mkdir()

    def place(self, name: str) -> Path:
        """Return where an upload of this name is written, and take note of it."""
        if self.state != "open":
            raise PostingError("it has begun already", "make another", reason=Reason.CHANGED)
        if len(self.names) >= limits.REQUEST_FILES:
            raise PostingError(
                f"there are over {limits.REQUEST_FILES:,} files",
                "give fewer",
                reason=Reason.TOO_LARGE,
            )
        plain = free = path_name(name)
        taken = {each.lower() for each in self.names}  # some systems know no capitals
        for number in range(2, len(taken) + 3):
            if free.lower() not in taken:
                break
            free = f"{number}_{plain}" if "/" not in plain else plain.replace("/", f"_{number}/", 1)
        self.names.append(free)
        path = self.folder / table_tasks.INPUT / free
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def stem(self) -> str:
        """What a file made of it goes by: the one file, else the folder of all."""
        if len(self.names) == 1:
            return Path(self.names[0]).name.partition(".")[0]
        folders = {name.partition("/")[0] if "/" in name else "" for name in self.names}
        return (folders.pop() if len(folders) == 1 else "") or "postings"

    def task(self, do: str, **more: Any) -> dict[str, Any]:
        """Return what a worker is told."""
        return {"do": do, "folder": str(self.folder), "names": self.names} | self.columns | more

    def fields(self) -> dict[str, Any]:
        """Return what is told of the job."""
        told = {"id": self.id, "state": self.state, "files": len(self.names)} | self.progress
        if self.summary is not None:
            told["summary"] = self.summary
        if self.error is not None:
            told["error"] = self.error.to_dict()
        return told

    async def look(self, workers: Workers) -> None:
        """Judge all rows, and remember what they come to or why they do not."""
        try:
            answer = await workers.do(self.task("look"), seconds=limits.SILENT, progress=self.heard)
            self.summary = json.loads(answer.body)
            self.state = "done"
        except JobclfError as error:
            self.error, self.state = error, "failed"
        except asyncio.CancelledError:
            stopped = PostingError("it was stopped", "start it again", reason=Reason.STOPPED)
            self.error, self.state = stopped, "failed"

    def heard(self, facts: dict[str, Any]) -> None:
        """Take note of how far the work is."""
        self.progress = {name: facts.get(name) for name in ("rows", "share", "counts")}

    async def stop(self) -> None:
        """End the work; the rows that are done stay."""
        if self.work is None or self.work.done():
            return
        (self.folder / table_tasks.STOP).touch()
        await asyncio.wait({self.work}, timeout=_STOPS_WITHIN)
        self.work.cancel()
        await asyncio.wait({self.work})

    async def end(self) -> None:
        """End the work and remove all that was uploaded."""
        if self.work is not None:
            self.work.cancel()
            await asyncio.wait({self.work})
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)


class Jobs:
    """The jobs that are kept."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self._all: dict[str, Job] = {}

    async def new(self) -> Job:
        """Make a job; the one that nobody has asked after for longest may go for it."""
        for job in sorted(self._all.values(), key=lambda each: each.asked):
            old = time.monotonic() - job.asked > _KEPT
            idle = job.work is None or job.work.done()
            if old or (idle and len(self._all) >= limits.TABLES_KEPT):
                await self.drop(job)
        if len(self._all) >= limits.TABLES_KEPT:
            raise BusyError
        job = Job()
        self._all[job.id] = job
        return job

    def find(self, name: str) -> Job:
        """Return the job of an id."""
        job = self._all.get(name)
        if job is None:
            raise JobclfError(
                "this table is no longer kept", "give it again", reason=Reason.NOT_FOUND
            )
        job.asked = time.monotonic()
        return job

    def start(self, job: Job, columns: dict[str, str]) -> None:
        """Begin to judge what was uploaded, by these columns where any are named."""
        job.state, job.columns = "running", columns
        job.progress, job.summary, job.error = {}, None, None
        (job.folder / table_tasks.STOP).unlink(missing_ok=True)
        job.work = asyncio.create_task(job.look(self.workers))

    async def drop(self, job: Job) -> None:
        """Remove a job with all that belongs to it."""
        if self._all.pop(job.id, None) is not None:
            await job.end()

    async def end(self) -> None:
        """Remove all jobs."""
        for job in list(self._all.values()):
            await self.drop(job)
