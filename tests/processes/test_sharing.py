"""Whoever does the work, it comes back in order, and what goes wrong comes back too."""

import signal
from collections.abc import Iterator

import pytest

from jobclf.errors import JobclfError
from jobclf.processes import sharing
from jobclf.tables import streams


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_what_processes_share_comes_back_in_order(jobs: int) -> None:
    numbers = range(-60, 60)
    found = sharing.ordered(str, iter(numbers), abs, jobs)
    assert list(found) == [(number, str(abs(number))) for number in numbers]


def test_only_a_few_items_are_in_memory() -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for number in range(10_000):
            read.append(number)
            yield number

    found = sharing.ordered(str, items(), abs, 2)
    for done, (number, _) in enumerate(found):
        assert len(read) - number < 60
        if done == 500:
            break
    found.close()  # type: ignore[attr-defined]


def test_no_process_is_too_few() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        list(sharing.ordered(str, [1], abs, 0))


def test_a_process_that_is_killed_is_named() -> None:
    with (
        pytest.raises(JobclfError, match="ended from outside"),
        sharing.pool(1, signal.raise_signal) as submit,
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
