"""The plain values that a model file holds: a model as them, and back with every one checked."""

from dataclasses import asdict
from typing import Any

import numpy as np

from jobclf import limits
from jobclf.classifier.counts import Floats
from jobclf.classifier.heads import Head, ScopeHead, TitleHead
from jobclf.classifier.model import ModelCard, RoleModel
from jobclf.errors import ModelFileError, Reason, unusable
from jobclf.roles import KINDS

FORMAT = 2  # 1: without what titles add, applications of language models, and prevalence


MAGIC = "jobclf model"


_HEAD_NUMBERS = ("intercept", "intercept_precision", "slope", "offset", "title")


_PARTS = ("magic", "format", "terms", "idf", "kinds", "role", "scope", "card", "sha256")


_NEW_PARTS = ("titles", "ai", "learned")  # of format 2; any may be missing


_HEAD_PARTS = ("weights", "precision", "calibrated_on", *_HEAD_NUMBERS)


_SCOPE_NUMBERS = ("slope", "offset")


_TITLE_NUMBERS = ("role_slope", "role_offset", "scope_slope", "scope_offset")


_TITLE_PARTS = ("kinds", "role", "scope", "calibrated_on", *_TITLE_NUMBERS)


_SCOPE_PARTS = (
    *("families", "weights", "precision", "intercepts", "intercept_precision"),
    *("calibrated_on", *_SCOPE_NUMBERS),
)


_CARD_TEXTS = ("name", "trained", "prior", "digest")


def to_document(model: RoleModel) -> dict[str, Any]:
    """Return the plain builtins that a model file holds."""
    return {
        "magic": MAGIC,
        "format": FORMAT,
        "terms": "\n".join(model.terms),
        "idf": model.idf.astype("<f4").tobytes(),
        "kinds": model.kinds or bytes(len(model.terms)),
        "role": _head_document(model.role),
        "scope": _scope_document(model.scope),
        "card": asdict(model.card),
        **({} if model.titles is None else {"titles": _title_document(model.titles)}),
        **({} if model.ai is None else {"ai": _head_document(model.ai)}),
        **({"learned": model.learned} if model.learned else {}),
    }


def _title_document(head: TitleHead) -> dict[str, Any]:
    return {
        "kinds": "\n".join(head.kinds),
        "role": head.role.astype("<f4").tobytes(),
        "scope": head.scope.astype("<f4").tobytes(),
        "calibrated_on": int(head.calibrated_on),
        **{name: float(getattr(head, name)) for name in _TITLE_NUMBERS},
    }


def _head_document(head: Head) -> dict[str, Any]:
    return {
        "weights": head.weights.astype("<f4").tobytes(),
        "precision": head.precision.astype("<f4").tobytes(),
        "calibrated_on": int(head.calibrated_on),
        **{name: float(getattr(head, name)) for name in _HEAD_NUMBERS},
    }


def _scope_document(head: ScopeHead) -> dict[str, Any]:
    return {
        "families": "\n".join(head.families),
        "weights": head.weights.astype("<f4").tobytes(),
        "precision": head.precision.astype("<f4").tobytes(),
        "intercepts": head.intercepts.astype("<f4").tobytes(),
        "intercept_precision": head.intercept_precision.astype("<f4").tobytes(),
        "calibrated_on": int(head.calibrated_on),
        "prevalence": float(head.prevalence),
        **{name: float(getattr(head, name)) for name in _SCOPE_NUMBERS},
    }


def check_kind(document: Any) -> None:
    """Refuse what is no model of a format that is read."""
    if type(document) is not dict or document.get("magic") != MAGIC:
        raise unusable("it was not written by jobclf")
    if not 1 <= _typed(document, "format", int) <= FORMAT:
        raise ModelFileError(
            f"its format is {document['format']} and this jobclf reads {FORMAT}",
            "upgrade jobclf",
            reason=Reason.UNSUPPORTED,
        )


