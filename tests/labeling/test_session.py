"""A session of labelling keeps every answer, goes on where it stopped, and learns meanwhile."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import jobclf
from jobclf.documents.posting import Posting
from jobclf.errors import DatasetError
from jobclf.labeling import session
from jobclf.labeling.store import LabelsFile
from jobclf.roles import Role
from tests.factories import posting as text

pytestmark = pytest.mark.usefixtures("few_resamples")
DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER
TRUTH = {text(role, number): role for number in range(12) for role in Role}

Start = Callable[[], session.LabelingSession]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.jsonl"
    path.write_text("".join(json.dumps({"text": each}) + "\n" for each in TRUTH))
    return path


@pytest.fixture
def start(table: Path) -> Start:
    """Return a function that starts a session anew, always with the same files."""
    return lambda: jobclf.label(table, output=table.with_name("labels.jsonl"), prior="seeds")


def answer(session: session.LabelingSession, count: int) -> list[session.Refit]:
    """Label postings by what they are; return how the model moved."""
    moves = []
    for _ in range(count):
        assert session.current is not None
        moved = session.label(TRUTH[session.current.text])
        moves += [moved] if moved is not None else []
    return moves


def test_each_answer_is_on_the_disk_at_once(start: Start) -> None:
    session = start()
    for count in range(1, 4):
        answer(session, 1)
        assert len(LabelsFile(session.file.path)) == count
    assert (session.labels, session.left) == (3, len(TRUTH) - 3)
    assert sum(session.counts.values()) == 3


def test_a_session_goes_on_where_it_stopped(start: Start) -> None:
    first = start()
    answer(first, 4)
    assert first.current is not None
    first.label(None)
    second = start()
    assert (second.labels, len(second.file), second.left) == (4, 5, len(TRUTH) - 5)
    seen = {label.text for label in second.file}
    while second.current is not None:
        assert second.current.text not in seen
        seen.add(second.current.text)
        second.label(None)
    assert seen == set(TRUTH)
    assert start().current is None


def test_the_same_answers_give_the_same_session(start: Start) -> None:
    first = start()
    answer(first, 6)
    texts = [label.text for label in first.file]
    first.file.path.unlink()
    second = start()
    answer(second, 6)
    assert [label.text for label in second.file] == texts


def test_after_each_ten_labels_the_model_learns(start: Start) -> None:
    session = start()
    moves = answer(session, 9)
    assert session.current is not None
    session.label(None)  # what is skipped does not count
    moves += answer(session, 21)
    assert [moved.labels for moved in moves] == [10, 20, 30]
    last = moves[-1]
    assert last.compared == session.left == sum(last.answers.values())
    assert 0 <= last.changed <= last.compared
    assert last.accuracy is not None
    assert 0.0 <= last.accuracy.value <= 1.0


def test_one_role_alone_teaches_nothing(start: Start) -> None:
    session = start()
    assert [session.label(DS) for _ in range(12)] == [None] * 12


def test_going_back_changes_a_label_and_loses_none(start: Start) -> None:
    session = start()
    assert not session.back()
    answer(session, 3)
    new = session.current
    assert session.back()
    assert session.back()
    assert session.given == session.file[1]
    assert session.current is not None
    assert session.current.text == session.file[1].text
    session.label(None)
    assert session.current == new
    assert [label.role is None for label in session.file] == [False, True, False]
    assert session.back()
    session.forward()
    assert session.current == new
    assert list(LabelsFile(session.file.path)) == list(session.file)


def test_the_current_posting_is_explained_by_what_was_learned(start: Start) -> None:
    session = start()
    before = session.explain()
    assert session.current is not None
    assert before.text == session.current.text
    answer(session, 10)
    session.back()
    assert session.explain().text == session.file[9].text


def test_nothing_left_is_told(start: Start) -> None:
    session = start()
    while session.current is not None:
        session.label(None)
    with pytest.raises(DatasetError, match="no posting is left"):
        session.label(DS)
    with pytest.raises(DatasetError, match="no posting is left"):
        session.explain()
    assert session.back()


def test_labels_of_another_table_are_learned_from_too(start: Start, tmp_path: Path) -> None:
    answer(start(), 10)
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"text": text(MLE, 99)}))
    session = jobclf.label(other, output=tmp_path / "labels.jsonl", prior="seeds")
    assert (session.labels, session.left) == (10, 1)
    assert session.current is not None
    assert session.current.text == text(MLE, 99)


def test_what_is_no_use_is_left_out_and_counted() -> None:
    good = [Posting(each, path="a") for each in TRUTH]
    found = [*good, None, good[0], Posting("build models"), Posting("шум и гам " * 40)]
    model = jobclf.load_model()
    pool = session.draw(found, model)
    assert (pool.unread, pool.copies, pool.left_out, pool.more) == (1, 1, 2, 0)
    assert pool.postings == tuple(good)
    few = session.draw(found, model, most=5)
    assert len(few.postings) == 5
    assert few.more >= len(good) - 10
    assert few == session.draw(found, model, most=5)


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        ("text,title\n", "no posting can be labelled"),
        ("text\nbuild models\n", "1 are too short or not English"),
        ("", "it is empty"),
        ("name\nAda\n", "no column is known as the text"),
    ],
    ids=["empty table", "too short", "empty file", "no text"],
)
def test_a_table_with_nothing_to_label_is_refused(tmp_path: Path, content: str, fact: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(DatasetError, match=fact):
        jobclf.label(path, output=tmp_path / "labels.jsonl")
    assert not (tmp_path / "labels.jsonl").exists()


def test_a_session_with_the_postings_of_one_company_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    rows = [{"text": each, "company": "Acme"} for each in TRUTH]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    session = jobclf.label(path, output=tmp_path / "labels.jsonl", prior="seeds")
    moves = answer(session, 30)
    assert [moved.labels for moved in moves] == [10, 20, 30]
    assert moves[-1].accuracy is not None
