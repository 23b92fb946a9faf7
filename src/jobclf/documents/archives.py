"""Office files: zip archives of parts that name each other, read within limits."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from jobclf import limits
from jobclf.errors import PostingError, Reason

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1  # a flag of a part
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"


class Relation(NamedTuple):
    """What a part relates to: the last word of the type, and the name of the other part."""

    kind: str
    name: str


class Archive:
    """The parts of a file, by their names without case.

    Parameters
    ----------
    archive : zipfile.ZipFile
        The open file.
    called : str
        What messages call it: `Word file`.
    """

    def __init__(self, archive: zipfile.ZipFile, called: str) -> None:
        self._archive, self._called = archive, called
        self._left = limits.ARCHIVE_READ
        parts = archive.infolist()
        if (
            sum(part.file_size for part in parts) > limits.ARCHIVE
            or len(parts) > limits.ARCHIVE_PARTS
        ):
            raise self.too_large()
        self._parts = {part.filename.replace("\\", "/").lower(): part for part in parts}

    def find(self, name: str) -> bytes | None:
        """Return the bytes of a part, None where it is missing."""
        part = self._parts.get(name.lstrip("/").lower())
        if part is None:
            return None
        if part.flag_bits & _ENCRYPTED:
            fact = f"the {self._called} is protected by a password"
            raise PostingError(fact, "save it without one", reason=Reason.PASSWORD)
        if part.compress_type not in _PACKINGS:
            fact = f"the {self._called} is packed as none is"
            raise PostingError(fact, "save it again", reason=Reason.DAMAGED)
        if part.file_size > self._left:
            raise self.too_large()
        with self._archive.open(part) as stream:
            content = stream.read(part.file_size)
        self._left -= len(content)
        return content

    def related(self, name: str) -> dict[str, Relation]:
        """Return what a part relates to within the file, by the keys that it uses."""
        folder, base = posixpath.split(name)
        content = self.find(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, Relation] = {}
        for each in () if content is None else parsed(content).iter(_RELATION):
            target = each.get("Target", "").replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if each.get("TargetMode") != "External":
                kind = each.get("Type", "").rpartition("/")[2]
                found[each.get("Id", "")] = Relation(kind, target)
        return found

    def of_type(self, ending: str) -> Iterator[str]:
        """Yield the names of the parts whose declared type ends so."""
        content = self.find("[Content_Types].xml")
        for each in () if content is None else parsed(content).iter(_OVERRIDE):
            if each.get("ContentType", "").endswith(ending):
                yield each.get("PartName", "").lstrip("/")

    def too_large(self) -> PostingError:
        """Return the error for a file beyond the limits."""
        fact = f"the {self._called} unpacks to more than any posting"
        return PostingError(fact, "save it as text", reason=Reason.TOO_LARGE)


@contextmanager
def opened(content: bytes, called: str) -> Iterator[Archive]:
    """Open an archive; whatever it raises becomes a `PostingError` that says it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield Archive(archive, called)
    except PostingError:
        raise
    except Exception:  # noqa: BLE001  # a damaged file can raise anything at all
        fact = f"the {called} is damaged"
        raise PostingError(fact, "save it again", reason=Reason.DAMAGED) from None


def parsed(content: bytes) -> Any:
    """Parse XML that may be anything: no entities, no network, no depth beyond the parser's."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def local(element: Any) -> str | None:
    """Return the name of an element without its namespace, None for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else None
