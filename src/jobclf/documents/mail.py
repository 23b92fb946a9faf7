"""Messages, and pages saved as one: the posting in a body, in a frame or attached."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from jobclf import limits
from jobclf.documents import encodings, pages
from jobclf.documents.html import text_in
from jobclf.documents.main_text import is_whole, weigh
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason
from jobclf.text.stated_titles import title_in
from jobclf.text.titles import title_kind

_LONGEST_SUBJECT = 2000  # letters
_LONG = 800  # letters of a body that is hardly a word on what is attached
_FULLER = 2  # times what the body holds of a posting
_FORWARDED = re.compile(r"^(?:(?:re|fwd?|aw|wg):\s*)+", re.IGNORECASE)
_IS_PAGE = re.compile(rb"^(?:Snapshot-Content-Location:|From: <Saved by )", re.MULTILINE)
# Lines of a mailbox that begin a message; those of a text have `>` before them, or no time.
_BEGINS = re.compile(
    rb"^From \S{1,200} .{0,80}\d\d:\d\d.{0,80}\r?\n(?=[A-Za-z][\w-]+: )", re.MULTILINE
)
_SIZED = re.compile(rb"(\d{1,9})[ \t]*\r?\n(?=[A-Za-z][\w-]+: )")
_MESSAGE, _MESSAGES = "message/rfc822", frozenset({".eml", ".emlx"})
_REMEDY = "save the posting itself"


@dataclass(slots=True)
class Message:
    """A message in its parts: the texts of its body, all its HTML, and what is attached."""

    subject: str = ""
    plain: str = ""
    html: list[str] = field(default_factory=list)
    forwarded: list["Message"] = field(default_factory=list)
    attached: list[tuple[str, bytes]] = field(default_factory=list)  # by their names


def read(content: bytes) -> tuple[Posting, ...]:
    """Read the posting in a message or in a page saved as one.

    Raises
    ------
    PostingError
        For what is no message, too large to be one, or holds no posting.
    """
    message = parse(content)
    if _IS_PAGE.search(content[:4096]) and message.html:
        return pages.postings(message.html[0], message.html[1:])
    return _postings(message, 0)


def _postings(message: Message, depth: int) -> tuple[Posting, ...]:
    """Return the posting in a message's body, or those attached to it where they say more."""
    title = " ".join(_FORWARDED.sub("", message.subject).split())[:300] or None
    body = _body(message, title)
    weight = max((weigh(each.text) for each in body), default=0)
    if body and is_whole(body[0].text) and weight >= _LONG:
        return body
    refusal: PostingError | None = None
    fuller: list[Posting] = []
    for found in _attached(message, depth):
        if isinstance(found, PostingError):
            refusal = refusal or found
        else:
            fuller += [each for each in found if weigh(each.text) > _FULLER * weight]
    if not fuller and not body:
        raise refusal or PostingError("the message has no text", _REMEDY, reason=Reason.NO_TEXT)
    return tuple(fuller) or body


def read_all(content: bytes) -> tuple[Posting, ...]:
    """Read the postings in the messages of a mailbox; a note names what holds none.

    Raises
    ------
    PostingError
        For a mailbox of more messages than are read, or without a posting.
    """
    messages = [each for each in _BEGINS.split(content) if each.strip()]
    if len(messages) > limits.MAIL_MESSAGES:
        fact = f"the mailbox has over {limits.MAIL_MESSAGES:,} messages"
        raise PostingError(fact, "split it", reason=Reason.TOO_LARGE)
    found: list[Posting] = []
    refusals: list[tuple[int, PostingError]] = []
    for number, each in enumerate(messages, 1):
        try:
            found += read(each)
        except PostingError as error:
            refusals.append((number, error))
    if not found:
        raise (
            refusals[0][1]
            if refusals
            else PostingError("the mailbox has no message", _REMEDY, reason=Reason.EMPTY)
        )
    if refusals:
        number, first = refusals[0]
        note = (
            f"{len(refusals):,} of {len(messages):,} messages hold no posting that can be read "
            f"(message {number}: {first.fact})"
        )
        found[0] = replace(found[0], notes=(note, *found[0].notes))
    return tuple(found)


def _body(message: Message, title: str | None) -> tuple[Posting, ...]:
    """Return the posting in the body: its HTML where that says more."""
    html = message.html[0] if message.html else ""
    stated = title_kind(title_in(message.plain) or "")
    title = None if stated is not None and title_kind(title or "") is None else title
    if html and 2 * len(message.plain) < len(text_in(html)):
        return tuple(
            Posting(each.text, title if each.company is None else each.title, each.company)
            for each in pages.postings(html)
        )
    return (Posting(message.plain, title),) if message.plain else ()


