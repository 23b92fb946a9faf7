"""`/predict/table`: a file in, the judged file out; `/tables`: the same for the page, step by step.

A table is uploaded, judged with progress, looked at row by row, and taken away in another form.
"""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, JSONResponse

from jobclf import limits
from jobclf.errors import PostingError, Reason
from jobclf.server import bounds, problems, shown
from jobclf.server.jobs import Job
from jobclf.server.names import file_name
from jobclf.server.state import State

router = APIRouter(responses=problems.RESPONSES)

_PIECE = 2**20  # bytes written at once
Form = Literal["csv", "tsv", "jsonl", "parquet", "xlsx"]
_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Column = Annotated[str | None, Query(max_length=500)]
_TABLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


_STATE = problems.answers("upload", "How far it is.")
_PREDICTED: dict[int | str, dict[str, Any]] = {
    **problems.RESPONSES,
    200: {
        "description": "All rows with their answers, in the form that is asked for.",
        "content": {
            name.partition(";")[0]: {"schema": {"type": "string"}} for name in _MEDIA_TYPES.values()
        },
    },
}


class _Predicted(FileResponse):
    """A file that is sent piece by piece and goes with its job once it is sent."""

    def __init__(self, state: State, job: Job, output: Form) -> None:
        super().__init__(
            job.folder / f"judged.{output}",
            media_type=_MEDIA_TYPES[output],
            filename=f"{job.stem}-judged.{output}",
        )
        self._state, self._job = state, job

    async def __call__(self, *call: Any) -> None:
        try:
            await super().__call__(*call)
        finally:
            await self._state.jobs.drop(self._job)


@router.post("/predict/table", openapi_extra=_TABLE, response_class=Response, responses=_PREDICTED)
async def predict_table(
    request: Request,
    output: Form = "csv",
    text_column: Column = None,
    title_column: Column = None,
    *,
    safe_csv: bool = False,
) -> Response:
    """Judge every row of a table, or every posting in a file; the rows keep all their columns."""
    state = State.of(request)
    job = await state.jobs.new()
    job.columns = _named(text_column, title_column)
    try:
        async with request.form(max_files=1, max_fields=0) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise PostingError(
                    "the form has no file", "send one in the field `file`", reason=Reason.BAD_VALUE
                )
            await _copied(file, job.place(file_name(file.filename or "table")))
        await _written(request, state, job, output, safe_csv=safe_csv)
    except BaseException:
        await asyncio.shield(state.jobs.drop(job))
        raise
    return _Predicted(state, job, output)


async def _copied(file: UploadFile, path: Path) -> None:
    with path.open("wb") as stream:
        while piece := await file.read(_PIECE):
            await asyncio.to_thread(stream.write, piece)


async def _written(
    request: Request, state: State, job: Job, output: Form, *, safe_csv: bool, **more: Any
) -> None:
    """Have the judged file written; end the work if the client goes."""
    task = job.task(
        "write", output=f"judged.{output}", safe_csv=safe_csv and output in {"csv", "tsv"}, **more
    )
    work = asyncio.create_task(
        state.jobs.workers.do(task, seconds=limits.SILENT, progress=job.heard)
    )
    gone = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ClientDisconnect
        await work
    finally:
        for each in (work, gone):
            each.cancel()
        await asyncio.wait({work, gone})


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


@router.post("/tables", status_code=201, responses=problems.answers("upload", "It is there.", 201))
async def create(request: Request) -> JSONResponse:
    """Make room for files that are to be judged together."""
    job = await State.of(request).jobs.new()
    return JSONResponse(job.fields(), 201)


def _named(text: str | None, title: str | None) -> dict[str, str]:
    known = {"text_column": text, "title_column": title}
    return {name: column for name, column in known.items() if column}


