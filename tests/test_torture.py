"""The short form of `python -m tests.torture`: hostile files are refused, kills lose nothing."""

import contextlib
import pickle
import re
from pathlib import Path

import pytest

import jobclf
from tests.torture import kills, laws, models, readers


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that whatever runs would make."""
    return tmp_path_factory.mktemp("mine") / "canary"


@pytest.fixture(scope="module")
def hostile(canary: Path) -> list[models.Hostile]:
    """Return model files that want to run something, or to hurt."""
    return models.corpus(canary)


def test_hostile_files_are_refused_for_their_reason_and_run_nothing(
    hostile: list[models.Hostile], canary: Path
) -> None:
    assert len(hostile) >= 60
    wrong = [
        (file.name, reason)
        for file in hostile
        if not re.search(file.reason, reason := models.refusal(file.content))
    ]
    assert wrong == []
    assert not canary.exists()


def test_they_are_refused_soon_and_in_little_memory(hostile: list[models.Hostile]) -> None:
    for file in hostile:
        assert models.seconds(file.content) < models.SECONDS, file.name
        assert models.peak(file.content) < models.BYTES, file.name


def test_the_canary_would_sing(hostile: list[models.Hostile], canary: Path) -> None:
    sung = 0
    for file in hostile:
        if re.search(r"opcode (GLOBAL|STACK_GLOBAL|INST)$|a call", file.name):
            pickle.loads(file.content)
            canary.rmdir()
            sung += 1
    assert sung == 9


def test_a_model_cut_short_is_refused() -> None:
    for file in models.cut():
        assert models.refusal(file.content)


def test_a_model_with_a_bit_turned_over_is_refused() -> None:
    for file in models.flipped(60):
        assert models.refusal(file.content)


def test_a_kill_leaves_the_old_model_or_the_new(tmp_path: Path) -> None:
    old, new = kills.kill_writers(tmp_path, 8)
    assert old + new == 8


def test_two_writers_leave_one_whole_model(tmp_path: Path) -> None:
    kills.race(tmp_path, seconds=0.5)


def test_a_full_disk_leaves_the_old_model(tmp_path: Path) -> None:
    assert "cannot be written: File too large" in kills.fill(tmp_path)


@pytest.mark.parametrize("step", kills.STEPS)
def test_a_kill_at_any_step_leaves_a_whole_model(tmp_path: Path, step: str) -> None:
    kills.kill_at(tmp_path, step)


def test_any_input_is_answered_or_refused(tmp_path: Path) -> None:
    for library in ("docx", "pypdf", "pyarrow", "python_calamine", "xlsxwriter"):
        pytest.importorskip(library, reason=f"{library} is not installed")
    figures = readers.run(tmp_path, 700, seed=0)
    assert figures.inputs.total() >= 700
    assert figures.inputs.keys() == readers.SHARES.keys()
    assert figures.compared >= 20
    assert figures.faults == []


def test_what_takes_too_long_is_a_fault() -> None:
    figures = readers.Figures()
    with readers._counted(figures, "text", 1, "all"), readers._watched(0.05):
        while True:
            with contextlib.suppress(Exception):
                pass
    faults = [fault.split()[:2] for fault in figures.faults]  # type: ignore[unreachable]
    assert faults == [["text:", "OutOfTimeError"]]


@pytest.fixture(scope="module")
def own() -> list[laws.Posting]:
    """Return some of the project's own postings."""
    return laws.own()[::8]  # `python -m tests.torture` takes all


def test_what_changes_nothing_of_the_work_flips_few_answers(own: list[laws.Posting]) -> None:
    for found in laws.flips(jobclf.load_model(), own):
        bar = 0.03 if found.law == laws.FIVE else 0.01
        assert found.share < bar, found.line()


def test_what_changes_nothing_at_all_flips_no_answer(own: list[laws.Posting]) -> None:
    texts = [posting.text for posting in own]
    broken = dict(laws.different(jobclf.load_model(), texts))
    assert broken == dict.fromkeys(broken, 0)


def test_no_stuffed_posting_is_surer_than_calibration_can_tell(own: list[laws.Posting]) -> None:
    model = jobclf.load_model()
    bound = 1.0 - 1.0 / (model.role.calibrated_on + 2)
    most, stuffed = laws.surest(model, own)
    assert most <= bound
    assert all(sure <= bound for sure in stuffed.values())


@pytest.mark.parametrize("ending", kills.ENDINGS)
def test_answers_are_written_whole_or_not_at_all(tmp_path: Path, ending: str) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    for name in ("kills", "race", "fill"):
        (tmp_path / name).mkdir()
    old, new = kills.kill_predicting(tmp_path / "kills", ending, 3)
    assert old + new == 3
    kills.race_predicting(tmp_path / "race", ending, seconds=0.3)
    said = kills.fill_predicting(tmp_path / "fill", ending)
    assert said.endswith("cannot be written: File too large; make room, or name another output")
