"""Work that several processes share, and parsing in a process of its own that is bounded."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from importlib import import_module
from queue import SimpleQueue
from threading import Thread, Timer
from typing import IO, Any, TypeVar

from jobclf import errors, limits
from jobclf.errors import JobclfError, Reason

Item = TypeVar("Item")
Part = TypeVar("Part")
Result = TypeVar("Result")

_AHEAD = 5  # parts given to each process at once, so that none waits while one is written
_LOOK = 0.25  # seconds between two looks whether the process that started this one is there
_START = (
    "import json, sys; given = json.loads(sys.argv[1]); sys.path[:] = given['path']; "
    "from jobclf import processes; processes.answer(given)"
)
_WORK = (
    "import json, sys; parent, sys.path[:] = json.loads(sys.argv[1]); "
    "from jobclf import processes; processes.work(parent)"
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
            "use fewer --jobs",
            reason=Reason.STOPPED,
        ) from None
    if is_fault:
        raise found
    return found


def work(parent: int) -> None:
    """Do one part after the other, in a process that `pool` has started."""
    end_with(parent)
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


def end_with(parent: int) -> None:
    """End this process soon after the one that has started it, also where a kill ended that.

    On Windows, where a process is not told of it, this does nothing.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        os._exit(1)

    if os.name == "posix":
        Thread(target=watch, daemon=True).start()


def isolated(
    function: str,
    *arguments: Any,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    memory: int = limits.PARSER_MEMORY,
    seconds: int = limits.PARSER_SECONDS,
) -> Generator[Any, None, None]:
    """Yield what a generator yields in a process of its own, for what C libraries parse.

    What is given and what comes back are values of JSON. The process writes no file, and a crash
    or a bomb is its own end alone. It is ended with the iterator.

    Parameters
    ----------
    function : str
        The generator function as `jobclf.package.module:name`.
    *arguments : JSON values
        What it is called with.
    stdin : binary file
        What it reads as its standard input.
    memory : int
        Bytes of address space that it may have, on POSIX.
    seconds : int
        Of the processor that it may take, on POSIX; elsewhere of waiting for it.
    """
    given = {
        "path": sys.path,
        "parent": os.getpid(),
        "function": function,
        "arguments": arguments,
        "limits": {"AS": memory, "CPU": seconds, "FSIZE": 0, "CORE": 0},
    }
    command = [sys.executable, "-I", "-S", "-c", _START, json.dumps(given)]
    child = subprocess.Popen(  # noqa: S603  # this very interpreter
        command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        while (line := _line(child, 10 * seconds)) != b"end\n":
            if not line.endswith(b"\n"):
                raise _ended(child, memory, seconds)
            value = json.loads(line)
            if "error" in value:
                kind = getattr(errors, value.pop("error"))
                raise kind(**value | {"reason": Reason(value["reason"])})
            yield value["value"]
    finally:
        child.kill()
        child.communicate()


def _line(child: "subprocess.Popen[bytes]", seconds: float) -> bytes:
    """Return the next line of a process, which is ended if none comes in time."""
    if child.stdout is None:
        return b""
    watch = Timer(seconds, child.kill)
    watch.daemon = True
    watch.start()
    try:
        return child.stdout.readline()
    finally:
        watch.cancel()


def _ended(child: "subprocess.Popen[bytes]", memory: int, seconds: int) -> JobclfError:
    code = child.wait()
    out_of_time = {-getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 0)}
    if code in out_of_time:
        fact = f"it is not read in {seconds} seconds of the processor"
    else:
        fact = f"it is damaged, or needs more than {memory >> 20:,} MB of memory"
    return JobclfError(fact, "save it again, or a part of it", reason=Reason.STOPPED)


def answer(given: dict[str, Any]) -> None:
    """Do what `isolated` asks for, in the process that it has started."""
    end_with(given["parent"])
    with suppress(ImportError):
        import resource

        for name, most in given["limits"].items():
            limit = getattr(resource, f"RLIMIT_{name}")
            with suppress(ValueError, OSError):  # a system that sets lower limits, or none
                resource.setrlimit(limit, (most, most))
    module, _, name = given["function"].partition(":")
    out = sys.stdout
    try:
        for value in getattr(import_module(module), name)(*given["arguments"]):
            out.write(json.dumps({"value": value}) + "\n")
    except JobclfError as error:
        place = {"path": error.path, "row": error.row, "column": error.column}
        known = {"fact": error.fact, "remedy": error.remedy, "reason": str(error.reason)} | place
        out.write(json.dumps({"error": type(error).__name__} | known) + "\n")
    else:
        out.write("end\n")
    out.flush()