@router.put("/tables/{job}/files", openapi_extra=_FILE, responses=_STATE)
async def upload(
    request: Request, job: str, name: Annotated[str, Query(min_length=1, max_length=1000)]
) -> JSONResponse:
    """Add a file, a table or a posting, under a name with the right ending."""
    found = State.of(request).jobs.find(job)
    path = found.place(name)
    with path.open("wb") as stream:
        buffer = bytearray()
        async for piece in request.stream():
            found.size += len(piece)
            if found.size > limits.REQUEST_TABLE:
                raise bounds.TooLargeError(limits.REQUEST_TABLE)
            buffer += piece
            if len(buffer) >= _PIECE:
                await asyncio.to_thread(stream.write, bytes(buffer))
                buffer.clear()
        stream.write(buffer)
    return JSONResponse(found.fields())


@router.post("/tables/{job}/start", responses=_STATE)
async def start(
    request: Request, job: str, text_column: Column = None, title_column: Column = None
) -> JSONResponse:
    """Begin to judge what was uploaded; once it is done, perhaps anew by other columns."""
    jobs = State.of(request).jobs
    found = jobs.find(job)
    if found.state == "running" or not found.names:
        raise HTTPException(409, "there is nothing to start; upload files first")
    jobs.start(found, _named(text_column, title_column))
    return JSONResponse(found.fields())


@router.get("/tables/{job}", responses=_STATE)
async def state_of(request: Request, job: str) -> JSONResponse:
    """Say how far the work is, and once it is done what the answers come to."""
    return JSONResponse(State.of(request).jobs.find(job).fields())


@router.post("/tables/{job}/stop", responses=_STATE)
async def stop(request: Request, job: str) -> JSONResponse:
    """End the work; the rows that are done stay."""
    found = State.of(request).jobs.find(job)
    await found.stop()
    return JSONResponse(found.fields())


@router.get(
    "/tables/{job}/rows",
    response_class=Response,
    responses=problems.answers("rows", "Some rows."),
)
async def rows(
    request: Request,
    job: str,
    start: Annotated[int, Query(ge=0, le=2**53)] = 0,
    count: Annotated[int, Query(ge=1, le=500)] = 50,
    order: Literal["doubt", "table"] = "doubt",
    which: Annotated[shown.Which, Depends()] = shown.Which(),  # noqa: B008  # frozen
) -> Response:
    """Return rows with their answers, the least certain first."""
    found = _done(State.of(request).jobs.find(job))
    content = await asyncio.to_thread(
        shown.page, found.folder, start, count, which, doubt=order == "doubt"
    )
    return Response(content, media_type="application/json")


@router.get(
    "/tables/{job}/rows/{number}",
    response_class=Response,
    responses=problems.answers("row-explanation", "The answer with its reasons."),
)
async def row(request: Request, job: str, number: int) -> Response:
    """Say why a row was judged as it was."""
    state = State.of(request)
    found = _done(state.jobs.find(job))
    if not 1 <= number <= 2**53:
        raise HTTPException(404, "there is no such row; rows are counted from 1")
    async with state.gate.entered():
        task = found.task("explain_row", number=number)
        answer = await state.workers.do(task, seconds=limits.FILE_WITHIN)
    return Response(answer.body, media_type="application/json")


@router.get("/tables/{job}/file", response_class=Response, responses=_PREDICTED)
async def file(
    request: Request,
    job: str,
    output: Form = "csv",
    which: Annotated[shown.Which, Depends()] = shown.Which(),  # noqa: B008  # frozen
    *,
    safe_csv: bool = False,
) -> Response:
    """Return the rows with their answers as a file, those that are there where it was stopped.

    `GET /tables/{job}` says meanwhile how far it is. CSV begins with the mark of UTF-8.
    """
    state = State.of(request)
    found = _done(state.jobs.find(job))
    await _written(request, state, found, output, safe_csv=safe_csv, which=asdict(which))
    said = f"judged-{which.name}" if which.name else "judged"
    return FileResponse(
        found.folder / f"judged.{output}",
        media_type=_MEDIA_TYPES[output],
        filename=f"{found.stem}-{said}.{output}",
    )


@router.delete("/tables/{job}", status_code=204, response_class=Response)
async def delete(request: Request, job: str) -> Response:
    """Remove the files and all that was made of them."""
    jobs = State.of(request).jobs
    await jobs.drop(jobs.find(job))
    return Response(status_code=204)


def _done(job: Job) -> Job:
    if job.state != "done":
        raise HTTPException(409, "it is not done yet; ask again once its state is done")
    return job
