"""A hostile pickle is refused with what it holds, and a plain one read to the byte."""

import struct

import pytest

from jobclf.classifier.pickles import read
from jobclf.errors import ModelFileError

START = b"\x80\x04"
LONG = "x" * 150
FRAME = b"\x95" + struct.pack("<Q", 3) + b"K\x07."
PLAIN = {
    "a byte": (b"K\xff.", 255),
    "two bytes": (b"M\xff\x01.", 511),
    "a negative number": (b"J\xfe\xff\xff\xff.", -2),
    "a real number": (b"G" + struct.pack(">d", 0.5) + b".", 0.5),
    "a frame that is as long as the rest": (FRAME, 7),
    "what was kept": (b"}\x8c\x01a\x94h\x00s.", {"a": "a"}),
    "two items": (b"}(\x8c\x01aK\x01\x8c\x01bK\x02u.", {"a": 1, "b": 2}),
}
REFUSED = {
    "a class": (b"cposix\nsystem\n.", r"asks for posix\.system, and"),
    "a class of a long name": (
        b"c" + LONG.encode() + b"\n" + LONG.encode() + b"\n.",
        rf"asks for {'x' * 100}\.{'x' * 49}, and",
    ),
    "a name that would break the line": (
        b"\x8c\x01a\x8c\x02\nb\x93.",
        r"asks for a\.\\nb, and",
    ),
    "a number for a module": (b"K\x01\x8c\x06system\x93.", r"asks for \?\.system, and"),
    "nothing": (b".", "a part of a document"),
    "two objects": (b"K\x01K\x02.", "a part of a document"),
    "an open mark": (b"(K\x01.", "a part of a document"),
    "an opcode of none": (b"K\x01\xff.", "opcode 0xff at byte 4 "),
    "a call": (b"K\x01R.", r"calls a function \(REDUCE\) at byte 4,"),
    "more behind the end": (b"K\x01..", "goes on after its end at byte 5"),
    "a frame longer than the rest": (
        FRAME.replace(b"\x03", b"\x04"),
        "claims 4 bytes at byte 11",
    ),
    "a text longer than the rest": (
        b"\x8c\x09abc.",
        "ends at byte 8, and what begins at 4 goes on to 13",
    ),
    "an item of no dict": (b"K\x01\x8c\x01aK\x01s.", "fills what is no dict"),
    "a key without a value": (b"}(\x8c\x01au.", "fills what is no dict"),
    "a key that is no text": (b"}K\x01K\x01s.", "of type int and not str"),
    "a key twice": (b"}\x8c\x01aK\x01s\x8c\x01aK\x01s.", "the key a stands twice"),
    "a dict within itself": (b"}\x94\x8c\x01ah\x00s.", "stands in it twice, or within"),
    "what was never kept": (b"h\x01.", r"damaged or foreign \(IndexError\)"),
}


def test_a_pickle_of_another_protocol_is_refused() -> None:
    with pytest.raises(ModelFileError, match="its pickle protocol is 2 and model files have 4"):
        read(b"\x80\x02K\x01.")


@pytest.mark.parametrize(("content", "value"), PLAIN.values(), ids=PLAIN)
def test_plain_values_are_read(content: bytes, value: object) -> None:
    found = read(START + content)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("content", "fact"), REFUSED.values(), ids=REFUSED)
def test_all_else_is_refused_by_what_it_is(content: bytes, fact: str) -> None:
    with pytest.raises(ModelFileError, match=fact):
        read(START + content)
