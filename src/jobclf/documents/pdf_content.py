"""What draws a page, put in the form in which its text is read rightly."""

from collections.abc import Container
from typing import Any

# How wide a letter is that is read for what is shown, of which the font knows nothing: as wide as
# digits are, in steps too small to be a space.
_NARROW, _STEPS = -50, 12
_MOST_WIDE = 20  # letters


def plain_content(page: Any, unspaced: Container[str] = ()) -> Any:
    """Return what draws a page, None for nothing, with three things made plain.

    Where a piece of text starts is said in one step: printers of browsers say it in two, and the
    library takes the first for the start of a line. Text that the page names for what it shows
    otherwise (a ligature, a hyphen at the end of a line) is shown as named.
    Fonts without a space, whose names are given, leave it to where the next word starts.
    """
    from pypdf.generic import ContentStream, TextStringObject

    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else None
    if contents is None:
        return None
    if isinstance(contents, ContentStream):  # a page that is shown again
        return contents
    found = ContentStream(contents, page.pdf, "bytes")
    resources = page.get("/Resources", {})
    marks = _Marks(_named(resources.get("/Properties") if isinstance(resources, dict) else None))
    steps: list[tuple[Any, bytes]] = []
    font, line = "", None  # at hand: the font, and how high the text stands
    for operands, operator in found.operations:
        moved = None
        if operator == b"Td" and steps and steps[-1][1] == b"Tm":
            moved = _moved(steps[-1][0], operands)
        if moved is not None:
            steps[-1] = moved, b"Tm"
            if line == moved[-1] and font in unspaced:
                steps.append(([TextStringObject(" ")], b"Tj"))
            line = moved[-1]
            continue
        if operator == b"Tf" and operands:
            font = operands[0]
        elif operator == b"cm":
            line = None
        steps.append(marks.step(operands, operator))
    found.operations = steps
    return found


class _Marks:
    """What is to be read, for each mark that is open; None for what is shown."""

    def __init__(self, named: dict[str, Any]) -> None:
        self._named = named
        self._open: list[str | None] = []

    def step(self, operands: Any, operator: bytes) -> tuple[Any, bytes]:
        """Return a step as it is, or with what is to be read, once, for what is shown."""
        from pypdf.generic import ArrayObject, NumberObject, TextStringObject

        if operator in {b"BDC", b"BMC"}:
            self._open.append(_actual(operands, self._named))
        elif operator == b"EMC":
            del self._open[-1:]
        elif operator in {b"Tj", b"TJ"}:
            for at, text in enumerate(self._open):
                if text is not None:
                    self._open[at] = ""
                    wide = [NumberObject(_NARROW)] * (_STEPS * min(len(text), _MOST_WIDE))
                    return [ArrayObject([TextStringObject(text), *wide])], b"TJ"
        return operands, operator


def _moved(matrix: Any, by: Any) -> list[Any] | None:
    """Return a matrix of text that is moved, None where either is none."""
    from pypdf.generic import FloatObject

    try:
        a, b, c, d, e, f = map(float, matrix)
        x, y = map(float, by)
    except (TypeError, ValueError):
        return None
    return list(map(FloatObject, (a, b, c, d, x * a + y * c + e, x * b + y * d + f)))


def _named(properties: Any) -> dict[str, Any]:
    found = properties.get_object() if hasattr(properties, "get_object") else properties
    return found if isinstance(found, dict) else {}


def _actual(operands: Any, named: dict[str, Any]) -> str | None:
    """Return the text that a mark names, None where it names none."""
    about: Any = operands[-1] if operands else None
    if isinstance(about, str):
        about = named.get(about)
    about = about.get_object() if hasattr(about, "get_object") else about
    text = about.get("/ActualText") if isinstance(about, dict) else None
    if isinstance(text, bytes):
        marked = text.startswith(b"\xfe\xff")
        return text.decode("utf-16" if marked else "latin-1", "replace")
    return text if isinstance(text, str) else None
