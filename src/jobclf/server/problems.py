"""Errors over HTTP: problem details (RFC 9457) with the error's reason, place and remedy."""

from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from jobclf.errors import JobclfError, Reason, printable

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 1  # seconds after which who was turned away may come again

_STATUS = {
    Reason.NOT_FOUND: 404,
    Reason.TOO_LARGE: 413,
    Reason.UNSUPPORTED: 415,
    Reason.EXTRA_MISSING: 501,
    Reason.STOPPED: 503,
    Reason.OTHER: 500,
}
_BY_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "bad_method",
    409: "not_now",
    415: "unsupported",
}
_REMEDY = "look at /docs for what can be asked"
_UNFIT = 422  # what is given can be read and cannot be answered


def of(name: str) -> dict[str, Any]:
    """Return what refers to the schema of an output, in the description of the interface."""
    return {"$ref": f"#/components/schemas/{name}"}


def answers(name: str, text: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """Return the description of an answer in JSON."""
    content = {"application/json": {"schema": of(name)}}
    return {status: {"description": text, "content": content}} | RESPONSES


class BusyError(Exception):
    """As much is at work and waiting as may be."""


def problem(
    status: int,
    reason: str,
    fact: str,
    remedy: str,
    headers: dict[str, str] | None = None,
    *,
    detail: str | None = None,
    **place: Any,
) -> JSONResponse:
    """Return a problem as a response.

    Parameters
    ----------
    status : int
        Of HTTP.
    reason : str
        The code, one of `errors.Reason`, or a word for what only HTTP knows.
    fact, remedy : str
        What is so, and what to do.
    headers : dict
        More headers.
    detail : str, optional
        All of it in one line; made of fact and remedy without it.
    place : dict
        Path, row and column, where they are known.
    """
    fields = {
        "type": f"urn:jobclf:reason:{reason}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or f"{fact}; {remedy}",
        "reason": reason,
        "fact": fact,
        "remedy": remedy,
    }
    known = {name: value for name, value in place.items() if value is not None}
    return JSONResponse(fields | known, status, headers, media_type=MEDIA_TYPE)


def of_error(error: JobclfError) -> JSONResponse:
    """Return the problem that an error of ours is."""
    status = _STATUS.get(error.reason, _UNFIT)
    headers = {"Retry-After": str(RETRY_AFTER)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return problem(
        status,
        str(error.reason),
        error.fact,
        error.remedy or _REMEDY,
        headers,
        detail=str(error),
        path=error.path,
        row=error.row,
        column=error.column,
    )


def busy() -> JSONResponse:
    """Return what is said to who comes when all are at work."""
    return problem(
        503,
        "busy",
        "as much is at work as may be",
        f"try again in {RETRY_AFTER} s",
        {"Retry-After": str(RETRY_AFTER)},
    )


async def on_error(_: Request, error: Exception) -> Response:
    """Answer an error that ended a request."""
    if isinstance(error, JobclfError):
        return of_error(error)
    if isinstance(error, BusyError):
        return busy()
    if isinstance(error, RequestValidationError):
        return _unfit(error)
    if isinstance(error, HTTPException):
        reason = _BY_STATUS.get(error.status_code, str(Reason.OTHER))
        fact, remedy = (*str(error.detail).split("; ", 1), _REMEDY)[:2]
        headers = dict(error.headers or {})
        return problem(error.status_code, reason, fact, remedy, headers)
    fault = f"jobclf failed with {type(error).__name__}"
    return problem(500, str(Reason.OTHER), fault, "report it as an issue")


def _unfit(error: RequestValidationError) -> Response:
    """Return the problem of a parameter in the address that cannot be used."""
    first = error.errors()[0]
    name = printable(str(first["loc"][-1]))[:100]
    fact = f"{name!r} cannot be used: {first['msg'][:200]}"
    return of_error(JobclfError(fact, "mend it in the address", reason=Reason.BAD_VALUE))


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {MEDIA_TYPE: {"schema": of("problem")}}}
    for status, text in {
        400: "The request is broken.",
        401: "The token is missing or wrong.",
        403: "It comes from elsewhere.",
        404: "There is no such thing.",
        409: "It is not the time for it.",
        413: "It is too large.",
        415: "It is of a form that is not read.",
        422: "It can be read and cannot be answered.",
        500: "A fault of jobclf.",
        501: "It needs an extra.",
        503: "As much is at work as may be; try again.",
    }.items()
}
