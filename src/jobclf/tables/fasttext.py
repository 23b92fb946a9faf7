"""Lines as fastText reads them: labels, each behind `__label__`, and a text."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from jobclf import limits
from jobclf.documents.encodings import decode
from jobclf.errors import DatasetError, Reason
from jobclf.tables.streams import reading

START = b"__label__"


def rows(stream: BinaryIO, name: str) -> Iterator[tuple[dict[str, Any], None]]:
    """Yield the label and the text of each line, several labels as a list."""
    number = 0
    with reading(name):
        while line := stream.readline(limits.JSON_LINE + 1):
            number += 1
            if len(line) > limits.JSON_LINE:
                raise DatasetError(
                    f"line {number} is over {limits.JSON_LINE >> 20} MB",
                    "split it",
                    reason=Reason.TOO_LARGE,
                    path=name,
                )
            text, labels = decode(line).text.strip(), list[str]()
            while text.startswith(START.decode()):
                label, _, text = text.partition(" ")
                labels.append(label.removeprefix(START.decode()))
            if labels or text:
                yield {"label": labels[0] if len(labels) == 1 else labels, "text": text}, None
