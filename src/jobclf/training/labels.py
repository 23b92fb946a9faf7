"""Labels as people and labelling tools write them: the roles they name, or why they name none."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from typing import Any

from jobclf.errors import DatasetError, Reason
from jobclf.roles import Role, parse_role
from jobclf.text.titles import TitleKind, title_kind


class NoLabel(Enum):
    """Why a posting has no label, where nothing is wrong with that."""

    MISSING = "missing"
    REJECTED = "rejected"  # somebody said that the label is wrong, and no other


class Several(str):
    """The names of several roles that one posting is given, of which none is taken for it."""

    __slots__ = ()


Label = Role | NoLabel
_MISSING = frozenset(
    {"", "na", "nan", "null", "none", "nil", "nat", "unknown", "unlabeled", "unlabelled", "unsure",
     "skip", "skipped", "todo", "tbd"}
)  # fmt: skip
_REJECTING = frozenset({"reject", "rejected"})
_PASSING = frozenset({"ignore", "ignored", "skip", "skipped", "discarded"})
# Seniority and what else titles say is read through; other kinds of job, such as AI engineers and
# research scientists, are for the caller to map.
_CLAIMS: dict[TitleKind | None, Role] = {
    TitleKind.DATA_SCIENTIST: Role.DATA_SCIENTIST,
    TitleKind.ML_ENGINEER: Role.ML_ENGINEER,
}
_OTHER_KINDS = frozenset(
    {TitleKind.DATA_ANALYST, TitleKind.DATA_ENGINEER, TitleKind.SOFTWARE_ENGINEER,
     TitleKind.ENGINEER, TitleKind.MANAGER, TitleKind.OTHER}
)  # fmt: skip
# Where labelling tools keep the names of labels in objects, the likeliest first.
_KEYS = ("cats", "choices", "labels", "label", "taxonomy", "text", "name", "value")
_RESPONSES = ".responses"  # how Argilla's columns end in a data set
_PREFIX = re.compile(r"^(?:is|label|labels|role|class|target|cats|y)[\W_]+", re.IGNORECASE)
_YES, _NO = frozenset({"1", "1.0", "true", "yes", "x"}), frozenset({"0", "0.0", "false", "no", ""})
_BETWEEN = re.compile(r"[#;|]")  # several labels in a cell
_HALF = 0.5
_DEEPEST = 8  # levels of lists and objects within each other
_LONGEST = 10_000  # letters of a label that may be a list


def key(name: str) -> str:
    """Return a name as names are compared: its letters and digits.

    >>> key("Data-Engineer "), key("__label__DS")
    ('dataengineer', 'ds')
    """
    return re.sub(r"[\W_]", "", name.lower().removeprefix("__label__"))


class Roles:
    """What names stand for: what the caller says, the roles, and work that is neither.

    Parameters
    ----------
    mapping : mapping of str to str, optional
        Roles by names of labels, which go before all else; `drop` for rows that are left out.

    >>> roles = Roles({"Tinkerer": "ml_engineer"})
    >>> roles.of("Senior Data Scientist (Remote)"), roles.of("Data Engineer")
    (<Role.DATA_SCIENTIST: 'data_scientist'>, <Role.NEITHER: 'neither'>)
    >>> roles.of("tinkerer")
    <Role.ML_ENGINEER: 'ml_engineer'>
    >>> roles.of("Wizard") is None
    True
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self._mapping: dict[str, Label] = {}
        for name, role in (mapping or {}).items():
            self._mapping[key(name)] = _mapped(name, role)

    def of(self, name: str) -> Label | None:
        """Return the role that a name stands for, None where it is not known."""
        plain = key(name)
        if plain in self._mapping:
            return self._mapping[plain]
        if plain in _MISSING:
            return NoLabel.MISSING
        with suppress(DatasetError):
            return parse_role(name.removeprefix("__label__"))
        kind = title_kind(" ".join(name.replace("_", " ").split()))
        return Role.NEITHER if kind in _OTHER_KINDS else _CLAIMS.get(kind)


def _mapped(name: str, role: str) -> Label:
    if key(role) in {"drop", "missing", "skip"}:
        return NoLabel.MISSING
    try:
        return parse_role(role)
    except DatasetError:
        raise DatasetError(
            f"{name!r} cannot be mapped to {role!r}, which is no role",
            "use data_scientist, ml_engineer, other or drop",
            reason=Reason.BAD_OPTION,
        ) from None


