"""What several test modules share: a way to run the command line, and small postings."""

import gc
import io
import os
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import settings

import jobclf
from jobclf.cli.main import main
from jobclf.evaluation import metrics
from tests.factories import mixed_posting

if TYPE_CHECKING:
    import httpx

# With JOBCLF_LONG laws have more examples and inputs are larger, for which the gate has no time.
LONG = "JOBCLF_LONG" in os.environ
# The same examples every time: the gate must not fail by chance, and the machine may be busy.
settings.register_profile("gate", deadline=None, derandomize=True, database=None, max_examples=60)
settings.register_profile("quick", settings.get_profile("gate"), max_examples=25)
settings.register_profile("long", settings.get_profile("gate"), max_examples=1000)
settings.load_profile("long" if LONG else "gate")


# Modules that start processes or servers, train models, or draw many examples.
SLOW = frozenset(
    {
        "api/test_control_characters",
        "api/test_nothing_else_is_opened",
        "api/test_results",
        "api/test_ways_in",
        "batch/test_cluster",
        "batch/test_fragments",
        "classifier/test_kernel_any_text",
        "cli/test_dialogue",
        "cli/test_names",
        "cli/test_safe_csv",
        "cli/test_signals",
        "documents/test_hostile",
        "documents/test_page_cases",
        "evaluation",
        "labeling/test_session",
        "processes",
        "reports/test_page",
        "server",
        "tables/test_excel",
        "tables/test_sqlite",
        "test_data",
        "test_distribution",
        "test_package",
        "test_torture",
        "training/test_estimator",
        "training/test_features_choice",
        "training/test_labeled_frames",
        "training/test_once",
        "training/test_overlap",
        "training/test_recipe",
        "training/test_threads",
    }
)
# Modules that run what others do, only more of it, or in processes that are not measured: coverage
# would take nearly as long again. They are run last, for it does not go on in threads afterwards.
UNMEASURED = frozenset({"classifier/test_kernel_any_text", "documents/test_hostile", "test_linear"})


@cache
def is_of(path: Path, names: frozenset[str]) -> bool:
    """Tell whether a module of tests, or its folder, is one of some."""
    tests = Path(__file__).parent
    return any(tests / name in {path.with_suffix(""), path.parent} for name in names)


def is_slow(path: Path) -> bool:
    """Tell whether a module of tests is slow as a whole."""
    return is_of(path, SLOW)


def is_quick(config: pytest.Config) -> bool:
    """Tell whether the slow tests are left out, as while writing."""
    return bool(config.option.markexpr == "not slow")


def pytest_configure(config: pytest.Config) -> None:
    """Draw fewer examples while writing."""
    if is_quick(config):
        settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """Look no more for garbage among what all tests need, which takes a tenth of their time."""
    gc.collect()
    gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no slow module where all slow tests are left out: half of the time is imports."""
    return True if is_quick(config) and is_slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of slow modules, those that ask for a server, and those not measured."""
    for item in items:
        if is_of(item.path, UNMEASURED):
            item.add_marker("no_cover")
        if is_slow(item.path) or "listening" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: is_of(item.path, UNMEASURED))


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make intervals rough and training quick, for tests that look at neither."""
    monkeypatch.setattr(metrics, "RESAMPLES", 10)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line in this process, as a shell would."""

    def call(*words: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words], prog_name="jobclf")
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, *capsys.readouterr())

    return call


@pytest.fixture
def parquet_folder(tmp_path: Path) -> Path:
    """Return a folder with two tables of 250 rows in row groups of 50."""
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "in"
    path.mkdir()
    roles = list(jobclf.Role)
    for name in range(2):
        numbers = range(250 * name, 250 * name + 250)
        texts = [mixed_posting(roles[number % 3], number) * 4 for number in numbers]
        table = pa.table({"id": list(numbers), "text": [*texts[:-1], ""]})
        parquet.write_table(table, path / f"{name}.parquet", row_group_size=50)
    return path


class Served(NamedTuple):
    """A server of this process, and a client of it."""

    url: str
    client: "httpx.Client"
    labels: Path
    temporary: Path  # where its temporary files are
    before: frozenset[Path] = frozenset()  # of those, what other tests had left

    def held(self) -> set[Path]:
        """Return what there is of uploads."""
        return {
            Path(folder, name)
            for folder, folders, files in os.walk(self.temporary)  # whatever goes meanwhile
            for name in (*folders, *files)
            if name.startswith("jobclf-job-") or Path(folder).name.startswith("jobclf-")
        }

    def left(self) -> list[Path]:
        """Return what is left of a test's uploads, a moment after the last answer."""
        for _ in range(100):
            found = self.held() - self.before
            if not found:
                break
            time.sleep(0.05)
        return sorted(found)


@pytest.fixture
def served(listening: Served) -> Served:
    """Return the server, and what is there before the test."""
    return listening._replace(before=frozenset(listening.held()))


@pytest.fixture(scope="session")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server that listens on this machine, with two workers."""
    pytest.importorskip("fastapi", reason="needs the extra `server`")
    httpx = pytest.importorskip("httpx")
    from jobclf.server import launch

    labels = tmp_path_factory.mktemp("labels") / "labels.jsonl"
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("temporary"))
    urls: queue.Queue[str] = queue.Queue()
    server = launch.listen(
        "127.0.0.1",
        0,
        workers=2,
        labels=labels,
        started=urls.put,
    )
    serving = threading.Thread(target=server.serve)
    serving.start()
    url = urls.get(timeout=60)
    with httpx.Client(base_url=url, timeout=60) as client:
        yield Served(url, client, labels, Path(tempfile.tempdir))
    server.server.should_exit = True
    serving.join(30)
    assert not serving.is_alive()
    tempfile.tempdir = before
