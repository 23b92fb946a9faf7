"""Model files: plain builtins written by joblib and sealed, read without an unpickler."""

import io
import os
import stat
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from jobclf import limits
from jobclf.classifier import pickles
from jobclf.classifier.model import UNNAMED, RoleModel
from jobclf.classifier.model_document import MAGIC, check_kind, from_document, to_document
from jobclf.errors import ModelFileError, OutputError, Reason, option, printable, unusable

if TYPE_CHECKING:
    from pathlib import Path

_PACKAGE = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
_START = 200  # bytes of a model file that say what it is
_SEAL = 32  # bytes of the SHA-256 of all that stands before it
_AFTER_SEAL = b"\x94u."  # how the pickle ends: the seal is its last value


def bundled(name: str) -> "Path":
    """Return where the model that comes with the package stands: `jobclf` or `base`."""
    from pathlib import Path

    return Path(_place(name))


def _place(name: str) -> str:
    packaged, in_clone = (
        os.path.join(folder, "models", f"{name}.joblib")  # noqa: PTH118
        for folder in (_PACKAGE, os.path.dirname(os.path.dirname(_PACKAGE)))  # noqa: PTH120
    )
    exists = os.path.exists
    return in_clone if exists(in_clone) and not exists(packaged) else packaged


def load_model(path: str | os.PathLike[str] | None = None) -> RoleModel:
    """Read a model file, the bundled one without a path, and check everything in it."""
    if path is None:
        return load_bundled("jobclf")
    from pathlib import Path

    model = _checked(_content(str(Path(path))), path)
    try:
        _ = model.lexicon.tables  # of what strangers made, for it can hold terms that make none
    except ModelFileError as error:
        raise _refused(error, path) from None
    return model


def chosen(model: RoleModel | None) -> RoleModel:
    """Return the model that is given, the bundled one for none.

    Raises
    ------
    TypeError
        If it is something else, as the name of a file.
    """
    if model is None:
        return load_bundled("jobclf")
    if not isinstance(model, RoleModel):
        raise TypeError(
            f"model must be a RoleModel, not {type(model).__name__}; load_model reads a file"
        )
    return model


@cache
def load_bundled(name: str) -> RoleModel:
    """Read a model that comes with the package, once: `jobclf` or `base`.

    It is taken as it was sealed: who can change it can change the code beside it.
    """
    path = _place(name)
    there = os.path.exists(path)  # noqa: PTH110
    return _checked(_content(path) if there else _zipped(name), path, trusted=True)


def _zipped(name: str) -> bytes:
    """Return the bytes of a bundled model where the package is not in the file system."""
    from importlib.resources import files

    return files("jobclf").joinpath("models", f"{name}.joblib").read_bytes()


def _content(named: str) -> bytes:
    try:
        status = os.stat(named)  # noqa: PTH116
        if stat.S_ISDIR(status.st_mode):
            raise ModelFileError("it is a folder, not a model file", "name the file", path=named)
        if not stat.S_ISREG(status.st_mode):
            raise ModelFileError(
                "it is a pipe or device, not a model file", "name a file", path=named
            )
        with open(named, "rb") as stream:  # noqa: PTH123
            content = stream.read(limits.MODEL + 1)
    except FileNotFoundError:
        raise ModelFileError(
            "it does not exist",
            "run `jobclf train` or name another model",
            reason=Reason.NOT_FOUND,
            path=named,
        ) from None
    except (OSError, ValueError) as error:
        fact = f"it cannot be read: {getattr(error, 'strerror', None) or error}"
        raise ModelFileError(fact, "check it", reason=Reason.UNREADABLE, path=named) from None
    if len(content) > limits.MODEL:
        raise ModelFileError(
            "it is larger than any model file", "name another", reason=Reason.TOO_LARGE, path=named
        )
    return content


def _checked(content: bytes, path: str | os.PathLike[str], *, trusted: bool = False) -> RoleModel:
    try:
        return from_bytes(content, trusted=trusted)
    except ModelFileError as error:
        raise _refused(error, path) from None


def _refused(error: ModelFileError, path: str | os.PathLike[str]) -> ModelFileError:
    return ModelFileError(
        f"it is no usable model file: {error.fact}",
        error.remedy,
        reason=error.reason,
        path=os.fspath(path),
    )


def from_bytes(content: bytes, *, trusted: bool = False) -> RoleModel:
    """Rebuild a model from the bytes of its file, or refuse with a `ModelFileError`.

    The seal and the terms of what is `trusted` are not looked at, which takes most of the time.
    """
    document = pickles.read(content)
    check_kind(document)
    if not trusted and content[-_SEAL - len(_AFTER_SEAL) :] != _digest(content) + _AFTER_SEAL:
        raise unusable(
            "its checksum is missing or wrong: it was damaged or changed", reason=Reason.DAMAGED
        )
    return from_document(document, trusted=trusted)


def _digest(content: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(content[: -_SEAL - len(_AFTER_SEAL)]).digest()


def to_bytes(document: dict[str, Any]) -> bytes:
    """Return the bytes of a model file that holds a document, sealed by their checksum."""
    import joblib

    stream = io.BytesIO()
    joblib.dump(document | {"sha256": bytes(_SEAL)}, stream, protocol=pickles.PROTOCOL)
    content = stream.getvalue()
    return content[: -_SEAL - len(_AFTER_SEAL)] + _digest(content) + _AFTER_SEAL


def check_place(path: str | os.PathLike[str], *, force: bool = False) -> None:
    """Refuse a place that no model can be written to, or where something would be lost.

    With `force` another model may be lost, and nothing else.
    """
    from jobclf import atomic

    target = atomic.check(path, plain=True)
    try:
        with target.open("rb") as stream:
            start = stream.read(_START)
    except FileNotFoundError:
        start = b""
    except (OSError, ValueError) as error:
        raise atomic.unwritable(path, error) from None
    if start and MAGIC.encode() not in start:
        fact, remedy = "it is no jobclf model, and would be lost", "name another output"
        raise OutputError(fact, remedy, reason=Reason.EXISTS, path=os.fspath(path))
    if start and not force:
        fact = "there is a model already"
        remedy = f"name another output, or give {option('force', value=True)}"
        raise OutputError(fact, remedy, reason=Reason.EXISTS, path=os.fspath(path))
    atomic.check_room(path)


def save_model(model: RoleModel, path: str | os.PathLike[str]) -> RoleModel:
    """Write a model beside its place, read it back, compare, and move it there; return it as read.

    Weights are kept in single precision, so the model read back is the one to use. One without a
    name takes that of the file.
    """
    from pathlib import Path

    from jobclf import atomic

    if model.card.name == UNNAMED:
        name = printable(Path(path).stem)[: limits.MODEL_NAME]
        model = replace(model, card=replace(model.card, name=name))
    document = to_document(model)
    content = to_bytes(document)
    written: list[RoleModel] = []

    def verify(temporary: Path) -> None:
        try:
            written.append(from_bytes(_content(os.fspath(temporary))))
        except ModelFileError as error:
            fact = f"it was not written: {error.fact}"
            raise OutputError(fact, error.remedy, path=os.fspath(path)) from None
        if to_document(written[0]) != document:
            fact = "it did not read back as written"
            raise OutputError(fact, "the disk may be faulty", path=os.fspath(path))

    with atomic.replacing(path, verify=verify) as stream:
        stream.write(content)
    return written[0]
