"""What a process that works for another is held to: it ends with it, and has only so much."""

import os
import time
from pathlib import Path
from threading import Thread

_LOOK = 0.25  # seconds between two looks whether the process that started this one is there


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


def limit(name: str, most: int, *, for_good: bool = False) -> None:
    """Let the system hold this process to a limit, where there is one by the name.

    Parameters
    ----------
    name : str
        As in `resource`, without `RLIMIT_`.
    most : int
        Bytes or seconds; less where a lower limit is set already.
    for_good : bool
        Let nothing raise it again.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    kind = getattr(resource, f"RLIMIT_{name}", None)
    if kind is None:
        return
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (most, most if for_good else hard))
    except (ValueError, OSError):  # a system that knows the limit and cannot set it
        return


def held() -> int:
    """Return the bytes that this process has in memory, 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_bytes().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