def from_document(document: dict[str, Any], *, trusted: bool = False) -> RoleModel:
    """Rebuild a model from the plain builtins that a file holds, checking each.

    The terms of one that is `trusted` are taken as they are.
    """
    check_kind(document)
    new = _NEW_PARTS if document["format"] > 1 else ()
    _check_parts(document, (*_PARTS, *new))
    text = _typed(document, "terms", str)
    size = text.count("\n") + 1
    idf = _positive(document, "idf", size)  # before the terms are made: their number is sound now
    role = _head(_typed(document, "role", dict), size)
    scope = _scope(_typed(document, "scope", dict), size, document["format"])
    titles = _titles(_typed(document, "titles", dict)) if "titles" in document else None
    ai = _head(_typed(document, "ai", dict), size) if "ai" in document else None
    kinds = _kinds(document, size)
    card = _card(_typed(document, "card", dict))
    learned = _learned(document) if "learned" in document else b""
    known = tuple(text.split("\n")) if trusted else _terms(text)
    return RoleModel(known, idf, role, scope, card, kinds, titles, ai, learned=learned)


def _terms(text: str) -> tuple[str, ...]:
    from jobclf.classifier import terms

    return terms.read(text)


def _learned(document: dict[str, Any]) -> bytes:
    marks: bytes = _typed(document, "learned", bytes)
    numbers = np.frombuffer(marks, "<u4") if len(marks) % 4 == 0 else np.zeros(2)
    if not (numbers[1:] > numbers[:-1]).all():
        raise unusable("its 'learned' are no marks in order")
    return marks


def _kinds(document: dict[str, Any], size: int) -> bytes:
    kinds: bytes = _typed(document, "kinds", bytes)
    if len(kinds) != size or kinds.translate(None, bytes(range(len(KINDS)))):
        raise unusable("its 'kinds' do not fit its terms")
    return kinds


def _check_parts(document: dict[str, Any], parts: tuple[str, ...]) -> None:
    if unknown := document.keys() - set(parts):
        raise unusable(f"it holds an unknown {min(unknown)[:100]!a}")


def _head(document: dict[str, Any], size: int) -> Head:
    _check_parts(document, _HEAD_PARTS)
    numbers = {name: _number(document, name) for name in _HEAD_NUMBERS}
    _check_calibration(document)
    if numbers["intercept_precision"] < 0:
        raise unusable("its 'intercept_precision' is negative")
    return Head(
        weights=_floats(document, "weights", size),
        precision=_positive(document, "precision", size),
        calibrated_on=document["calibrated_on"],
        **numbers,
    )


def _titles(document: dict[str, Any]) -> TitleHead:
    _check_parts(document, _TITLE_PARTS)
    kinds = _names(document, "kinds")
    numbers = {name: _number(document, name) for name in _TITLE_NUMBERS}
    if min(numbers["role_slope"], numbers["scope_slope"]) <= 0:
        raise unusable("a slope of its titles is not positive")
    _check_count(document)
    return TitleHead(
        kinds=kinds,
        role=_floats(document, "role", len(kinds)),
        scope=_floats(document, "scope", len(kinds)),
        calibrated_on=document["calibrated_on"],
        **numbers,
    )


def _scope(document: dict[str, Any], size: int, format_: int) -> ScopeHead:
    new = ("prevalence",) if format_ > 1 else ()
    _check_parts(document, (*_SCOPE_PARTS, *new))
    prevalence = _number(document, "prevalence") if format_ > 1 else 0.0
    if not 0.0 <= prevalence <= 1.0:
        raise unusable("its 'prevalence' is no share")
    numbers = {name: _number(document, name) for name in _SCOPE_NUMBERS}
    _check_calibration(document)
    families = _names(document, "families")
    firm = _floats(document, "intercept_precision", len(families))
    if firm.min() < 0:
        raise unusable("its 'intercept_precision' is negative")
    shape = (size, len(families))
    return ScopeHead(
        families=families,
        weights=_floats(document, "weights", size * len(families)).reshape(shape),
        precision=_positive(document, "precision", size * len(families)).reshape(shape),
        intercepts=_floats(document, "intercepts", len(families)),
        intercept_precision=firm,
        calibrated_on=document["calibrated_on"],
        prevalence=prevalence,
        **numbers,
    )


