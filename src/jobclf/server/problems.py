"""Errors over HTTP: problem details (RFC 9457) with the error's reason, place and remedy."""

from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from jobclf.errors import JobclfError, Reason

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
_BY_STATUS = {400: "bad_request", 404: "not_found", 405: "bad_method", 415: "unsupported"}
_UNFIT = 422  # what is given can be read and cannot be answered

SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem details (RFC 9457)",
    "required": ["type", "title", "status", "detail", "reason"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reason": {"type": "string"},
        "remedy": {"type": "string"},
        "path": {"type": "string"},
        "row": {"type": "integer"},
        "column": {"type": "string"},
    },
}


class BusyError(Exception):
    """As much is at work and waiting as may be."""


def problem(
    status: int, reason: str, detail: str, headers: dict[str, str] | None = None, **known: Any
) -> JSONResponse:
    """Return a problem as a response.

    Parameters
    ----------
    status : int
        Of HTTP.
    reason : str
        The code, one of `errors.Reason`, or a word for what only HTTP knows.
    detail : str
        Fact and remedy in one line.
    headers : dict
        More headers.
    known : dict
        Place and remedy, where they are known.
    """
    fields = {
        "type": f"urn:jobclf:reason:{reason}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "reason": reason,
    }
    known = {name: value for name, value in known.items() if value not in {None, ""}}
    return JSONResponse(fields | known, status, headers, media_type=MEDIA_TYPE)


def of_error(error: JobclfError) -> JSONResponse:
    """Return the problem that an error of ours is."""
    status = _STATUS.get(error.reason, _UNFIT)
    headers = {"Retry-After": str(RETRY_AFTER)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return problem(
        status,
        str(error.reason),
        str(error),
        headers,
        remedy=error.remedy,
        path=error.path,
        row=error.row,
        column=error.column,
    )


def busy() -> JSONResponse:
    """Return what is said to who comes when all are at work."""
    return problem(
        503,
        "busy",
        f"as much is at work as may be; try again in {RETRY_AFTER} s",
        {"Retry-After": str(RETRY_AFTER)},
        remedy="try again",
    )


async def on_error(_: Request, error: Exception) -> Response:
    """Answer an error that ended a request."""
    if isinstance(error, JobclfError):
        return of_error(error)
    if isinstance(error, BusyError):
        return busy()
    if isinstance(error, HTTPException):
        reason = _BY_STATUS.get(error.status_code, str(Reason.OTHER))
        return problem(error.status_code, reason, str(error.detail), dict(error.headers or {}))
    fault = f"jobclf failed with {type(error).__name__}; report it as an issue"
    return problem(500, str(Reason.OTHER), fault)


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {MEDIA_TYPE: {"schema": SCHEMA}}}
    for status, text in {
        400: "The request is broken.",
        403: "It comes from elsewhere, or without the token.",
        413: "It is too large.",
        415: "It is of a form that is not read.",
        422: "It can be read and cannot be answered.",
        503: "As much is at work as may be; try again.",
    }.items()
}
