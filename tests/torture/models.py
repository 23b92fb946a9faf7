"""Hostile and broken model files, each with the reason that it must be refused for."""

import io
import pickle
import re
import struct
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import joblib
import numpy as np

from jobclf.classifier import model_file
from jobclf.classifier.model_document import to_document
from jobclf.classifier.model_file import to_bytes
from jobclf.errors import ModelFileError
from tests.factories import SMALL

SECONDS, BYTES = 1.0, 200 * 10**6  # in which every file must be refused


class Hostile(NamedTuple):
    """One file, and a part of the message that refuses it."""

    name: str
    content: bytes
    reason: str = ""


class _Calling:
    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Path.mkdir, (self.canary,)  # type: ignore[return-value]


def sealed(content: bytes) -> bytes:
    """Return a file with the checksum it would have, had jobclf written it."""
    return content[:-35] + sha256(content[:-35]).digest() + content[-3:]


def _opcodes(canary: Path) -> Iterator[Hostile]:
    where = str(canary).encode()
    name = b"\x8c" + bytes([len(where)]) + where
    mkdir = b"\x8c\x05posix\x8c\x05mkdir"
    programs = {
        "GLOBAL": (b"cposix\nmkdir\n" + name + b"\x85R.", "asks for posix.mkdir"),
        "STACK_GLOBAL": (mkdir + b"\x93" + name + b"\x85R.", "asks for posix.mkdir"),
        "INST": (b"(" + name + b"iposix\nmkdir\n.", "asks for posix.mkdir"),
        "OBJ": (b"(" + name + b"o.", "OBJ"),
        "REDUCE": (name + name + b"R.", "REDUCE"),
        "BUILD": (b"}" + name + b"b.", "BUILD"),
        "NEWOBJ": (name + name + b"\x81.", "NEWOBJ"),
        "NEWOBJ_EX": (name * 3 + b"\x92.", "NEWOBJ_EX"),
        "EXT1": (b"\x82\x01.", "EXT1"),
        "EXT2": (b"\x83\x01\x00.", "EXT2"),
        "EXT4": (b"\x84\x01\x00\x00\x00.", "EXT4"),
        "PERSID": (b"Pthing\n.", "PERSID"),
        "BINPERSID": (name + b"Q.", "BINPERSID"),
        "NEXT_BUFFER": (b"\x97.", "NEXT_BUFFER"),
        "READONLY_BUFFER": (b"\x98.", "READONLY_BUFFER"),
    }
    for opcode, (program, reason) in programs.items():
        yield Hostile(f"opcode {opcode}", b"\x80\x04" + program, reason)
        contained = b"\x80\x04}(\x8c\x05magic\x8c\x0cjobclf model\x8c\x04card" + program
        yield Hostile(f"opcode {opcode} inside", contained, reason)
    for (
        code
    ) in b"012FIJLMNSTUVBCGX]adegijklpqrst(u)h\x85\x86\x87\x88\x89\x8a\x8b\x8d\x8e\x8f\x90\x91\x96":
        program = b"\x80\x04" + bytes([code]) + b"\xff" * 9
        yield Hostile(f"opcode 0x{code:02x}", program, "damaged|no model file|name nothing")
    for protocol in range(6):
        for what, thing in {"a call": _Calling(canary), "a document": to_document(SMALL)}.items():
            if protocol != 4 or what == "a call":
                content = pickle.dumps(thing, protocol)
                yield Hostile(
                    f"{what}, protocol {protocol}", content, "begin|protocol|name nothing"
                )


