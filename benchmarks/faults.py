"""Do a server harm, and hold that it goes on answering.

usage: python -m benchmarks.faults [--slow N] [--gigabytes N]

Workers are killed under load, clients go in the middle of an upload, a thousand are slow, uploads
have no end, and forms are broken. After each, an answer must be right and come within seconds, and
memory must be where it was. The exit code is 1 where something does not hold.
"""

import argparse
import os
import random
import signal
import socket
import sys
import threading
import time
import urllib.error
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from benchmarks.serving import Server, server, texts

if TYPE_CHECKING:
    from collections.abc import Callable

WITHIN = 10.0  # seconds for an answer after a fault
FLAT = 100 * 2**20  # bytes that memory may differ by
_FORM = "multipart/form-data; boundary=b"
BROKEN = {
    "no boundary": (b"x", "multipart/form-data"),
    "an empty boundary": (b"--\r\n", "multipart/form-data; boundary="),
    "no end": (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\na',
        _FORM,
    ),
    "no headers": (b"--b\r\n\r\na\r\n--b--", _FORM),
    "no name": (b"--b\r\nContent-Disposition: form-data\r\n\r\na\r\n--b--\r\n", _FORM),
    "nothing": (b"", _FORM),
    "only ends": (b"--b--" * 1000, _FORM),
    "a header without end": (b"--b\r\n" + b"A" * 10**6, _FORM),
    "many headers": (b"--b\r\n" + b"A: b\r\n" * 10**5 + b"\r\na\r\n--b--", _FORM),
    "many parts": (
        b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\na\r\n' * 10**4 + b"--b--",
        _FORM,
    ),
    "bytes": (bytes(range(256)) * 100, _FORM),
    "a long boundary": (b"--b", "multipart/form-data; boundary=" + "b" * 10**4),
    "letters that are none": (b"--b", "multipart/form-data; boundary=\xff; charset=none"),
}


def raw(at: Server, head: str, body: bytes = b"", seconds: float = 30.0) -> bytes:
    """Send a request as it is and return the start of what comes back."""
    with socket.create_connection((at.host, at.port), seconds) as talk:
        with suppress(OSError):  # it closes on who sends too much
            talk.sendall(head.encode("latin-1") + body)
        try:
            return talk.recv(65536)
        except OSError:
            return b""


def head_of(path: str, kind: str, length: str) -> str:
    """Return the head of a request."""
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n{length}\r\n\r\n"


def kill_workers(at: Server, known: list[str]) -> str:
    """Kill workers while clients ask; every answer is right, or 503."""
    right = [at.ask("/predict", {"text": text}) for text in known]
    told: Counter[str] = Counter()
    until = time.monotonic() + 15

    def client(seed: int) -> None:
        pick = random.Random(seed)  # noqa: S311
        while time.monotonic() < until:
            which = pick.randrange(len(known))
            try:
                same = at.ask("/predict", {"text": known[which]}) == right[which]
                told["right" if same else "WRONG"] += 1
            except urllib.error.HTTPError as error:
                told[str(error.code)] += 1

    clients = [threading.Thread(target=client, args=(seed,)) for seed in range(4)]
    for each in clients:
        each.start()
    killed = 0
    while time.monotonic() < until:
        time.sleep(1)
        for pid in at.workers()[:1]:
            os.kill(pid, signal.SIGKILL)
            killed += 1
    for each in clients:
        each.join()
    if set(told) - {"right", "503"} or not told["right"]:
        raise AssertionError(told)
    return f"{killed} killed, {dict(told)}"


def go_away(at: Server, known: list[str]) -> str:
    """Go in the middle of a body, in every way of sending one."""
    for number in range(300):
        path = ("/predict", "/explain", "/predict/batch", "/predict/table")[number % 4]
        kind = {"/predict/table": _FORM, "/predict/batch": "application/x-ndjson"}
        head = head_of(path, kind.get(path, "application/json"), "Content-Length: 1000000")
        with socket.create_connection((at.host, at.port), 10) as talk:
            talk.sendall(head.encode() + known[number % len(known)].encode()[:1000])
    return "300 clients"


