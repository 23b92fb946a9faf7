"""Measure a server under load: right answers, how long they take, memory, and the rate of batches.

usage: python -m benchmarks.load [--requests N] [--rows N]

N requests of `POST /predict` come from 8 clients and as many from 64, each of which waits for its
answer before it asks again, over connections that are kept. Every answer is held against the one
that a client alone got. Clients and server share the machine. The exit code is 1 where a bar is
missed.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.serving import Server, server, texts

ALONE = 300  # requests of a client alone
WARM = 1000  # requests from which on memory is to be flat
FLAT = 50 * 2**20  # bytes
TIMES = 20  # the median alone, which 99 of 100 answers under 8 clients may take
SHARE = 0.8  # of the rate of JSON lines from file to file, that a batch must come to


@dataclass
class Load:
    """What many requests came to."""

    clients: int
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0
    memory: list[int] = field(default_factory=list)

    @property
    def p99(self) -> float:
        """The time within which 99 of 100 answers came, in seconds."""
        return statistics.quantiles(self.seconds, n=100)[98]

    @property
    def grown(self) -> int:
        """How far memory went from where it was after the first thousand, in bytes."""
        return max(abs(each - self.memory[0]) for each in self.memory)


async def asked(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bytes]:
    """Send a request and return status and body of the answer."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line[:15] == b"content-length:"
    )
    status = int(head[9:12])
    if status == 503 and b"retry-after" not in head:
        raise RuntimeError("503 without Retry-After")
    return status, await reader.readexactly(length)


def request_of(text: str) -> bytes:
    """Return a request as it is sent."""
    body = json.dumps({"text": text}).encode()
    head = f"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + body


async def client(
    at: Server, turns: Iterator[int], requests: list[bytes], right: list[bytes], load: Load
) -> None:
    """Ask again and again, until all turns are taken; who is turned away comes again."""
    reader, writer = await asyncio.open_connection(at.host, at.port)
    for turn in turns:
        which = turn % len(requests)
        while True:
            began = time.perf_counter()
            status, body = await asked(reader, writer, requests[which])
            load.statuses[status] += 1
            if status != 503:
                break
            await asyncio.sleep(1)
        load.seconds.append(time.perf_counter() - began)
        load.wrong += right[which] != body
        if turn == WARM or (turn > WARM and turn % 5000 == 0):
            load.memory.append(at.memory())
    writer.close()


async def loaded(
    at: Server, clients: int, count: int, requests: list[bytes], right: list[bytes]
) -> Load:
    """Return what so many requests from so many clients come to."""
    load = Load(clients)
    turns = iter(range(count))
    await asyncio.gather(*(client(at, turns, requests, right, load) for _ in range(clients)))
    load.memory.append(at.memory())
    return load


async def alone(at: Server, requests: list[bytes]) -> tuple[list[bytes], float]:
    """Return the answers that one client alone gets, and the median of its times."""
    reader, writer = await asyncio.open_connection(at.host, at.port)
    right, seconds = [], []
    for request in requests:
        began = time.perf_counter()
        status, body = await asked(reader, writer, request)
        seconds.append(time.perf_counter() - began)
        if status != 200:
            raise RuntimeError(f"{status}: {body!r}")
        right.append(body)
    writer.close()
    return right, statistics.median(seconds)


async def batch(at: Server, content: bytes) -> int:
    """Send lines while answers are read; return how many came."""
    reader, writer = await asyncio.open_connection(at.host, at.port)
    head = f"POST /predict/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(content)}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode())

    async def sent() -> None:
        for start in range(0, len(content), 65536):
            writer.write(content[start : start + 65536])
            await writer.drain()

    sending = asyncio.create_task(sent())
    found = await reader.read()
    await sending
    writer.close()
    return found.count(b'"answer"')


def rates(at: Server, rows: int, known: list[str]) -> tuple[float, float]:
    """Return rows a second of a batch, and from file to file on the command line."""
    lines = [json.dumps({"id": n, "text": known[n % len(known)]}) for n in range(rows)]
    content = ("\n".join(lines) + "\n").encode()
    began = time.perf_counter()
    if asyncio.run(batch(at, content)) != rows:
        raise RuntimeError("rows are missing")
    over = rows / (time.perf_counter() - began)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in.jsonl")
        source.write_bytes(content)
        words = ["predict", str(source), "-o", f"{folder}/out.jsonl"]
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "jobclf", *words], check=True, stderr=subprocess.DEVNULL
        )
        return over, rows / (time.perf_counter() - began)


def main() -> None:
    """Measure, print and hold against the bars."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=50_000)
    options = parser.parse_args()
    known = texts(ALONE)
    requests = list(map(request_of, known))
    with server() as at:
        right, median = asyncio.run(alone(at, requests))
        few, many = (
            asyncio.run(loaded(at, clients, options.requests, requests, right))
            for clients in (8, 64)
        )
        over, files = rates(at, options.rows, known)
    held = {
        f"8 clients: no error ({dict(few.statuses)})": set(few.statuses) == {200},
        f"8 clients: p99 {few.p99 * 1e3:.1f} ms, alone {median * 1e3:.1f} ms": few.p99
        <= TIMES * median,
        f"64 clients: 200, or 503 and again ({dict(many.statuses)})": set(many.statuses)
        <= {200, 503}
        and many.statuses[200] == options.requests,
        f"wrong answers: {few.wrong + many.wrong}": few.wrong + many.wrong == 0,
        f"memory: {few.grown / 2**20:.0f} and {many.grown / 2**20:.0f} MB from {WARM} on": max(
            few.grown, many.grown
        )
        <= FLAT,
        f"batch: {over:,.0f} rows a second, from file to file {files:,.0f}": over >= SHARE * files,
    }
    for name, good in held.items():
        print("ok  " if good else "MISS", name)
    sys.exit(not all(held.values()))


if __name__ == "__main__":
    main()
