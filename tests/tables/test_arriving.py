"""Rows that others write into a pipe are answered as they come."""

import json
import os
import sys
from collections.abc import Iterator

import pytest

import jobclf
from jobclf.roles import Role
from jobclf.tables import arriving
from tests.factories import posting

Pipe = int


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    """Make standard input a pipe, and return the end that is written into."""
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield write


def row(number: int) -> bytes:
    """Return a row as a line of JSON."""
    nested = {"place": {"city": "Graz"}, "text": posting(Role.ML_ENGINEER, number)}
    return json.dumps({"id": number} | nested).encode() + b"\n"


def test_a_row_is_answered_before_the_next_one_is_written(pipe: Pipe) -> None:
    os.write(pipe, row(0))
    found = jobclf.predict_table("-")
    for number in range(1, 4):
        answered = next(found.rows)
        assert (answered["id"], answered["answer"]) == (number - 1, "ml_engineer")
        os.write(pipe, row(number))
    os.close(pipe)
    assert [each["id"] for each in found] == [3]


def test_rows_that_come_fast_are_those_of_a_file(pipe: Pipe) -> None:
    content = b"".join(map(row, range(40)))
    half = len(content) // 2  # within a line
    os.write(pipe, content[:half])
    os.write(pipe, content[half:])
    os.close(pipe)
    found = list(jobclf.predict_table("-"))
    assert [each["id"] for each in found] == list(range(40))
    assert {each["answer"] for each in found} == {"ml_engineer"}


def test_what_goes_wrong_is_raised_after_what_came_before() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("two")

    found = arriving.as_they_come(items())
    assert next(found) == 1
    with pytest.raises(KeyError, match="two"):
        list(found)


def test_no_more_is_read_ahead_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "_WAITING", 5)
    taken = list[int]()

    def items() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    found = (each for each in arriving.as_they_come(items()) if each is not None)
    ahead = [len(taken) - at for at in found]
    assert len(ahead) == 50
    assert max(ahead) <= 12
