"""The dialogue of `jobclf label`: shows a posting, asks for a key, tells the session."""

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

import click

from jobclf.errors import JobclfError, printable
from jobclf.reports import reasons, render
from jobclf.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobclf.labeling.session import LabelingSession, Refit

    Paint = Callable[[str, Role, float], str]

ROLES = {
    "1": Role.DATA_SCIENTIST,
    "2": Role.ML_ENGINEER,
    "3": Role.OTHER,
}
_KEYS = "1 Data Scientist  2 ML Engineer  3 neither  s skip  b back  e explain  q quit"
_WIDEST = 100  # letters of a line that is still read with ease


def ask(session: "LabelingSession", paint: "Paint | None" = None) -> None:
    """Ask for labels until all postings have one or the user quits; all of it on stderr."""
    shown = None
    while (current := session.current) is not None:
        if current is not shown:
            _show(session, _without_title(current.text, current.title))
            shown = current
        key = _key()
        if key in {"q", ""}:
            return
        if key in ROLES or key == "s":
            moved = session.label(ROLES.get(key))
            shown = None
            if moved is not None:
                _say(moved_text(moved))
        elif key == "b":
            shown = None if session.back() else shown
        elif key == "n" and session.given is not None:
            session.forward()
            shown = None
        elif key == "e":
            _explain(session, paint)
        else:
            _say(_KEYS)
    _say("no posting is left")


def opening(session: "LabelingSession") -> "Iterator[str]":
    """Yield what is good to know before the first posting."""
    if session.file.repaired:
        yield f"the last line of {session.file.path} was cut off and has been dropped"
    if len(session.file):
        labels = render.counted(session.labels, "label")
        yield f"going on from {labels} in {session.file.path}"
    pool = session.pool
    counts = {
        "cannot be read": pool.unread,
        "are copies": pool.copies,
        "are too short or not English": pool.left_out,
        "were not drawn": pool.more,
    }
    told = "; ".join(f"{count:,} {fact}" for fact, count in counts.items() if count)
    yield f"{len(pool.postings):,} postings to choose from" + (f"; {told}" if told else "")


def _without_title(text: str, title: str | None) -> str:
    """Return a text without a first line that is the title, which would sway."""
    first, _, rest = text.lstrip("\ufeff \t\r\n").partition("\n")
    wanted = (title or "").strip().casefold()
    return rest.lstrip("\r\n") if wanted and first.strip().casefold() == wanted else text


def _show(session: "LabelingSession", text: str) -> None:
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    lines = [printable(line.replace("\t", " ")) for line in text.splitlines()]
    body = "\n".join("\n".join(textwrap.wrap(line, width)) for line in lines)
    given = session.given
    place = f"{session.labels} labelled, {session.left:,} left"
    if given is not None:
        named = given.role.label if given.role is not None else "skipped"
        place = f"{place}; this one is {named}; n keeps it and goes on"
    _say(f"{'─' * width}\n{body}\n\n{place}\n{_KEYS}")


def _explain(session: "LabelingSession", paint: "Paint | None") -> None:
    try:
        _say(reasons.explanation_text(session.explain(), paint))
    except JobclfError as error:
        _say(printable(str(error)))


def moved_text(moved: "Refit") -> str:
    """Return in one line how the model moved since it last learned."""
    counts = ", ".join(f"{count} {role.label}" for role, count in moved.answers.items())
    right = "too few to measure on"
    if moved.accuracy is not None:
        right = f"right on held-out ones, which are hard: {moved.accuracy}"
    changed = f"{moved.changed:,} of {moved.compared:,} answers changed"
    labels = render.counted(moved.labels, "label")
    return f"{labels}: {changed} ({counts}); {right}"


def _key() -> str:
    """Return the next key in lower case, "" at the end; from a pipe the next that is no blank."""
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        try:
            return click.getchar().lower()
        except EOFError:
            return ""
    key = sys.stdin.read(1)
    while key.isspace():
        key = sys.stdin.read(1)
    return key.lower()


def _say(text: str) -> None:
    click.echo(text, err=True)
