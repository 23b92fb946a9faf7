"""What is done for a request: one function of `api` each, with JSON as its answer."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jobclf
from jobclf.api.postings import is_table
from jobclf.errors import JobclfError, PostingError, Reason
from jobclf.reports import reasons, render
from jobclf.roles import Role
from jobclf.server import table_tasks
from jobclf.server.names import file_name
from jobclf.server.work import Head, Task

if TYPE_CHECKING:
    from jobclf.documents.posting import Posting

_EXAMPLE = 'send {"text": "…", "title": "…"}'


def _predict(task: Task) -> tuple[Head, bytes]:
    given = _given(task)
    found = jobclf.predict(given.text, title=given.title, model=task.model)
    return {}, _json(render.prediction_fields(found))


def _explain(task: Task) -> tuple[Head, bytes]:
    given = _given(task)
    found = jobclf.explain(given.text, title=given.title, model=task.model)
    return {}, _json(reasons.explanation_fields(found))


def _reasons(task: Task) -> tuple[Head, bytes]:
    given = _given(task)
    found = jobclf.explain(given.text, title=given.title, model=task.model)
    return {}, _json(reasons.reasons_fields(found))


def _given(task: Task) -> "Posting":
    """Return the posting of a request: in JSON, or the one in a file."""
    if "name" in task.head:
        found = list(_in_file(task.head["name"], task.body))
        if len(found) == 1:
            return found[0]
        raise PostingError(
            f"it holds {len(found)} postings",
            "give it as a table",
            reason=Reason.SEVERAL,
            path=task.head["name"],
        )
    return _posting(_object(task.body))


def _in_file(name: str, body: bytes) -> "Iterator[Posting]":
    """Read the postings in an upload under a name that can name nothing else."""
    path = file_name(name)
    if is_table(path):
        raise PostingError(
            "it is a table, not one posting",
            "send it to /predict/table",
            reason=Reason.SEVERAL,
            path=name,
        )
    Path(path).write_bytes(body)
    try:
        for found in jobclf.read_postings([path]):
            if isinstance(found, JobclfError):
                raise found
            yield found
    finally:
        Path(path).unlink()


def _posting(fields: dict[str, Any]) -> "Posting":
    from jobclf.documents.posting import Posting

    _check(fields)
    if unknown := sorted(fields.keys() - {"text", "title"}):
        raise PostingError(
            f"it has an unknown field {unknown[0][:100]!r}",
            "send `text` and `title` alone",
            reason=Reason.BAD_VALUE,
        )
    return Posting(fields["text"], fields.get("title"))


def _object(content: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        raise PostingError("it is no JSON", _EXAMPLE, reason=Reason.DAMAGED) from None
    if not isinstance(fields, dict):
        raise PostingError("it is no JSON object", _EXAMPLE, reason=Reason.BAD_VALUE)
    return fields


def _check(fields: dict[str, Any]) -> None:
    if not isinstance(fields.get("text", ""), str):
        fault = f"its `text` is no text but {_kind(fields['text'])}"
        raise PostingError(fault, "send it in quotes", reason=Reason.BAD_VALUE)
    if "text" not in fields:
        raise PostingError("it has no `text`", _EXAMPLE, reason=Reason.BAD_VALUE)
    if not isinstance(fields.get("title"), str | None):
        raise PostingError("its `title` is no text", "send text or null", reason=Reason.BAD_VALUE)


def _kind(value: object) -> str:
    """Return what JSON calls a value."""
    kinds = {dict: "an object", list: "a list", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")


def _json(fields: dict[str, Any]) -> bytes:
    return render.as_json(fields).encode()


def _card(task: Task) -> tuple[Head, bytes]:
    return {}, _json(asdict(task.model.card))


def _batch(task: Task) -> tuple[Head, bytes]:
    """Judge lines of JSON; each gets a line with its other fields and the answer, or the error."""
    rows, faults = [], dict[int, PostingError]()
    for at, line in enumerate(filter(bytes.strip, task.body.split(b"\n"))):
        fields: dict[str, Any] = {}
        try:
            fields = _object(line)
            _check(fields)
        except PostingError as error:
            faults[at] = error
        rows.append(fields)
    answers = jobclf.predict_many(
        ("" if at in faults else row["text"] for at, row in enumerate(rows)),
        titles=(None if at in faults else row.get("title") for at, row in enumerate(rows)),
        model=task.model,
    )
    lines = []
    for at, (row, answer) in enumerate(zip(rows, answers, strict=True)):
        row.pop("text", None)
        found = faults.get(at, answer)
        if isinstance(found, PostingError):
            told = {"error": str(found), "error_reason": str(found.reason)}
            lines.append(render.as_json(row | told))
        else:
            lines.append(render.as_json(row | render.prediction_fields(found)))
    return {}, "".join(f"{line}\n" for line in lines).encode()


def _label(task: Task) -> tuple[Head, bytes]:
    """Return a label that is sound, with the digest that its posting goes by."""
    from jobclf.labeling.store import digest

    fields = _object(task.body)
    label = fields.pop("label", None)
    if label not in list(Role):
        raise PostingError(
            f"its `label` is none of {', '.join(Role)}", "send one of them", reason=Reason.BAD_LABEL
        )
    given = _posting(fields)
    if not given.text.strip():
        raise PostingError("the posting is empty", "give its full text", reason=Reason.EMPTY)
    known = {"posting": digest(given.text), "text": given.text, "title": given.title}
    return {}, _json(known | {"label": label})


def _digest(task: Task) -> tuple[Head, bytes]:
    from jobclf.labeling.store import digest

    return {}, _json({"posting": digest(_posting(_object(task.body)).text)})


TASKS: dict[str, Callable[[Task], tuple[Head, bytes]]] = {
    "predict": _predict,
    "explain": _explain,
    "reasons": _reasons,
    "card": _card,
    "label": _label,
    "digest": _digest,
    "batch": _batch,
    "look": table_tasks.look,
    "write": table_tasks.write,
    "explain_row": table_tasks.explain,
}
