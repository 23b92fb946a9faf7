"""Pickles of plain builtins, read by a machine that can do nothing else.

It knows the few opcodes that such a pickle is made of, and none that names, imports, calls, builds
or refers to anything outside. What it makes is a tree of dicts, texts, bytes and numbers, no larger
than the file allows, and it never calls itself, so that no file can exhaust memory or the stack.
"""

import struct
from collections.abc import Callable
from typing import Any

from jobclf import limits
from jobclf.errors import ModelFileError, Reason, unusable

PROTOCOL = 4
_LARGEST_NAME = 100  # characters of a hostile name that are repeated in a message

_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"]\x00\x00": "lzma",
    b"\x04\x22\x4d\x18": "lz4",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"\x78\x01": "zlib",
    b"\x78\x5e": "zlib",
    b"\x78\x9c": "zlib",
    b"\x78\xda": "zlib",
}
_HARMFUL = {
    "b": "sets the state of an object (BUILD)",
    "o": "makes an object (OBJ)",
    "P": "asks for an outside object (PERSID)",
    "Q": "asks for an outside object (BINPERSID)",
    "R": "calls a function (REDUCE)",
    "\x81": "makes an object (NEWOBJ)",
    "\x82": "names a class by number (EXT1)",
    "\x83": "names a class by number (EXT2)",
    "\x84": "names a class by number (EXT4)",
    "\x92": "makes an object (NEWOBJ_EX)",
    "\x97": "asks for an outside buffer (NEXT_BUFFER)",
    "\x98": "asks for an outside buffer (READONLY_BUFFER)",
}


def read(content: bytes) -> Any:
    """Return what a pickle of plain builtins holds, or refuse it with a `ModelFileError`."""
    if not content:
        raise unusable("it is empty", reason=Reason.EMPTY)
    for start, name in _COMPRESSED.items():
        if content.startswith(start):
            raise unusable(f"it is compressed ({name}), and model files are not")
    if content[0] != 0x80 or len(content) < 2:  # noqa: PLR2004
        raise unusable("it is damaged or foreign: it does not begin as a model file does")
    if content[1] != PROTOCOL:
        raise unusable(f"its pickle protocol is {content[1]} and model files have {PROTOCOL}")
    try:
        return _Machine(content).run()
    except (LookupError, TypeError, UnicodeDecodeError) as error:
        raise unusable(f"it is damaged or foreign ({type(error).__name__})") from None


