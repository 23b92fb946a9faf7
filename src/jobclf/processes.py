"""Work that several processes share, handed back in the order it was given."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar
from weakref import WeakSet

from jobclf.errors import JobclfError

Item = TypeVar("Item")
Part = TypeVar("Part")
Result = TypeVar("Result")

_AHEAD = 5  # parts given to each process at once, so that none waits while one is written
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
            "a process was ended from outside, perhaps for want of memory; use fewer --jobs"
        ) from None
    finally:
        for future in list(given):  # where nobody asks for more, only what is in hand is ended
            future.cancel()
        executor.shutdown(wait=True)


def _keep(function: Callable[[Any], Any]) -> None:
    _kept[:] = [function]


def _do(part: Any) -> Any:
    return _kept[0](part)
