"""The documents of editors as text: ProseMirror, Quill, Slate, Lexical, Draft.js and their like.

Their JSON is a tree: what has texts directly in it is a line, whatever it is called.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_DEEPEST = 40  # nodes in each other
_CHILDREN = ("content", "children", "blocks", "items", "data", "root", "ops")
_BREAKS = frozenset({"hardbreak", "hard_break", "linebreak", "br"})
_TEXTS = frozenset({"", "text", "span"})  # what stands within a line
_IN_LINES = frozenset({"link", "hyperlink", "autolink", "mention", "inline", "a"})


def lines_in(value: Any) -> list[str] | None:
    r"""Return the lines of an editor's document, None for any other value.

    >>> lines_in({"ops": [{"insert": "We "}, {"insert": "bake"}, {"insert": ".\nDaily.\n"}]})
    ['We bake.', 'Daily.']
    >>> lines_in({"type": "doc", "content": [{"type": "paragraph", "content": [
    ...     {"type": "text", "text": "We "}, {"type": "text", "text": "bake."}]}]})
    ['We bake.']
    """
    if not is_document(value):
        return None
    return [line for line in "".join(_written(value, 0)).split("\n") if line.strip()]


def is_document(value: Any) -> bool:
    """Tell whether a value is the document of an editor."""
    if isinstance(value, list):  # Quill; Slate, Sanity
        return bool(value) and all(
            isinstance(each, Mapping)
            and ("insert" in each or isinstance(each.get("children"), list))
            for each in value
        )
    if not isinstance(value, Mapping):
        return False
    if isinstance(value.get("ops"), list):  # Quill
        return is_document(value["ops"])
    if isinstance(value.get("root"), Mapping):  # Lexical
        return isinstance(value["root"].get("children"), list)
    if isinstance(blocks := value.get("blocks"), list):  # Draft.js, Editor.js
        return bool(blocks) and all(
            isinstance(each, Mapping) and "type" in each and ({"text", "data"} & each.keys())
            for each in blocks
        )
    kind = value.get("type", value.get("nodeType"))
    return kind in ("doc", "document") and isinstance(value.get("content"), list)


def _is_block(value: Any) -> bool:
    return isinstance(value, Mapping) and (
        "insert" in value or isinstance(value.get("children"), list)
    )


def _written(node: Any, depth: int) -> Iterator[str]:
    """Yield the texts of a node, and a line end around each that is no part of a line."""
    if depth > _DEEPEST:
        return
    if isinstance(node, str):
        yield f"\n{node}\n"
    elif isinstance(node, list):
        for each in node:
            yield from _written(each, depth + 1)
    elif isinstance(node, Mapping):
        if "insert" in node:
            yield node["insert"] if isinstance(node["insert"], str) else "\n"
            return
        children = [node[name] for name in _CHILDREN if isinstance(node.get(name), list | Mapping)]
        kind = str(node.get("type", node.get("nodeType", ""))).lower()
        text = node.get("text", node.get("value", node.get("content")))
        if isinstance(text, str):
            yield text if kind in _TEXTS else f"\n{text}\n"
            yield from _written(children, depth + 1)
        elif kind in _BREAKS:
            yield "\n"
        elif kind in _IN_LINES:
            yield from _written(children, depth + 1)
        else:
            yield "\n"
            yield from _written(children, depth + 1)
            yield "\n"
