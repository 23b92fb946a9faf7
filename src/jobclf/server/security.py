"""Who may ask: this machine's own pages and programs, and elsewhere whoever has the token."""

import hmac
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobclf.server.problems import problem

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LEAST_TOKEN = 16  # letters; fewer can be guessed
_OPEN = frozenset({"/", "/docs", "/health"})  # hold nothing of anyone's
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_HOST = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::\d{1,5})?", re.ASCII)
_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Door:
    """Who is let in.

    Parameters
    ----------
    hosts : frozenset of str, or None
        Names that `Host` may have, without the port, so that a foreign name which was made to lead
        here (DNS rebinding) is turned away. None takes any; then there must be a token.
    token : str or None
        What every request must bring, None where only this machine can ask.
    """

    hosts: frozenset[str] | None = LOOPBACK
    token: str | None = None


def new_token() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(24)


def is_token(text: str) -> bool:
    """Tell whether a text can be a token: long enough, and of letters that a header can hold."""
    return len(text) >= _LEAST_TOKEN and text.isascii() and text.isprintable() and " " not in text


class Guard:
    """Turn away what comes from elsewhere, and give every answer its headers."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in or answer it with 403 or 401."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", _POLICY)
            await send(message)

        refused = self._refused(scope)
        if refused is None:
            await self._app(scope, receive, guarded)
        else:
            status, reason, detail = refused
            more = {401: {"WWW-Authenticate": "Bearer"}, 400: {"Connection": "close"}}.get(status)
            fact, _, remedy = detail.partition("; ")
            await problem(status, reason, fact, remedy, more)(scope, receive, guarded)

    def _refused(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        known = self._door.hosts
        if len(headers.getlist("host")) != 1 or (known is not None and _name(host) not in known):
            return 403, "foreign_host", "the request is for another host; use the address as shown"
        if "content-length" in headers and "transfer-encoding" in headers:
            # One of the two may be believed on the way here, and what follows be read as its own.
            return 400, "bad_request", "it says twice how long it is; give one `Content-Length`"
        if not all(self._is_ours(origin, host) for origin in headers.getlist("origin")):
            return 403, "foreign_origin", "a page from elsewhere may not ask; open our own page"
        if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"} and not (
            scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate"
        ):
            return 403, "foreign_origin", "a page from elsewhere may not ask; open our own page"
        if self._door.token is not None and scope["path"] not in _OPEN:
            kind, _, token = headers.get("authorization", "").partition(" ")
            given = token.strip().encode("utf-8", "replace")
            same = hmac.compare_digest(given, self._door.token.encode())
            if kind.lower() != "bearer" or not same:
                return 401, "no_token", "the token is missing or wrong; send it as Bearer token"
        return None

    def _is_ours(self, origin: str, host: str) -> bool:
        parts = urlsplit(origin) if origin.startswith(("http://", "https://")) else None
        return parts is not None and parts.netloc.lower() == host.lower()


def _name(host: str) -> str:
    """Return the name in a `Host` header, without port and brackets, "" for what is no host."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).lower() if found else ""
