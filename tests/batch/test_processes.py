"""Whoever does the work, it comes back in order, and what goes wrong comes back too."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobclf import processes
from jobclf.errors import DatasetError, JobclfError, Reason
from jobclf.tables import streams


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_what_processes_share_comes_back_in_order(jobs: int) -> None:
    numbers = range(-60, 60)
    found = processes.ordered(str, iter(numbers), abs, jobs)
    assert list(found) == [(number, str(abs(number))) for number in numbers]


def test_only_a_few_items_are_in_memory() -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for number in range(10_000):
            read.append(number)
            yield number

    found = processes.ordered(str, items(), abs, 2)
    for done, (number, _) in enumerate(found):
        assert len(read) - number < 60
        if done == 500:
            break
    found.close()  # type: ignore[attr-defined]


def test_no_process_is_too_few() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        list(processes.ordered(str, [1], abs, 0))


def test_a_process_that_is_killed_is_named() -> None:
    with (
        pytest.raises(JobclfError, match="ended from outside"),
        processes.pool(1, signal.raise_signal) as submit,
    ):
        submit(signal.SIGKILL).result()


def test_items_that_a_thread_waits_for_come_in_order_and_faults_in_their_place() -> None:
    def items() -> Iterator[int]:
        yield from range(5)
        raise OSError("gone")

    assert list(streams.ahead(range(100))) == list(range(100))
    assert list(streams.ahead([])) == []
    found = streams.ahead(items())
    assert [next(found) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(OSError, match="gone"):
        next(found)


def several(number: int) -> Iterator[object]:
    """Yield what a value of JSON can be; a process of its own calls it."""
    yield from (number, "caf\xe9 \ud800", [None, {"a": 1.5}])


def refuses() -> Iterator[object]:
    yield 1
    raise DatasetError("it is so", "mend it", reason=Reason.TOO_LARGE, row=3)


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
    import os

    yield 1
    os.abort()


HERE = __name__


def test_what_a_process_of_its_own_yields_comes_back() -> None:
    found = processes.isolated(f"{HERE}:several", 3)
    assert list(found) == [3, "caf\xe9 \ud800", [None, {"a": 1.5}]]


def test_its_refusals_come_back_as_they_are() -> None:
    found = processes.isolated(f"{HERE}:refuses")
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
    ("function", "limits"),
    [
        ("takes_memory", {"memory": 512 << 20}),
        pytest.param("takes_time", {"seconds": 1}, marks=pytest.mark.slow),
        ("dies", {}),
        ("several", {"memory": 1 << 20}),
    ],
)
def test_what_is_over_a_limit_ends_alone(function: str, limits: dict[str, int]) -> None:
    with pytest.raises(JobclfError) as error:
        list(processes.isolated(f"{HERE}:{function}", **limits))
    assert error.value.reason is Reason.STOPPED


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of the system")
def test_it_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(JobclfError):
        list(processes.isolated(f"{HERE}:writes", str(tmp_path / "a")))
    assert not (tmp_path / "a").exists() or not (tmp_path / "a").read_bytes()


def test_it_ends_with_who_asks() -> None:
    found = processes.isolated(f"{HERE}:several", 3)
    next(found)
    found.close()
    assert list(found) == []
