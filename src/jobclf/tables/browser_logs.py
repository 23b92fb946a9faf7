"""What a browser saved of what servers answered it, in the HTTP Archive format (`.har`)."""

import base64
import binascii
import json
from contextlib import suppress
from typing import Any

from jobclf import limits
from jobclf.documents.encodings import decode
from jobclf.documents.shapes import find_rows
from jobclf.errors import DatasetError, PostingError, Reason

_LEAST = 200  # letters of an answer that may hold a posting


def is_log(value: Any) -> bool:
    """Tell whether parsed JSON is such a log."""
    log = value.get("log") if isinstance(value, dict) else None
    return isinstance(log, dict) and isinstance(log.get("entries"), list) and "version" in log


def rows_in(value: Any) -> list[dict[str, Any]]:
    """Return the postings in the answers of a log, each once: in JSON where some are, else in HTML.

    Raises
    ------
    DatasetError
        If none of them holds any.
    """
    answers = [*filter(None, map(_answer, value["log"]["entries"]))]
    found = [row for answer in answers for row in _of_json(answer)]
    found = found or [row for answer in answers[: limits.PAGE_FRAMES] for row in _of_page(answer)]
    if not found:
        raise DatasetError(
            "no answer that the browser saved in it holds a posting",
            "save the log with contents, or the page itself",
            reason=Reason.NO_TEXT,
        )
    return list({json.dumps(row, sort_keys=True): row for row in found}.values())


def _answer(entry: Any) -> str | None:
    """Return the text of an answer, None for pictures and what is too short."""
    content = entry.get("response", {}).get("content") if isinstance(entry, dict) else None
    if not isinstance(content, dict) or not isinstance(text := content.get("text"), str):
        return None
    if content.get("encoding") == "base64":
        try:
            text = decode(base64.b64decode(text)).text
        except (binascii.Error, ValueError):
            return None
    return text if len(text) >= _LEAST and text.lstrip()[:1] in {"{", "[", "<"} else None


def _of_json(answer: str) -> list[dict[str, Any]]:
    try:
        return find_rows(json.loads(answer))
    except (ValueError, RecursionError):
        return []


def _of_page(answer: str) -> list[dict[str, Any]]:
    from jobclf.documents import pages

    found: list[dict[str, Any]] = []
    with suppress(PostingError):
        if answer.lstrip()[:1] == "<":
            found += [
                {"title": each.title, "company": each.company, "description": each.text}
                for each in pages.postings(answer)
            ]
    return found
