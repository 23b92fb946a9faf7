"""`POST /predict` and `POST /explain`: one posting in, in JSON or as a file, one answer out."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from jobclf import limits
from jobclf.errors import PostingError, Reason, printable
from jobclf.server import problems
from jobclf.server.state import State

router = APIRouter()

_JSON = "application/json"
_FORM = "multipart/form-data"
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {
                "schema": {
                    "type": "object",
                    "required": ["text"],
                    "additionalProperties": False,
                    "properties": {
                        "text": {
                            "type": "string",
                            "description": "The whole posting, as text.",
                        },
                        "title": {
                            "type": ["string", "null"],
                            "description": "Its title; without it the first line may be one, "
                            'with "" the text is judged alone.',
                        },
                    },
                },
                "example": {
                    "text": "We deploy machine learning models to production and monitor them. …",
                    "title": "ML Engineer",
                },
            },
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "A file that holds one posting.",
                        }
                    },
                }
            },
        },
    }
}


@router.post(
    "/predict",
    openapi_extra=BODY,
    response_class=Response,
    responses=problems.answers("prediction", "The answer."),
)
async def predict(request: Request) -> Response:
    """Say what the work in a posting is."""
    return await _answered(request, "predict")


@router.post(
    "/explain",
    openapi_extra=BODY,
    response_class=Response,
    responses=problems.answers("explanation", "The answer with its reasons."),
)
async def explain(request: Request) -> Response:
    """Say why: the phrases of a posting, and what each adds to the answer."""
    return await _answered(request, "explain")


async def _answered(request: Request, task: str) -> Response:
    state = State.of(request)
    head, body = await _given(request)
    seconds = limits.FILE_WITHIN if "name" in head else limits.TEXT_WITHIN
    async with state.gate.entered():
        answer = await state.workers.do({"do": task, **head}, body, seconds=seconds)
    return Response(answer.body, media_type=_JSON)


async def _given(request: Request) -> tuple[dict[str, Any], bytes]:
    """Return what a request brings: facts about it, and JSON or the content of a file."""
    kind = request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
    if kind == _JSON:
        return {}, await request.body()
    if kind != _FORM:
        raise HTTPException(
            415,
            f"the body is {printable(kind)[:99]!r}; send {_JSON}, or {_FORM} with the field `file`",
        )
    async with request.form(max_files=1, max_fields=0) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise PostingError(
                "the form has no file", "send one in the field `file`", reason=Reason.BAD_VALUE
            )
        return {"name": file.filename or "posting"}, await file.read()
