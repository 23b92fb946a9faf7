"""The rows in parsed JSON: records, a board's answer, or a frame as pandas writes it."""

from collections.abc import Iterable, Sequence
from typing import Any

from jobclf.documents.names import ENVELOPES, PART_OF, TITLES, plain_name
from jobclf.documents.shapes import find_rows
from jobclf.tables import browser_logs, labeling
from jobclf.tables.columns import is_named, is_usual
from jobclf.tables.sheets import column_names

_TITLES = frozenset(TITLES[: TITLES.index("position")])  # the surer names
_HEADERS = ("columns", "headers", "header", "fields", "cols", "columnnames")
_CELLS = ("data", "rows", "records", "values")
_LEAST_TEXT = 200  # letters of the text of a posting
_DEEPEST = 8  # levels in which the list of rows is looked for


def rows_in(value: Any) -> list[Any]:
    """Return what stands for the rows of a table in any JSON; what is no object is no row.

    All of a list are rows if some of it are postings, so that none is lost. Where postings stand in
    several places they alone are.

    >>> rows_in({"columns": ["title", "text"], "index": [7], "data": [["Baker", "Bakes."]]})
    [{'title': 'Baker', 'text': 'Bakes.'}]
    """
    examples = labeling.rows_in(value)
    frame = _frame(value) if examples is None else examples
    if frame is not None:
        return frame
    if browser_logs.is_log(value):
        return browser_logs.rows_in(value)
    postings = find_rows(value)
    wanted = {id(each) for each in postings}
    listed = _list_with(value, wanted) or _list_around(value, wanted)
    if listed is not None:
        return listed
    if postings:
        return list[Any](postings)
    if isinstance(value, list):
        return value
    return max(_lists(value), key=len, default=[value])


def _frame(value: Any) -> list[Any] | None:
    """Return the rows of a frame as pandas writes it in one of its forms, None for anything else.

    Rows of `records` are a list of objects like any other.
    """
    if isinstance(value, list):
        return _of_values(value)
    if not isinstance(value, dict):
        return None
    for each in (value, *_enveloped(value)):
        if (split := _split(each)) is not None:
            return split
        is_inner = each is not value and bool(each) and _are(list, each.values())
        if is_inner and (columns := _of_columns(each)) is not None:
            return columns
    if isinstance(value.get("schema"), dict) and "fields" in value["schema"]:  # `table`
        data = value.get("data")
        return data if isinstance(data, list) and _are(dict, data) else None
    return _of_columns(value) if value else None


