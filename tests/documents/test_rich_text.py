"""The documents of editors give their lines, whatever the editor is."""

from typing import Any

import pytest

from jobclf.documents.rich_text import lines_in


def leaf(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(
            {
                "ops": [
                    {"insert": "We "},
                    {"insert": "bake.\n"},
                    {"insert": {"image": "a"}},
                    {"insert": "Daily"},
                    {"insert": "\n", "attributes": {"list": "bullet"}},
                ]
            },
            id="Quill",
        ),
        pytest.param(
            {
                "type": "doc",
                "content": [
                    {
                        "type": "paragraph",
                        "content": [leaf("We "), leaf("bake.", marks=[{"type": "bold"}])],
                    },
                    {
                        "type": "bulletList",
                        "content": [
                            {
                                "type": "listItem",
                                "content": [{"type": "paragraph", "content": [leaf("Daily")]}],
                            }
                        ],
                    },
                ],
            },
            id="ProseMirror",
        ),
        pytest.param(
            {
                "type": "doc",
                "content": [
                    {
                        "type": "paragraph",
                        "content": [leaf("We bake."), {"type": "hardBreak"}, leaf("Daily")],
                    }
                ],
            },
            id="a break",
        ),
        pytest.param(
            [
                {"type": "paragraph", "children": [{"text": "We "}, {"text": "bake."}]},
                {"type": "list", "children": [{"children": [{"text": "Daily"}]}]},
            ],
            id="Slate",
        ),
        pytest.param(
            [
                {"_type": "block", "children": [{"_type": "span", "text": "We bake."}]},
                {"_type": "block", "children": [{"_type": "span", "text": "Daily"}]},
            ],
            id="Sanity",
        ),
        pytest.param(
            {
                "root": {
                    "type": "root",
                    "children": [
                        {
                            "type": "paragraph",
                            "children": [
                                leaf("We "),
                                {"type": "link", "children": [leaf("bake.")]},
                            ],
                        },
                        {"type": "paragraph", "children": [leaf("Daily")]},
                    ],
                }
            },
            id="Lexical",
        ),
        pytest.param(
            {
                "entityMap": {},
                "blocks": [
                    {"key": "a", "type": "unstyled", "text": "We bake."},
                    {"key": "b", "type": "unordered-list-item", "text": "Daily"},
                ],
            },
            id="Draft.js",
        ),
        pytest.param(
            {
                "time": 1,
                "blocks": [
                    {"type": "paragraph", "data": {"text": "We bake."}},
                    {"type": "list", "data": {"items": ["Daily"]}},
                ],
            },
            id="Editor.js",
        ),
        pytest.param(
            {
                "time": 1,
                "blocks": [
                    {"type": "header", "data": {"text": "We bake.", "level": 2}},
                    {"type": "list", "data": {"items": [{"content": "Daily", "items": []}]}},
                ],
            },
            id="its lists",
        ),
        pytest.param(
            {
                "nodeType": "document",
                "content": [
                    {
                        "nodeType": "paragraph",
                        "content": [{"nodeType": "text", "value": "We bake."}],
                    },
                    {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "Daily"}]},
                ],
            },
            id="Contentful",
        ),
    ],
)
def test_each_editor(value: Any) -> None:
    assert lines_in(value) == ["We bake.", "Daily"]


@pytest.mark.parametrize(
    "value",
    [
        "a",
        None,
        3,
        [],
        {},
        ["a"],
        [{"text": "a"}],
        {"type": ["doc"], "content": []},
        {"ops": "a"},
        {"blocks": []},
        {"blocks": [{"title": "a", "text": "b"}]},
        {"content": "a"},
        {"root": "a"},
    ],
)
def test_other_values_are_none(value: Any) -> None:
    assert lines_in(value) is None


def test_a_deep_document_ends() -> None:
    node: dict[str, Any] = {"type": "paragraph", "content": [leaf("We bake.")]}
    for _ in range(2000):
        node = {"type": "blockquote", "content": [node]}
    assert lines_in({"type": "doc", "content": [leaf("Daily"), node]}) == ["Daily"]
