"""The REST interface against its own description: made-up requests, and none that it fails at."""

import itertools
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("schemathesis", reason="needs schemathesis, of the extra `test`")
pytest.importorskip("fastapi", reason="needs the extra `server`")

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jobclf.roles import Role
from jobclf.server.app import routes
from tests.conftest import Served
from tests.factories import posting

pytest_plugins = ["schemathesis.pytest.plugin"]  # which pyproject.toml keeps from all others

# Of each of some 15 addresses; .ci/long asks for more.
EXAMPLES = int(os.environ.get("JOBCLF_EXAMPLES", "12"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schemathesis.serializer("application/x-ndjson")
def _lines(_: object, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


schema = schemathesis.openapi.from_dict(routes().openapi())
_count = itertools.count()


_made: list[str] = []  # tables that the server is to forget at the end
_ready: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def none_left(listening: Served) -> Iterator[None]:
    """Let the server forget what was made."""
    yield
    for job in [*_made, *_ready]:
        listening.client.delete(f"/tables/{job}")
    listening.labels.unlink(missing_ok=True)


def finished(served: Served) -> str:
    """Return a table that is done, made anew where the last one was removed."""
    get, post = served.client.get, served.client.post
    if _ready and get(f"/tables/{_ready[-1]}").json().get("state") == "done":
        return _ready[-1]
    job = str(post("/tables").json()["id"])
    content = posting(Role.ML_ENGINEER, 1).encode()
    served.client.put(f"/tables/{job}/files", params={"name": "a.txt"}, content=content)
    post(f"/tables/{job}/start")
    while get(f"/tables/{job}").json()["state"] == "running":
        time.sleep(0.01)
    _ready.append(job)
    return job


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_is_answered_otherwise_than_described(case: "Case[Any]", served: Served) -> None:
    if "job" in (case.path_parameters or {}) and next(_count) % 2:
        case.path_parameters["job"] = finished(served)
    answer = case.call(base_url=served.url.rstrip("/"), timeout=60)
    if answer.status_code == 201:
        _made.append(answer.json()["id"])
    case.validate_response(answer, checks=CHECKS)
