"""Work that several processes share, in the order in which it is given."""

import json
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from jobclf.errors import JobclfError, Reason, option
from jobclf.processes import bounds

Item = TypeVar("Item")
Part = TypeVar("Part")
Result = TypeVar("Result")

_AHEAD = 5  # parts given to each process at once, so that none waits while one is written
_LOOK = 0.25  # seconds between two looks whether a thread has ended
_WORK = (
    "import json, sys; parent, sys.path[:] = json.loads(sys.argv[1]); "
    "from jobclf.processes import sharing; sharing.work(parent)"
)
_ONE_THREAD = {f"{pool}_NUM_THREADS": "1" for pool in ("OMP", "OPENBLAS", "MKL")}


def ordered(
    function: Callable[[Part], Result],
    items: Iterable[Item],
    part: Callable[[Item], Part],
    jobs: int,
) -> Iterator[tuple[Item, Result]]:
    """Yield each item with `function(part(item))`, done by as many processes if more than one.

    Only the part of an item goes to a process. A few items are in memory at a time, and they are
    read while others are worked on.
    """
    if jobs < 1:
        raise ValueError("jobs must be 1 or more")
    if jobs == 1:
        for item in items:
            yield item, function(part(item))
        return
    with pool(jobs - 1, function) as submit:  # this process works too
        waiting: deque[tuple[Item, Future[Result]]] = deque()
        for item in items:
            if sum(not future.done() for _, future in waiting) < _AHEAD * (jobs - 1):
                future = submit(part(item))
            else:
                future = Future()
                future.set_result(function(part(item)))
            waiting.append((item, future))
            while waiting and (waiting[0][1].done() or len(waiting) > 2 * _AHEAD * jobs):
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()


@contextmanager
def pool(jobs: int, function: Callable[[Any], Any]) -> Iterator[Callable[[Any], Any]]:
    """Start processes that keep a function; yield what gives them a part and returns a future.

    The script that calls needs no guard. A thread for each process waits for its answers, so that
    a signal is heard while they start. Whatever ends the block before its last line ends them at
    once, with what they have in hand, and they end themselves where this process is killed.
    """
    tasks: SimpleQueue[tuple[Future[Any], Any] | None] = SimpleQueue()
    children: list[subprocess.Popen[bytes]] = []
    start = pickle.dumps(function)
    threads = [
        Thread(target=_share, args=(tasks, children, start), daemon=True) for _ in range(jobs)
    ]
    done = False

    def submit(part: Any) -> Future[Any]:
        future: Future[Any] = Future()
        tasks.put((future, part))
        return future

    try:
        for thread in threads:
            thread.start()
        yield submit
        done = True
    finally:
        while not (done or tasks.empty()):
            tasks.get()
        for _ in threads:
            tasks.put(None)
        while not done and any(thread.is_alive() for thread in threads):
            for child in children:  # more may come: a thread has just started
                child.kill()
            threads[0].join(_LOOK)
        for thread in threads:
            thread.join()


def _share(
    tasks: "SimpleQueue[tuple[Future[Any], Any] | None]",
    children: "list[subprocess.Popen[bytes]]",
    start: bytes,
) -> None:
    """Start a process and have it do one task after the other."""
    child = subprocess.Popen(  # noqa: S603  # this very interpreter
        [sys.executable, "-c", _WORK, json.dumps([os.getpid(), sys.path])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | _ONE_THREAD,
    )
    children.append(child)
    while (task := tasks.get()) is not None:
        future, part = task
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(_exchanged(child, start + pickle.dumps(part)))
        except BaseException as error:  # noqa: BLE001  # who asks for the result gets it
            future.set_exception(error)
        start = b""
    with suppress(BrokenPipeError):
        child.communicate()


def _exchanged(child: "subprocess.Popen[bytes]", content: bytes) -> Any:
    """Return what a process answers; raise what it raises."""
    if child.stdin is None or child.stdout is None:
        raise ValueError("a process without pipes")
    try:
        child.stdin.write(content)
        child.stdin.flush()
        is_fault, found = pickle.load(child.stdout)  # our own process
    except (OSError, EOFError, pickle.UnpicklingError):
        raise JobclfError(
            "a process was ended from outside, perhaps for want of memory",
            f"use fewer {option('jobs')}",
            reason=Reason.STOPPED,
        ) from None
    if is_fault:
        raise found
    return found


def work(parent: int) -> None:
    """Do one part after the other, in a process that `pool` has started."""
    bounds.end_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that ends us
    parts, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):  # we are wanted no more
        function = pickle.load(parts)
        while True:
            part = pickle.load(parts)
            try:
                found = pickle.dumps((False, function(part)))
            except Exception as error:  # noqa: BLE001  # it is raised where the part came from
                found = _fault(error)
            answers.write(found)
            answers.flush()


def _fault(error: Exception) -> bytes:
    """Return an error that can be sent, with where it was raised."""
    import traceback

    try:
        if not isinstance(error, JobclfError):
            error.add_note("".join(traceback.format_exception(error)))
        return pickle.dumps((True, error))
    except Exception:  # noqa: BLE001  # one that holds what cannot be sent
        return pickle.dumps((True, RuntimeError(f"{type(error).__name__}: {error}")))
