"""A file of labels holds whole lines, whatever happens while it is written."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

import jobclf
from jobclf.errors import DatasetError, OutputError
from jobclf.labeling.store import Label, LabelsFile, digest
from jobclf.roles import Role
from jobclf.training import labeled_data
from tests.factories import posting

DS, MLE = Role.DATA_SCIENTIST, Role.ML_ENGINEER


def made(role: Role | None, number: int = 1) -> Label:
    text = posting(role or Role.OTHER, number)
    return Label(digest(text), role, text, "A title", "Birchwater", "t.csv row 3", "2026-01-01")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "labels.jsonl"


def test_what_is_written_is_read_again(path: Path) -> None:
    labels = [made(DS), made(None), made(MLE)]
    file = LabelsFile(path)
    for label in labels:
        file.append(label)
        assert list(LabelsFile(path)) == list(file)
    assert list(file) == labels
    assert not LabelsFile(path).repaired


def test_lone_surrogates_and_escapes_are_kept(path: Path) -> None:
    label = made(DS)
    odd = Label(digest("a \ud800\x1b[2J"), DS, "a \ud800\x1b[2J")
    file = LabelsFile(path)
    file.append(odd)
    file.append(label)
    assert list(LabelsFile(path)) == [odd, label]


def test_training_reads_the_file_and_passes_over_what_was_skipped(path: Path) -> None:
    file = LabelsFile(path)
    others = [replace(made(role, 2), company=None) for role in (DS, MLE)]
    for label in (made(DS), made(None), made(MLE), *others):
        file.append(label)
    found = labeled_data.read(path)
    assert found.roles == (DS, MLE, DS, MLE)
    assert found.groups.tolist() == [0, 0, 1, 2], "one company stays together"
    report = jobclf.train(path, prior="seeds", output=None)
    assert report.model.card.postings == {"data_scientist": 2, "ml_engineer": 2, "neither": 0}


@pytest.mark.parametrize("kept", [1, 20, -2], ids=["one letter", "some", "all but the end"])
def test_a_line_that_is_cut_off_is_dropped(path: Path, kept: int) -> None:
    file = LabelsFile(path)
    file.append(made(DS))
    whole = path.read_bytes()
    file.append(made(MLE))
    path.write_bytes(whole + path.read_bytes()[len(whole) :][:kept])
    again = LabelsFile(path)
    assert again.repaired
    assert list(again) == [made(DS)]
    assert path.read_bytes() == whole
    again.append(made(MLE))
    assert len(LabelsFile(path)) == 2


def test_a_whole_line_without_its_end_is_kept(path: Path) -> None:
    LabelsFile(path).append(made(DS))
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    file = LabelsFile(path)
    assert not file.repaired
    file.append(made(MLE))
    assert list(LabelsFile(path)) == [made(DS), made(MLE)]


def test_another_label_takes_the_place_of_one(path: Path) -> None:
    file = LabelsFile(path)
    for label in (made(DS), made(DS, 2), made(None)):
        file.append(label)
    file.replace(1, made(MLE, 2))
    file.append(made(MLE, 3))
    assert list(file) == [made(DS), made(MLE, 2), made(None), made(MLE, 3)]
    assert list(LabelsFile(path)) == list(file)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_posting_has_one_label_which_can_be_dropped(path: Path) -> None:
    file = LabelsFile(path)
    first, other = made(Role.DATA_SCIENTIST), made(Role.NEITHER, 2)
    again = replace(first, role=Role.ML_ENGINEER)
    assert [file.put(each) for each in (first, other, again)] == [None, None, first]
    assert list(LabelsFile(path)) == [again, other]
    assert file.drop(first.posting) == again
    assert file.drop(first.posting) is None
    assert list(LabelsFile(path)) == [other]


def test_two_sessions_do_not_mix(path: Path) -> None:
    one, other = LabelsFile(path), LabelsFile(path)
    one.append(made(DS))
    with pytest.raises(OutputError, match="changed meanwhile"):
        other.append(made(MLE))
    with pytest.raises(OutputError, match="changed meanwhile"):
        other.replace(0, made(MLE))
    assert list(LabelsFile(path)) == [made(DS)]


FAULTS = {
    "no json": ("{}\nnonsense\n", "row 1: it is no label"),
    "half in the middle": ('{"text": "a", "role": null}\n{"te\n\n', "row 2: it is no label"),
    "no text": ('{"role": "DS"}\n', "row 1: it is no label"),
    "no role": ('{"text": "a"}\n', "row 1: it is no label"),
    "list": ("[1]\n", "row 1: it is no label"),
    "unknown role": ('{"text": "a", "role": "plumber"}\n', "row 1: 'plumber' is no role"),
}


@pytest.mark.parametrize(("content", "fact"), FAULTS.values(), ids=FAULTS.keys())
def test_another_file_is_refused_and_left_as_it_is(path: Path, content: str, fact: str) -> None:
    path.write_text(content)
    with pytest.raises(DatasetError, match=fact):
        LabelsFile(path)
    assert path.read_text() == content


def test_roles_are_read_as_people_write_them(path: Path) -> None:
    path.write_text(json.dumps({"text": "a b", "role": "MLE"}))
    assert [label.role for label in LabelsFile(path)] == [MLE]


def test_places_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    for name, fact in (("a.csv", r"end in \.jsonl"), ("none/a.jsonl", "does not exist; create")):
        with pytest.raises(OutputError, match=fact):
            LabelsFile(tmp_path / name)
    (tmp_path / "b.jsonl").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        LabelsFile(tmp_path / "b.jsonl")


def test_a_full_disk_leaves_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = LabelsFile(path)
    file.append(made(DS))
    whole = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            file.append(made(MLE))
    assert path.read_bytes() == whole
    file.append(made(MLE))
    assert len(LabelsFile(path)) == 2


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed after a fork")
def test_a_kill_loses_no_answer_that_was_given(path: Path) -> None:
    for number in range(12):
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            file = LabelsFile(path)
            for count in range(1000):  # killed long before the end
                file.append(made(DS, 1000 * number + count))
                os.write(writer, b".")
        os.close(writer)
        before = os.read(reader, 1 + number)  # some answers are known to be kept
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = len(before)
        while more := os.read(reader, 1000):
            told += len(more)
        os.close(reader)
        kept = [
            label
            for label in LabelsFile(path)
            if label in {made(DS, 1000 * number + count) for count in range(told + 1)}
        ]
        assert told <= len(kept) <= told + 1
