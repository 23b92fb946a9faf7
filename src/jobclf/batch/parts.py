"""What is known of the parts in a folder: a record of each, and the manifest of all."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from jobclf.batch import predictions
from jobclf.errors import Reason
from jobclf.roles import Role


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part that is done."""

    part: str
    source: str
    row_groups: list[int] | None
    bytes: int
    rows: int
    failed: int
    roles: dict[str, int]
    reasons: dict[str, int]  # why some could not be judged


def groups_of(part: Part) -> tuple[int, ...] | None:
    """Return the row groups that a part holds, None for a table as a whole."""
    return None if part.row_groups is None else tuple(part.row_groups)


def recorded(record: bytes) -> Part | None:
    """Return what a record says, None for one that was cut off or changed."""
    try:
        found = Part(**json.loads(record))
        counts = (found.bytes, found.rows, found.failed, *found.roles.values())
        roles, reasons = set(map(Role, found.roles)), found.reasons
        _ = set(map(Reason, reasons))
        groups = found.row_groups or []
        whole = [*counts, *groups, *reasons.values()]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    if any(type(each) is not int or each < 0 for each in whole) or len(roles) != len(Role):
        return None
    if found.rows != found.failed + sum(found.roles.values()):
        return None
    return found if found.failed == sum(reasons.values()) else None


def counted(parts: Iterable[Part]) -> predictions.Tally:
    """Return how many postings and roles parts hold."""
    tally = predictions.Tally()
    for part in parts:
        tally.postings += part.rows
        tally.failed += part.failed
        tally.reasons.update(part.reasons)
        tally.roles.update({Role(role): count for role, count in part.roles.items()})
    return tally


def is_manifest(content: bytes | None) -> bool:
    """Tell whether a manifest is one of ours, or none is there: no other is written over."""
    try:
        found = {} if content is None else json.loads(content)
    except (ValueError, RecursionError):
        return False
    return content is None or (isinstance(found, dict) and {"jobclf", "digest"} <= found.keys())
