"""Whatever ends a command ends its processes too, and leaves no half a file."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from jobclf.roles import Role
from tests.factories import posting, spawn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path(f"/proc/self/task/{os.getpid()}/children").exists(),
        reason="the system does not tell the children of a process",
    ),
]
_SECONDS = 10  # on a machine with other work; without it they are gone within two
_AT_WORK = 0.5  # seconds of the processor: the command hears signals long before


def _below(pid: int) -> set[int]:
    """Return the processes that one has started, and those that they have."""
    found, new = set[int](), [pid]
    while new:
        parents, new = new, []
        for each in parents:
            with suppress(OSError):  # it has ended meanwhile
                for thread in Path(f"/proc/{each}/task").iterdir():
                    new += map(int, (thread / "children").read_text().split())
        found.update(new)
    return _there(found)


def _there(pids: set[int]) -> set[int]:
    """Return those that are still at work: in a container nobody may collect what has ended."""
    found = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.add(pid)
    return found


def _used(pid: int) -> float:
    """Return the seconds of the processor that a process has used."""
    counts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(counts[11]) + int(counts[12])) / os.sysconf("SC_CLK_TCK")


def _heard() -> None:
    """Hear of signals also where the tests run behind nohup or in the background."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("SIGTERM", "out.jsonl"),
        ("SIGTERM", "parts/"),
        ("SIGHUP", "out.jsonl"),
        ("SIGINT", "out.jsonl"),
        ("SIGKILL", "parts/"),
    ],
)
def test_no_process_outlives_a_command_that_is_ended(
    tmp_path: Path, name: str, output: str
) -> None:
    number = signal.Signals[name]
    sources = [tmp_path / f"{each}.jsonl" for each in range(8)]
    row = json.dumps({"text": posting(Role.ML_ENGINEER, 1, 300)}) + "\n"
    for each in sources:
        each.write_text(row * 1000)
    target = os.path.join(tmp_path, output)  # noqa: PTH118  # with the slash
    command = spawn("predict", *sources, "--jobs", 3, "--output", target, preexec_fn=_heard)
    until = time.monotonic() + 60
    while len(workers := _below(command.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(workers) >= 2
    time.sleep(0.5)  # they are at work
    assert command.poll() is None
    workers |= _below(command.pid)
    command.send_signal(number)
    _, told = command.communicate(timeout=_SECONDS)
    until = time.monotonic() + _SECONDS
    while (left := _there(workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left
    if number is signal.SIGKILL:
        assert command.returncode == -number
    else:
        assert command.returncode == 128 + number
        assert told.decode().strip() == "jobclf: interrupted"
    assert not (tmp_path / "out.jsonl").exists()
    assert not (tmp_path / "parts" / "_manifest.json").exists()
    if number is not signal.SIGKILL:
        assert not list(tmp_path.glob(".out.jsonl*"))


def test_what_nohup_ignores_is_ignored(tmp_path: Path) -> None:
    code = (
        "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "from jobclf.cli import main, predict;"
        "import jobclf.api.postings as api; found = api.predict_files;"
        "hang_up = lambda: os.kill(os.getpid(), signal.SIGHUP);"
        "api.predict_files = lambda *a, **k: hang_up() or found(*a, **k);"
        "main.main(['predict', 'a.txt'])"
    )
    (tmp_path / "a.txt").write_text(posting(Role.ML_ENGINEER, 1))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"ML Engineer")


@pytest.mark.parametrize(
    "words",
    [
        ("train", "data", "-o", "out.joblib"),
        ("train", "data", "--prior", "base", "-o", "out.joblib"),
        ("evaluate", "data"),
        ("audit", "data"),
        ("predict", "data", "--explain", "--html", "out.html"),
    ],
    ids=" ".join,
)
def test_what_takes_long_ends_by_a_signal_and_leaves_nothing(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    for role in Role.DATA_SCIENTIST, Role.ML_ENGINEER:
        (tmp_path / "data" / role).mkdir(parents=True)
        for number in range(400):
            (tmp_path / "data" / role / f"{number}.txt").write_text(posting(role, number, 300))
    before = sorted(tmp_path.rglob("*"))
    command = spawn(*words, "--verbose", cwd=tmp_path, preexec_fn=_heard)
    while command.poll() is None and _used(command.pid) < _AT_WORK:
        time.sleep(0.02)
    workers = _below(command.pid)
    assert command.poll() is None
    command.send_signal(signal.SIGTERM)
    _, told = command.communicate(timeout=_SECONDS)
    until = time.monotonic() + _SECONDS
    while (left := _there(workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left
    assert command.returncode == 128 + signal.SIGTERM
    assert told.decode().endswith("jobclf: interrupted\n")
    assert sorted(tmp_path.rglob("*")) == before
