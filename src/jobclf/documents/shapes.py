"""The postings in JSON of any shape."""

import json
import re
from itertools import islice
from typing import Any

from jobclf.documents.names import (
    ENVELOPES,
    OTHERS,
    PART_OF,
    SECTIONS,
    TEXTS_OF_POSTINGS,
    THREADS,
    plain_name,
)
from jobclf.documents.parts import (
    COMPANY_RANKS,
    LEAST_PROSE,
    SECTION_PART,
    TITLE_RANKS,
    Joined,
    join_parts,
    named_fields,
    sections_in,
    strings_in,
    text_is_title,
    title_of,
)

_SAMPLE = 20  # objects of a list that tell what it is a list of
_SHARE = 0.3  # of the longest text, below which an object beside it is no posting
_LEAST_WRITTEN = 200  # letters of JSON within JSON that may hold a posting
_KINDS = ("@type", "$type", "__typename", "type", "_type")
_OTHER_KINDS = re.compile(
    r"compan|organi[sz]ation|person|profile|member|user|school|place|location|website|webpage"
    r"|departm|categor|image|author|recruiter|breadcrumb|article|product|course|event|^story$",
    re.IGNORECASE,
)


def find_postings(value: Any) -> list[Joined]:
    """Return the postings in any parsed JSON, in order, each with its parts put together."""
    found = [join_parts(each) for each in find_rows(value)]
    return [each for each in found if each.text]


def find_rows(value: Any, *, written: bool = False) -> list[dict[str, Any]]:
    """Return the objects in any parsed JSON that are postings, in order.

    What holds a list of postings is none itself, nor are those that a posting recommends. With
    `written` texts that are JSON themselves are opened, as pages keep what a server answered.
    """
    found: list[tuple[dict[str, Any], bool]] = []  # with whether it stands in a list of postings
    waiting: list[tuple[Any, bool, bool]] = [(value, True, False)]  # value, in a list, in a thread
    while waiting:
        here, listed, thread = waiting.pop()
        if isinstance(here, list):
            waiting.extend((each, listed, thread) for each in reversed(here))
        elif isinstance(here, dict):
            inner = _inner(here, written=written)
            if thread and isinstance(here.get("text"), str):
                found.append(({"description": here["text"]}, True))
            elif _is_posting(here) and not any(_holds_postings(*each) for each in inner):
                found.append((here, listed))
            else:
                waiting.extend(
                    (each, name in ENVELOPES, name in THREADS and _is_thread(each))
                    for name, each in reversed(inner)
                )
    if any(listed for _, listed in found):
        found = [each for each in found if each[1]]
    elif len(found) > 1:
        lengths = [len(join_parts(each).text) for each, _ in found]
        longest = max(lengths)
        found = [e for e, length in zip(found, lengths, strict=True) if length >= _SHARE * longest]
    return [each for each, _ in found]


def _inner(here: dict[str, Any], *, written: bool) -> list[tuple[str, Any]]:
    """Return the names and values in which postings may stand."""
    opened = [
        (key, _opened(each) if written and isinstance(each, str) else each)
        for key, each in here.items()
    ]
    named = [(plain_name(key), each) for key, each in opened if isinstance(each, dict | list)]
    return [
        (name, each) for name, each in named if name not in OTHERS and name not in COMPANY_RANKS
    ]


def _opened(text: str) -> Any:
    """Return what a text is in JSON; itself where it is none."""
    if text[:2] not in {'{"', "[{"} or len(text) < _LEAST_WRITTEN:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _holds_postings(name: str, value: Any) -> bool:
    if name in THREADS:
        return _is_thread(value)
    if name not in ENVELOPES:
        return False
    # One in an object is what the object wraps; several go by numbers or names.
    items, least = (value, 1) if isinstance(value, list) else (list(value.values()), 2)
    found = (each for each in items[:_SAMPLE] if isinstance(each, dict) and _is_posting(each))
    return sum(1 for _ in islice(found, least)) == least


def _is_thread(value: Any) -> bool:
    return isinstance(value, list) and any(
        isinstance(each, dict) and isinstance(each.get("text"), str) for each in value[:_SAMPLE]
    )


def _is_posting(here: dict[str, Any]) -> bool:
    """Tell whether an object has a title and a text, and is not said to be something else."""
    kinds = [here[key] for key in _KINDS if key in here]
    kinds = [each for kind in kinds for each in (kind if isinstance(kind, list) else [kind])]
    names = [kind.rsplit("/", 1)[-1] for kind in kinds if isinstance(kind, str)]
    posting = any(name.lower().endswith("jobposting") for name in names)
    if not posting and (any(map(_OTHER_KINDS.search, names)) or ("@type" in here and names)):
        return False
    by_text, title, known = text_is_title(here), False, False
    letters: dict[int, int] = {}  # of the parts that hold some
    for _, name, value in named_fields(here):
        if name in TITLE_RANKS or (name == "text" and by_text):
            title = title or bool(title_of(value))
        elif name in PART_OF and (length := sum(len(each) for each in strings_in(value, 0))):
            letters[PART_OF[name]] = length
            known = known or any(part in name for part in TEXTS_OF_POSTINGS)
        elif name in SECTIONS and sections_in(value, ""):
            letters[SECTION_PART] = LEAST_PROSE
        if letters and (title or posting):
            return True
    return (known or len(letters) > 1) and sum(letters.values()) >= LEAST_PROSE
