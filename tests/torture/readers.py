"""Readers and the kernel given a great many inputs: each is answered or refused, and soon."""

import io
import os
import random
import re
import resource
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import jobclf
from jobclf.classifier.model import RoleModel
from jobclf.documents import files
from jobclf.errors import JobclfError, PostingError
from jobclf.processes import parsing
from jobclf.tables import forms, reader, writer
from jobclf.training import labeled_data
from tests.factories import ODD_LEXICON as LEXICON
from tests.factories import ODD_PIECES as PIECES
from tests.factories import ODD_TERMS as TERMS
from tests.factories import kernel_counts, reference_counts
from tests.torture import more_seeds
from tests.torture.seeds import HURTFUL, Seeds, mail, parquet_of_any_kind, seeds

SECONDS = 5  # of the processor, for one input
# Inputs of each form, of a million; the kernel is tried with many in one batch.
SHARES = {
    "kernel": 480_000, "text": 120_000, "markdown": 20_000, "html": 60_000, "state": 25_000,
    "mail": 35_000, "mhtml": 15_000, "mbox": 10_000, "pdf": 15_000, "word": 15_000, "xml": 10_000,
    "odt": 15_000, "rtf": 25_000, "webarchive": 5_000, "csv": 45_000, "tsv": 10_000,
    "jsonl": 25_000, "json": 15_000, "boards": 15_000, "feed": 15_000, "parquet": 15_000,
    "excel": 5_000, "sqlite": 5_000,
}  # fmt: skip
_BATCH = 64  # texts given to the kernel at once
_SOMETIMES = 20  # one in so many inputs is also explained, written, compared
_GROWN = 2000  # one in so many is large
_LARGE = 300_000  # bytes


class OutOfTimeError(BaseException):
    """An input took too long; no `except Exception` may swallow it."""


@dataclass
class Figures:
    """What came of the inputs."""

    inputs: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)  # seconds of the processor
    largest: dict[str, int] = field(default_factory=dict)  # bytes
    memory: int = 0  # MB
    compared: int = 0
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the figures as lines."""
        total, answers = self.inputs.total(), self.answers.total()
        refused = self.reasons.total()
        yield f"inputs tried: {total:,} ({answers:,} answered, {refused:,} refused)"
        for form, count in self.inputs.most_common():
            yield (
                f"  {form}: {count:,}, answered {self.answers[form]:,}, slowest "
                f"{self.slowest.get(form, 0.0):.2f} s, largest {self.largest.get(form, 0):,} bytes"
            )
        yield f"texts counted the same by kernel and tokeniser: {self.compared:,}"
        yield (
            f"slowest: {max(self.slowest.values(), default=0.0):.2f} s; most memory: "
            f"{self.memory} MB; faults: {len(self.faults)}"
        )
        yield from (f"fault: {fault}" for fault in self.faults)
        yield from (f"refused, {code}: {count:,}" for code, count in self.reasons.most_common())


@contextmanager
def _watched(seconds: float = SECONDS) -> Iterator[None]:
    def late(*_: object) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def mutated(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    """Return a document changed in one to six ways."""
    if content[:4] == b"PK\x03\x04" and rng.random() < 0.7:
        return _repacked(rng, content, given)
    for _ in range(rng.randint(1, 6)):
        content = rng.choice(_WAYS)(rng, content, given)
    return content


def _repacked(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    """Change what a zip archive holds and pack it again."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(target, "w") as packed:
        for part in archive.infolist():
            contained = archive.read(part)
            if rng.random() < 0.5:
                contained = rng.choice(_WAYS)(rng, contained, given)
            packed.writestr(part.filename, contained)
    return target.getvalue()


def _slice(rng: random.Random, content: bytes) -> tuple[int, int]:
    start = rng.randint(0, len(content))
    return start, min(len(content), start + int(rng.expovariate(1 / 30)))