def _bombs() -> Iterator[Hostile]:
    zeros = bytes(50 * 10**6)
    for method in ("zlib", "gzip", "bz2", "lzma", "xz"):
        stream = io.BytesIO()
        joblib.dump(to_document(SMALL) | {"idf": zeros}, stream, compress=(method, 1))
        yield Hostile(f"{method} bomb", stream.getvalue(), "compressed")
    start = b"\x80\x04"
    deep = 100_000
    huge = struct.pack("<Q", 1 << 43)
    yield from (
        Hostile("lists in lists", start + b"]" * deep + b"a" * (deep - 1) + b".", "no model file"),
        Hostile("tuples in tuples", start + b")" + b"\x85" * deep + b".", "no model file"),
        Hostile("dicts in dicts", start + b"}\x8c\x01k" * deep + b"s" * deep + b".", "steps"),
        Hostile("marks", start + b"(" * deep + b".", "steps"),
        Hostile("16 million dicts", start + b"}" * (15 << 20), "steps"),
        Hostile("pushed again and again", start + b"\x8c\x01k\x94" + b"h\x00" * deep, "steps"),
        Hostile("a dict in itself", start + b"}\x94\x8c\x01kh\x00s.", "within itself"),
        Hostile("a frame of terabytes", start + b"\x95" + huge, "claims"),
        Hostile("text of terabytes", start + b"\x8d" + huge, "no model file"),
        Hostile("bytes of terabytes", start + b"\x8e" + huge, "no model file"),
        Hostile("buffer of terabytes", start + b"\x96" + huge, "no model file"),
        Hostile("text of 4 GB", start + b"X\xff\xff\xff\xff", "cut short"),
        Hostile("bytes of 4 GB", start + b"B\xff\xff\xff\xff", "cut short"),
        Hostile("a memo of 4 billion", start + b"r\xff\xff\xff\xff", "no model file"),
        Hostile("an integer of 2 GB", start + b"\x8b\xff\xff\xff\x7f", "no model file"),
        Hostile("no UTF-8", start + b"\x8c\x02\xff\xff.", "UnicodeDecodeError"),
        Hostile("a lone surrogate", start + b"\x8c\x03\xed\xa0\x80.", "UnicodeDecodeError"),
        Hostile("nothing", b"", "empty"),
        Hostile("zeros", bytes(1000), "begin"),
        Hostile("text", b"We deploy models.", "begin"),
        Hostile("zip", b"PK\x03\x04" + bytes(100), "compressed"),
        Hostile("key twice", start + b"}(\x8c\x01kK\x01\x8c\x01kK\x02u.", "stands twice"),
        Hostile("number as key", start + b"}(K\x01K\x01u.", "not str"),
        Hostile("odd items", start + b"}(K\x01u.", "fills what is no dict"),
        Hostile("end in a mark", start + b"(}.", "a part of a document"),
    )
    stream = io.BytesIO()
    joblib.dump(np.zeros(3), stream, protocol=4)
    claimed = stream.getvalue().replace(b"K\x03\x85", b"\x8a\x06" + huge[:6] + b"\x85", 1)
    yield Hostile("an array that claims terabytes", claimed, "name nothing")


def _put(**changes: object) -> bytes:
    return to_bytes({k: v for k, v in (to_document(SMALL) | changes).items() if v is not None})


def _names() -> Iterator[Hostile]:
    sound = to_document(SMALL)
    for families in ("", "one\n\nthree", "one\none", "\n".join(map(str, range(10_000)))):
        head = sound["scope"] | {"families": families}
        yield Hostile(f"families {families[:9]!r}", _put(scope=head), "none, too many or twice")
    for families in ("x" * 1000, "one\x1b[2Jtwo", "one\u202etwo"):
        head = sound["scope"] | {"families": families}
        yield Hostile(f"families {families[:9]!a}", _put(scope=head), "longer than names|printed")
    for text in ("x" * 5000, "two\nlines", "\x1b[2J"):
        for part in ("name", "trained", "prior", "digest"):
            card = sound["card"] | {part: text}
            yield Hostile(f"card {part} {text[:5]!a}", _put(card=card), "longer than any|printed")
    facts: dict[str, list[dict[str, Any]]] = {
        "postings": [{"x" * 5000: 1}, {str(n): 1 for n in range(10_000)}, {"a": -1}, {"\x1b": 1}],
        "scores": [{"x" * 5000: 0.1}, {"a": 1e300}, {"a": float("nan")}, {"a\nb": 0.1}],
        "versions": [{"x": "y" * 5000}, {"digest": "\x1b[2J"}, {"\x9b2J": "1"}],
    }
    for part, mappings in facts.items():
        for at, mapping in enumerate(mappings):
            card = sound["card"] | {part: mapping}
            reason = "too many|steps|no numbers|printed|not all finite"
            yield Hostile(f"{part} {at}", _put(card=card), reason)


