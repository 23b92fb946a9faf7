"""A worker process: one task after the other, within bounds of memory, from pipe to pipe."""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import jobclf
from jobclf import limits
from jobclf.errors import JobclfError, PostingError, Reason
from jobclf.processes import bounds
from jobclf.server.workers import HEADER

if TYPE_CHECKING:
    from jobclf.classifier.model import RoleModel


Head = dict[str, Any]


class Task(NamedTuple):
    """What a request wants: facts about it, its content, what judges, and who hears of it."""

    head: Head
    body: bytes
    model: "RoleModel"
    tell: Callable[[Head], None] = lambda _: None


def serve(folder: str, model: str) -> None:
    """Read tasks from standard input and write answers to standard output until it closes.

    Parameters
    ----------
    folder : str
        The working folder of this process, emptied by whoever started it.
    model : str
        Model file, "" for the bundled one.
    """
    import signal

    bounds.end_with(os.getppid())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    classifier = jobclf.load_model(model or None)
    jobclf.explain("We deploy models to production and monitor them. " * 9, model=classifier)
    bounds.limit("AS", limits.WORKER_MEMORY)
    os.chdir(folder)
    tempfile.tempdir = folder
    _write(answers, {"ready": True})
    while start := tasks.read(HEADER.size):
        head, body = (tasks.read(size) for size in HEADER.unpack(start))
        task = Task(json.loads(head), body, classifier, partial(_write, answers))
        _write(answers, *_done(task))


def _done(task: Task) -> tuple[Head, bytes]:
    from jobclf.server.tasks import TASKS

    try:
        facts, answer = TASKS[task.head["do"]](task)
    except JobclfError as error:
        facts, answer = {"error": error.to_dict()}, b""
    except MemoryError:
        large = PostingError("it needs too much memory", "give less", reason=Reason.TOO_LARGE)
        facts, answer = {"error": large.to_dict(), "last": True}, b""
    except Exception as error:  # noqa: BLE001  # a fault of ours must not end the server
        fault = f"jobclf failed with {type(error).__name__}"
        ours = JobclfError(fault, "report it as an issue", reason=Reason.OTHER)
        facts, answer = {"error": ours.to_dict(), "last": True}, b""
    if bounds.held() > limits.WORKER_KEPT:
        facts["last"] = True
    return facts, answer


def _write(answers: BinaryIO, head: Head, body: bytes = b"") -> None:
    start = json.dumps(head).encode()
    answers.writelines([HEADER.pack(len(start), len(body)), start, body])
    answers.flush()
