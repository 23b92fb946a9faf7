"""How results are written for what reads them: a page that is text and its own style; JSON."""

import base64
import hashlib
import json
import math
import re
from html import escape
from typing import Any

# Control letters, lone surrogates, and marks that turn the direction of what follows.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """Return a text that can be nothing but text in a page, in quotes too.

    >>> safe("<b>'R&D'")
    '&lt;b&gt;&#x27;R&amp;D&#x27;'
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return escape(_UNSHOWABLE.sub("\ufffd", plain), quote=True)


GENERATOR = '<meta name="generator" content="jobclf">'  # marks a page as no posting


def preformatted(text: str) -> str:
    """Return a text of lines and columns as an element that keeps them."""
    return f"<pre>{safe(text)}</pre>"


def policy(style: str, script: str = "") -> str:
    """Return the element that lets a page load nothing and run nothing but its style and script."""
    rules = f"default-src 'none'; style-src {_digest(style)}; base-uri 'none'; form-action 'none'"
    if script:
        rules += f"; script-src {_digest(script)}"
    return f'<meta http-equiv="Content-Security-Policy" content="{rules}">'


def _digest(content: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"


def to_json(value: Any, *, in_ascii: bool = False) -> str:
    """Return a value as JSON that any reader takes: null for NaN, dates and the like as text."""
    try:
        return json.dumps(value, ensure_ascii=in_ascii, allow_nan=False, default=str)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=in_ascii, default=str)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value
