"""Writers of models and answers that are killed, run out of space or race each other."""

import contextlib
import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jobclf
from jobclf.classifier import model_file
from jobclf.classifier.model import RoleModel
from jobclf.errors import JobclfError
from jobclf.roles import Role
from tests.factories import SMALL, folder, posting

ENDINGS = (".csv", ".jsonl", ".parquet")
STEPS = ("fsync", "chmod", "replace")


def _named(name: str) -> RoleModel:
    return replace(SMALL, card=replace(SMALL.card, name=name))


def _child(work: Callable[[], object]) -> int:
    """Run work in a process of its own that says nothing and cleans nothing up."""
    child = os.fork()
    if child:
        return child
    with contextlib.suppress(BaseException):
        work()
        os._exit(0)
    os._exit(1)


def _killed(work: Callable[[], object], after: float) -> bool:
    """Kill work after some seconds; say whether it was still under way."""
    child = _child(work)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def kill_writers(place: Path, count: int) -> tuple[int, int]:
    """Kill processes that save without end; return how often the old and the new model stood."""
    path = place / "model.joblib"
    model_file.save_model(_named("before"), path)
    rng = random.Random(7)  # noqa: S311
    found = {"old": 0, "new": 0}
    for number in range(count):
        name = f"new {number}"
        before = model_file.load_model(path).card.name

        def work(name: str = name) -> None:
            while True:
                model_file.save_model(_named(name), path)

        assert _killed(work, rng.uniform(0.0, 0.02))
        after = model_file.load_model(path).card.name
        assert after in {before, name}
        found["new" if after == name else "old"] += 1
    model_file.save_model(_named("after"), path)
    assert model_file.load_model(path).card.name == "after"
    return found["old"], found["new"]


def kill_training(place: Path, count: int) -> tuple[int, int]:
    """Kill whole trainings at random moments; return how often the old and new model stood."""
    data, path = (
        folder(place / "data", scientists=6, engineers=6, others=5),
        place / "trained.joblib",
    )

    def work() -> None:
        jobclf.train(data, prior="seeds", output=path, force=True)

    start = time.perf_counter()
    work()
    length = 1.1 * (time.perf_counter() - start)
    new_name = model_file.load_model(path).card.name
    rng = random.Random(7)  # noqa: S311
    old = 0
    for _ in range(count):
        model_file.save_model(_named("old"), path)
        _killed(work, rng.uniform(0.0, length))
        after = model_file.load_model(path).card.name
        assert after in {"old", new_name}
        old += after == "old"
    work()
    assert model_file.load_model(path).card.name == new_name
    return old, count - old


def kill_at(place: Path, step: str) -> None:
    """Kill a save right before one of its steps; the old model must stand, and a second succeed."""
    path = place / "model.joblib"
    model_file.save_model(_named("old"), path)

    def work() -> None:
        setattr(os, step, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        model_file.save_model(_named("new"), path)

    assert os.WIFSIGNALED(os.waitpid(_child(work), 0)[1])
    assert model_file.load_model(path).card.name == "old"
    model_file.save_model(_named("new"), path)
    assert model_file.load_model(path).card.name == "new"


def race(place: Path, seconds: float) -> int:
    """Let two processes write the same file; return how often it was read whole meanwhile."""
    path = place / "model.joblib"
    model_file.save_model(_named("first"), path)

    def writing(name: str) -> Callable[[], None]:
        def work() -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                model_file.save_model(_named(name), path)

        return work

    children = [_child(writing(name)) for name in ("first", "second")]
    end, reads = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        assert model_file.load_model(path).card.name in {"first", "second"}
        reads += 1
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    assert list(place.glob(".model*")) == []
    return reads


def fill(place: Path) -> str:
    """Save where a file may not grow; return the error, with the old file as it was."""
    path = place / "model.joblib"
    model_file.save_model(_named("old"), path)
    before = path.read_bytes()
    said = place / "said.txt"

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        try:
            model_file.save_model(_named("new"), path)
        except JobclfError as error:
            said.write_text(str(error)[-200:])

    os.waitpid(_child(work), 0)
    assert path.read_bytes() == before
    assert {each.name for each in place.iterdir()} == {path.name, said.name}
    return said.read_text()


def _rows(place: Path, count: int) -> Path:
    path = place / "rows.jsonl"
    texts = [posting(role, number) for role in Role for number in range(count)]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def kill_predicting(place: Path, ending: str, count: int) -> tuple[int, int]:
    """Kill `predict --output` at random moments; return how often the old and new file stood."""
    rows, path = _rows(place, 30), place / f"answers{ending}"
    start = time.perf_counter()
    jobclf.predict_table(rows, output=path)
    length = 3 * (time.perf_counter() - start)
    whole = path.read_bytes()
    rng = random.Random(7)  # noqa: S311
    old = 0

    def work() -> None:
        while True:
            jobclf.predict_table(rows, output=path)

    for _ in range(count):
        path.write_bytes(b"old")
        assert _killed(work, rng.uniform(0.0, length))
        after = path.read_bytes()
        assert after in {b"old", whole}
        old += after == b"old"
    jobclf.predict_table(rows, output=path)
    assert path.read_bytes() == whole
    return old, count - old


def fill_predicting(place: Path, ending: str) -> str:
    """Write answers where a file may not grow; return the error, with the old file as it was."""
    rows, path, said = _rows(place, 40), place / f"answers{ending}", place / "said.txt"
    path.write_bytes(b"old")

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        try:
            jobclf.predict_table(rows, output=path)
        except JobclfError as error:
            said.write_text(str(error)[-200:])

    os.waitpid(_child(work), 0)
    assert path.read_bytes() == b"old"
    assert {each.name for each in place.iterdir()} == {rows.name, path.name, said.name}
    return said.read_text()


def race_predicting(place: Path, ending: str, seconds: float) -> int:
    """Let two processes write answers to one file; return how often it was whole meanwhile."""
    path = place / f"answers{ending}"
    wholes, works = set[bytes](), list[Callable[[], None]]()
    for number in (1, 2):
        (place / str(number)).mkdir()
        rows = _rows(place / str(number), number)
        jobclf.predict_table(rows, output=path)
        wholes.add(path.read_bytes())

        def work(rows: Path = rows) -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                jobclf.predict_table(rows, output=path)

        works.append(work)
    children = [_child(work) for work in works]
    end, reads = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        assert path.read_bytes() in wholes
        reads += 1
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    assert list(place.glob(".answers*")) == []
    return reads


def run(place: Path, kills: int, trainings: int) -> list[str]:
    """Kill, race and fill; return the figures, a line each."""
    old, new = kill_writers(place, kills)
    trained_old, trained_new = kill_training(place, trainings)
    (place / "race").mkdir()
    reads = race(place / "race", 5.0)
    answers = []
    for ending in ENDINGS:
        each = -(-kills // len(ENDINGS))
        kept, replaced = kill_predicting(place, ending, each)
        (place / ending).mkdir()
        raced = race_predicting(place / ending, ending, 2.0)
        answers.append(
            f"kills of `predict --output answers{ending}` survived: {each} (old file {kept}, "
            f"new file {replaced}); read whole while two processes wrote: {raced}"
        )
    sys.stdout.flush()
    return [
        f"kills of a process that saves survived: {kills} (old file {old}, new file {new})",
        f"kills of `train` survived: {trainings} (old file {trained_old}, new file {trained_new})",
        f"model files read whole while two processes wrote: {reads}",
        *answers,
    ]
