"""Folders that many processes write whole files to, on disk or afar."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobclf import atomic
from jobclf.errors import OutputError, extra_missing
from jobclf.tables import streams


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder by its absolute path or its address, without a slash at the end."""

    place: str

    def make(self) -> None:
        """Make the folder and those above it; an address needs none."""
        if "://" in self.place:
            return
        atomic.make_folder(self.place)

    def below(self, name: str) -> "Folder":
        """Return a folder in this one."""
        return Folder(f"{self.place}/{name}")

    def sizes(self) -> dict[str, int]:
        """Return the bytes of each file, by name."""
        if "://" not in self.place:
            with self._told(), os.scandir(self.place) as found:
                sizes = {each.name: _size(each) for each in found}
            return {name: size for name, size in sizes.items() if size is not None}
        with _remote(self.place) as (system, path):
            if not system.exists(path):
                return {}
            found = system.ls(path, detail=True, refresh=True)
            return {
                each["name"].rpartition("/")[2]: each["size"]
                for each in found
                if each["type"] == "file"
            }

    def read(self, name: str) -> bytes | None:
        """Return what a file holds, None if it is not there."""
        with suppress(FileNotFoundError):
            if "://" not in self.place:
                with self._told():
                    return Path(self.place, name).read_bytes()
            with _remote(f"{self.place}/{name}") as (system, path), suppress(FileNotFoundError):
                return bytes(system.cat_file(path))
        return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file, whole or not at all."""
        with self.placing(name) as path:
            atomic.write(path, content)

    @contextmanager
    def placing(self, name: str) -> Iterator[Path]:
        """Yield where to write a file on disk, whole; it is sent to an address afterwards."""
        if "://" not in self.place:
            yield Path(self.place, name)
            return
        with tempfile.TemporaryDirectory() as near:
            yield Path(near, name)
            with _remote(f"{self.place}/{name}") as (system, path):
                system.put_file(str(Path(near, name)), path)

    def clear(self) -> None:
        """Remove what has been left half written by who was killed; an address has none."""
        if "://" not in self.place:
            atomic.remove_abandoned(self.place, "part-")

    def leads_out(self) -> bool:
        """Tell whether it is a link, and not the folder that it says."""
        return "://" not in self.place and Path(self.place).is_symlink()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            fact = f"it cannot be read: {error.strerror}"
            raise OutputError(fact, "name another folder", path=error.filename) from None

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        if "://" not in self.place:
            Path(self.place, name).unlink(missing_ok=True)
            return
        with _remote(f"{self.place}/{name}") as (system, path):
            if system.exists(path):
                system.rm_file(path)


def _size(entry: "os.DirEntry[str]") -> int | None:
    """Return the bytes of a file, None for what is none or has been moved meanwhile."""
    try:
        return entry.stat().st_size if entry.is_file() else None
    except FileNotFoundError:
        return None


@contextmanager
def _remote(address: str) -> Iterator[tuple[Any, str]]:
    """Yield the file system of an address and its path there; name what goes wrong."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise extra_missing("writing to an address", "tables", kind=OutputError) from None
    try:
        yield url_to_fs(address)
    except Exception as error:  # noqa: BLE001  # each kind of address has errors of its own
        fact = "it cannot be reached"
        raise streams.unreachable(error, address, fact, OutputError) from None
