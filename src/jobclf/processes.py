"""Work that several processes share, and parsing in a process of its own that is bounded."""

import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Timer
from typing import IO, Any, TypeVar
from weakref import WeakSet

from jobclf import errors
from jobclf.errors import JobclfError, Reason

Item = TypeVar("Item")
Part = TypeVar("Part")
Result = TypeVar("Result")

_AHEAD = 5  # parts given to each process at once, so that none waits while one is written
_MEMORY = 2 << 30  # bytes of address space of a process that parses
_SECONDS = 120  # of the processor that it may take; of waiting for it, ten times as many
_START = (
    "import json, sys; given = json.loads(sys.argv[1]); sys.path[:] = given['path']; "
    "from jobclf import processes; processes.answer(given)"
)
_kept: list[Callable[[Any], Any]] = []  # in a worker: what it does with each part


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

    They are joblib's, which need no guard in the script that calls.
    """
    from joblib.externals.loky import ProcessPoolExecutor
    from joblib.externals.loky.process_executor import BrokenProcessPool

    one_thread = {f"{pool}_NUM_THREADS": "1" for pool in ("OMP", "OPENBLAS", "MKL")}
    executor = ProcessPoolExecutor(jobs, initializer=_keep, initargs=(function,), env=one_thread)
    given: WeakSet[Future[Any]] = WeakSet()

    def submit(part: Any) -> Future[Any]:
        future: Future[Any] = executor.submit(_do, part)
        given.add(future)
        return future

    try:
        yield submit
    except BrokenProcessPool:
        raise JobclfError(
            "a process was ended from outside, perhaps for want of memory",
            "use fewer --jobs",
            reason=Reason.STOPPED,
        ) from None
    finally:
        for future in list(given):  # where nobody asks for more, only what is in hand is ended
            future.cancel()
        executor.shutdown(wait=True)


def _keep(function: Callable[[Any], Any]) -> None:
    _kept[:] = [function]


def _do(part: Any) -> Any:
    return _kept[0](part)


def isolated(
    function: str,
    *arguments: Any,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    memory: int = _MEMORY,
    seconds: int = _SECONDS,
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
    import signal

    code = child.wait()
    out_of_time = {-getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 0)}
    if code in out_of_time:
        fact = f"it is not read in {seconds} seconds of the processor"
    else:
        fact = f"it is damaged, or needs more than {memory >> 20:,} MB of memory"
    return JobclfError(fact, "save it again, or a part of it", reason=Reason.STOPPED)


def answer(given: dict[str, Any]) -> None:
    """Do what `isolated` asks for, in the process that it has started."""
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
