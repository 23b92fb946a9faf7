"""What can be read without asking anything: the page, the state of the server, the model's card."""

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from jobclf import __version__
from jobclf.roles import GRADES, NEAR_SCOPE
from jobclf.server import problems
from jobclf.server.state import State

router = APIRouter()

_SCRIPTS = (
    "ask.js", "places.js", "answer.js", "labels.js", "posting.js", "pictures.js", "rows.js",
    "table.js", "main.js",
)  # fmt: skip


@router.get("/", include_in_schema=False)
async def index() -> Response:
    """Return the page."""
    page, policy = _page()
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": policy})


@router.get("/health", responses=problems.answers("health", "It does."))
async def health(request: Request) -> dict[str, object]:
    """Say that the server answers, and with which version."""
    workers = State.of(request).workers
    warm = sum(worker.pid is not None for worker in workers.all)
    return {"status": "ok", "version": __version__, "workers": warm}


@router.get("/model", response_class=Response, responses=problems.answers("model", "The card."))
async def model(request: Request) -> Response:
    """Return the card of the model that answers: what it was learned from and how it did."""
    answer = await State.of(request).workers.do({"do": "card"}, seconds=20.0)
    return Response(answer.body, media_type="application/json")


@cache
def _page() -> tuple[bytes, str]:
    """Return the page in one piece, and the policy under which only its own parts run."""
    folder = files("jobclf.server").joinpath("page")

    def part(name: str) -> str:
        return folder.joinpath(name).read_text(encoding="utf-8")

    style = files("jobclf.reports").joinpath("report.css").read_text(encoding="utf-8")
    style += part("page.css")
    known = {"grades": GRADES, "near": NEAR_SCOPE, "version": __version__}
    script = f"'use strict';\nconst KNOWN = {json.dumps(known)};\n" + "".join(map(part, _SCRIPTS))
    page = part("page.html").replace("{style}", style).replace("{script}", script)
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return page.encode(), policy


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