def be_slow(at: Server, count: int) -> str:
    """Send a letter now and then, from many clients; others are answered meanwhile."""
    head = head_of("/predict", "application/json", "Content-Length: 100000").encode()
    talks = []
    for _ in range(count):
        talk = socket.create_connection((at.host, at.port), 10)
        talk.settimeout(0.0)
        talks.append(talk)
    longest, ended = 0.0, 0
    for turn in range(30):
        for talk in talks:
            try:
                # Half of them are slow with the head, half with the body.
                whole = head if turn == 0 and talk.fileno() % 2 else b"P" if turn == 0 else b"a"
                talk.send(whole)
            except OSError:
                ended += turn == 29
        began = time.monotonic()
        at.ask("/predict", {"text": "We deploy models to production. " * 20})
        longest = max(longest, time.monotonic() - began)
        time.sleep(1)
    for talk in talks:
        talk.close()
    if ended < count * 0.95:
        raise AssertionError(f"only {ended} of {count} were cut off")
    return f"{ended} of {count} cut off, others waited {longest:.2f} s at most"


def send_much(at: Server, gigabytes: int) -> str:
    """Announce a large body, and send one without an announcement."""
    told = []
    size = gigabytes * 2**30
    for path, kind in (("/predict", "application/json"), ("/predict/table", _FORM)):
        answer = raw(at, head_of(path, kind, f"Content-Length: {size}"))
        told.append(f"{path} announced: {answer[9:12].decode()}")
        if answer[9:12] != b"413":
            raise AssertionError((path, answer[:100]))
        head = head_of(path, kind, "Transfer-Encoding: chunked").encode()
        sent, piece = 0, b"100000\r\n" + b"a" * 2**20 + b"\r\n"
        if kind == _FORM:
            opening = (
                b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
            )
            head += f"{len(opening):x}\r\n".encode() + opening + b"\r\n"
        with socket.create_connection((at.host, at.port), 60) as talk:
            try:
                talk.sendall(head)
                while sent < size:
                    talk.sendall(piece)
                    sent += 2**20
            except OSError:
                pass
        if sent >= size:
            raise AssertionError(f"{path} took all of it")
        told.append(f"stopped after {sent / 2**20:,.0f} MB")
    return ", ".join(told)


def break_forms(at: Server) -> str:
    """Send forms that are none; each is refused with a problem, or the connection ends."""
    told: Counter[str] = Counter()
    for path in ("/predict", "/explain", "/predict/table"):
        for name, (body, kind) in BROKEN.items():
            answer = raw(at, head_of(path, kind, f"Content-Length: {len(body)}"), body)
            status = answer[9:12].decode() or "closed"
            told[status] += 1
            if status[0] not in "4c":
                raise AssertionError((path, name, answer[:200]))
    return str(dict(told))


def main() -> None:
    """Do all of it and say what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--slow", type=int, default=1000)
    parser.add_argument("--gigabytes", type=int, default=10)
    options = parser.parse_args()
    known = texts(40)
    bad = 0
    with server() as at:
        expected = at.ask("/predict", {"text": known[0]})
        faults: dict[str, Callable[[], str]] = {
            "broken forms": lambda: break_forms(at),
            "clients gone in the middle": lambda: go_away(at, known),
            "workers killed under load": lambda: kill_workers(at, known),
            f"{options.slow} slow clients": lambda: be_slow(at, options.slow),
            f"an upload of {options.gigabytes} GB": lambda: send_much(at, options.gigabytes),
        }
        for name, fault in faults.items():
            before = at.memory()
            try:
                told = fault()
                began = time.monotonic()
                if at.ask("/predict", {"text": known[0]}, WITHIN) != expected:
                    raise AssertionError("the answer after it is wrong")
                told += f"; answers again in {time.monotonic() - began:.2f} s"
                if at.memory() - before > FLAT:
                    raise AssertionError(f"memory grew by {(at.memory() - before) >> 20} MB")
                print("ok  ", f"{name}: {told}")
            except (AssertionError, OSError) as error:
                bad += 1
                print("MISS", f"{name}: {error!r}")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
