"""The application: routes, the guard and the limits before them, the workers behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from jobclf import __version__, limits
from jobclf.errors import JobclfError
from jobclf.schemas import outputs
from jobclf.server import batches, bounds, home, jobs, labels, postings, problems, reference, tables
from jobclf.server.security import Door, Guard
from jobclf.server.state import State
from jobclf.server.workers import Workers

_STREAMS = 4  # batches at once


@dataclass(frozen=True)
class Settings:
    """How the server is set up.

    Parameters
    ----------
    door : Door
        Who is let in.
    model : str or None
        Model file, the bundled one without it.
    workers : int
        Processes that do the work; as many requests are at work at once, four times as many wait.
    labels : Path
        Where labels that people give are kept.
    """

    door: Door = field(default_factory=Door)
    model: str | None = None
    workers: int = 2
    labels: Path = Path("labels.jsonl")


class _Described(FastAPI):
    """Routes whose description has the schemas of the JSON outputs."""

    def openapi(self) -> dict[str, Any]:
        """Return the description."""
        described = super().openapi()
        known = described.setdefault("components", {}).setdefault("schemas", {})
        for name in outputs.NAMES:
            schema = outputs.json_schema(name)
            known[name] = {key: value for key, value in schema.items() if key[0] != "$"}
        return described


def create_app(settings: Settings) -> ASGIApp:
    """Return the whole application."""
    shared = State(
        Workers(settings.workers, settings.model),
        bounds.Gate(settings.workers),
        bounds.Gate(_STREAMS),
        jobs.Jobs(Workers(max(1, settings.workers // 2), settings.model)),
        labels.LabelStore(settings.labels.absolute()),
    )
    app = routes(shared)
    bounded = bounds.Limits(
        app,
        {
            "/predict": limits.REQUEST_POSTING,
            "/explain": limits.REQUEST_POSTING,
            "/predict/batch": None,
            "/predict/table": limits.REQUEST_TABLE,
            "/tables/": None,
        },
    )
    return Guard(bounded, settings.door)


def routes(shared: State | None = None) -> FastAPI:
    """Return the routes; without a state they can be looked at and not asked."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if shared is None:
            yield
            return
        shared.workers.start()
        shared.jobs.workers.start(warm=False)
        try:
            yield
        finally:
            await shared.jobs.end()
            await shared.jobs.workers.end()
            await shared.workers.end()

    app = _Described(
        title="jobclf",
        version=__version__,
        description="Tells from a job posting's text whether the work is a Data Scientist's, "
        "an ML Engineer's, or neither.",
        docs_url=None,  # FastAPI's own load from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        exception_handlers=_HANDLERS,
    )
    app.state.shared = shared
    for each in (
        home.router,
        reference.router,
        postings.router,
        batches.router,
        tables.router,
        labels.router,
    ):
        app.include_router(each)
    return app


async def _on_too_large(request: Request, error: Exception) -> Response:
    most = error.most if isinstance(error, bounds.TooLargeError) else 0
    return bounds.too_large(request.scope, most)


async def _on_busy(_: Request, __: Exception) -> Response:
    return problems.busy()


async def _on_gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # nobody reads it


_HANDLERS: dict[Any, Any] = {
    JobclfError: problems.on_error,
    RequestValidationError: problems.on_error,
    HTTPException: problems.on_error,
    Exception: problems.on_error,
    problems.BusyError: _on_busy,
    bounds.TooLargeError: _on_too_large,
    ClientDisconnect: _on_gone,
}
