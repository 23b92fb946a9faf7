"""Bytes that are written faster than they are read: in memory while few, on the disk beyond."""

from tempfile import SpooledTemporaryFile

_IN_MEMORY = 4 * 2**20  # bytes
_PIECE = 256 * 1024


class Spool:
    """What is put in comes out in order; what is read takes no room once all is."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # `close` does
        self._read = self._written = 0

    def __len__(self) -> int:
        return self._written - self._read

    def put(self, content: bytes) -> None:
        """Add bytes at the end."""
        self._file.seek(self._written)
        self._written += self._file.write(content)

    def take(self) -> bytes:
        """Return some bytes from the start, none if there are none."""
        self._file.seek(self._read)
        found = self._file.read(min(_PIECE, len(self)))
        self._read += len(found)
        if not self:
            self._read = self._written = 0
            self._file.truncate(0)
        return found

    def close(self) -> None:
        """Let all go."""
        self._file.close()
