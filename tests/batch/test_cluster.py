"""A cluster gives what one process gives, whatever happens to its workers."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.batch import cluster, fragments
from jobclf.errors import JobclfError
from tests.conftest import Run
from tests.factories import one_process, regrouped, rows_of

distributed = pytest.importorskip("distributed", reason="distributed is not installed")
pytestmark = pytest.mark.filterwarnings("default")  # what Dask says of workers that were killed


@pytest.fixture(scope="module")
def local() -> Iterator[Any]:
    """Return a cluster of two processes."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=":0",
        silence_logs=50,
    ) as found:
        yield found


def processes(local: Any) -> list[int]:
    """Return the processes of the workers, once there are two."""
    with distributed.Client(local, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
        return list(client.run(os.getpid).values())


def test_a_killed_worker_costs_nothing(
    local: Any,
    parquet_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fragments, "_ROWS", 10)
    regrouped(parquet_folder, 10)
    target = parquet_folder.parent / "out"
    alone = one_process(parquet_folder)
    workers = processes(local)
    assert len({*workers, os.getpid()}) == 3
    killed_at: list[int] = []

    def kill_half_way() -> None:
        until = time.monotonic() + 60
        while (done := len(list(target.glob("part-*")))) < 20 and time.monotonic() < until:
            time.sleep(0.002)
        os.kill(workers[0], signal.SIGKILL)
        killed_at.append(done)

    killer = threading.Thread(target=kill_half_way)
    killer.start()
    found = jobclf.predict_table(
        f"{parquet_folder}/*.parquet", output=target, scheduler=local.scheduler_address
    )
    killer.join()
    assert 20 <= killed_at[0] < 50
    assert rows_of(target) == alone
    assert found.tally.postings == 500
    manifest = json.loads((target / "_manifest.json").read_text())
    assert manifest["rows"] == 500
    assert len(manifest["parts"]) == len(list(target.glob("part-*"))) == 50
    assert not list(target.glob(".part-*"))


def test_a_part_that_ends_workers_is_given_up_and_the_others_are_done(
    local: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def classifier(part: int) -> int:
        if part == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return part

    monkeypatch.setattr(local.scheduler, "allowed_failures", 1)
    processes(local)
    with cluster.pool(local.scheduler_address, classifier) as submit:
        fault = submit(3).exception(timeout=30)
        assert [submit(part).result(timeout=30) for part in (1, 2)] == [1, 2]
    assert "2 different workers" in str(fault)


def test_a_scheduler_that_is_not_there_is_named(
    run: Run,
    parquet_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "_SECONDS", 0.5)
    words = [parquet_folder / "0.parquet", "--output", parquet_folder.parent / "out"]
    ran = run("predict", *words, "--scheduler", "tcp://127.0.0.1:9")
    assert (ran.code, ran.out) == (1, "")
    assert "the scheduler tcp://127.0.0.1:9 does not answer" in ran.err
    assert ran.err.count("\n") == 1


def test_a_scheduler_without_workers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_WORKERS", 0.2)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", host="127.0.0.1") as empty,
        pytest.raises(JobclfError, match="has no worker; start some"),
        cluster.pool(empty.scheduler_address, str),
    ):
        pass


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(JobclfError, match=r"a scheduler needs the extra 'cluster'; install it"),
        cluster.pool("tcp://127.0.0.1:9", str),
    ):
        pass
