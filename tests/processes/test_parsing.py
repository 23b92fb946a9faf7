"""One process reads file after file within its bounds, and goes with whoever asks."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from jobclf import limits
from jobclf.errors import DatasetError, JobclfError, Reason
from jobclf.processes import parsing


def several(number: int) -> Iterator[object]:
    """Yield what a value of JSON can be; a process of its own calls it."""
    yield from (number, "caf\xe9 \ud800", [None, {"a": 1.5}])


def refuses() -> Iterator[object]:
    yield 1
    raise DatasetError("it is so", "mend it", reason=Reason.TOO_LARGE, row=3)


def process() -> Iterator[int]:
    yield os.getpid()


def reads(content: BinaryIO) -> Iterator[int]:
    yield len(content.read())


def fails() -> Iterator[int]:
    yield 1 // 0


def takes_memory() -> Iterator[object]:
    yield len(bytearray(1 << 30))


def takes_time() -> Iterator[object]:
    while True:
        pass
    yield  # type: ignore[unreachable]


def writes(path: str) -> Iterator[object]:
    with open(path, "w") as stream:  # noqa: PTH123
        stream.write("x")
    yield 1


def dies() -> Iterator[object]:
    yield 1
    os.abort()


HERE = __name__


def test_what_a_process_of_its_own_yields_comes_back() -> None:
    found = parsing.isolated(f"{HERE}:several", 3)
    assert list(found) == [3, "caf\xe9 \ud800", [None, {"a": 1.5}]]


def test_its_refusals_come_back_as_they_are() -> None:
    found = parsing.isolated(f"{HERE}:refuses")
    assert next(found) == 1
    with pytest.raises(DatasetError) as error:
        next(found)
    assert (error.value.fact, error.value.row, error.value.reason) == (
        "it is so",
        3,
        Reason.TOO_LARGE,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of the system")
@pytest.mark.parametrize(
    ("function", "most"),
    [
        ("takes_memory", {"PARSER_MEMORY": 512 << 20}),
        ("takes_time", {"PARSER_SECONDS": 1}),
        ("dies", {}),
        ("several", {"PARSER_MEMORY": 1 << 20}),
    ],
)
def test_what_is_over_a_limit_ends_alone(
    monkeypatch: pytest.MonkeyPatch, function: str, most: dict[str, int]
) -> None:
    for name, value in most.items():
        monkeypatch.setattr(limits, name, value)
    arguments = [1] if function == "several" else []
    with pytest.raises(JobclfError) as error:
        list(parsing.isolated(f"{HERE}:{function}", *arguments))
    assert error.value.reason is Reason.STOPPED
    monkeypatch.undo()
    assert next(parsing.isolated(f"{HERE}:several", 1)) == 1


def test_a_fault_of_ours_is_no_damage_of_the_file() -> None:
    with pytest.raises(JobclfError, match="jobclf failed with ZeroDivisionError") as error:
        list(parsing.isolated(f"{HERE}:fails"))
    assert error.value.reason is Reason.OTHER


def test_content_comes_as_a_file() -> None:
    pieces = [b"", b"ab" * 10**6, b"c"]
    assert list(parsing.isolated(f"{HERE}:reads", content=pieces)) == [2 * 10**6 + 1]


def _process() -> int:
    (found,) = parsing.isolated(f"{HERE}:process")
    return int(found)


def test_one_process_reads_file_after_file() -> None:
    first = _process()
    with pytest.raises(DatasetError):
        list(parsing.isolated(f"{HERE}:refuses"))
    assert _process() == first
    at_once = parsing.isolated(f"{HERE}:process")
    assert next(at_once) == first
    assert _process() != first
    at_once.close()  # it may still be at work: it is not used again
    assert _process() != first


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("PARSER_FILES", 1),
        pytest.param(
            "PARSER_KEPT",
            1,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="it is not told"),
        ),
    ],
)
def test_it_is_replaced_when_it_has_read_or_holds_enough(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    first = _process()
    monkeypatch.setattr(limits, name, most)
    monkeypatch.setattr(parsing, "_idle", [])
    second = _process()
    assert first != second != _process()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_fork_has_one_of_its_own() -> None:
    first = _process()
    child = os.fork()
    if not child:
        os._exit(_process() == first)
    assert os.waitpid(child, 0)[1] == 0
    assert _process() == first


@pytest.mark.skipif(os.name != "posix", reason="the system tells nobody")
@pytest.mark.parametrize("last", ["", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_it_goes_with_the_process_that_asks(last: str) -> None:
    code = (
        "import os, signal; from jobclf.processes import parsing;"
        f"print(*parsing.isolated('{HERE}:process'), flush=True); {last}"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )
    assert done.stderr == ""
    until = time.monotonic() + 2
    while _is_there(int(done.stdout)):
        assert time.monotonic() < until
        time.sleep(0.02)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of the system")
def test_it_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(JobclfError):
        list(parsing.isolated(f"{HERE}:writes", str(tmp_path / "a")))
    assert not (tmp_path / "a").exists() or not (tmp_path / "a").read_bytes()


def test_it_ends_with_who_asks() -> None:
    found = parsing.isolated(f"{HERE}:several", 3)
    next(found)
    found.close()
    assert list(found) == []
