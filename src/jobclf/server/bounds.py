"""How much is taken at once: bytes and time of a request, requests at work and waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobclf import limits
from jobclf.server.problems import BusyError, problem

_SLOWEST = 20_000  # bytes a second that a body must come with, after the first seconds
LINGER = 2.0  # seconds in which a client may read why its upload is not taken


class Gate:
    """So many at work, four times as many waiting; who else comes is told to try again.

    Parameters
    ----------
    at_work : int
        How many may be at work at once.
    """

    def __init__(self, at_work: int) -> None:
        self._most = 5 * at_work
        self._running = 0
        self._work = asyncio.Semaphore(at_work)

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[None]:
        """Wait for a place at work; raise `BusyError` where too many wait already."""
        if self._running >= self._most:
            raise BusyError
        self._running += 1
        try:
            async with self._work:
                yield
        finally:
            self._running -= 1


class TooLargeError(Exception):
    """The body of a request goes over its limit of bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class Limits:
    """Bound what a request holds and how long its client may take.

    Parameters
    ----------
    app : ASGI application
        What answers.
    largest : dict
        For a path, or the start of paths that ends in a slash, how many bytes a body may have; None
        for any number: those are streams, which are not held. Others take `limits.REQUEST_JSON`.
    """

    def __init__(self, app: ASGIApp, largest: dict[str, int | None]) -> None:
        self._app, self._largest = app, largest
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on within the limits; cut off who goes over them."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most(scope["path"])
        size = _announced(scope)
        if most is not None and size is not None and size > most:
            await too_large(scope, most)(scope, receive, send)
            return
        request = _Request(self, most, scope, receive, send)
        try:
            await self._app(scope, request.receive, request.send)
        finally:
            self._held -= request.held

    def _most(self, path: str) -> int | None:
        folder = f"/{path[1:].partition('/')[0]}/"
        return self._largest.get(path, self._largest.get(folder, limits.REQUEST_JSON))

    def hold(self, size: int) -> None:
        """Count bytes that a request holds; raise `BusyError` where all hold too many."""
        if self._held + size > limits.REQUESTS_HELD:
            raise BusyError
        self._held += size


def too_large(scope: Scope, most: int) -> Response:
    """Return what is said of a body over its limit, the rest of which is not read."""
    cut(scope, LINGER)
    return problem(413, "too_large", f"the body is over {most / 2**20:.0f} MB", "give less")


def cut(scope: Scope, seconds: float) -> None:
    """Close the connection soon, so that nothing more of its body has to be read."""
    abort = scope.get("extensions", {}).get("jobclf.abort")
    if abort is not None:
        asyncio.get_running_loop().call_later(seconds, abort)


class _Request:
    """The two streams of one request, with a count and a clock."""

    def __init__(
        self, bounds: Limits, most: int | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._bounds, self._most, self._scope = bounds, most, scope
        self._receive, self._send = receive, send
        self._began = asyncio.get_running_loop().time()
        self._whole = False
        self._taken = self.held = 0

    async def receive(self) -> Message:
        if self._whole:  # what may still come is that the client goes
            return await self._receive()
        try:
            async with asyncio.timeout(
                limits.STALLED if self._most is not None else limits.STREAM_STALLED
            ):
                message = await self._receive()
        except TimeoutError:
            return self._cut_off()
        if message["type"] != "http.request":
            return message
        self._whole = not message.get("more_body", False)
        if self._most is None:
            return message
        size = len(message.get("body", b""))
        if self._taken + size > self._most:
            raise TooLargeError(self._most)
        if self._most <= limits.REQUEST_POSTING:  # larger ones go to the disk
            self._bounds.hold(size)
            self.held += size
        self._taken += size
        gone = asyncio.get_running_loop().time() - self._began
        if not self._whole and gone > limits.STALLED + self._taken / _SLOWEST:
            return self._cut_off()
        return message

    async def send(self, message: Message) -> None:
        still_sending = self._most is None and not self._whole  # who may read later
        try:
            async with asyncio.timeout(None if still_sending else limits.STALLED):
                await self._send(message)
        except TimeoutError:
            self._cut_off()

    def _cut_off(self) -> Message:
        cut(self._scope, 0.0)
        self._whole = True
        return {"type": "http.disconnect"}


def _announced(scope: Scope) -> int | None:
    """Return the length that a request says its body has."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else None
    return None
