"""Who is let in: this machine's own programs and page, and elsewhere whoever has the token."""

import asyncio
import socket
from typing import Any

import pytest

pytest.importorskip("starlette")

from starlette.responses import PlainTextResponse

from jobclf.server.security import Door, Guard, is_token, new_token
from tests.conftest import Served

TOKEN = new_token()


def status(door: Door, path: str = "/predict", **headers: str) -> int:
    """Return what a guarded application answers to a request with these headers."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    named = {"host": "127.0.0.1:8765"} | headers
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "headers": [
            (k.replace("_", "-").encode(), each.encode())
            for k, v in named.items()
            for each in v.split("; ")
        ],
    }
    asyncio.run(Guard(PlainTextResponse("in"), door)(scope, receive, send))
    return int(sent[0]["status"])


OURS: dict[str, dict[str, str]] = {
    "a program": {},
    "localhost": {"host": "localhost:8765"},
    "IPv6": {"host": "[::1]:8765"},
    "our own page": {"origin": "http://127.0.0.1:8765", "sec_fetch_site": "same-origin"},
    "typed by hand": {"sec_fetch_site": "none"},
}
FOREIGN: dict[str, dict[str, str]] = {
    "a foreign name that leads here": {"host": "rebound.example:8765"},
    "a foreign name behind our own": {"host": "127.0.0.1:8765.rebound.example"},
    "our name behind a foreign one": {"host": "rebound.example@127.0.0.1"},
    "no name": {"host": ""},
    "a broken name": {"host": "[::1"},
    "a name within a name": {"host": "127.0.0.1.example"},
    "a page from elsewhere": {"origin": "https://elsewhere.example"},
    "a page from elsewhere behind our own": {
        "origin": "http://127.0.0.1:8765; https://elsewhere.example"
    },
    "a page of another port": {"origin": "http://127.0.0.1:9000"},
    "a sandboxed page": {"origin": "null"},
    "a form from elsewhere": {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"},
    "a picture from elsewhere": {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"},
}


@pytest.mark.parametrize("name", OURS)
def test_this_machine_is_let_in(name: str) -> None:
    assert status(Door(), **OURS[name]) == 200


@pytest.mark.parametrize("name", FOREIGN)
def test_what_comes_from_elsewhere_is_turned_away(name: str) -> None:
    assert status(Door(), **FOREIGN[name]) == 403


def test_a_link_from_elsewhere_may_lead_to_the_page_alone() -> None:
    link = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}
    assert status(Door(), "/", **link) == 200
    assert status(Door(), "/model", **link) == 403


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 401),
        ({"authorization": f"Bearer {TOKEN}"}, 200),
        ({"authorization": f"bearer {TOKEN}"}, 200),
        ({"authorization": f"Basic {TOKEN}"}, 401),
        ({"authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        ({"authorization": "Bearer "}, 401),
        ({"authorization": "Bearer ü"}, 401),
    ],
)
def test_with_a_token_who_asks_must_bring_it(given: dict[str, str], expected: int) -> None:
    assert status(Door(None, TOKEN), host="192.0.2.1:8765", **given) == expected


def test_the_page_itself_holds_nothing_and_needs_no_token() -> None:
    assert status(Door(None, TOKEN), "/") == 200


@pytest.mark.parametrize(
    "text", ["", "short", "with blanks in between", "ünïcödëünïcödë", "a" * 15]
)
def test_what_can_be_guessed_or_not_sent_is_no_token(text: str) -> None:
    assert not is_token(text)
    assert is_token(TOKEN)


def test_every_answer_has_its_headers(served: Served) -> None:
    for path in ("/", "/docs", "/health", "/none", "/openapi.json"):
        headers = served.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_a_request_that_says_twice_how_long_it_is_hides_no_other(served: Served) -> None:
    host = served.url.partition("//")[2].strip("/")
    head = f"Host: {host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    hidden = f"GET /model HTTP/1.1\r\nHost: {host}\r\n\r\n"
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), 10) as there:
        there.sendall(f"POST /predict HTTP/1.1\r\n{head}0\r\n\r\n{hidden}".encode())
        said = b"".join(iter(lambda: there.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1
