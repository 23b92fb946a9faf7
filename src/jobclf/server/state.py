"""What all requests share."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from jobclf.server.limits import Gate
from jobclf.server.workers import Workers


@dataclass(frozen=True)
class State:
    """The workers, the gate before them, and where labels are kept."""

    workers: Workers
    gate: Gate
    labels: Path

    @classmethod
    def of(cls, request: Request) -> "State":
        """Return the state that a request finds."""
        found = request.app.state.shared
        if not isinstance(found, cls):
            raise TypeError("the application was not made by `create_app`")
        return found