def label_of(cell: Any, row: Mapping[str, Any] | None, roles: Roles) -> Label | str:
    """Return the label of a row, or the name that nobody knows.

    Parameters
    ----------
    cell : any
        What the column of labels holds: a name, a list of one, or an object of a labelling tool.
    row : mapping, optional
        The whole row, where Prodigy says `answer` and `accept`, and Label Studio `annotations`.
    roles : Roles
        What names stand for.
    """
    row = row or {}
    answer = row.get("answer")
    if isinstance(answer, str) and key(answer) in _PASSING | _REJECTING:
        return NoLabel.REJECTED if key(answer) in _REJECTING else NoLabel.MISSING
    if isinstance(row.get("accept"), list) and ("options" in row or answer is not None):
        cell = row["accept"]  # Prodigy's choices
    elif isinstance(annotations := row.get("annotations", row.get("completions")), list | str):
        found = _annotated(_parsed(annotations))
        cell = found if found is not None else cell
    elif (responses := _responses(row)) is not None:
        cell = responses
    elif cell is None and has_labels(frozenset(row)):
        cell = _columns_of_roles(row)
    names = dict.fromkeys(_names(cell))
    known = {name: roles.of(name) for name in names}
    unknown = [name for name, role in known.items() if role is None]
    if unknown:
        return " / ".join(unknown)
    given = {role for role in known.values() if role is not NoLabel.MISSING}
    if len(given) > 1:
        return Several(" + ".join(names))
    return next((role for role in given if role is not None), NoLabel.MISSING)


def has_labels(columns: "set[str] | frozenset[str]") -> bool:
    """Tell whether rows have labels without a column of them, as labelling tools write it."""
    return (
        bool({"annotations", "completions", "responses"} & columns)
        or {"accept", "options"} <= columns
        or any(name.endswith(_RESPONSES) for name in columns)
        or {Role.DATA_SCIENTIST, Role.ML_ENGINEER} <= set(map(_role_named, columns))
    )


def _role_named(column: str) -> Role | None:
    """Return the role that a column is named after, None for none."""
    with suppress(DatasetError):
        return parse_role(_PREFIX.sub("", column))
    return None


def _columns_of_roles(row: Mapping[str, Any]) -> dict[str, float]:
    """Return what columns that are named after roles say: 1 for its own, 0 for others."""
    said = {name: str(row[name]).strip().lower() for name in row if _role_named(name)}
    return {
        _PREFIX.sub("", name): float(value in _YES)
        for name, value in said.items()
        if value in _YES | _NO
    }


def _responses(row: Mapping[str, Any]) -> list[Any] | None:
    """Return what annotators answered in Argilla, nested or flat, None for any other row."""
    found: list[Any] = []
    given = _parsed(row.get("responses"))
    flat = [name for name in row if name.endswith(_RESPONSES)]
    if isinstance(given, Mapping):
        found = [each for answers in given.values() for each in answers or ()]
    elif isinstance(given, list):
        found = [
            {"value": value, "status": each.get("status")}
            for each in given
            if isinstance(each, Mapping)
            for value in (each.get("values") or {}).values()
        ]
    elif flat:
        for name in flat:
            values = _parsed(row[name]) or []
            statuses = _parsed(row.get(f"{name}.status")) or [None] * len(values)
            found += [{"value": v, "status": s} for v, s in zip(values, statuses, strict=False)]
    else:
        return None
    return [
        each.get("value")
        for each in found
        if isinstance(each, Mapping) and each.get("status") not in {"discarded", "draft"}
    ]


def _annotated(annotations: Any) -> list[Any] | None:
    """Return the choices of Label Studio's annotations; None where they are no such."""
    if not isinstance(annotations, list):
        return None
    kept = [
        each
        for each in annotations
        if isinstance(each, dict) and not each.get("was_cancelled") and not each.get("skipped")
    ]
    if not any(
        "result" in each or "label" in each for each in annotations if isinstance(each, dict)
    ):
        return None
    truth = [each for each in kept if each.get("ground_truth")]
    return [
        value.get("value", value) if isinstance(value, dict) else value
        for each in truth or kept
        for value in each.get("result", [each.get("label")])
    ]


def _names(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the names of labels in a cell."""
    if depth > _DEEPEST or value is None or value != value:  # noqa: PLR0124  # NaN
        return
    if isinstance(value, str):
        found = _parsed(value)
        if isinstance(found, str):
            yield from filter(None, map(str.strip, _BETWEEN.split(found)))
        else:
            yield from _names(found, depth + 1)
    elif isinstance(value, Mapping):
        inner = next((value[each] for each in _KEYS if each in value), None)
        if (
            inner is None
            and value
            and all(isinstance(each, int | float) for each in value.values())
        ):
            # Scores of all roles, as spaCy's categories: where each is 0 it is neither.
            yield from [name for name, score in value.items() if score > _HALF] or ["neither"]
        yield from _names(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _names(each, depth + 1)
    elif isinstance(value, float) and value.is_integer():
        yield str(int(value))
    else:
        yield str(value)


def _parsed(value: Any) -> Any:
    """Return what a cell of a CSV file has written as a list or object; else the cell."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text[:1] not in {"[", "{"} or len(text) > _LONGEST:
        return text
    for parse in (json.loads, ast.literal_eval):
        try:
            return parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return text
