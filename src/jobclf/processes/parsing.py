"""Parsing in a process of its own: bounded, kept warm for the next file, replaced now and then."""

import atexit
import json
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from threading import Timer
from typing import IO, Any, BinaryIO

from jobclf import errors, limits
from jobclf.errors import JobclfError, Reason
from jobclf.processes import bounds

_START = (
    "import json, sys; given = json.loads(sys.argv[1]); sys.path[:] = given['path']; "
    "from jobclf.processes import parsing; parsing.serve(given)"
)
_SIZE = struct.Struct(">I")  # bytes of the piece of content that follows; 0 ends it
_END, _LAST = b"end\n", b"last\n"  # the answer is whole, and the process stays or goes
FAULT = "jobclf failed with"  # how a fact begins that is a fault of ours
_WAITING = 10  # seconds of waiting for one of the processor


def isolated(
    function: str, *arguments: Any, content: Iterable[bytes] | None = None
) -> Generator[Any, None, None]:
    """Yield what a generator yields in a process of its own, for what C libraries parse.

    Arguments and what comes back are values of JSON. The process writes no file, and a crash or a
    bomb is its own end alone; `limits` says what it may use, and how many files it reads before
    another takes its place. It is ended with the iterator, and with the process that asks.

    Parameters
    ----------
    function : str
        The generator function as `jobclf.package.module:name`.
    *arguments : JSON values
        What it is called with, after the content.
    content : bytes in pieces
        What it is called with first, as a binary file; nothing without it.
    """
    parser = _warm() or _Parser()
    try:
        yield from parser.read({"function": function, "arguments": arguments}, content)
    finally:
        if parser.ready and not _idle:
            _idle.append(parser)
        else:
            parser.end()


class _Parser:
    """A process that reads one file after the other, as who has started it sees it."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._memory = limits.PARSER_MEMORY
        self._files = 0
        self.ready = False
        path = [os.path.abspath(each) for each in sys.path]  # noqa: PTH100  # "" among them
        given = {"path": path, "parent": self._owner, "memory": self._memory}
        self._child = subprocess.Popen(  # noqa: S603  # this very interpreter
            [sys.executable, "-I", "-S", "-c", _START, json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries quote what they read
            cwd=os.path.abspath(os.sep),  # noqa: PTH100  # it keeps no folder from going
        )

    def serves_here(self) -> bool:
        """Tell whether it is alive, ours and not of the process that forked us, and fit."""
        if self._owner != os.getpid():
            self._child.returncode = 0  # another's to wait for
            return False
        fit = self._child.poll() is None and self._memory == limits.PARSER_MEMORY
        if not fit:
            self.end()
        return fit

    def read(
        self, task: dict[str, Any], content: Iterable[bytes] | None
    ) -> Generator[Any, None, None]:
        """Yield the values of one task; `ready` tells afterwards whether it may have another."""
        self.ready = False
        self._files += 1
        most = {"seconds": limits.PARSER_SECONDS, "kept": limits.PARSER_KEPT}
        self._send(task | most, content)
        refusal = None
        while (line := self._line()) not in {_END, _LAST}:
            if not line.endswith(b"\n"):
                raise self._ended()
            value = json.loads(line)
            if "error" in value:
                kind = getattr(errors, value.pop("error"))
                refusal = kind(**value | {"reason": Reason(value["reason"])})
            else:
                yield value["value"]
        self.ready = line == _END and self._files < limits.PARSER_FILES
        if refusal is not None:
            raise refusal

    def _send(self, task: dict[str, Any], content: Iterable[bytes] | None) -> None:
        stdin = self._pipe(self._child.stdin)
        start = json.dumps(task | {"content": content is not None}).encode() + b"\n"
        try:
            stdin.write(start)
            for piece in filter(None, content or ()):
                stdin.write(_SIZE.pack(len(piece)))
                stdin.write(piece)
            if content is not None:
                stdin.write(_SIZE.pack(0))
            stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            raise ValueError("a process without pipes")
        return pipe

    def _line(self) -> bytes:
        """Return the next line, or what there is of it when the time is over."""
        seconds = limits.PARSER_SECONDS * (_WAITING if os.name == "posix" else 1)
        watch = Timer(seconds, self._child.kill)
        watch.daemon = True
        watch.start()
        try:
            return self._pipe(self._child.stdout).readline()
        finally:
            watch.cancel()

    def _ended(self) -> JobclfError:
        code = self._child.wait()
        out_of_time = {-getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 0)}
        if code in out_of_time:
            fact = f"it is not read in {limits.PARSER_SECONDS} seconds of the processor"
        else:
            fact = f"it is damaged, or needs more than {self._memory >> 20:,} MB of memory"
        return JobclfError(fact, "save it again, or a part of it", reason=Reason.STOPPED)

    def end(self) -> None:
        """End the process at once, whatever it does."""
        self._child.kill()
        with suppress(BrokenPipeError):  # what was not sent
            self._child.communicate()


_idle: list[_Parser] = []


def _warm() -> _Parser | None:
    """Take the process that waits, if there is one that can be used."""
    try:
        parser = _idle.pop()
    except IndexError:
        return None
    return parser if parser.serves_here() else None


@atexit.register
def _end_warm() -> None:
    while _idle:
        if (parser := _warm()) is not None:
            parser.end()


def serve(given: dict[str, Any]) -> None:
    """Read one file after the other, in the process that `isolated` has started."""
    bounds.end_with(given["parent"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that ends us
    bounds.limit("AS", given["memory"], for_good=True)
    bounds.limit("FSIZE", 0, for_good=True)
    bounds.limit("CORE", 0, for_good=True)
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    while line := tasks.readline():
        task = json.loads(line)
        content = [_received(tasks)] if task["content"] else []
        bounds.limit("CPU", int(time.process_time()) + 1 + task["seconds"])
        try:
            _answer(task, [*content, *task["arguments"]], answers)
        except (MemoryError, ImportError, OSError):
            return
        del content
        last = bounds.held() > task["kept"]
        answers.write((_LAST if last else _END).decode())
        answers.flush()
        if last:
            return


def _received(tasks: BinaryIO) -> BytesIO:
    """Return the content of a file as a file that can be read from its start."""
    content = BytesIO()
    while size := _SIZE.unpack(tasks.read(_SIZE.size))[0]:
        content.write(tasks.read(size))
    content.seek(0)
    return content


def _answer(task: dict[str, Any], arguments: list[Any], answers: IO[str]) -> None:
    module, _, name = task["function"].partition(":")
    try:
        for value in getattr(import_module(module), name)(*arguments):
            answers.write(json.dumps({"value": value}) + "\n")
    except JobclfError as error:
        place = {"path": error.path, "row": error.row, "column": error.column}
        fact, remedy = error.as_made
        known = {"fact": fact, "remedy": remedy, "reason": str(error.reason)} | place
        answers.write(json.dumps({"error": type(error).__name__} | known) + "\n")
    except (MemoryError, ImportError, OSError):  # it has no room, also for a library
        raise
    except Exception as error:  # noqa: BLE001  # a fault of ours is told as one
        known = {"fact": f"{FAULT} {type(error).__name__}", "remedy": "report it as an issue"}
        answers.write(json.dumps({"error": "JobclfError", "reason": Reason.OTHER} | known) + "\n")