def _flip(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    if not content:
        return b"\0"
    changed = bytearray(content)
    for _try in range(rng.randint(1, 5)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _delete(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    start, end = _slice(rng, content)
    return content[:start] + content[end:]


def _repeat(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    start, end = _slice(rng, content)
    return content[:start] + content[start:end] * rng.randint(2, 40) + content[end:]


def _insert(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    at = rng.randint(0, len(content))
    hurtful = rng.choice(HURTFUL).encode(rng.choice(("utf-8", "utf-8", "utf-16-le")))
    piece = rng.choice((rng.choice(given.pieces), hurtful, rng.randbytes(9)))
    return content[:at] + piece * rng.choice((1, 1, 1, 2, 300)) + content[at:]


def _replace(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    """Put one piece that means something in the place of another."""
    old = rng.choice(given.pieces)
    return content.replace(old, rng.choice(given.pieces), rng.randint(1, 3))


def _number(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    found = list(re.finditer(rb"\d+", content))
    if not found:
        return content
    start, end = rng.choice(found).span()
    numbers = (b"0", b"-1", b"1", b"2", b"3", b"4294967295", b"99999999999999999999", b"1.5")
    return content[:start] + rng.choice(numbers) + content[end:]


def _cut(rng: random.Random, content: bytes, _: Seeds) -> bytes:
    return content[: rng.randint(0, len(content))]


def _splice(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    other = rng.choice(given.documents)
    return content[: rng.randint(0, len(content))] + other[rng.randint(0, len(other)) :]


_WAYS: tuple[Callable[[random.Random, bytes, Seeds], bytes], ...] = (
    _flip, _delete, _repeat, _insert, _insert, _replace, _number, _cut, _splice,
)  # fmt: skip


@cache
def _all_seeds() -> dict[str, Seeds]:
    return seeds() | more_seeds.seeds((mail(), mail(html=True)))


@cache
def _model() -> RoleModel:
    return jobclf.load_model()


def _read(path: Path, *, often: bool) -> None:
    is_table = forms.form_of(str(path)) != forms.DOCUMENT
    (_table if is_table else _document)(path, often=often)


def _document(path: Path, *, often: bool) -> None:
    for found in files.read(path):
        if often:
            jobclf.explain(found.text, title=found.title, model=_model())
        else:
            _model().predict(found.text, title=found.title)


def _table(path: Path, *, often: bool) -> None:
    if often:
        for ending in writer.ENDINGS:
            target = path.with_name(f"out{ending}")
            jobclf.predict_table(path, output=target, prefix="p_", model=_model())
        labeled_data.read(path)
        return
    for answer in _model().predict_many(row.text for row in reader.read(path).rows):
        if not isinstance(answer, PostingError):
            assert 0.5 <= answer.probability <= 1.0


def texts(rng: random.Random, count: int) -> list[str]:
    """Return texts for the kernel: pieces that mean something to it, and any letters at all."""
    made = []
    for _ in range(count):
        if rng.random() < 0.2:
            letters = (rng.choice((0x7F, 0x2FF, 0xFFFF, 0x10FFFF)) for _ in range(20))
            made.append("".join(chr(rng.randint(0, most)) for most in letters))
        else:
            words = rng.choices((*PIECES, *HURTFUL), k=rng.randint(0, 60))
            made.append(rng.choice((" ", " ", " ", "", "\n", "/")).join(words))
    return made


def _kernel(figures: Figures, rng: random.Random, count: int) -> None:
    for number in range(-(-count // _BATCH)):
        batch = texts(rng, min(_BATCH, count - number * _BATCH))
        with _counted(figures, "kernel", len(batch), repr(batch)):
            if number % _SOMETIMES == 0:
                assert kernel_counts(LEXICON, batch) == reference_counts(TERMS, batch)
                figures.compared += len(batch)
            answers = list(_model().predict_many(batch))
            assert len(answers) == len(batch)


@contextmanager
def _counted(figures: Figures, form: str, count: int, what: str) -> Iterator[None]:
    """Count what comes of some inputs; any error but a `JobclfError` is a fault."""
    start = _used()
    try:
        with _watched():
            yield
        figures.answers[form] += count
    except JobclfError as error:
        if "\n" in str(error):
            figures.faults.append(f"{form}: a message of several lines: {what}")
        if error.fact.startswith(parsing.FAULT):
            figures.faults.append(f"{form}: {error}: {what}")
        if not error.remedy:
            figures.faults.append(f"{form}: nothing to do is named: {error}: {what}")
        figures.reasons[str(error.reason)] += count
    except (Exception, OutOfTimeError) as error:  # noqa: BLE001  # what is looked for
        where = traceback.extract_tb(error.__traceback__)[-1]
        last = f"{Path(where.filename).name}:{where.lineno}"
        fault = f"{form}: {type(error).__name__} {error} at {last}: {what}"
        figures.faults.append(fault[:600])
        sys.stderr.write(fault[:600] + "\n")
    figures.inputs[form] += count
    took = _used() - start
    figures.slowest[form] = max(took, figures.slowest.get(form, 0.0))


def _used() -> float:
    """Return the seconds of the processor that this process and its children have used."""
    ended = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    return time.process_time() + ended + sum(_used_by(each._child.pid) for each in parsing._idle)


def _used_by(pid: int) -> float:
    """Return the seconds of the processor that a process has used."""
    counts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(counts[11]) + int(counts[12])) / os.sysconf("SC_CLK_TCK")


def _grown(rng: random.Random, content: bytes, given: Seeds) -> bytes:
    """Return a document with a piece that is repeated until it is large."""
    piece = rng.choice((rng.choice(given.pieces), rng.choice(HURTFUL).encode(), content[:9]))
    at = rng.randint(0, len(content))
    return content[:at] + piece * (_LARGE // max(1, len(piece))) + content[at:]


def run(place: Path, count: int, seed: int = 1, keep: Path | None = None) -> Figures:
    """Try so many inputs and return the figures; keep those that are faults in a folder."""
    figures = Figures()
    whole = sum(SHARES.values())
    for form, share in SHARES.items():
        rng = random.Random(f"{form} {seed}")  # noqa: S311
        tried = -(-count * share // whole)
        if form == "kernel":
            _kernel(figures, rng, tried)
            continue
        given = _all_seeds()[form]
        path = place / f"input{given.ending}"
        for number in range(tried):
            if number % 50 == 0:
                content = rng.randbytes(rng.randint(0, 400))
            elif form == "parquet" and number % 3 == 0:
                content = parquet_of_any_kind(rng)
            elif number % _GROWN == 1:
                content = _grown(rng, rng.choice(given.documents), given)
            else:
                content = mutated(rng, rng.choice(given.documents), given)
            path.write_bytes(content)
            faults = len(figures.faults)
            figures.largest[form] = max(len(content), figures.largest.get(form, 0))
            with _counted(figures, form, 1, f"seed {seed}, number {number}"):
                _read(path, often=number % _SOMETIMES == 1)
            if keep is not None and len(figures.faults) > faults:
                (keep / f"{form}-{seed}-{number}{given.ending}").write_bytes(content)
    figures.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return figures
