"""A cluster gives what one process gives, whatever happens to its workers."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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

    monkeypatch.setattr(local.scheduler, "allowed_failures", 0)
    processes(local)
    with cluster.pool(local.scheduler_address, classifier, print) as submit:
        fault = submit(3).exception(timeout=30)
        assert [submit(part).result(timeout=30) for part in (1, 2)] == [1, 2]
    assert "1 different worker" in str(fault)


WITHOUT = """
import sys

class Without:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "jobclf":
            raise ModuleNotFoundError("No module named 'jobclf'", name="jobclf")

sys.meta_path.insert(0, Without())
"""


@contextmanager
def worker_without_jobclf(scheduler: str, folder: Path) -> Iterator[None]:
    """Start a worker that cannot import jobclf, and end it."""
    (folder / "sitecustomize.py").write_text(WITHOUT)
    words = [scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "distributed.cli.dask_worker", *words],
        env=os.environ | {"PYTHONPATH": str(folder)},
        stderr=subprocess.DEVNULL,
    ) as worker:
        try:
            yield
        finally:
            worker.terminate()


def test_a_worker_without_jobclf_is_one_line_and_costs_only_itself(
    run: Run, parquet_folder: Path
) -> None:
    target = parquet_folder.parent / "new" / "folder"
    words = [f"{parquet_folder}/[0-1].parquet", "--output", f"file://{target}", "--scheduler"]
    with (
        distributed.LocalCluster(
            n_workers=0,
            processes=False,
            protocol="tcp://",
            host="127.0.0.1",
            dashboard_address=":0",
        ) as mixed,
        worker_without_jobclf(mixed.scheduler_address, parquet_folder.parent),
    ):
        alone = run("predict", *words, mixed.scheduler_address)
        mixed.scale(1)  # by one that has it
        with distributed.Client(mixed, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        ran = run("predict", *words, mixed.scheduler_address)
    assert alone.code == 1
    assert alone.err.count("\n") == 1
    assert "has no jobclf (No module named 'jobclf'); install jobclf" in alone.err
    assert ran.code == 0, ran.err
    (said,) = [line for line in ran.err.splitlines() if "has no jobclf" in line]
    assert "(No module named 'jobclf') and gets no part; install jobclf" in said
    assert rows_of(target) == one_process(parquet_folder)


def test_a_worker_keeps_memory_as_a_process_does(local: Any) -> None:
    """Without its own setting Dask hands memory back at once, and each batch would clear it."""
    processes(local)
    with cluster.pool(local.scheduler_address, _faults_of, print) as submit:
        few, many = (submit(times).result(timeout=60) for times in (2, 40))
    assert many < 20 * few + 5000


def _faults_of(times: int) -> int:
    """Return how often the system had to clear memory while pieces came and went."""
    import resource

    import numpy as np

    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(times):
        np.ones(1 << 22, dtype=np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


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
        cluster.pool(empty.scheduler_address, str, print),
    ):
        pass


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(JobclfError, match=r"a scheduler needs the extra 'cluster'; install it"),
        cluster.pool("tcp://127.0.0.1:9", str, print),
    ):
        pass
