"""Processes that do the work of requests: warm, bounded in time and memory, replaced when lost."""

import asyncio
import json
import os
import shutil
import struct
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from jobclf.errors import JobclfError, PostingError, Reason

HEADER = struct.Struct(">II")  # bytes of the head and of the body that follow
_START = "import os, sys; from jobclf.server import work; work.serve(*sys.argv[1:])"
_STARTS_WITHIN = 60.0  # seconds; a busy machine takes a few to import NumPy
_ONE_THREAD = {f"{pool}_NUM_THREADS": "1" for pool in ("OMP", "OPENBLAS", "MKL")}

Progress = Callable[[dict[str, Any]], None]


class Answer(NamedTuple):
    """What a worker gives back: facts about the answer, and the answer as bytes."""

    head: dict[str, Any]
    body: bytes


class WorkerLostError(Exception):
    """The process ended while it was at work."""


class Worker:
    """One process, which does one task at a time.

    Tasks and answers are JSON and bytes; nothing that a worker says is unpickled, for it may have
    been taken over by what it read.
    """

    def __init__(self, model: str | None) -> None:
        self._model = model
        self._process: asyncio.subprocess.Process | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="jobclf-"))

    @property
    def pid(self) -> int | None:
        """The process, None while there is none."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Start the process if it is not there, and wait until it is warm."""
        if self._process is not None and self._process.returncode is None:
            return
        # -P: a file of the working folder, which holds uploads, must never be imported.
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _START, str(self.folder), self._model or ""),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # libraries quote what they read
            env=os.environ | _ONE_THREAD,
        )
        try:
            async with asyncio.timeout(_STARTS_WITHIN):
                await self._receive()
        except (TimeoutError, WorkerLostError):
            await self.end()
            raise JobclfError(
                "a worker process does not start", "start the server again", reason=Reason.STOPPED
            ) from None

    async def do(self, head: dict[str, Any], body: bytes, progress: Progress | None) -> Answer:
        """Do one task; what it says before its answer goes to `progress`."""
        await self.start()
        await self._send(head, body)
        while (answer := await self._receive()).head.get("progress"):
            if progress is not None:
                progress(answer.head)
        return answer

    async def _send(self, head: dict[str, Any], body: bytes) -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise WorkerLostError
        start = json.dumps(head).encode()
        try:
            process.stdin.writelines([HEADER.pack(len(start), len(body)), start, body])
            await process.stdin.drain()
        except (ConnectionError, RuntimeError):
            raise WorkerLostError from None

    async def _receive(self) -> Answer:
        process = self._process
        if process is None or process.stdout is None:
            raise WorkerLostError
        try:
            head, body = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
            start = json.loads(await process.stdout.readexactly(head))
            return Answer(start, await process.stdout.readexactly(body))
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            raise WorkerLostError from None

    async def end(self) -> None:
        """End the process and empty its folder."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            if process.stdin is not None:
                process.stdin.close()
        for left in self.folder.iterdir():
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()


class Workers:
    """As many workers as may be at work at once; one that is lost or too slow is replaced.

    Parameters
    ----------
    count : int
        How many tasks are done at once.
    model : str or None
        Model file that answers, the bundled one without it.
    """

    def __init__(self, count: int, model: str | None) -> None:
        self.all = [Worker(model) for _ in range(count)]
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._starting: set[asyncio.Task[None]] = set()

    def start(self, *, warm: bool = True) -> None:
        """Let work begin; the processes start at once if they are to be warm, else when needed."""
        for worker in self.all:
            if warm:
                self._restart(worker)
            else:
                self._idle.put_nowait(worker)

    def _restart(self, worker: Worker) -> asyncio.Event:
        """Replace a process; return what is set once the old one is gone.

        This goes on when whoever asked for it is cancelled, so that no worker is ever lost.
        """
        gone = asyncio.Event()

        async def make_ready() -> None:
            try:
                with suppress(JobclfError, OSError):  # the task that finds it so says it
                    await worker.end()
                    gone.set()
                    await worker.start()
            finally:
                gone.set()
                self._idle.put_nowait(worker)

        task = asyncio.create_task(make_ready())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)
        return gone

    async def do(
        self,
        head: dict[str, Any],
        body: bytes = b"",
        *,
        seconds: float,
        progress: Progress | None = None,
    ) -> Answer:
        """Have a task done by the first worker that is free.

        A task whose worker is ended from outside is done once more by another.

        Parameters
        ----------
        head : dict
            The name of the task in `do`, and what it needs.
        body : bytes
            What it is about.
        seconds : float
            How long the task may take, from when a worker has it or last told of progress.
        progress : callable
            Told what the worker says while it is at it.

        Raises
        ------
        JobclfError
            Which the task came to, or because it took too long or ended its worker twice.
        """
        for _ in range(2):
            try:
                return await self._do(head, body, seconds, progress)
            except WorkerLostError:
                continue
        raise PostingError(
            "the process that read it was ended, perhaps for want of memory",
            "give less at once",
            reason=Reason.STOPPED,
        )

    async def _do(
        self, head: dict[str, Any], body: bytes, seconds: float, progress: Progress | None
    ) -> Answer:
        worker = await self._idle.get()
        whole = False
        try:
            async with asyncio.timeout(seconds) as limit:

                def heard(facts: dict[str, Any]) -> None:
                    limit.reschedule(asyncio.get_running_loop().time() + seconds)
                    if progress is not None:
                        progress(facts)

                answer = await worker.do(head, body, heard)
            whole = True
        except TimeoutError:
            raise PostingError(
                f"it takes longer than {seconds:g} seconds", "give less", reason=Reason.STOPPED
            ) from None
        finally:
            if whole and not answer.head.get("last"):
                self._idle.put_nowait(worker)
            else:  # it is still at work, or gone, or has grown too large
                await self._restart(worker).wait()
        if (error := answer.head.get("error")) is not None:
            raise _error(error)
        return answer

    async def end(self) -> None:
        """End all processes and remove their folders."""
        for task in list(self._starting):
            task.cancel()
        for worker in self.all:
            await worker.end()
            shutil.rmtree(worker.folder, ignore_errors=True)


def _error(fields: dict[str, Any]) -> JobclfError:
    return PostingError(
        fields["fact"],
        fields.get("remedy", ""),
        reason=Reason(fields["reason"]),
        path=fields.get("path"),
        row=fields.get("row"),
        column=fields.get("column"),
    )
