"""Type hints to JSON Schema: the fields of a result say what its JSON holds."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

Schema = dict[str, Any]

_PLAIN: dict[Any, str] = {
    str: "string",
    Path: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    NoneType: "null",
}


def schema_of(hint: Any, *, nullable: bool = False) -> Schema:
    """Return the schema of what a value of this type is in JSON.

    Parameters
    ----------
    hint : type
        A plain type, an enum of strings, a union, a list, a tuple, a mapping, a dataclass or a
        TypedDict, or one of them in `Annotated` with a description.
    nullable : bool
        Whether numbers that cannot be measured are null.

    >>> schema_of(str | None), schema_of(list[int])
    ({'type': ['string', 'null']}, {'type': 'array', 'items': {'type': 'integer'}})
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return schema_of(arguments[0], nullable=nullable) | {"description": arguments[1]}
    if origin is NotRequired:
        return schema_of(arguments[0], nullable=nullable)
    if origin in {Union, UnionType}:
        return _either([schema_of(each, nullable=nullable) for each in arguments])
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is not None:
        return _holding(origin, arguments, nullable=nullable)
    return _plain(hint, nullable=nullable)


def _plain(hint: Any, *, nullable: bool) -> Schema:
    """Return the schema of a class."""
    if hint is float and nullable:
        return {"type": ["number", "null"]}
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if issubclass(hint, Enum):
        return {"enum": [each.value for each in hint]}
    return _object(hint, nullable=nullable)


def _either(parts: list[Schema]) -> Schema:
    """Return the schema of a union, as short as it can be said."""
    if all(set(part) == {"type"} for part in parts):
        return {"type": [part["type"] for part in parts]}
    null: Schema = {"type": "null"}
    values = [part for part in parts if part != null]
    if null in parts and len(values) == 1 and set(values[0]) == {"enum"}:
        return {"enum": [*values[0]["enum"], None]}
    return {"anyOf": parts}


def _holding(origin: Any, arguments: tuple[Any, ...], *, nullable: bool) -> Schema:
    """Return the schema of a mapping or a sequence."""
    if issubclass(origin, Mapping):
        of, value = arguments[0], schema_of(arguments[1], nullable=nullable)
        if isinstance(of, type) and issubclass(of, Enum):
            names = [each.value for each in of]
            return {"type": "object", "required": names, "properties": dict.fromkeys(names, value)}
        return {"type": "object", "additionalProperties": value}
    if not issubclass(origin, Sequence):
        raise TypeError(f"{origin} has no form in JSON")
    kinds = [each for each in arguments if each is not Ellipsis]
    found: Schema = {"type": "array", "items": schema_of(kinds[0], nullable=nullable)}
    if issubclass(origin, tuple) and Ellipsis not in arguments:
        if len(set(kinds)) > 1:
            raise TypeError("a tuple holds values of one type")
        found |= {"minItems": len(kinds), "maxItems": len(kinds)}
    return found


def _object(kind: Any, *, nullable: bool) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    if is_typeddict(kind):
        names, required = list(hints), [name for name in hints if name in kind.__required_keys__]
    elif is_dataclass(kind):
        names = [each.name for each in fields(kind)]
        required = names
    else:
        raise TypeError(f"{kind} has no form in JSON")
    properties = {name: schema_of(hints[name], nullable=nullable) for name in names}
    found: Schema = {"type": "object"}
    paragraphs = inspect.cleandoc(kind.__doc__ or "").replace("`", "").split("\n\n")
    found["description"] = "\n\n".join(" ".join(each.split()) for each in paragraphs)
    return found | {"required": required, "properties": properties}
