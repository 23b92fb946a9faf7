"""What draws a page, put in the form in which its text is read rightly."""

from typing import Any


def plain_content(page: Any) -> Any:
    """Return what draws a page, None for nothing, with two things made plain.

    Where a piece of text starts is said in one step: printers of browsers say it in two, and the
    library takes the first for the start of a line. Text that the page names for what it shows
    otherwise (a ligature, a hyphen at the end of a line) is shown as named.
    """
    from pypdf.generic import ContentStream

    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else None
    if contents is None:
        return None
    found = ContentStream(contents, page.pdf, "bytes")
    resources = page.get("/Resources", {})
    named = _named(resources.get("/Properties") if isinstance(resources, dict) else None)
    steps: list[tuple[Any, bytes]] = []
    marks: list[str | None] = []  # what is to be read, for each mark that is open
    for operands, operator in found.operations:
        step = operands, operator
        if operator in {b"BDC", b"BMC"}:
            marks.append(_actual(operands, named))
        elif operator == b"EMC":
            if marks:
                marks.pop()
        elif operator in {b"Tj", b"TJ"} and any(each is not None for each in marks):
            step = _shown(marks), b"Tj"
        elif operator == b"Td" and steps and steps[-1][1] == b"Tm":
            moved = _moved(steps[-1][0], operands)
            if moved is not None:
                steps[-1] = moved, b"Tm"
                continue
        steps.append(step)
    found.operations = steps
    return found


def _moved(matrix: Any, by: Any) -> list[Any] | None:
    """Return a matrix of text that is moved, None where either is none."""
    from pypdf.generic import FloatObject

    try:
        a, b, c, d, e, f = map(float, matrix)
        x, y = map(float, by)
    except (TypeError, ValueError):
        return None
    return list(map(FloatObject, (a, b, c, d, x * a + y * c + e, x * b + y * d + f)))


def _shown(marks: list[str | None]) -> list[Any]:
    """Return what is to be read in the outermost mark that says so, and then no more of it."""
    from pypdf.generic import TextStringObject

    at = next(at for at, each in enumerate(marks) if each is not None)
    text, marks[at] = marks[at], ""
    return [TextStringObject(text)]


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
