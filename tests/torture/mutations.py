"""Documents changed as accidents and strangers would."""

import io
import random
import re
import zipfile
from collections.abc import Callable

from tests.torture.seeds import HURTFUL, Seeds

_LARGE = 300_000  # bytes


def mutated(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    """Return a document changed in one to six ways."""
    if content[:4] == b"PK\x03\x04" and rng.random() < 0.7:
        return _repacked(rng, content, given)
    for _ in range(rng.randint(1, 6)):
        content = rng.choice(_WAYS)(rng, content, given)
    return content


def _repacked(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    """Change what a zip archive holds and pack it again."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(target, "w") as packed:
        for part in archive.infolist():
            contained = archive.read(part)
            if rng.random() < 0.5:
                contained = rng.choice(_WAYS)(rng, contained, given)
            packed.writestr(part.filename, contained)
    return target.getvalue()


def _slice(rng: random.Random, content: bytes) -> tuple[int, int]:
    start = rng.randint(0, len(content))
    return start, min(len(content), start + int(rng.expovariate(1 / 30)))


def _flip(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    if not content:
        return b"\0"
    changed = bytearray(content)
    for _try in range(rng.randint(1, 5)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _delete(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    start, end = _slice(rng, content)
    return content[:start] + content[end:]


def _repeat(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    start, end = _slice(rng, content)
    return content[:start] + content[start:end] * rng.randint(2, 40) + content[end:]


def _insert(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    at = rng.randint(0, len(content))
    hurtful = rng.choice(HURTFUL).encode(rng.choice(("utf-8", "utf-8", "utf-16-le")))
    piece = rng.choice((rng.choice(given.pieces), hurtful, rng.randbytes(9)))
    return content[:at] + piece * rng.choice((1, 1, 1, 2, 300)) + content[at:]


def _replace(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    """Put one piece that means something in the place of another."""
    old = rng.choice(given.pieces)
    return content.replace(old, rng.choice(given.pieces), rng.randint(1, 3))


def _number(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    found = list(re.finditer(rb"\d+", content))
    if not found:
        return content
    start, end = rng.choice(found).span()
    numbers = (b"0", b"-1", b"1", b"2", b"3", b"4294967295", b"99999999999999999999", b"1.5")
    return content[:start] + rng.choice(numbers) + content[end:]


def _cut(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    return content[: rng.randint(0, len(content))]


def _splice(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    other = rng.choice(given.documents)
    return content[: rng.randint(0, len(content))] + other[rng.randint(0, len(other)) :]


_WAYS: tuple[Callable[[random.Random, bytes, Seeds], bytes], ...] = (
    _flip, _delete, _repeat, _insert, _insert, _replace, _number, _cut, _splice,
)  # fmt: skip


def grown(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    """Return a document with a piece that is repeated until it is large."""
    piece = rng.choice((rng.choice(given.pieces), rng.choice(HURTFUL).encode(), content[:9]))
    at = rng.randint(0, len(content))
    return content[:at] + piece * (_LARGE // max(1, len(piece))) + content[at:]
