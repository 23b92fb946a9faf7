"""How the program ends: by a signal, where nobody reads on, and at once."""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


class EndedError(KeyboardInterrupt):
    """A signal that ends a command as Ctrl-C does; its number is the one argument."""


@contextmanager
def cleared_away() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end what is at work as Ctrl-C does, with its processes and files."""

    def end(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)  # a second one does not wait
        raise EndedError(number)

    taken = []
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP; nohup has it ignored
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            with suppress(ValueError):  # in a thread, which is told of none
                signal.signal(number, end)
                taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def end(code: object) -> None:
    """End the process with everything done that is done at an end, but to free each object.

    The system takes memory back sooner, by a twentieth of a start. What has threads, or is looked
    at by a profiler or debugger, ends as Python has it.
    """
    watched = sys.gettrace() is not None or sys.getprofile() is not None
    if watched or threading.active_count() > 1 or not (code is None or isinstance(code, int)):
        return
    atexit._run_exitfuncs()  # noqa: SLF001  # as processes of multiprocessing do
    with suppress(OSError, ValueError):  # Python says what cannot be written, and how it ends then
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
        os._exit(code or 0)


def drop_unread() -> None:
    """Let what nobody reads any more go, so that Python does not try again when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            drop(stream)


def drop(stream: Any) -> None:
    """Let what is written to a stream go nowhere."""
    if stream is None:
        return
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), stream.fileno())