def _names(document: dict[str, Any], part: str) -> tuple[str, ...]:
    """Return the names in the lines of a part, which people will read."""
    text: str = _typed(document, part, str)
    names = tuple(text.split("\n")) if text.count("\n") < limits.MODEL_NAMES else ()
    if not all(names) or not names or len(set(names)) < len(names):
        raise unusable(f"its {part!r} are none, too many or twice the same")
    if max(map(len, names)) > limits.MODEL_NAME or not all(map(str.isprintable, names)):
        raise unusable(f"its {part!r} are longer than names are, or cannot be printed")
    return names


def _check_calibration(document: dict[str, Any]) -> None:
    if _number(document, "slope") <= 0:
        raise unusable("a calibration slope is not positive")
    _check_count(document)


def _check_count(document: dict[str, Any]) -> None:
    if not 0 <= _typed(document, "calibrated_on", int) <= limits.MODEL_NUMBER:
        raise unusable("its 'calibrated_on' is no number of postings")


def _card(document: dict[str, Any]) -> ModelCard:
    _check_parts(document, (*_CARD_TEXTS, "postings", "scores", "versions"))
    texts = {name: _typed(document, name, str) for name in _CARD_TEXTS}
    if max(map(len, texts.values())) > limits.MODEL_FACT:
        raise unusable("a text of its card is longer than any")
    if not all(map(str.isprintable, texts.values())):
        raise unusable("a text of its card cannot be printed")
    return ModelCard(
        **texts,
        postings=_mapping(document, "postings", int),
        scores=_mapping(document, "scores", float),
        versions=_mapping(document, "versions", str),
    )


def _mapping(document: dict[str, Any], name: str, kind: type) -> dict[str, Any]:
    found: dict[str, Any] = _typed(document, name, dict)
    if not all(type(key) is str and type(value) is kind for key, value in found.items()):
        raise unusable(f"its {name} are not of the right kind")
    texts = [*found, *(value for value in found.values() if kind is str)]
    if len(found) > limits.MODEL_NAMES or max(map(len, texts), default=0) > limits.MODEL_NAME:
        raise unusable(f"its {name} are too many or too long")
    if not all(map(str.isprintable, texts)):
        raise unusable(f"its {name} cannot be printed")
    if kind is float and not all(abs(value) <= limits.MODEL_NUMBER for value in found.values()):
        raise unusable(f"its {name} are not all finite numbers")
    if kind is int and not all(0 <= value <= limits.MODEL_NUMBER for value in found.values()):
        raise unusable(f"its {name} are no numbers of postings")
    return found


def _typed(document: dict[str, Any], name: str, kind: type) -> Any:
    value = document.get(name)
    if type(value) is not kind:
        raise unusable(f"its {name!r} is missing or not {kind.__name__}")
    return value


def _number(document: dict[str, Any], name: str) -> float:
    value: float = _typed(document, name, float)
    if not abs(value) <= limits.MODEL_NUMBER:
        raise unusable(f"its {name!r} is not a finite number or too large")
    return value


def _positive(document: dict[str, Any], name: str, size: int) -> Floats:
    return _floats(document, name, size, positive=True)


def _floats(document: dict[str, Any], name: str, size: int, *, positive: bool = False) -> Floats:
    content = _typed(document, name, bytes)
    if len(content) != 4 * size:
        raise unusable(f"its {name!r} has {len(content)} bytes where {4 * size} belong")
    values = np.frombuffer(content, dtype="<f4")
    least, most = float(values.min()), float(values.max())
    if not max(most, -least) <= limits.MODEL_NUMBER:  # not a number: not true
        raise unusable(f"its {name!r} holds a number that is not finite or too large")
    if positive and not least > 0:
        raise unusable(f"its {name!r} holds a number that is not positive")
    return values.astype(np.float64)
