"""`POST /predict/batch`: JSON lines in and out, any number, each answered as soon as it can be.

Many clients send all before they read anything, so answers wait in a spool and never hold up what
is still coming.
"""

import asyncio
from collections import deque
from tempfile import SpooledTemporaryFile
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from jobclf import limits
from jobclf.errors import JobclfError, printable
from jobclf.reports import render
from jobclf.server import bounds, problems
from jobclf.server.state import State
from jobclf.server.workers import Workers

router = APIRouter()

MEDIA_TYPE = "application/x-ndjson"
_KNOWN = frozenset({MEDIA_TYPE, "application/jsonl", "application/json-lines"})
_LARGEST_PART = 2**20  # bytes of the lines that a worker gets at once
_MOST_AHEAD = 16 * 2**20  # bytes of lines that wait for a worker; a line is 8 MB at most
_IN_MEMORY = 4 * 2**20  # bytes
_PIECE = 256 * 1024
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "string",
                    "description": "A JSON object a line, with `text`, perhaps `title`, and "
                    "whatever else is to come back with the answer.",
                },
                "example": '{"id": 1, "text": "We deploy machine learning models …"}\n',
            }
        },
    }
}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A line for each line, in order: its other fields, and those of the answer, "
        "or `error` and `error_reason`.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}


@router.post(
    "/predict/batch",
    openapi_extra=_BODY,
    responses=_ANSWER | problems.RESPONSES,
    response_class=Response,
)
async def batch(request: Request) -> Response:
    """Say what the work in many postings is, line by line."""
    kind = request.headers.get("content-type", MEDIA_TYPE).partition(";")[0].strip().lower()
    if kind not in _KNOWN:
        raise HTTPException(
            415,
            f"the body is {printable(kind)[:99]!r}; send JSON lines as Content-Type {MEDIA_TYPE}",
        )
    return _Lines(State.of(request))


class _Lines(Response):
    """The response, which reads the request while it is sent."""

    def __init__(self, state: State) -> None:
        super().__init__(media_type=MEDIA_TYPE)
        del self.headers["content-length"]
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take lines and send answers until both ends are through."""
        async with self._state.streams.entered():
            stream = _Stream(self._state.workers)
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(stream.take(receive))
                    tasks.create_task(stream.work())
                    tasks.create_task(stream.collect())
                    tasks.create_task(stream.give(send, self.raw_headers))
            except* ClientDisconnect:
                bounds.cut(scope, 0.0)
            else:
                if stream.refused:
                    bounds.cut(scope, bounds.LINGER)
            finally:
                stream.spool.close()


class _Stream:
    """One batch under way: lines that came, parts at work in order, answers to be sent."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._moved = asyncio.Condition()  # something went from one place to the next
        self._lines = bytearray()
        self._whole = False  # no more lines will come
        self.refused = False  # a line is too long, and nothing after it is read
        self._at_work: deque[asyncio.Task[bytes]] = deque()
        self._given = False  # all lines are at work or done
        self.spool = Spool()
        self._answered = False  # all answers are in the spool

    async def take(self, receive: Receive) -> None:
        """Read lines, as many as there is room for."""
        while not (self._whole or self.refused):
            message = await receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            async with self._moved:
                self._lines += message.get("body", b"")
                self._whole = not message.get("more_body", False)
                self._moved.notify_all()
                await self._moved.wait_for(
                    lambda: len(self._lines) < _MOST_AHEAD or self._whole or self.refused
                )

    async def work(self) -> None:
        """Give lines to workers: few at a time while those are idle, else as many as they take."""
        number = 0
        async with self._moved:
            while not self.refused:
                await self._moved.wait_for(self._may_work)
                end = self._end()
                if end == 0:
                    break
                self.refused = end > limits.REQUEST_JSON
                lines = b"" if self.refused else bytes(self._lines[:end])
                del self._lines[:end]
                self._at_work.append(asyncio.create_task(self._predicted(lines, number)))
                number += lines.count(b"\n")
                self._moved.notify_all()
            self._given = True
            self._moved.notify_all()

    def _may_work(self) -> bool:
        idle = len(self._at_work) <= len(self._workers.all) and len(self.spool) < limits.SPOOLED
        return idle and (self._end() > 0 or self._whole)

    def _end(self) -> int:
        """Return where the lines end that a worker can get next, 0 if there are none."""
        if self._whole and len(self._lines) <= _LARGEST_PART:
            return len(self._lines)
        end = self._lines.rfind(b"\n", 0, _LARGEST_PART) + 1
        if end == 0 and len(self._lines) > _LARGEST_PART:  # a single line that is longer
            end = self._lines.find(b"\n", _LARGEST_PART) + 1
            if end == 0 and (self._whole or len(self._lines) > limits.REQUEST_JSON):
                end = len(self._lines)
        return end

    async def _predicted(self, lines: bytes, number: int) -> bytes:
        """Return the answers to some lines, before which there are so many."""
        if not lines:
            most = f"{limits.REQUEST_JSON >> 20} MB"
            return _told(f"line {number + 1} is over {most}; give less", "too_large")
        try:
            answer = await self._workers.do({"do": "batch"}, lines, seconds=limits.FILE_WITHIN)
        except JobclfError as error:
            count = sum(1 for line in lines.split(b"\n") if line.strip())
            return _told(str(error), str(error.reason)) * count
        return answer.body

    async def collect(self) -> None:
        """Put the answers into the spool, in the order of their lines."""
        while True:
            async with self._moved:
                await self._moved.wait_for(lambda: bool(self._at_work) or self._given)
                if not self._at_work:
                    self._answered = True
                    self._moved.notify_all()
                    return
            answer = await asyncio.shield(self._at_work[0])
            async with self._moved:
                self._at_work.popleft()
                self.spool.put(answer)
                self._moved.notify_all()

    async def give(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        """Send what the spool holds as it comes."""
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while True:
            async with self._moved:
                await self._moved.wait_for(lambda: len(self.spool) > 0 or self._answered)
                piece = self.spool.take()
                self._moved.notify_all()
            await send({"type": "http.response.body", "body": piece, "more_body": bool(piece)})
            if not piece:
                return


def _told(error: str, reason: str) -> bytes:
    return render.as_json({"error": error, "error_reason": reason}).encode() + b"\n"


class Spool:
    """What is put in comes out in order; what is read takes no room once all is."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # `close` does
        self._read = self._written = 0

    def __len__(self) -> int:
        return self._written - self._read

    def put(self, content: bytes) -> None:
        """Add bytes at the end."""
        self._file.seek(self._written)
        self._written += self._file.write(content)

    def take(self) -> bytes:
        """Return some bytes from the start, none if there are none."""
        self._file.seek(self._read)
        found = self._file.read(min(_PIECE, len(self)))
        self._read += len(found)
        if not self:
            self._read = self._written = 0
            self._file.truncate(0)
        return found

    def close(self) -> None:
        """Let all go."""
        self._file.close()
