"""Fragments may be done anywhere and twice: each row comes out once, as one process judges it."""

import errno
import io
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.batch import fragments
from jobclf.errors import JobclfError, Reason
from jobclf.tables import streams
from tests.conftest import Run
from tests.factories import one_process, regrouped, rows_of

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")


@pytest.fixture(autouse=True)
def small_fragments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut tables of some hundred rows as those of millions are cut."""
    monkeypatch.setattr(fragments, "_ROWS", 100)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small table in the folder that the command is run in."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.csv"
    path.write_text("text\na\n")
    return path


@pytest.mark.parametrize("jobs", [1, 2])
def test_parts_hold_each_row_once_and_the_manifest_counts_them(
    parquet_folder: Path, jobs: int
) -> None:
    target = parquet_folder.parent / "out"
    found = jobclf.predict_table(f"{parquet_folder}/*.parquet", output=f"{target}/", jobs=jobs)
    assert rows_of(target) == one_process(parquet_folder)
    manifest = json.loads((target / "_manifest.json").read_text())
    assert (manifest["rows"], manifest["failed"]) == (500, 2)
    assert [part["rows"] for part in manifest["parts"]] == [100, 100, 50] * 2
    assert (found.tally.postings, found.tally.failed) == (500, 2)
    assert sum(manifest["roles"].values()) == 498


def test_a_second_start_does_what_is_missing_and_no_more(parquet_folder: Path) -> None:
    target = parquet_folder.parent / "out"
    jobclf.predict_table(f"{parquet_folder}/*.parquet", output=f"{target}/")
    whole = rows_of(target)
    first, second, *others = sorted(target.glob("part-*"))
    first.unlink()
    second.write_bytes(b"half of")
    before = [path.stat().st_mtime_ns for path in others]
    jobclf.predict_table(f"{parquet_folder}/*.parquet", output=f"{target}/")
    assert rows_of(target) == whole
    assert [path.stat().st_mtime_ns for path in others] == before


def test_a_bad_table_costs_its_part_only(parquet_folder: Path) -> None:
    target = parquet_folder.parent / "out"
    (parquet_folder / "2.csv").write_text("id,other\n1,2\n")
    names = sorted(parquet_folder.iterdir())
    with pytest.raises(JobclfError, match=r"1 of 7 parts are missing, .*no column is known as"):
        jobclf.predict_table(names, output=f"{target}/")
    assert len(list(target.glob("part-*"))) == 6
    assert not (target / "_manifest.json").exists()
    (parquet_folder / "2.csv").write_text("id,text\n1,2\n")
    jobclf.predict_table(names, output=f"{target}/")
    assert json.loads((target / "_manifest.json").read_text())["rows"] == 501


def test_parts_of_other_work_are_refused(parquet_folder: Path) -> None:
    target = parquet_folder.parent / "out"
    jobclf.predict_table(parquet_folder / "0.parquet", output=f"{target}/")
    for other in ({"prefix": "p_"}, {"paths": parquet_folder / "1.parquet"}):
        given: dict[str, Any] = {"paths": parquet_folder / "0.parquet", "output": target} | other
        with pytest.raises(JobclfError, match="name an empty folder"):
            jobclf.predict_table(**given)


def test_a_run_that_was_killed_goes_on_where_it_stood(parquet_folder: Path) -> None:
    target = parquet_folder.parent / "out"
    code = (
        "import sys, jobclf, jobclf.batch.fragments as f; f._ROWS = 10;"
        "jobclf.predict_table(sys.argv[1], output=sys.argv[2])"
    )
    regrouped(parquet_folder, 10)
    words = [sys.executable, "-c", code, f"{parquet_folder}/*.parquet", f"{target}/"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(words, env=environment) as ran:  # noqa: S603
        until = time.monotonic() + 60
        while len(list(target.glob("_parts/*.json"))) < 5 and time.monotonic() < until:
            time.sleep(0.001)
        ran.kill()
    kept = {path: path.stat().st_mtime_ns for path in target.glob("_parts/part-*")}
    assert 5 <= len(kept) < 50
    assert not (target / "_manifest.json").exists()
    done: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fragments, "_ROWS", 10)
        jobclf.predict_table(
            f"{parquet_folder}/*.parquet", output=target, progress=lambda rows, _: done.append(rows)
        )
    assert len(done) == 50 - len(kept)
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in kept.items())
    assert rows_of(target) == one_process(parquet_folder)
    assert not [*target.glob(".*"), *target.glob("_parts/.*")]
    assert (target / "_manifest.json").exists()


@pytest.mark.parametrize("what", ["table", "model", "version"])
def test_what_changed_since_the_first_start_is_not_mixed(
    parquet_folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    target, source = parquet_folder.parent / "out", parquet_folder / "0.parquet"
    model = jobclf.load_model()
    jobclf.predict_table(source, output=f"{target}/", model=model)
    next(target.glob("part-*")).unlink()
    before = {path: path.read_bytes() for path in target.iterdir() if path.is_file()}
    if what == "table":
        parquet.write_table(parquet.read_table(source).slice(1), source, row_group_size=50)
    elif what == "model":
        model = replace(model, role=replace(model.role, offset=model.role.offset + 0.1))
    else:
        monkeypatch.setattr(fragments, "__version__", "0.0.0")
    with pytest.raises(JobclfError, match="name an empty folder"):
        jobclf.predict_table(source, output=target, model=model)
    assert {path: path.read_bytes() for path in target.iterdir() if path.is_file()} == before


def test_a_table_that_changes_while_it_is_judged_leaves_no_part(
    parquet_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, source = parquet_folder.parent / "out", parquet_folder / "0.parquet"
    stamps = iter(["1", "1", "2", "2"])  # planned, first part, and then it is another
    monkeypatch.setattr(streams, "stamp", lambda _: next(stamps))
    with pytest.raises(JobclfError, match=r"2 of 3 parts are missing, .* was changed meanwhile"):
        jobclf.predict_table(source, output=f"{target}/")
    assert len([path for path in target.iterdir() if path.name.startswith("part-")]) == 1


def test_an_address_serves_for_tables_and_parts(parquet_folder: Path) -> None:
    system = pytest.importorskip("fsspec").filesystem("memory")
    system.put(f"{parquet_folder}/*.parquet", "/in/")
    jobclf.predict_table("memory://in/*.parquet", output="memory://out")
    parts = sorted(system.glob("/out/part-*"))
    assert len(parts) == 6
    rows = [
        row
        for path in parts
        for row in parquet.read_table(io.BytesIO(system.cat_file(path))).to_pylist()
    ]
    assert rows == one_process(parquet_folder)
    system.rm(parts[1])
    done: list[float] = []
    jobclf.predict_table(
        "memory://in/*.parquet", output="memory://out/", progress=lambda *told: done.append(told[0])
    )
    assert done == [100]
    assert json.loads(system.cat_file("/out/_manifest.json"))["rows"] == 500
    system.put_file(str(parquet_folder / "1.parquet"), "/in/0.parquet")
    with pytest.raises(JobclfError, match="name an empty folder"):
        jobclf.predict_table("memory://in/*.parquet", output="memory://out")


def test_a_folder_of_parts_is_read_as_one_table(parquet_folder: Path) -> None:
    target = parquet_folder.parent / "out"
    jobclf.predict_table(f"{parquet_folder}/*.parquet", output=f"{target}/")
    assert parquet.read_table(target).to_pylist() == one_process(parquet_folder)


def test_parts_have_the_columns_that_are_asked_for(parquet_folder: Path) -> None:
    target = parquet_folder.parent / "out"
    table = parquet_folder / "0.parquet"
    jobclf.predict_table(table, columns="answer, model, id", output=f"{target}/")
    rows = rows_of(target)
    assert len(rows) == 250
    assert {tuple(row) for row in rows} == {("answer", "model", "id")}
    with pytest.raises(jobclf.OutputError, match="name an empty folder"):  # other work
        jobclf.predict_table(table, output=f"{target}/")


@pytest.mark.parametrize(
    ("words", "code", "fact"),
    [
        (["memory://none.parquet", "--output", "out/"], 1, "does not exist; check the address"),
        (["a.csv", "--output", "none://out"], 1, "cannot be reached: Protocol not known"),
        (["-", "--output", "out/"], 1, "name a file such as out.csv"),
        (["none.parquet", "--output", "out/"], 1, "No such file"),
        (["a.csv", "--scheduler", "tcp://127.0.0.1:9"], 1, "name one with --output"),
        (["a.csv", "--output", "out/", "--summary"], 2, "its manifest counts"),
        (["a.csv", "--output", "a.csv/out/"], 1, "cannot be made"),
    ],
)
def test_what_cannot_be_done_is_named(
    run: Run, table: Path, words: list[str], code: int, fact: str
) -> None:
    assert table.name == "a.csv"
    ran = run("predict", *words)
    assert ran.code == code, ran.err
    assert fact in ran.err


@pytest.mark.parametrize("record", [False, True], ids=["part", "record"])
def test_a_full_disk_is_named_once_with_its_folder(
    parquet_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    record: bool,  # noqa: FBT001
) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("there is no /proc here")

    def full(handle: int) -> None:
        if record == str(Path(f"/proc/self/fd/{handle}").readlink()).count("/_parts/"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = parquet_folder.parent / "out"
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(JobclfError, match="6 of 6 parts are missing") as caught:
        jobclf.predict_table(f"{parquet_folder}/*.parquet", output=f"{target}/")
    told = str(caught.value)
    place = target / "_parts" if record else target
    assert f"{place}/part-000000-" in told
    assert f"it cannot be written: {os.strerror(errno.ENOSPC)}; make room" in told
    assert told.count(str(target)) == 1
    assert told.endswith("then start again for what is missing")
    assert caught.value.reason is Reason.UNWRITABLE


def test_a_manifest_of_others_and_records_elsewhere_are_left_alone(
    parquet_folder: Path, tmp_path: Path
) -> None:
    target, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    target.mkdir()
    elsewhere.mkdir()
    for content in ('{"name": "my web page"}', "", "[" * 9999):
        (target / "_manifest.json").write_text(content)
        with pytest.raises(JobclfError, match=r"its _manifest\.json is not of jobclf"):
            jobclf.predict_table(parquet_folder / "0.parquet", output=target)
        assert (target / "_manifest.json").read_text() == content
    (target / "_manifest.json").unlink()
    (target / "_manifest.json").mkdir()
    with pytest.raises(JobclfError, match="it cannot be read: Is a directory"):
        jobclf.predict_table(parquet_folder / "0.parquet", output=target)
    (target / "_manifest.json").rmdir()
    (target / "_parts").rmdir()
    (target / "_parts").symlink_to(elsewhere)
    with pytest.raises(JobclfError, match="its _parts is a link; name an empty folder"):
        jobclf.predict_table(parquet_folder / "0.parquet", output=target)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    "changed",
    [{"roles": {"baker": 50}}, {"roles": {}}, {"rows": "many"}, {"rows": 7}, {"more": 1},
     {"reasons": {"x": 1}}, {"bytes": -1}, {"row_groups": {"a": 1}}, {"source": "other"}],
    ids=repr,
)  # fmt: skip
def test_a_part_whose_record_was_changed_is_done_anew(
    parquet_folder: Path, changed: dict[str, Any]
) -> None:
    target, source = parquet_folder.parent / "out", parquet_folder / "0.parquet"
    jobclf.predict_table(source, output=f"{target}/")
    before = (target / "_manifest.json").read_text()
    for record in target.glob("_parts/*.json"):
        record.write_text(json.dumps(json.loads(record.read_text()) | changed))
    jobclf.predict_table(source, output=target)
    assert (target / "_manifest.json").read_text() == before


def test_two_who_begin_at_once_say_so_and_remove_nothing(
    parquet_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = parquet_folder.parent / "out"
    held = target / f".part-000000-aaaaaaaaaaaa.parquet.{'0' * 12}"
    close = fragments._close

    def late(*given: Any) -> None:
        (target / "part-000000-aaaaaaaaaaaa.parquet").write_bytes(b"of another")
        close(*given)

    monkeypatch.setattr(fragments, "_close", late)
    with pytest.raises(JobclfError, match="a part of other postings or another model"):
        jobclf.predict_table(parquet_folder / "0.parquet", output=f"{target}/")
    assert not (target / "_manifest.json").exists()
    assert not held.exists()


@pytest.mark.parametrize("output", ["out.jsonl", "out/", None])
def test_a_column_that_comes_late_is_not_lost(tmp_path: Path, output: str | None) -> None:
    rows = [{"text": "a"}] * 600 + [{"text": "b", "role": "mine"}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    target = None if output is None else os.path.join(tmp_path, output)  # noqa: PTH118
    with pytest.raises(JobclfError, match=r"row 601 .*'role': it has a column .*prefix"):
        list(jobclf.predict_table(tmp_path / "a.jsonl", output=target))
    assert not (tmp_path / "out.jsonl").exists()
    if target is not None:
        jobclf.predict_table(tmp_path / "a.jsonl", output=target, prefix="p_")
