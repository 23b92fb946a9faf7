"""What a page holds in elements that only scripts show, and in frames of other addresses."""

from collections.abc import Iterator
from typing import Any

from jobclf.documents.html import has_markup, parse
from jobclf.text.patterns import pattern

_HOLDERS = ("noscript", "textarea", "template", "script", "xmp")
_KEEPS_LINES = "white-space: pre"
_FRAMES = ("iframe", "frame")
_NO_ADDRESS = ("about:", "javascript:", "data:", "blob:", "cid:")
_OF_JOBS = pattern(
    r"jobs?(?![a-z])|job_|career|apply|applicant|position|vacanc|recruit|posting|hiring|greenhouse"
    r"|lever\.co|workable|ashby|bamboohr|personio|teamtailor|icims|taleo|jobvite|workday",
)
_ASIDE = pattern(  # what frames show that is no part of a page's text
    r"tagmanager|captcha|doubleclick|youtube|youtu\.be|vimeo|/maps|facebook|twitter|linkedin\.com/emb"
    r"|hotjar|stripe|chat|consent|cookie|analytics|pixel|adservice|recaptcha|login|sso|hubspot|forms?\b"
)
_LONGEST = 200  # letters of an address that a message shows


def reveal(root: Any) -> bool:
    """Make what only scripts would show a part of the page; tell whether there is any."""
    found = False
    for each in [*root.iter(*_HOLDERS)]:
        kind = (each.get("type") or "").lower()
        if each.tag == "script" and "template" not in kind and kind != "text/html":
            continue
        text = each.text or ""
        if not len(each) and has_markup(text):
            each.text = None
            each.extend([*parse(text)])
        elif each.tag == "textarea":
            each.set("style", _KEEPS_LINES)
        each.tag = "div"
        found = True
    return found


def frame_of_jobs(root: Any) -> str | None:
    """Return the address of a frame of a page that seems to show jobs, None for none."""
    return next((each for each in _addresses(root) if _OF_JOBS.search(each.lower())), None)


def frame_elsewhere(root: Any) -> str | None:
    """Return the address of the frame that shows the most likely what a page does not say."""
    return frame_of_jobs(root) or next(_addresses(root), None)


def _addresses(root: Any) -> Iterator[str]:
    for each in root.iter(*_FRAMES):
        address = (each.get("src") or each.get("data-src") or "").strip()
        unseen = {each.get("width"), each.get("height")} & {"0", "1", "0px", "1px"}
        low = address.lower()
        if address and not (unseen or low.startswith(_NO_ADDRESS) or _ASIDE.search(low)):
            yield address[:_LONGEST]
