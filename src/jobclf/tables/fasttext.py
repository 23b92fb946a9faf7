"""Lines as fastText reads them: labels, each behind `__label__`, and a text."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from jobclf import limits
from jobclf.documents.encodings import decode
from jobclf.tables.json_blocks import Lines, too_long

START = b"__label__"


def rows(stream: BinaryIO, name: str) -> Iterator[tuple[dict[str, Any], None]]:
    """Yield the label and the text of each line, several labels as a list."""
    for number, line in enumerate(Lines(stream, name), 1):
        if len(line) > limits.JSON_LINE:
            raise too_long(number, name)
        text, labels = decode(line).text.strip(), list[str]()
        while text.startswith(START.decode()):
            label, _, text = text.partition(" ")
            labels.append(label.removeprefix(START.decode()))
        if labels or text:
            yield {"label": labels[0] if len(labels) == 1 else labels, "text": text}, None
