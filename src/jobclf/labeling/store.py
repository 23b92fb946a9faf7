"""A file of labels that is never half written: one JSON object a line, each flushed to the disk.

`jobclf train` reads it as it is. A line without a role is a posting that was skipped.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from jobclf import atomic
from jobclf.errors import DatasetError, OutputError, Reason
from jobclf.roles import Role, parse_role
from jobclf.text.tokens import normalize


@dataclass(frozen=True, slots=True)
class Label:
    """What was answered for a posting; `role` is None where it was skipped.

    `posting` is the SHA-256 of the normalised text, `source` where it was read, `time` in UTC.
    """

    posting: str
    role: Role | None
    text: str
    title: str | None = None
    company: str | None = None
    source: str = ""
    time: str = ""


def digest(text: str) -> str:
    """Return what tells postings apart: SHA-256 of the normalised text."""
    return hashlib.sha256(normalize(text).encode("utf-8", "surrogatepass")).hexdigest()


class LabelsFile:
    """The labels in a file; each change is on the disk before the call returns.

    `repaired` says that the last line was cut off, as by a kill or a full disk, and dropped.
    """

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() != ".jsonl":
            raise OutputError(
                "it does not end in .jsonl",
                "labels are written as JSON lines, name such a file",
                path=os.fspath(path),
            )
        atomic.check_room(path)
        self.path = path
        self.repaired = False
        self._size = 0
        self._labels = self._read()

    def __len__(self) -> int:
        return len(self._labels)

    def __iter__(self) -> Iterator[Label]:
        return iter(self._labels)

    def __getitem__(self, at: int) -> Label:
        return self._labels[at]

    def append(self, label: Label) -> None:
        """Add a label at the end."""
        line = _line(label)
        with _told(self.path), self.path.open("ab") as stream:
            self._check(stream.seek(0, os.SEEK_END))
            try:
                stream.write(line)
                stream.flush()
                os.fsync(stream.fileno())
            except OSError:
                os.truncate(self.path, self._size)
                raise
        if not self._labels:
            _flush_folder(self.path.parent)
        self._size += len(line)
        self._labels.append(label)

    def replace(self, at: int, label: Label) -> None:
        """Put another label in the place of one; the file is written anew and moved there."""
        with _told(self.path):
            self._check(self.path.stat().st_size)
        self._write([*self._labels[:at], label, *self._labels[at + 1 :]])

    def put(self, label: Label) -> Label | None:
        """Keep the label of a posting, in the place of the one it has; return that one."""
        for at, before in enumerate(self._labels):
            if before.posting == label.posting:
                self.replace(at, label)
                return before
        self.append(label)
        return None

    def drop(self, posting: str) -> Label | None:
        """Remove the label of a posting and return it, None if it has none."""
        found = next((each for each in self._labels if each.posting == posting), None)
        if found is not None:
            with _told(self.path):
                self._check(self.path.stat().st_size)
            self._write([each for each in self._labels if each is not found])
        return found

    def _write(self, labels: list[Label]) -> None:
        content = b"".join(map(_line, labels))
        atomic.write(self.path, content)
        self._size, self._labels = len(content), labels

    def _check(self, size: int) -> None:
        if size != self._size:
            raise OutputError(
                "it was changed meanwhile",
                "start again to go on from it",
                reason=Reason.CHANGED,
                path=os.fspath(self.path),
            )

    def _read(self) -> list[Label]:
        """Read all labels; a last line that is cut off goes."""
        with _told(self.path):
            content = self.path.read_bytes() if self.path.exists() else b""
        whole, _, last = content.rpartition(b"\n")
        labels = [
            self._label(line, number)
            for number, line in enumerate(whole.split(b"\n"), 1)
            if line.strip()
        ]
        self._size = len(content)
        if last:
            number = content.count(b"\n") + 1
            self._repair(labels, last, number)
        return labels

    def _repair(self, labels: list[Label], last: bytes, number: int) -> None:
        """End the last line, or drop it if it is no whole JSON."""
        try:
            json.loads(last)
        except (ValueError, RecursionError):
            self.repaired = True
            self._size -= len(last)
            with _told(self.path):
                os.truncate(self.path, self._size)
            return
        labels.append(self._label(last, number))
        with _told(self.path), self.path.open("ab") as stream:
            stream.write(b"\n")
        self._size += 1

    def _label(self, line: bytes, number: int) -> Label:
        try:
            return _parsed(line)
        except DatasetError as error:
            raise error.at(path=os.fspath(self.path), row=number) from None


def _line(label: Label) -> bytes:
    # JSON in ASCII: whatever letters a text holds, half of a pair included, it can be written.
    return json.dumps(asdict(label)).encode() + b"\n"


def _parsed(line: bytes) -> Label:
    try:
        fields = json.loads(line)
        text, role = fields["text"], fields["role"]
        if not isinstance(text, str) or not text:
            raise TypeError
        known = {name: fields.get(name) for name in ("title", "company")}
        label = Label(
            digest(text),
            None if role is None else parse_role(str(role)),
            text,
            **{name: value for name, value in known.items() if isinstance(value, str)},
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DatasetError(
            "it is no label with `text` and `role`", "mend or delete it", reason=Reason.BAD_ROW
        ) from None
    source, time = (str(fields.get(name) or "") for name in ("source", "time"))
    return replace(label, source=source, time=time)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise atomic.unwritable(path, error) from None


def _flush_folder(folder: Path) -> None:
    """Make sure that a new file's name is on the disk too, where folders can be flushed."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some network disks cannot, and say so
        pass
    finally:
        os.close(handle)
