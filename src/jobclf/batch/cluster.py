"""Work that the workers of a Dask cluster share."""

import ctypes
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from jobclf import __version__
from jobclf.errors import JobclfError, Reason, extra_missing

_SECONDS = 10  # to wait for the scheduler
_WORKERS = 60  # seconds to wait for the first worker; a cluster may have to start it
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # what glibc calls M_…
_MOST_KEPT, _LARGEST_PIECE = 1 << 28, 1 << 25  # bytes
_kept: dict[str, Callable[[Any], Any]] = {}  # in a worker: what each run does with a part


def _keep_memory() -> None:
    """Have the C library keep freed memory, which Dask's own setting would hand back at once.

    Each batch of the kernel would have to be cleared anew, which doubles its time.
    """
    with suppress(OSError, AttributeError, TypeError):  # no glibc
        library = ctypes.CDLL(None)
        library.mallopt(_TRIM_THRESHOLD, _MOST_KEPT)
        library.mallopt(_MMAP_THRESHOLD, _LARGEST_PIECE)


class _Keeper:
    """A worker plugin that keeps a function; it reaches workers that come later as well."""

    def __init__(self, name: str, function: Callable[[Any], Any]) -> None:
        self.name, self._function = name, function

    def setup(self, worker: Any) -> None:  # noqa: ARG002  # Dask gives it
        _keep_memory()
        _kept[self.name] = self._function

    def teardown(self, worker: Any) -> None:  # noqa: ARG002  # the same
        _kept.pop(self.name, None)


@contextmanager
def pool(
    scheduler: str, function: Callable[[Any], Any], tell: Callable[[str], None]
) -> Iterator[Callable[[Any], Any]]:
    """Send a function to all workers once; yield what gives them a part and returns a future.

    What a lost worker had in hand goes to the others, and workers that cannot do this get none,
    which is told. A part that has cost four workers is given
    up and the rest goes on: joblib's own Dask backend would wait for it for ever.
    """
    try:
        distributed: Any = import_module("distributed")  # hardly typed
    except ImportError:
        raise extra_missing("a scheduler", "cluster", kind=JobclfError) from None
    try:
        client = distributed.Client(scheduler, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        fact = str(error).split("\n", 1)[0]
        raise JobclfError(
            f"the scheduler {scheduler} does not answer: {fact}",
            "check its address",
            reason=Reason.CLUSTER,
        ) from None
    keeper = type("Keeper", (_Keeper, distributed.WorkerPlugin), {})(
        f"jobclf-{uuid.uuid4().hex}", function
    )
    with client:
        try:
            client.submit(int, pure=False).result(timeout=_WORKERS)
        except TimeoutError:
            raise JobclfError(
                f"the scheduler {scheduler} has no worker",
                f"start some with `dask worker {scheduler}`",
                reason=Reason.CLUSTER,
            ) from None
        able = _able(client, tell)
        try:
            client.register_plugin(keeper)
        except Exception:  # of those that are not able
            if able is None:
                raise
        # It is not closed: where the scheduler is lost, it would wait for parts that never come.
        executor = client.get_executor(pure=False, workers=able)
        try:
            yield lambda part: executor.submit(_do, keeper.name, part)
        finally:
            with suppress(Exception):  # where the scheduler is gone, so is the plugin
                client.unregister_worker_plugin(keeper.name)


def _able(client: Any, tell: Callable[[str], None]) -> list[str] | None:
    """Return the workers that have this version of jobclf; None for all, as most often.

    Others are told of; where no worker has it, that is an error.
    """
    faults = {}
    versions = client.run(_version, on_error="return")
    for worker, version in versions.items():
        if isinstance(version, Exception):
            faults[worker] = f"the worker {worker} has no jobclf ({_reason(version)})"
        elif version != __version__:
            faults[worker] = f"the worker {worker} has jobclf {version} in place of {__version__}"
    remedy = f"install jobclf {__version__} there"
    if faults and len(faults) == len(versions):
        raise JobclfError(next(iter(faults.values())), remedy, reason=Reason.CLUSTER)
    for fault in faults.values():
        tell(f"{fault} and gets no part; {remedy}")
    return [worker for worker in versions if worker not in faults] if faults else None


def _reason(error: Exception) -> str:
    """Return what a worker raised, which Dask may give as the text of an error in another."""
    told = re.fullmatch(r'\w+\([\'"](.*)[\'"]\)', str(error))
    return (told[1] if told else str(error)).split("\n", 1)[0]


def _version() -> str:
    return __version__


def _do(name: str, part: Any) -> Any:
    return _kept[name](part)
