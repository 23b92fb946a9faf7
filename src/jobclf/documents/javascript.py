"""Values written out in JavaScript, of which JSON is a part, in Python, or by references."""

import json
import re
from collections.abc import Callable
from typing import Any

from jobclf import limits

_TOKEN = re.compile(
    r"\s*(?:([{}\[\](),:])|[ub]?(\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+')"
    r"|(-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)|(![01])"
    r"|(new \w+\([^()]*\)|void 0|[A-Za-z_][\w.]*\([^()]{0,200}\)|[A-Za-z_$][\w$]*)"
    r"|/\*|//[^\n]*|#[^\n]*)",
    re.DOTALL,
)
_MARK, _STRING, _NUMBER, _FLAG, _NAME = range(1, 6)  # groups of it; none is a comment
_MOST_TOKENS = 200_000
_CLOSING = {"{": "}", "[": "]", "(": ")"}  # arguments of a call are a list
_OPENING = {"(": "["}
_CONSTANTS = {"true": "true", "false": "false", "null": "null", "!0": "true", "!1": "false"}
_CONSTANTS |= {"True": "true", "False": "false", "None": "null"}  # of Python
_CALL = re.compile(r"[\w.]+\(\s*(?:([\"'][^\"'\\]*[\"'])|(-?\d{1,18}))?[^()]*\)")
_NOTHING = re.compile(r"undefined$|NaN$|Infinity$|void |new ")
_REFERENCE = "\0"  # the one key of an object that stands for a name
_REFERRED = '{"\\u0000":'
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|(?:u\{0*([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8}))|(.))|(\")", re.DOTALL
)
_JSON_ESCAPES = frozenset('"\\/bfnrtu')
_FUNCTION = re.compile(r"\(?(?:function\s*\(([\w$,\s]*)\)|\(([\w$,\s]*)\)\s*=>)\s*\{")
_FILLED = re.compile(r"[\s;,]*([\w$]+)(?:\.([\w$]+)|\[(\d+|\"[^\"\\]*\")\])\s*=(?!=)")
_RETURNED = re.compile(r"[\s;]*return\s*(?=[{\[])")
_CALLED = re.compile(r"[\s;]*\}\s*\)?\s*(?=\()")
_STEPS = 5  # from a reference to a reference
_COST = 200  # letters that a value counts as, besides its own
_LEAST = 3  # values of a list that refer to each other


class UnreadError(ValueError):
    """What is no literal, and where that shows."""

    def __init__(self, at: int) -> None:
        super().__init__("it is no literal of JavaScript")
        self.at = at


def literal(
    content: str, at: int, *, names: bool = True, most: int = _MOST_TOKENS
) -> tuple[Any, int]:
    r"""Return the literal at a place of a script, and where it ends; raise `UnreadError` for none.

    A name stands for what is known elsewhere, and is an object of its own kind until then; without
    `names` there may be none. A call stands for what it is given: `ObjectId("5f")` for "5f". Of
    more than `most` tokens none is read.

    >>> literal(r"x={on:!0,'a':[1,2,],text:'it\'s'};", 2)
    ({'on': True, 'a': [1, 2], 'text': "it's"}, 33)
    """
    start, found, closings = at, list[str](), list[str]()
    last = ""  # the token before, where it may be a key
    before = 0
    for _ in range(most):
        token = _TOKEN.match(content, at)
        if token is None:
            break
        at, kind = token.end(), token.lastindex
        if kind is None:
            at = _after_comment(token)
            continue
        written = token[kind]
        if kind == _MARK:
            if not _marked(written, found, closings, last):
                break
        elif kind == before == _STRING:  # as Python breaks long ones
            last = f"{last[:-1]}{_plain_string(written)[1:]}"
            found[-1] = last
        else:
            last = _plain_string(written) if kind == _STRING else written
            found.append(_value(last, kind))
        before = kind
        if not closings:
            if not names and any(each.startswith(_REFERRED) for each in found):
                break
            try:
                return json.loads(" ".join(found), strict=False), at
            except (ValueError, RecursionError):
                break
    raise UnreadError(max(at, start + 1))


def _after_comment(token: re.Match[str]) -> int:
    if token[0].lstrip() != "/*":
        return token.end()
    end = token.string.find("*/", token.end())
    if end < 0:
        raise UnreadError(len(token.string))
    return end + 2


def _marked(mark: str, found: list[str], closings: list[str], last: str) -> bool:
    """Add a bracket, comma or colon as JSON has it; tell whether it may stand there."""
    if mark in _CLOSING:
        closings.append(_CLOSING[mark])
        found.append(_OPENING.get(mark, mark))
    elif mark in ",:":
        if mark == ":" and found:
            found[-1] = last if last[:1] == '"' else f'"{last}"'
        found.append(mark)
    else:
        if not closings or closings.pop() != mark:
            return False
        if found[-1] == ",":
            found.pop()
        found.append("]" if mark == ")" else mark)
    return True


