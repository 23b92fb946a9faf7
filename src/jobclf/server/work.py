"""What a worker process does: each task is one function of `api`, its answer is JSON."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from jobclf import api
from jobclf.errors import JobclfError, PostingError, Reason
from jobclf.reports import render
from jobclf.server.workers import HEADER

if TYPE_CHECKING:
    from jobclf.classifier.model import RoleModel
    from jobclf.documents.posting import Posting

_LARGEST = 700 * 2**20  # bytes of memory from which a process is replaced after its task
_MOST_MEMORY = 4 * 2**30  # bytes of address space, beyond which a task ends
_UNSAFE_IN_NAMES = dict.fromkeys([*map(chr, range(32)), *'/\\*?[]:|<>"\x7f'], "_")
_LONGEST_NAME = 120  # letters of the name of an upload

Head = dict[str, Any]


class Task(NamedTuple):
    """What a request wants: facts about it, its content, and how to say how far it is."""

    head: Head
    body: bytes
    tell: Callable[[Head], None]


_model: list["RoleModel"] = []


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

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _model.append(api.load_model(model or None))
    api.explain("We deploy models to production and monitor them. " * 9, model=_model[0])
    _bound()
    os.chdir(folder)
    tempfile.tempdir = folder
    _write(answers, {"ready": True})
    while start := tasks.read(HEADER.size):
        head, body = (tasks.read(size) for size in HEADER.unpack(start))
        task = Task(json.loads(head), body, partial(_write, answers))
        _write(answers, *_done(task))


def _bound() -> None:
    if os.name != "posix":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _MOST_MEMORY if most == resource.RLIM_INFINITY else min(most, _MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def _done(task: Task) -> tuple[Head, bytes]:
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
    if _memory() > _LARGEST:
        facts["last"] = True
    return facts, answer


def _memory() -> int:
    """Return the bytes that this process has in memory, 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_bytes().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _write(answers: BinaryIO, head: Head, body: bytes = b"") -> None:
    start = json.dumps(head).encode()
    answers.writelines([HEADER.pack(len(start), len(body)), start, body])
    answers.flush()


def _predict(task: Task) -> tuple[Head, bytes]:
    given = _given(task)
    found = api.predict(given.text, title=given.title, model=_model[0])
    return {}, _json(render.prediction_fields(found))


def _explain(task: Task) -> tuple[Head, bytes]:
    given = _given(task)
    found = api.explain(given.text, title=given.title, model=_model[0])
    fields = render.explanation_fields(found) | {"text": found.text}
    return {}, _json(fields)


def _given(task: Task) -> "Posting":
    """Return the posting of a request: in JSON, or the one in a file."""
    if "name" in task.head:
        found = list(_in_file(task.head["name"], task.body))
        if len(found) == 1:
            return found[0]
        raise PostingError(
            f"it holds {len(found)} postings",
            "give it as a table",
            reason=Reason.SEVERAL,
            path=task.head["name"],
        )
    return _in_json(task.body)


def _in_file(name: str, body: bytes) -> "Iterator[Posting]":
    """Read the postings in an upload under a name that can name nothing else."""
    path = file_name(name)
    if api.is_table(path):
        raise PostingError(
            "it is a table, not one posting",
            "send it to /predict/table",
            reason=Reason.SEVERAL,
            path=name,
        )
    Path(path).write_bytes(body)
    try:
        for found in api.read_postings([path]):
            if isinstance(found, JobclfError):
                raise found
            yield found
    finally:
        Path(path).unlink()


def file_name(name: str) -> str:
    r"""Return the last part of a name as a file in this folder may have it.

    >>> file_name("../../etc/pass*wd"), file_name("-"), file_name("C:\\jobs\\a.PDF")
    ('pass_wd', '_-', 'a.PDF')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(_UNSAFE_IN_NAMES.get(letter, letter) for letter in last)
    plain = plain.encode("utf-8", "replace").decode()[-_LONGEST_NAME:].strip()
    return f"_{plain}" if plain[:1] in {"", "-", "."} else plain


def _in_json(body: bytes) -> "Posting":
    from jobclf.documents.posting import Posting

    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise PostingError(
            "the body is no JSON", 'send {"text": "…", "title": "…"}', reason=Reason.DAMAGED
        ) from None
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        raise PostingError(
            "the body has no `text`", 'send {"text": "…", "title": "…"}', reason=Reason.BAD_VALUE
        )
    if not isinstance(title := fields.get("title"), str | None):
        raise PostingError(
            "`title` is no text", "send text or null, or leave it out", reason=Reason.BAD_VALUE
        )
    if unknown := sorted(fields.keys() - {"text", "title"}):
        raise PostingError(
            f"the body has an unknown field {unknown[0][:100]!r}",
            "send `text` and `title` alone",
            reason=Reason.BAD_VALUE,
        )
    return Posting(fields["text"], title)


def _json(fields: dict[str, Any]) -> bytes:
    return render.as_json(fields).encode()


def _card(_: Task) -> tuple[Head, bytes]:
    from dataclasses import asdict

    return {}, _json(asdict(_model[0].card))


TASKS: dict[str, Callable[[Task], tuple[Head, bytes]]] = {
    "predict": _predict,
    "explain": _explain,
    "card": _card,
}
