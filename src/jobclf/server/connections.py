"""Connections of uvicorn that end where a client does not get on, and that are only so many."""

import asyncio
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from jobclf import limits


class Connection(H11Protocol):
    """A connection whose request must come within `limits.HEADERS_WITHIN` seconds.

    Where there are `limits.CONNECTIONS` and one more comes, the one that has waited longest for
    its request goes; where none waits, the one whose body comes most slowly.
    """

    _waiting: "dict[Connection, None]" = {}  # noqa: RUF012  # of this process, the oldest first
    _sending: "dict[Connection, None]" = {}  # noqa: RUF012  # those whose body still comes

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadline: asyncio.TimerHandle | None = None
        self._began, self._taken = self.loop.time(), 0
        self.app = _abortable(self.app, self)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        if len(self.connections) > limits.CONNECTIONS:
            slowest = min(self._sending, key=Connection._rate, default=self)
            next(iter(self._waiting), slowest).transport.abort()
        if not transport.is_closing():
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Take bytes; what is no whole request yet is waited for only so long."""
        super().data_received(data)
        # No cycle before the first request, whatever the types say.
        if self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr]
            self._wait()
            return
        self._have()
        if self.cycle.more_body:
            if self not in self._sending:
                self._began, self._taken = self.loop.time(), 0
                self._sending[self] = None
            self._taken += len(data)
        else:
            self._sending.pop(self, None)

    def _rate(self) -> float:
        """Return the bytes a second that a body comes with."""
        return self._taken / (self.loop.time() - self._began + 1.0)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        self._sending.pop(self, None)
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._waiting[self] = None  # the timer of idle connections is uvicorn's

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._have()
        self._sending.pop(self, None)
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting[self] = None
        if self._deadline is None:
            self._deadline = self.loop.call_later(limits.HEADERS_WITHIN, self.transport.abort)

    def _have(self) -> None:
        self._waiting.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _abortable(app: ASGIApp, connection: Connection) -> ASGIApp:
    """Let an application end the connection of a request at once."""

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        extensions = scope.setdefault("extensions", {})
        cycle = connection.cycle

        def abort() -> None:
            if connection.cycle is cycle:  # not a later request's
                connection.transport.abort()

        extensions["jobclf.abort"] = abort
        await app(scope, receive, send)

    return called
