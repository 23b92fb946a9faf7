"""What all requests share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from jobclf.server.bounds import Gate
from jobclf.server.workers import Workers

if TYPE_CHECKING:
    from jobclf.server.jobs import Jobs
    from jobclf.server.labels import LabelStore


@dataclass(frozen=True)
class State:
    """The workers, the gates before them, the tables under way, and where labels are kept."""

    workers: Workers
    gate: Gate  # of single postings
    streams: Gate  # of batches
    jobs: "Jobs"
    labels: "LabelStore"

    @classmethod
    def of(cls, request: Request) -> "State":
        """Return the state that a request finds."""
        found = request.app.state.shared
        if not isinstance(found, cls):
            raise TypeError("the application was not made by `create_app`")
        return found