def _value(written: str, kind: int) -> str:
    if kind in {_FLAG, _NAME}:
        if _NOTHING.match(written):
            return "null"
        if (call := _CALL.match(written)) is not None:
            return _plain_string(call[1]) if call[1] else call[2] or "null"
        return _CONSTANTS.get(written) or f'{{"\\u0000":"{written}"}}'
    return written if kind == _STRING or written[:1] not in ".-" else str(float(written))


def _plain_string(quoted: str) -> str:
    """Return a string of JavaScript as one of JSON."""
    if quoted[0] == '"' and "\\" not in quoted:
        return quoted
    return f'"{_ESCAPE.sub(_escape, quoted[1:-1])}"'


def _escape(found: re.Match[str]) -> str:
    code, point, long, letter, quote = found.groups()
    if quote:
        return '\\"'
    if code or point or long:
        number = int(code or point or long, 16)
        return json.dumps(chr(number) if number <= 0x10FFFF else "")[1:-1]  # noqa: PLR2004
    return found[0] if letter in _JSON_ESCAPES else letter.strip("\n")


def called(content: str, at: int) -> tuple[Any, int]:
    """Return what a function returns that a script writes and calls at a place, and the end.

    So does Nuxt write its state: `(function(a,b){a.title=b;return {job:a}}({},"Baker"))`.
    """
    function = _FUNCTION.match(content, at)
    if function is None:
        raise UnreadError(at + 1)
    names = [each.strip() for each in (function[1] or function[2] or "").split(",")]
    filled: list[tuple[str, str, Any]] = []
    at = function.end()
    while len(filled) < _MOST_TOKENS and (place := _FILLED.match(content, at)):
        value, at = literal(content, place.end())
        filled.append((place[1], place[2] or place[3].strip('"'), value))
    if (returned := _RETURNED.match(content, at)) is None:
        raise UnreadError(at)
    value, at = literal(content, returned.end())
    if (call := _CALLED.match(content, at)) is None:
        raise UnreadError(at)
    given, at = literal(content, call.end())
    known = dict(zip(names, given, strict=False))
    for name, key, each in filled:
        holder = known.get(name)
        if isinstance(holder, dict):
            holder[key] = each
        elif isinstance(holder, list):
            holder.append(each)

    def opened(item: Any) -> Any:
        if isinstance(item, dict) and _REFERENCE in item:
            return known.get(item[_REFERENCE])
        return item

    return _unfolded(value, opened, [limits.PAGE_STATE], 0), at


def refers(value: Any) -> bool:
    """Tell whether a list is one whose values name each other by their places, the first of all.

    So do Nuxt, SvelteKit and React Router write what pages are made from.
    """
    if not isinstance(value, list) or len(value) < _LEAST:
        return False
    first = value[0]
    if isinstance(first, list):
        return len(first) == 2 and isinstance(first[0], str) and isinstance(first[1], int)  # noqa: PLR2004
    return isinstance(first, dict) and bool(first) and all(map(_is_place, first.values()))


def _is_place(value: Any) -> bool:
    return isinstance(value, int)


def resolved(values: list[Any]) -> Any:
    """Return the first of some values that name each other by their places, with all it names.

    >>> resolved([{"job": 1}, {"title": 2, "at": 3}, "Baker", ["Date", "2026-01-01"]])
    {'job': {'title': 'Baker', 'at': ['2026-01-01']}}
    """

    def opened(item: Any) -> Any:
        for _ in range(_STEPS):
            if not isinstance(item, int):
                return item
            if not 0 <= item < len(values):
                return None
            value = values[item]
            if isinstance(value, dict):
                return {_key(key, values): each for key, each in value.items()}
            if not isinstance(value, list) or not value or not isinstance(value[0], str):
                return value
            if len(value) != 2 or not isinstance(value[1], int):  # noqa: PLR2004
                return value[1:]  # ["Set", 3, 4], ["Date", "2026-01-01"]
            item = value[1]  # ["Reactive", 3]
        return None

    return _unfolded(0, opened, [limits.PAGE_STATE], 0)


def _key(key: str, values: list[Any]) -> str:
    """Return a key that may itself be named by its place, as `_3`."""
    if key[:1] == "_" and key[1:].isdecimal() and int(key[1:8]) < len(values):
        return str(values[int(key[1:8])])
    return key


def _unfolded(item: Any, opened: Callable[[Any], Any], left: list[int], depth: int) -> Any:
    """Return a value with what it names in its place; no more than a page may hold."""
    value = opened(item)
    left[0] -= _COST + (len(value) if isinstance(value, str) else 0)
    if left[0] < 0 or depth > limits.JSON_DEPTH:
        return None
    if isinstance(value, dict):
        return {key: _unfolded(each, opened, left, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_unfolded(each, opened, left, depth + 1) for each in value]
    return value
