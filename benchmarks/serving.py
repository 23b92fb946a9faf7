"""A server in a process of its own, for what measures it, and what it takes of memory."""

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import jobclf
from jobclf.errors import JobclfError

POSTINGS = Path(__file__).parents[1] / "data" / "labeled_postings"
_SIZE = 3200  # letters of a text, as postings from the web have


class Server(NamedTuple):
    """Where a server answers, and its process."""

    host: str
    port: int
    pid: int

    def ask(self, path: str, fields: Any = None, seconds: float = 60.0) -> Any:
        """Return what is answered in JSON; raise where that takes too long or is an error."""
        data = None if fields is None else json.dumps(fields).encode()
        request = urllib.request.Request(
            f"http://{self.host}:{self.port}{path}",
            data,
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            return json.load(answer)

    def workers(self) -> list[int]:
        """Return the processes that the server started."""
        return _children(self.pid)

    def memory(self) -> int:
        """Return the bytes that the server and its processes have in memory."""
        return sum(map(_resident, [self.pid, *self.workers()]))


@contextmanager
def server(workers: int = 2) -> Iterator[Server]:
    """Start a server on a free port, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["serve", "--port", "0", "--workers", workers, "--labels", f"{folder}/labels.jsonl"]
        process = subprocess.Popen(
            [sys.executable, "-m", "jobclf", *map(str, words)], stdout=subprocess.PIPE, text=True
        )
        try:
            if process.stdout is None:
                raise RuntimeError("it has no output")
            url = urlsplit(process.stdout.readline().split()[-1])
            found = Server(url.hostname or "", url.port or 0, process.pid)
            found.ask("/predict", {"text": "We deploy models to production. " * 20})
            yield found
        finally:
            process.terminate()
            process.wait(30)


def texts(count: int) -> list[str]:
    """Return different texts of the size that postings have, from those of the repository."""
    found = [
        " ".join(each.text.split())  # without lines, by which they would be told to be several
        for each in jobclf.read_postings(POSTINGS)
        if not isinstance(each, JobclfError) and each.text
    ]
    joined = ["\n\n".join(found[at : at + 4])[:_SIZE] for at in range(0, len(found), 2)]
    return joined[:count]


def _children(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return list(map(int, found))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0
