"""Rows as they come through a pipe, with a mark where the next one is not there yet."""

import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from threading import Condition, Thread
from typing import Any, BinaryIO, TypeVar, cast

from jobclf import limits

Item = TypeVar("Item")

_SILENT = 0.2  # seconds without a row, after which those that are there are answered
_WAITING = 2 * limits.BATCH_ROWS  # rows that are read ahead


class _Pipe(io.RawIOBase):
    """Standard input without the lock of `sys.stdin`, which a thread that waits would hold.

    Python cannot end while a thread holds that.
    """

    def __init__(self, begun: bytes, number: int) -> None:
        self._begun, self._number = memoryview(begun), number

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, target: Any) -> int:
        """Read what has come, once something has."""
        found = self._begun[: len(target)] or os.read(self._number, len(target))
        self._begun = self._begun[len(found) :]
        target[: len(found)] = found
        return len(found)


def standard_input() -> BinaryIO:
    """Return standard input; where others write into it, one that a thread may wait for."""
    buffer: Any = sys.stdin.buffer
    try:
        number = buffer.fileno()
        kind = os.fstat(number).st_mode
    except (OSError, ValueError):  # none, or one that a test has made
        return cast("BinaryIO", buffer)
    if not (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind) or stat.S_ISCHR(kind)):
        return cast("BinaryIO", buffer)
    begun = buffer.read(len(buffer.peek()))  # no more than what has come
    return io.BufferedReader(_Pipe(begun, number))


def comes_slowly(stream: BinaryIO) -> bool:
    """Tell whether what is read from a stream may still have to be written by another."""
    return isinstance(getattr(stream, "raw", None), _Pipe)


def as_they_come(items: Iterable[Item]) -> Iterator[Item | None]:
    """Yield items, and None once each time that the next one is not there for a while."""
    ready = Condition()
    found: list[Item] = []
    ended: list[BaseException | None] = []

    def read() -> None:
        fault: BaseException | None = None
        try:
            for item in items:
                with ready:
                    while len(found) >= _WAITING:
                        ready.wait()
                    found.append(item)
                    ready.notify()
        except BaseException as error:  # noqa: BLE001  # it is raised where items are asked for
            fault = error
        with ready:
            ended.append(fault)
            ready.notify()

    Thread(target=read, daemon=True).start()
    told = True
    while True:
        with ready:
            is_there = ready.wait_for(lambda: found or ended, None if told else _SILENT)
            taken, found[:] = found[:], []
            is_over = bool(ended) and not taken
            ready.notify()
        if is_over:
            if ended[0] is not None:
                raise ended[0]
            return
        yield from taken
        if not is_there:
            yield None
        told = not is_there
