"""Readers and the kernel given a great many inputs: each is answered or refused, and soon."""

import contextlib
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from unittest import mock

import jobclf
from jobclf import limits
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
from tests.torture.mutations import grown, mutated
from tests.torture.seeds import HURTFUL, Seeds, mail, parquet_of_any_kind, seeds

SECONDS = 2  # of the processor, for one input
MEGABYTES = 400  # that may be held at most, beyond some 150 before the first input
# Inputs of each form, of a million; the kernel is tried with many in one batch.
SHARES = {
    "kernel": 450_000, "text": 120_000, "markdown": 20_000, "html": 60_000, "state": 25_000,
    "mail": 35_000, "mhtml": 15_000, "mbox": 10_000, "pdf": 15_000, "word": 15_000, "xml": 10_000,
    "odt": 15_000, "rtf": 25_000, "webarchive": 5_000, "csv": 45_000, "tsv": 10_000,
    "jsonl": 25_000, "json": 15_000, "boards": 15_000, "feed": 15_000, "parquet": 15_000,
    "excel": 10_000, "sqlite": 10_000, "frames": 10_000, "server": 10_000,
}  # fmt: skip
_BATCH = 64  # texts given to the kernel at once
_LETTERS = 1 << 20  # of texts that wait for it
_SOMETIMES = 20  # one in so many inputs is also explained, written, compared
_GROWN = 2000  # one in so many is large


class OutOfTimeError(BaseException):
    """An input took too long; no `except Exception` may swallow it."""


@dataclass
class Figures:
    """What came of the inputs."""

    inputs: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unfit: Counter[str] = field(default_factory=Counter)  # texts that were read and not judged
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
        for what, counts in (("inputs", self.reasons), ("texts of others", self.unfit)):
            for code, count in counts.most_common():
                yield f"{what} refused, {code}: {count:,}"


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


@cache
def all_seeds() -> dict[str, Seeds]:
    return seeds() | more_seeds.seeds((mail(), mail(html=True)))


@cache
def _model() -> RoleModel:
    return jobclf.load_model()


def _read(path: Path) -> list[str]:
    """Return the texts in a file."""
    if forms.form_of(str(path)) == forms.DOCUMENT:
        return [found.text for found in files.read(path)]
    # As plain as few rows are, so are those that pyarrow reads behind them.
    ahead = 3 if path.suffix == ".jsonl" else limits.AHEAD_ROWS
    with mock.patch.object(limits, "AHEAD_ROWS", ahead):
        return [row.text for row in reader.read(path).rows]


def _read_more(path: Path, number: int) -> None:
    """Do with a file what else is done with one: explain it, write its rows, learn from it."""
    if forms.form_of(str(path)) == forms.DOCUMENT:
        for found in files.read(path):
            jobclf.explain(found.text, title=found.title, model=_model())
        return
    target = path.with_name(f"out{writer.ENDINGS[number // _SOMETIMES % len(writer.ENDINGS)]}")
    jobclf.predict_table(path, output=target, prefix="p_", model=_model())
    labeled_data.read(path)


class _Texts:
    """Texts that were read and wait to be answered, many at once."""

    def __init__(self, figures: Figures, form: str) -> None:
        self._figures, self._form = figures, form
        self._texts: list[str] = []
        self._letters = 0

    def add(self, texts: list[str], what: str) -> None:
        """Take some more; answer all where enough are there."""
        self._texts += texts
        self._letters += sum(map(len, texts))
        if len(self._texts) >= _BATCH or self._letters > _LETTERS:
            self.answer(what)

    def answer(self, what: str) -> None:
        """Answer those that wait."""
        with _counted(self._figures, self._form, 0, f"texts up to {what}"):
            for answer in _model().predict_many(self._texts):
                if isinstance(answer, PostingError):
                    self._figures.unfit[str(answer.reason)] += 1
                else:
                    assert 0.5 <= answer.probability <= 1.0
        self._texts, self._letters = [], 0


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
    return time.process_time() + ended + sum(map(_used_by, _parsers()))


def _parsers() -> list[int]:
    """Return the processes that parse for this one."""
    return [each._child.pid for each in parsing._idle]


def _used_by(pid: int) -> float:
    """Return the seconds of the processor that a process has used."""
    counts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(counts[11]) + int(counts[12])) / os.sysconf("SC_CLK_TCK")


def run(place: Path, count: int, seed: int = 1, keep: Path | None = None) -> Figures:
    """Try so many inputs and return the figures; keep those that are faults in a folder."""
    figures = Figures()
    whole = sum(SHARES.values())
    before = _memory_from_here_on()
    for form, share in SHARES.items():
        rng = random.Random(f"{form} {seed}")  # noqa: S311
        tried = -(-count * share // whole)
        if form == "kernel":
            _kernel(figures, rng, tried)
        elif form == "server":
            _server(figures, rng, tried, place)
        else:
            _files(figures, rng, (form, seed, tried), place / "input", keep)
    figures.memory = max(_most_memory(os.getpid()) - before, *map(_most_memory, _parsers()))
    if figures.memory > MEGABYTES:
        figures.faults.append(f"it held {figures.memory} MB")
    return figures


def _files(
    figures: Figures,
    rng: random.Random,
    what: tuple[str, int, int],
    place: Path,
    keep: Path | None,
) -> None:
    """Try files of one form."""
    form, seed, tried = what
    given = all_seeds()[form]
    path = place.with_suffix(given.ending)
    waiting = _Texts(figures, form)
    for number in range(tried):
        content = _made(rng, form, number, given)
        path.write_bytes(content)
        faults = len(figures.faults)
        figures.largest[form] = max(len(content), figures.largest.get(form, 0))
        called = f"{form}, seed {seed}, number {number}"
        texts: list[str] = []
        with _counted(figures, form, 1, called):
            texts = _read(path)
            if number % _SOMETIMES == 1:
                _read_more(path, number)
        waiting.add(texts, called)
        if keep is not None and len(figures.faults) > faults:
            (keep / f"{form}-{seed}-{number}{given.ending}").write_bytes(content)
    waiting.answer("the last")


def _made(rng: random.Random, form: str, number: int, given: Seeds) -> bytes:
    """Return the content of an input."""
    if number % 50 == 0:
        return rng.randbytes(rng.randint(0, 400))
    if form == "parquet" and number % 3 == 0:
        return parquet_of_any_kind(rng)
    if number % _GROWN == 1:
        return grown(rng, rng.choice(given.documents), given)
    return mutated(rng, rng.choice(given.documents), given)


def _server(figures: Figures, rng: random.Random, tried: int, place: Path) -> None:
    """Ask the server, whose answers are tried in this process."""
    from tests.fuzz import targets

    given = targets.beginnings("server")
    with contextlib.chdir(place):
        ask = targets.target("server", place)
        for number in range(tried):
            content = mutated(rng, rng.choice(given.documents), given)
            figures.largest["server"] = max(len(content), figures.largest.get("server", 0))
            with _counted(figures, "server", 1, f"number {number}: {content[:200]!r}"):
                ask(content)


def _memory_from_here_on() -> int:
    """Return the megabytes that this process holds, and forget that it ever held more."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return _most_memory(os.getpid())


def _most_memory(process: int) -> int:
    """Return the megabytes that a process has held at most."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) >> 10
