"""JSON lines in and out: in order, as they come, however the client sends and reads."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

import jobclf
from jobclf.reports import render
from jobclf.roles import Role
from tests.conftest import Served
from tests.factories import mixed_posting, posting

TEXT = {"content-type": "application/x-ndjson"}


def rows(count: int) -> list[dict[str, Any]]:
    roles = list(Role)
    return [{"id": n, "text": mixed_posting(roles[n % 3], n) * 3} for n in range(count)]


def lines(of: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in of)


def answered(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def test_each_line_is_answered_in_order_with_its_other_fields(served: Served) -> None:
    given = rows(700)
    found = answered(
        served.client.post("/predict/batch", content=lines(given), headers=TEXT).content
    )
    assert [row["id"] for row in found] == list(range(700))
    for row, answer in zip(given[::100], found[::100], strict=True):
        expected = json.loads(render.as_json(render.prediction_fields(jobclf.predict(row["text"]))))
        assert answer == {"id": row["id"]} | expected


LINES = {
    "no JSON": (b"{", "damaged"),
    "no object": (b"[1]", "bad_value"),
    "deep": (b"[" * 100_000, "damaged"),
    "no text": (b'{"id": 1}', "bad_value"),
    "null for a text": (b'{"text": null}', "bad_value"),
    "a title that is none": (b'{"text": "a", "title": 1}', "bad_value"),
    "bytes that are no text": (b'{"text": "\xff"}', "damaged"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_bad_line_costs_itself_alone(name: str, served: Served) -> None:
    line, reason = LINES[name]
    good = lines(rows(1))
    content = b"\n".join([good, line, b"", b"  ", good])
    found = answered(served.client.post("/predict/batch", content=content, headers=TEXT).content)
    assert [row.get("error_reason") for row in found] == [None, reason, None]


def test_the_last_line_needs_no_end_and_nothing_is_no_line(served: Served) -> None:
    post = served.client.post
    assert (
        len(answered(post("/predict/batch", content=lines(rows(1))[:-1], headers=TEXT).content))
        == 1
    )
    assert post("/predict/batch", content=b"", headers=TEXT).content == b""
    assert post("/predict/batch", content=b"\n\n", headers=TEXT).content == b""


def test_another_form_is_refused(served: Served) -> None:
    answer = served.client.post("/predict/batch", json={"text": "a"})
    assert answer.status_code == 415


def test_a_line_is_answered_before_the_next_is_sent(served: Served) -> None:
    address = urlsplit(served.url)
    with socket.create_connection((address.hostname or "", address.port or 0), 30) as talk:
        head = f"POST /predict/batch HTTP/1.1\r\nHost: {address.netloc}\r\n"
        kind = "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
        talk.sendall((head + kind).encode())
        heard = b""
        for number in range(1, 4):
            line = json.dumps({"id": f"row {number}", "text": posting(Role.ML_ENGINEER, number)})
            talk.sendall(f"{len(line) + 1:x}\r\n{line}\n\r\n".encode())
            while f"row {number}".encode() not in heard:
                piece = talk.recv(65536)
                assert piece
                heard += piece
        talk.sendall(b"0\r\n\r\n")
        while not heard.endswith(b"0\r\n\r\n"):
            heard += talk.recv(65536)


@pytest.mark.slow
def test_a_client_that_reads_nothing_until_all_is_sent_holds_up_nothing(served: Served) -> None:
    row = {"id": "x" * 2000, "text": posting(Role.ML_ENGINEER, 1)[:300]}  # answers fill the sockets
    line = json.dumps(row).encode() + b"\n"

    def sent() -> Iterator[bytes]:
        for _ in range(60):
            yield line * 200

    answer = served.client.post("/predict/batch", content=sent(), headers=TEXT, timeout=120)
    assert answer.content.count(b"\n") == 60 * 200


def test_a_line_that_is_too_long_ends_the_batch(served: Served) -> None:
    def sent() -> Iterator[bytes]:
        yield lines(rows(2))
        for _ in range(9):
            yield b"a" * 2**20

    found = answered(served.client.post("/predict/batch", content=sent(), headers=TEXT).content)
    assert [row.get("error_reason") for row in found] == [None, None, "too_large"]
    assert found[-1]["error"].startswith("line 3 ")