def _enveloped(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the one object in an envelope, in which columns may stand; none of several."""
    found = [each for key, each in value.items() if plain_name(key) in ENVELOPES]
    return [each for each in found if isinstance(each, dict)] if len(found) == 1 else []


def _split(value: dict[str, Any]) -> list[Any] | None:
    """Return the rows of lists of cells beside a list of their names, as pandas splits a frame."""
    by_name = {plain_name(key): each for key, each in value.items() if isinstance(each, list)}
    names: Any = next((by_name[name] for name in _HEADERS if name in by_name), None)
    data = next((by_name[name] for name in _CELLS if name in by_name), None)
    if names is None and isinstance(meta := value.get("meta"), dict):  # Socrata's
        meta = meta.get("view", meta)
        names = meta.get("columns") if isinstance(meta, dict) else None
    if not names or not isinstance(names, list) or data is None or not _are(list, data):
        return None
    called = [
        name.get("name", name.get("title", "")) if isinstance(name, dict) else name
        for name in names
    ]
    return _under([str(name) for name in column_names(called, [True] * len(called))], data)


def _of_columns(value: dict[str, Any]) -> list[Any] | None:
    """Return the rows in an object of lists, or of objects, of as many cells each."""
    cells = list(value.values())
    if _are(dict, cells):
        return _of_objects(value)
    if len(cells) == 1 and isinstance(cells[0], list) and _are(dict, cells[0]):
        return None  # a list of objects
    if _are(list, cells) and is_named(value) and len(set(map(len, cells))) == 1:
        return [dict(zip(value, row, strict=True)) for row in zip(*cells, strict=True)]
    return None


def _are(kind: type, values: Iterable[Any]) -> bool:
    return all(isinstance(each, kind) for each in values)


def _under(names: Sequence[str], rows: Iterable[Any]) -> list[Any]:
    return [dict(zip(names, row, strict=False)) if isinstance(row, list) else row for row in rows]


def _of_values(value: list[Any]) -> list[Any] | None:
    """Return the rows in lists of cells, under the names in the first of them if it has some."""
    if not value or not _are(list, value) or any(_are(dict, row) and row for row in value):
        return None
    width = max(map(len, value))
    header = value[0] if _are(str, value[0]) and any(map(is_usual, value[0])) else None
    names = column_names(header, [True] * width)
    return _under([str(name) for name in names], value[0 if header is None else 1 :])


def _of_objects(value: dict[str, dict[str, Any]]) -> list[Any] | None:
    """Return the rows in objects of objects: `columns`, a column in each, or `index`, a row."""
    within = dict.fromkeys(key for each in value.values() for key in each)
    # A posting and its company are objects as well, but of other keys.
    alike = all(2 * len(each) >= len(within) for each in value.values())
    numbered = all(key.isdigit() for key in within)
    if alike and is_named(value) and (numbered or not is_named(within)):
        return [{name: value[name].get(key) for name in value} for key in within]
    if is_named(within) and (all(key.isdigit() for key in value) or (alike and len(value) > 1)):
        return list(value.values())
    return None


def _list_with(value: Any, wanted: set[int]) -> list[Any] | None:
    """Return the list that holds all of some objects, None where no list does."""
    level = [value]
    for _ in range(_DEEPEST):
        inner: list[Any] = []
        for here in level:
            if isinstance(here, list) and wanted and wanted <= {id(each) for each in here}:
                return here
            inner += _below(here)
        level = inner
    return None


def _list_around(value: Any, wanted: set[int]) -> list[Any] | None:
    """Return the list of objects with titles in which all of some objects stand, None for none.

    What a scraper notes of the title and text of a posting looks like one itself, and so does what
    somebody took from the text that stands beside it.
    """
    for each in _lists(value):
        written = [row for row in each if _is_written(row)]
        if (
            len(written) > 1
            and wanted
            and wanted <= {id(held) for row in written for held in row.values()}
        ):
            return each
        titled = [row for row in each if any(plain_name(str(key)) in _TITLES for key in row)]
        if len(titled) > 1 and wanted and wanted <= _ids(titled):
            return each
    return None


def _is_written(row: dict[str, Any]) -> bool:
    """Tell whether an object has the whole text of a posting under a key for that."""
    texts = [each for key, each in row.items() if PART_OF.get(plain_name(str(key))) == 0]
    return any(isinstance(each, str) and len(each) >= _LEAST_TEXT for each in texts)


def _ids(value: Any) -> set[int]:
    found, level = set[int](), [value]
    for _ in range(_DEEPEST):
        level = [inner for here in level for inner in _below(here)]
        found.update(map(id, level))
    return found


def _below(value: Any) -> list[Any]:
    if not isinstance(value, dict | list):
        return []
    items = value.values() if isinstance(value, dict) else value
    return [each for each in items if isinstance(each, dict | list)]


def _lists(value: Any) -> list[list[Any]]:
    """Return the lists of objects under keys that hold postings, else under any."""
    found: list[tuple[bool, list[Any]]] = []
    level: list[tuple[str, Any]] = [("", value)]
    for _ in range(_DEEPEST):
        inner: list[tuple[str, Any]] = []
        for name, here in level:
            if isinstance(here, list) and here and _are(dict, here):
                found.append((plain_name(name) in ENVELOPES, here))
            elif isinstance(here, dict):
                inner += here.items()
        level = inner
    known = [each for is_known, each in found if is_known]
    return known or [each for _, each in found]


def holds_rows(value: Any) -> bool:
    """Tell whether an object on a line of its own may be an answer that holds several rows."""
    return isinstance(value, list) or (
        isinstance(value, dict)
        and any(
            isinstance(each, list) and bool(each) and isinstance(each[0], dict)
            for name, each in value.items()
            if plain_name(name) in ENVELOPES
        )
    )
