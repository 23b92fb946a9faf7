"""`/labels`: what a person says the work is, kept where `jobclf train` reads it."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from jobclf import limits
from jobclf.errors import JobclfError, Reason
from jobclf.labeling.store import Label, LabelsFile
from jobclf.roles import Role
from jobclf.server import problems
from jobclf.server.state import State

router = APIRouter()

_SOURCE = "page"


def _taken(required: list[str], **more: Any) -> dict[str, Any]:
    """Return the description of what is sent: a text, and more."""
    schema = {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": {"text": {"type": "string"}, **more},
    }
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


_TEXT = _taken(["text"])
_LABELED = _taken(
    ["text", "label"],
    title={"type": ["string", "null"]},
    label={"enum": [str(role) for role in Role]},
)
_ANSWER = problems.answers("labels", "How many labels are kept now.")


class LabelStore:
    """The labels in a file, which other programs may change meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._alone = asyncio.Lock()

    async def change(self, change: Callable[[LabelsFile], Any]) -> tuple[Any, dict[str, int]]:
        """Open the file, change it in a thread, and return what came of it and the counts."""

        def changed() -> tuple[Any, dict[str, int]]:
            file = LabelsFile(self.path)
            found = change(file)
            return found, {str(role): sum(each.role is role for each in file) for role in Role}

        async with self._alone:
            return await asyncio.to_thread(changed)


@router.get("/labels", responses=_ANSWER)
async def count(request: Request) -> JSONResponse:
    """Say how many labels are kept, and where."""
    store = State.of(request).labels
    if not store.path.exists():  # opening it would make sure that it can be written
        return _told(store, dict.fromkeys(map(str, Role), 0))
    _, counts = await store.change(lambda _: None)
    return _told(store, counts)


@router.post("/labels/of", openapi_extra=_TEXT, responses=_ANSWER)
async def label_of(request: Request) -> JSONResponse:
    """Say which label is kept for a posting, none perhaps, and the digest that it goes by."""
    state = State.of(request)
    posting = (await _done(request, "digest"))["posting"]
    found, counts = None, dict.fromkeys(map(str, Role), 0)
    if state.labels.path.exists():
        found, counts = await state.labels.change(
            lambda file: next((each for each in file if each.posting == posting), None)
        )
    role = str(found.role) if isinstance(found, Label) and found.role else None
    return _told(state.labels, counts, posting=posting, label=role)


@router.post("/labels", openapi_extra=_LABELED, responses=_ANSWER)
async def keep(request: Request) -> JSONResponse:
    """Keep what a person says the work in a posting is, in place of what was said before."""
    state = State.of(request)
    given = await _done(request, "label")
    label = Label(
        posting=given["posting"],
        role=Role(given["label"]),
        text=given["text"],
        title=given["title"],
        source=_SOURCE,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    before, counts = await state.labels.change(lambda file: file.put(label))
    previous = before.role and str(before.role) if isinstance(before, Label) else None
    return _told(state.labels, counts, posting=label.posting, previous=previous)


@router.delete("/labels/{posting}", responses=_ANSWER)
async def undo(request: Request, posting: str) -> JSONResponse:
    """Drop the label of a posting, which goes by the digest that keeping it returned."""
    store = State.of(request).labels
    found, counts = None, dict.fromkeys(map(str, Role), 0)
    if store.path.exists():
        found, counts = await store.change(lambda file: file.drop(posting))
    if found is None:
        raise JobclfError(
            "no posting of this digest has a label",
            "take the one that keeping it returned",
            reason=Reason.NOT_FOUND,
        )
    return _told(store, counts)


async def _done(request: Request, what: str) -> Any:
    """Have a worker do something with what is sent, and return its answer."""
    state = State.of(request)
    body = await request.body()
    async with state.gate.entered():
        answer = await state.workers.do({"do": what}, body, seconds=limits.TEXT_WITHIN)
    return json.loads(answer.body)


def _told(store: LabelStore, counts: dict[str, int], **more: Any) -> JSONResponse:
    fields = {"labels": sum(counts.values()), "counts": counts, "file": store.path.name}
    return JSONResponse(more | fields)
