"""`/docs`: the interface for programs on one page, made from its own description."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response

from jobclf.reports.markup import safe
from jobclf.reports.page import framed

router = APIRouter()

_TITLE = "jobclf for programs and agents"
_METHODS = ("get", "post", "put", "delete")
_EXAMPLE = """curl {origin}/predict -H 'content-type: application/json' \\
  -d '{{"text": "We deploy machine learning models to production …", "title": "ML Engineer"}}'
curl {origin}/predict -F file=@posting.pdf
curl {origin}/predict/batch -H 'content-type: application/x-ndjson' --data-binary @postings.jsonl
curl {origin}/predict/table?output=xlsx -F file=@jobs.csv -o judged.xlsx"""


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> Response:
    """Return the page."""
    described = json.dumps(request.app.openapi())
    origin = str(request.base_url).rstrip("/")
    return Response(
        _page(described, origin),
        media_type="text/html",
        headers={"Content-Security-Policy": _policy(_page(described, origin))},
    )


@cache
def _page(described: str, origin: str) -> str:
    fields = json.loads(described)
    return framed(_TITLE, _body(fields, origin))


def _policy(page: str) -> str:
    """Return the policy that the page itself states, for the header."""
    start = page.index('content="default-src') + len('content="')
    return page[start : page.index('"', start)] + "; frame-ancestors 'none'"


def _body(described: dict[str, Any], origin: str) -> Iterator[str]:
    yield f'<p><a href="/">Back to the page</a></p><h1>{safe(_TITLE)}</h1>'
    yield f"<p>{safe(described['info']['description'])}</p>"
    yield (
        "<p>Where the server was started with a token, send it as <code>Authorization: Bearer "
        "TOKEN</code>. Refusals are problem details (RFC 9457) with <code>reason</code>, a code, "
        "and <code>remedy</code>; after 503 come again in <code>Retry-After</code> seconds. "
        'All of this for machines: <a href="/openapi.json">openapi.json</a>. Agents: '
        "<code>jobclf mcp</code>.</p>"
    )
    yield f"<h2>Examples</h2>{_code(_EXAMPLE.format(origin=origin))}"
    yield "<h2>Addresses</h2>"
    for path, operations in described["paths"].items():
        for method in _METHODS:
            if method in operations:
                yield from _operation(method.upper(), path, operations[method])
    yield "<h2>Fields</h2>"
    for name, schema in described["components"]["schemas"].items():
        if "properties" in schema:
            yield from _fields(name, schema)


def _operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"<h3><code>{method} {safe(path)}</code></h3><p>{safe(operation['description'])}</p>"
    rows: list[tuple[str, ...]] = [
        (each["name"], _kind(each["schema"]), each.get("description", ""))
        for each in operation.get("parameters", ())
    ]
    if rows:
        yield _table(("parameter", "holds", ""), rows)
    body = operation.get("requestBody", {}).get("content", {})
    gives = operation["responses"].get("200") or operation["responses"].get("201") or {}
    names = [each["schema"].get("$ref", "") for each in gives.get("content", {}).values()]
    said = [f"takes {', '.join(body)}"] if body else []
    said += [f"gives {each.rpartition('/')[2]}" for each in names if each]
    if said:
        yield f'<p class="quiet">{safe("; ".join(said))}</p>'


def _fields(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f'<h3 id="{safe(name)}"><code>{safe(name)}</code></h3>'
    yield f"<p>{safe(schema.get('description', ''))}</p>"
    yield _table(
        ("field", "holds", ""),
        [
            (each, _kind(part), part.get("description", ""))
            for each, part in schema["properties"].items()
        ],
    )


def _kind(schema: dict[str, Any]) -> str:
    """Return in words what a schema takes."""
    if "enum" in schema:
        return ", ".join("null" if each is None else str(each) for each in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    kind = schema.get("type", "")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{safe(each)}</th>' for each in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{safe(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _code(text: str) -> str:
    return f'<pre class="posting wide" tabindex="0">{safe(text)}</pre>'
