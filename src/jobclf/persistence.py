"""Model files: plain builtins written by joblib, read by an unpickler that refuses every name."""

import io
import operator
import os
import pickle
from dataclasses import asdict
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from jobclf.errors import ModelFileError
from jobclf.model import Head, ModelCard, RoleModel
from jobclf.scoring import Floats
from jobclf.seeds import KINDS

FORMAT = 1
MAGIC = "jobclf model"
LARGEST_FILE = 64 * 2**20  # bytes
_HEAD_NUMBERS = ("intercept", "intercept_precision", "slope", "offset")


class _Refusing(pickle.Unpickler):
    """An unpickler that can name no class and no function, so that a file can run none."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise ModelFileError(f"it asks for {module}.{name}, and a model file may name nothing")

    def persistent_load(self, pid: object) -> NoReturn:
        raise ModelFileError(f"it asks for the outside object {pid!r}")


def bundled(name: str) -> Path:
    """Return where the model that comes with the package stands: `jobclf` or `base`."""
    inside = Path(__file__).parent / "models" / f"{name}.joblib"
    return inside if inside.exists() else Path(__file__).parents[2] / "models" / f"{name}.joblib"


def load_model(path: str | os.PathLike[str] | None = None) -> RoleModel:
    """Read a model file, the bundled one without a path, and check everything in it."""
    if path is None:
        return _bundled_model()
    return _read(Path(path))


@cache
def _bundled_model() -> RoleModel:
    return _read(bundled("jobclf"))


def _read(path: Path) -> RoleModel:
    try:
        if path.is_dir():
            raise ModelFileError(f"{path} is a folder, not a model file; name the file")
        if path.stat().st_size > LARGEST_FILE:
            raise ModelFileError(f"{path} is larger than any model file; name another")
        return from_bytes(path.read_bytes())
    except FileNotFoundError:
        raise ModelFileError(
            f"{path} does not exist; run `jobclf train` or name another model"
        ) from None
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{path} cannot be read: {_reason(error)}; check the path") from None
    except ModelFileError as error:
        if str(path) in str(error):
            raise
        raise ModelFileError(f"{path} is no usable model file: {error}") from None


def from_bytes(content: bytes) -> RoleModel:
    """Rebuild a model from the bytes of its file, or refuse with a `ModelFileError`."""
    try:
        document = _Refusing(io.BytesIO(content)).load()
    except ModelFileError:
        raise
    except Exception as error:  # noqa: BLE001  # a hostile pickle can raise anything at all
        raise ModelFileError(f"it is damaged or foreign ({type(error).__name__})") from None
    return _rebuild(document)


def to_document(model: RoleModel) -> dict[str, Any]:
    """Return the plain builtins that a model file holds."""
    return {
        "magic": MAGIC,
        "format": FORMAT,
        "terms": "\n".join(model.terms),
        "idf": model.idf.astype("<f4").tobytes(),
        "kinds": model.kinds or bytes(len(model.terms)),
        "role": _head_document(model.role),
        "scope": _head_document(model.scope),
        "card": asdict(model.card),
    }


def _head_document(head: Head) -> dict[str, Any]:
    return {
        "weights": head.weights.astype("<f4").tobytes(),
        "precision": head.precision.astype("<f4").tobytes(),
        "calibrated_on": int(head.calibrated_on),
        **{name: float(getattr(head, name)) for name in _HEAD_NUMBERS},
    }


def save_model(model: RoleModel, path: str | os.PathLike[str]) -> RoleModel:
    """Write a model beside its place, read it back, compare, and move it there; return it as read.

    Weights are kept in single precision, so the model read back is the one to use.
    """
    import tempfile

    import joblib

    target = Path(path)
    document = to_document(model)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            joblib.dump(document, stream)
            stream.flush()
            os.fsync(stream.fileno())
        written = _read(temporary)
        if to_document(written) != document:
            raise ModelFileError(f"{target} did not read back as written; the disk may be faulty")
        temporary.chmod(0o644)
        temporary.replace(target)
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        temporary.unlink(missing_ok=True)
    return written


def _unwritable(target: Path, error: OSError | ValueError) -> ModelFileError:
    return ModelFileError(f"{target} cannot be written: {_reason(error)}; name another output")


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)


def _rebuild(document: Any) -> RoleModel:
    if not isinstance(document, dict) or document.get("magic") != MAGIC:
        raise ModelFileError("it was not written by jobclf")
    if document.get("format") != FORMAT:
        raise ModelFileError(
            f"its format is {document.get('format')!r} and this jobclf reads {FORMAT}; upgrade"
        )
    text = _typed(document, "terms", str)
    terms = tuple(text.split("\n"))
    _check_terms(terms, text)
    idf = _floats(document, "idf", len(terms))
    if not (idf > 0).all():
        raise ModelFileError("an idf is not positive")
    return RoleModel(
        terms=terms,
        idf=idf,
        role=_head(_typed(document, "role", dict), len(terms)),
        scope=_head(_typed(document, "scope", dict), len(terms)),
        card=_card(_typed(document, "card", dict)),
        kinds=_kinds(document, len(terms)),
    )


def _kinds(document: dict[str, Any], size: int) -> bytes:
    # Files written before terms had kinds do without: all their terms count as learned.
    kinds = bytes(_typed({"kinds": bytes(size)} | document, "kinds", bytes))
    if len(kinds) != size or max(kinds, default=0) >= len(KINDS):
        raise ModelFileError("its 'kinds' do not fit its terms")
    return kinds


def _check_terms(terms: tuple[str, ...], text: str) -> None:
    sorted_ = all(map(operator.lt, terms, islice(terms, 1, None)))  # as they are written: quick
    if not sorted_ and len(set(terms)) != len(terms):
        raise ModelFileError("a term stands twice")
    # A sound vocabulary survives the tokeniser word by word; one look at the whole text is enough.
    if not text.isascii() or not all(terms):
        raise ModelFileError("a term is empty or not plain")


def _head(document: dict[str, Any], size: int) -> Head:
    numbers = {name: _number(document, name) for name in _HEAD_NUMBERS}
    if numbers["slope"] <= 0:
        raise ModelFileError("a calibration slope is not positive")
    calibrated_on = _typed(document, "calibrated_on", int)
    if calibrated_on < 0 or numbers["intercept_precision"] < 0:
        raise ModelFileError("its 'calibrated_on' or 'intercept_precision' is negative")
    precision = _floats(document, "precision", size)
    if not (precision > 0).all():
        raise ModelFileError("a precision is not positive")
    return Head(
        weights=_floats(document, "weights", size),
        precision=precision,
        calibrated_on=calibrated_on,
        **numbers,
    )


def _card(document: dict[str, Any]) -> ModelCard:
    texts = {name: _typed(document, name, str) for name in ("name", "trained", "prior", "digest")}
    return ModelCard(
        **texts,
        postings=_mapping(document, "postings", int),
        scores=_mapping(document, "scores", float),
        versions=_mapping(document, "versions", str),
    )


def _mapping(document: dict[str, Any], name: str, kind: type) -> dict[str, Any]:
    found: dict[str, Any] = _typed(document, name, dict)
    if not all(type(key) is str and type(value) is kind for key, value in found.items()):
        raise ModelFileError(f"its {name} are not of the right kind")
    if kind is float and not all(map(np.isfinite, found.values())):
        raise ModelFileError(f"its {name} are not all finite numbers")
    return found


def _typed(document: dict[str, Any], name: str, kind: type) -> Any:
    value = document.get(name)
    if type(value) is not kind:
        raise ModelFileError(f"its {name!r} is missing or not {kind.__name__}")
    return value


def _number(document: dict[str, Any], name: str) -> float:
    value: float = _typed(document, name, float)
    if not np.isfinite(value):
        raise ModelFileError(f"its {name!r} is not a finite number")
    return value


def _floats(document: dict[str, Any], name: str, size: int) -> Floats:
    content = _typed(document, name, bytes)
    if len(content) != 4 * size:
        raise ModelFileError(f"its {name!r} has {len(content)} bytes where {4 * size} belong")
    values = np.frombuffer(content, dtype="<f4").astype(np.float64)
    if not np.isfinite(values).all():
        raise ModelFileError(f"its {name!r} holds a number that is not finite")
    return values
