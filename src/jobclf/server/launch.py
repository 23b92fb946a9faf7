"""Start the server: a socket, a token where one is needed, and uvicorn."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from jobclf.errors import JobclfError, Reason
from jobclf.server.app import Settings, create_app
from jobclf.server.connections import Connection
from jobclf.server.security import LOOPBACK, Door, is_token, new_token

_ANSWERED_WITHIN = 10  # seconds in which requests are answered once the server is to end
_LOGGERS = ("asyncio", "fastapi", "multipart", "python_multipart")
_WILDCARDS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  # told apart, not listened on


class _Server(uvicorn.Server):
    """Uvicorn, which ends with exit code 0 when it is told to, and at once when told twice."""

    def __init__(self, config: uvicorn.Config, told: Callable[[], None]) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so; a terminal that is closed is as good as SIGTERM."""
        await super().startup(sockets)
        hangup = getattr(signal, "SIGHUP", None)
        if hangup is not None and signal.getsignal(hangup) != signal.SIG_IGN:
            with suppress(ValueError, RuntimeError):  # in a thread, which is told of none
                asyncio.get_running_loop().add_signal_handler(
                    hangup, self.handle_exit, hangup, None
                )
        if self.started:
            self._told()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Let the requests at work be answered; at the second signal do not wait for them."""
        self.force_exit = self.should_exit
        self.should_exit = True


@dataclass(frozen=True, slots=True)
class Listening:
    """A server with the socket that it listens on."""

    server: uvicorn.Server
    socket: socket.socket

    def serve(self) -> None:
        """Answer requests until SIGINT or SIGTERM; those at work are answered first."""
        asyncio.run(self.server.serve(sockets=[self.socket]))


def listen(
    host: str,
    port: int,
    *,
    model: str | None = None,
    workers: int | None = None,
    labels: str | os.PathLike[str] = "labels.jsonl",
    token_file: str | os.PathLike[str] | None = None,
    started: Callable[[str], None] = lambda _: None,
) -> Listening:
    """Listen on an address; who comes is answered once the result is told to `serve`.

    Parameters
    ----------
    host, port : str, int
        Where to listen; port 0 takes one that is free.
    model : str or None
        Model file, the bundled one without it.
    workers : int or None
        Processes that do the work, one for each processor without it.
    labels : path
        Where labels that people give are kept.
    token_file : path or None
        File that holds the token which every request must bring. Where the host is another than
        this machine itself and no file is given, a new token is made.
    started : callable
        Told the address of the page once it answers.

    Raises
    ------
    JobclfError
        Where the address cannot be listened on or the token cannot be used.
    """
    token = None
    if token_file is not None:
        token = _token(Path(token_file))
    elif host not in LOOPBACK:
        token = new_token()
    listening = _socket(host, port)
    found = listening.getsockname()[1]
    door = Door(None if host in _WILDCARDS else LOOPBACK | {host.lower()}, token)
    settings = Settings(
        door=door,
        model=None if model is None else str(Path(model).absolute()),
        workers=workers or os.cpu_count() or 1,
        labels=Path(labels),
    )
    for name in _LOGGERS:  # nothing is logged: a line may quote a posting
        logging.getLogger(name).setLevel(100)
    config = uvicorn.Config(
        create_app(settings),
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level=100,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_ANSWERED_WITHIN,
    )
    return Listening(_Server(config, lambda: started(_url(host, found, token))), listening)


def _socket(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # By its protocol asyncio knows that an answer's body need not wait for the head to be
        # acknowledged (TCP_NODELAY), which took 40 ms of each request on a kept connection.
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":  # elsewhere it would let two servers share a port
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except (OSError, OverflowError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise JobclfError(
            f"{host} port {port} cannot be listened on: {why}",
            "name another with --host or --port",
            reason=Reason.BAD_OPTION,
        ) from None
    found.set_inheritable(False)
    return found


def _token(path: Path) -> str:
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise JobclfError(
            f"the token cannot be read: {why}",
            "name another file with --token-file",
            reason=Reason.UNREADABLE,
            path=str(path),
        ) from None
    if not is_token(token):
        raise JobclfError(
            "it holds no token of 16 letters or more without blanks",
            "write one into it",
            reason=Reason.BAD_OPTION,
            path=str(path),
        )
    return token


def _url(host: str, port: int, token: str | None) -> str:
    """Return the address of the page; behind the number sign the token stays in the browser."""
    name = "127.0.0.1" if host in _WILDCARDS else host
    name = f"[{name}]" if ":" in name else name
    return f"http://{name}:{port}/" + (f"#token={token}" if token else "")