def _documents() -> Iterator[Hostile]:  # noqa: C901
    sound = to_document(SMALL)
    size = len(SMALL.terms)
    ones = np.ones(size, dtype="<f4")

    def filled(value: float) -> bytes:
        return np.append(ones[1:], np.float32(value)).astype("<f4").tobytes()

    for value in (float("nan"), float("inf"), float("-inf"), 3e38):
        for part in ("weights", "precision"):
            head = sound["role"] | {part: filled(value)}
            yield Hostile(f"{part} {value}", _put(role=head), "not finite or too large")
            head = sound["scope"] | {part: filled(value) * len(SMALL.scope.families)}
            yield Hostile(f"{part} of scope {value}", _put(scope=head), "not finite or too large")
        yield Hostile(f"idf {value}", _put(idf=filled(value)), "not finite or too large")
        for part in ("intercept", "slope", "offset", "intercept_precision"):
            head = sound["role"] | {part: value}
            yield Hostile(f"{part} {value}", _put(role=head), "not a finite|too large")
    for part in ("terms", "idf", "role", "scope", "card"):
        yield Hostile(f"no {part}", _put(**{part: None}), "is missing")
    for part in ("weights", "precision", "slope"):
        for name in ("role", "scope"):
            head = {k: v for k, v in sound[name].items() if k != part}
            yield Hostile(f"no {part} of {name}", _put(**{name: head}), "is missing")
    for term in ("a" * 101, "build " * 1000 + "it"):
        changed = "\n".join([*SMALL.terms[1:], term])
        yield Hostile(f"long term {term[:9]}", _put(terms=changed), "more than 100 characters")
    head = sound["scope"] | {"families": "one\ntwo"}
    yield Hostile("a family fewer", _put(scope=head), "belong")
    for count in (0, size - 1, size + 1):
        yield Hostile(f"{count} idf", _put(idf=bytes(4 * count)), "belong")
    for term in (
        "the",
        "engineer",
        "Build",
        "é",
        "a\0b",
        "x y",
        "",
        "build\tit",
        "\x1b[2J",
        "a" * 9 + "|",
    ):
        changed = "\n".join([*SMALL.terms[1:], term])
        yield Hostile(f"term {term!a}", _put(terms=changed), "no posting|not plain")
    twice = "\n".join([*SMALL.terms[1:], SMALL.terms[1]])
    yield Hostile("a term twice", _put(terms=twice), "stands twice")
    for number in (0, 3, 99):
        yield Hostile(f"format {number}", _put(format=number), "its format is")
    yield Hostile("foreign", _put(magic="other"), "not written by jobclf")
    yield Hostile("unknown part", _put(code="x"), "unknown 'code'")
    content = to_bytes(sound)
    yield Hostile("unsealed", content[:-35] + bytes(32) + content[-3:], "checksum")
    yield Hostile("something after it", content + b"!", "after its end")
    many = "\n".join(["r"] * (6 << 20))
    yield Hostile("millions of terms", _put(terms=many), "belong")
    wide = (16 << 20) // 27  # as large as a model file may be
    terms = "\n".join(f"a{number:07d}"[-5:] for number in range(wide))
    arrays = np.ones(wide, dtype="<f4").tobytes()
    head = sound["role"] | {"weights": arrays, "precision": arrays}
    scope = sound["scope"] | {
        "families": "other",
        "weights": arrays,
        "precision": arrays,
        "intercepts": bytes(4),
        "intercept_precision": bytes(4),
    }
    content = _put(terms=terms, idf=arrays, role=head, scope=scope, kinds=bytes(wide))
    yield Hostile("half a million terms", content, "stands twice")


def cut() -> Iterator[Hostile]:
    """Yield the bundled model, cut at every kilobyte."""
    content = model_file.bundled("jobclf").read_bytes()
    for size in range(0, len(content), 1024):
        yield Hostile(f"cut at {size}", content[:size])


def flipped(count: int) -> Iterator[Hostile]:
    """Yield the bundled model with one random bit turned over, many times."""
    content = model_file.bundled("jobclf").read_bytes()
    rng = np.random.default_rng(7)
    for at, bit in zip(
        rng.integers(len(content), size=count), rng.integers(8, size=count), strict=True
    ):
        changed = bytearray(content)
        changed[at] ^= 1 << int(bit)
        yield Hostile(f"bit {bit} of byte {at}", bytes(changed))


def corpus(canary: Path) -> list[Hostile]:
    """Return the hostile files; those that call something would make a folder, `canary`."""
    return [*_opcodes(canary), *_bombs(), *_names(), *_documents()]


def refusal(content: bytes) -> str:
    """Return why a file is refused; fail if it is not, or by anything but a `ModelFileError`."""
    try:
        model_file.from_bytes(content)
    except ModelFileError as error:
        return str(error)
    raise AssertionError("it was read")


def seconds(content: bytes) -> float:
    """Return how many seconds of the processor a refusal takes."""
    start = time.process_time()
    refusal(content)
    return time.process_time() - start


def peak(content: bytes) -> int:
    """Return how many bytes a refusal takes at most, besides the file's own."""
    tracemalloc.start()
    try:
        refusal(content)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def kind(reason: str) -> str:
    """Return a reason without its particulars, to count reasons by."""
    for part in ("checksum", "cut short", "compressed", "begin as", "protocol", "name nothing",
                 "may not", "no model file", "steps", "claims", "not finite", "too large", "belong",
                 "missing", "twice", "printed", "too long", "longer than", "more than",
                 "no posting", "not plain", "format"):  # fmt: skip
        if part in reason:
            return part
    return "other"


def run(canary: Path, flips: int) -> list[str]:
    """Try every file and return the figures, a line each."""
    reasons: Counter[str] = Counter()
    slowest, largest = 0.0, 0
    files = corpus(canary)
    for file in files:
        slowest = max(slowest, seconds(file.content))
        largest = max(largest, peak(file.content))
        found = refusal(file.content)
        if not re.search(file.reason, found):  # no assertion: it is run with `python -O` too
            raise ValueError(f"{file.name}: {found}")
        reasons[kind(found)] += 1
    cuts = Counter(kind(refusal(file.content)) for file in cut())
    reasons += cuts
    for file in flipped(flips):
        reasons[kind(refusal(file.content))] += 1
    if canary.exists():
        raise ValueError("a model file has run something")
    return [
        f"model files tried: {len(files)} made, {cuts.total()} cut, {flips} with a bit turned over",
        f"read: 0; run: 0; slowest {slowest:.3f} s; most memory {largest / 1e6:.0f} MB",
        *(f"refused, {reason}: {count}" for reason, count in reasons.most_common()),
    ]