class _Machine:
    """A stack, the places of open marks on it, and what may be put there again."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 2
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: list[Any] = []

    def run(self) -> Any:
        """Take one step after the other until the pickle stops."""
        for _ in range(limits.MODEL_STEPS):
            code = self._take(1)
            if code == b".":
                return self._whole()
            step = _STEPS.get(code)
            if step is None:
                raise self._refusal(code.decode("latin-1"))
            step(self)
        raise unusable(f"it has more than {limits.MODEL_STEPS} steps, and no model file has")

    def _whole(self) -> Any:
        if self._at != len(self._content):
            raise unusable(f"it goes on after its end at byte {self._at}")
        if len(self._stack) != 1 or self._marks:
            raise unusable("it is damaged or foreign: it ends with a part of a document")
        return self._stack[0]

    def _take(self, size: int) -> bytes:
        start, self._at = self._at, self._at + size
        if self._at > len(self._content):
            raise unusable(
                f"it is cut short or damaged: it ends at byte {len(self._content)}, and what "
                f"begins at {start} goes on to {self._at}",
                reason=Reason.DAMAGED,
            )
        return self._content[start : self._at]

    def _number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "little")

    def _refusal(self, code: str) -> ModelFileError:
        if code in "ci":
            end = self._content[self._at : self._at + 2 * _LARGEST_NAME].split(b"\n")
            return _named([part.decode("latin-1") for part in end[:2]])
        if code == "\x93":
            return _named(self._stack[-2:])
        where = f"at byte {self._at - 1}"
        if code in _HARMFUL:
            return unusable(f"it {_HARMFUL[code]} {where}, and a model file may not")
        return unusable(
            f"it is damaged or foreign: opcode 0x{ord(code):02x} {where} is in no model file"
        )

    def frame(self) -> None:
        """Pass over the length of a frame; it must not claim more than there is."""
        size = self._number(8)
        if size > len(self._content) - self._at:
            raise unusable(
                f"it is cut short: it claims {size} bytes at byte {self._at}", reason=Reason.DAMAGED
            )

    def text(self, width: int) -> None:
        """Push a text that follows its length."""
        self._stack.append(self._take(self._number(width)).decode())

    def raw(self, width: int) -> None:
        """Push bytes that follow their length."""
        self._stack.append(self._take(self._number(width)))

    def whole_number(self, width: int, *, signed: bool = False) -> None:
        """Push an integer."""
        self._stack.append(int.from_bytes(self._take(width), "little", signed=signed))

    def real_number(self) -> None:
        """Push a float."""
        self._stack.append(struct.unpack(">d", self._take(8))[0])

    def table(self) -> None:
        """Push an empty dict."""
        self._stack.append({})

    def mark(self) -> None:
        """Remember how high the stack is."""
        self._marks.append(len(self._stack))

    def items(self) -> None:
        """Put what lies above the last mark into the dict below it."""
        at = self._marks.pop()
        self._put(at)

    def item(self) -> None:
        """Put the two topmost into the dict below them."""
        self._put(len(self._stack) - 2)

    def _put(self, at: int) -> None:
        new = self._stack[at:]
        del self._stack[at:]
        target = self._stack[-1]
        if type(target) is not dict or len(new) % 2:
            raise unusable("it is damaged or foreign: it fills what is no dict")
        for key, value in zip(new[::2], new[1::2], strict=True):
            if type(key) is not str:
                raise unusable(f"a key is of type {type(key).__name__} and not str")
            if key in target:
                raise unusable(f"the key {_shown(key)} stands twice")
            target[key] = value

    def memorize(self) -> None:
        """Keep the topmost, to be pushed again."""
        self._memo.append(self._stack[-1])

    def again(self, width: int) -> None:
        """Push what was kept; never a dict, so that the document is a tree."""
        value = self._memo[self._number(width)]
        if type(value) is dict:
            raise unusable("a dict stands in it twice, or within itself")
        self._stack.append(value)


def _named(parts: list[Any]) -> ModelFileError:
    name = ".".join(_shown(part) if type(part) is str else "?" for part in parts)
    return unusable(f"it asks for {name}, and a model file may name nothing")


def _shown(name: str) -> str:
    return ascii(name[:_LARGEST_NAME])[1:-1]


_STEPS: dict[bytes, Callable[[_Machine], None]] = {
    b"\x95": _Machine.frame,  # FRAME
    b"}": _Machine.table,  # EMPTY_DICT
    b"(": _Machine.mark,  # MARK
    b"s": _Machine.item,  # SETITEM
    b"u": _Machine.items,  # SETITEMS
    b"\x94": _Machine.memorize,  # MEMOIZE
    b"h": lambda machine: machine.again(1),  # BINGET
    b"j": lambda machine: machine.again(4),  # LONG_BINGET
    b"\x8c": lambda machine: machine.text(1),  # SHORT_BINUNICODE
    b"X": lambda machine: machine.text(4),  # BINUNICODE
    b"C": lambda machine: machine.raw(1),  # SHORT_BINBYTES
    b"B": lambda machine: machine.raw(4),  # BINBYTES
    b"K": lambda machine: machine.whole_number(1),  # BININT1
    b"M": lambda machine: machine.whole_number(2),  # BININT2
    b"J": lambda machine: machine.whole_number(4, signed=True),  # BININT
    b"G": _Machine.real_number,  # BINFLOAT
}