def _attached(message: Message, depth: int) -> Iterator[tuple[Posting, ...] | PostingError]:
    """Yield the postings in each message and file that is attached, or why there are none."""
    from jobclf.documents import files

    waiting = [("", each) for each in message.forwarded] + message.attached
    for name, content in waiting[: limits.MAIL_ATTACHED]:
        ending = f".{name.rpartition('.')[2].lower()}"
        try:
            if isinstance(content, Message) or ending in _MESSAGES:
                inner = content if isinstance(content, Message) else parse(content)
                if depth < limits.MAIL_DEPTH:
                    yield _postings(inner, depth + 1)
            elif ending in files.ENDINGS - files.MAILS:
                yield files.parsed(content, ending, name)
        except PostingError as error:
            fact = f"attached: {error.place}: {error.fact}" if error.place else error.fact
            yield PostingError(fact, error.remedy, reason=error.reason)


def parse(content: bytes) -> Message:
    """Take a message apart.

    By the parser's older policy: the newer one takes minutes and gigabytes for hostile headers.
    """
    if sized := _SIZED.match(content):  # by Apple's Mail, with what it knows of it at the end
        content = content[sized.end() : sized.end() + int(sized[1])]
    lines = content.count(b"\n")
    if (
        lines > limits.MAIL_LINES
        or lines * (4 + content.lower().count(b"boundary")) > limits.MAIL_STEPS
    ):
        raise PostingError("the message has too many parts", _REMEDY, reason=Reason.TOO_LARGE)
    try:
        return _message(content)
    except PostingError:
        raise
    except Exception:  # noqa: BLE001  # a damaged message can raise anything at all
        fact = "the message is damaged"
        raise PostingError(fact, _REMEDY, reason=Reason.DAMAGED) from None


def _message(content: bytes) -> Message:
    from email import message_from_bytes

    return _taken_apart(message_from_bytes(content, policy=_policy()), 0)


def _taken_apart(parsed: Any, depth: int) -> Message:
    found = Message(_decoded(str(parsed["subject"] or "")[:_LONGEST_SUBJECT]))
    waiting = [parsed]
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        payload = part.get_payload(decode=True)
        if part.is_multipart():
            if kind == _MESSAGE and part is not parsed:
                if depth < limits.MAIL_DEPTH:
                    found.forwarded += [_taken_apart(part.get_payload(0), depth + 1)]
            else:
                waiting.extend(reversed(part.get_payload()))
            continue
        if not isinstance(payload, bytes):
            continue
        name = _decoded(part.get_filename("") or "")
        if part.get_content_disposition() == "attachment" or (name and kind != "text/html"):
            found.attached.append((name, payload))
        elif kind == "text/html":
            found.html.append(_text(payload, part.get_content_charset()))
        elif kind == "text/plain" and not found.plain:
            found.plain = _text(payload, part.get_content_charset()).strip()
    return found


def _policy() -> Any:
    """Return a policy that bounds headers before anything looks into them."""
    from email._policybase import Compat32

    class Bounded(Compat32):
        seen = [0]  # noqa: RUF012  # a policy takes no attributes of its own once it is made

        def header_source_parse(self, sourcelines: Iterable[str]) -> tuple[str, str]:
            self.seen[0] += 1
            if self.seen[0] > limits.MAIL_HEADERS:
                fact = f"the message has over {limits.MAIL_HEADERS:,} headers"
                raise PostingError(fact, _REMEDY, reason=Reason.TOO_LARGE)
            kept, size = [], 0
            for line in sourcelines:
                kept.append(line[: limits.MAIL_HEADER - size])
                size += len(kept[-1])
                if size >= limits.MAIL_HEADER:
                    break
            return super().header_source_parse(kept)

    return Bounded()


def _decoded(words: str) -> str:
    """Return a header with its coded words as letters."""
    from email import errors, header

    with suppress(errors.HeaderParseError):  # it is shown as it came
        return "".join(
            word if isinstance(word, str) else encodings.decode(word, charset).text
            for word, charset in header.decode_header(words)
        )
    return words


def _text(content: bytes, charset: str | None) -> str:
    return encodings.decode(content, charset).text.replace("\r\n", "\n").strip()
