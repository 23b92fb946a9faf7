"""While something is learned, linear algebra has one thread, and afterwards what it had."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import scipy.linalg  # noqa: F401  # so that its threads are counted
from threadpoolctl import threadpool_info, threadpool_limits

import jobclf
from jobclf.evaluation import confident_learning, crossvalidation
from jobclf.labeling import session as labeling_session
from jobclf.roles import Role
from jobclf.training import recipe, threads
from tests.factories import folder, posting

pytestmark = pytest.mark.usefixtures("few_resamples")


@pytest.fixture(autouse=True)
def _two_threads() -> Iterator[None]:
    with threadpool_limits(limits=2, user_api="blas"):  # whatever the tests were started with
        yield


def pools() -> set[int]:
    """Return how many threads the linear algebra that is loaded may use."""
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


def test_there_is_one_thread_within_and_the_limit_is_back_afterwards() -> None:
    before = pools()
    with threads.single():
        assert pools() <= {1}
    assert pools() == before


WORK: dict[str, tuple[Any, str, Callable[[Path], object]]] = {
    "train": (recipe, "train", lambda data: jobclf.train(data, prior="seeds", output=None)),
    "evaluate": (crossvalidation, "evaluate", lambda data: jobclf.evaluate(data, prior="seeds")),
    "audit": (confident_learning, "audit", lambda data: jobclf.audit(data, prior="seeds")),
}


@pytest.mark.parametrize("name", WORK)
def test_learning_has_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    module, function, call = WORK[name]
    seen, real = list[set[int]](), getattr(module, function)

    def watched(*args: Any, **options: Any) -> Any:
        seen.append(pools())
        return real(*args, **options)

    monkeypatch.setattr(module, function, watched)
    call(folder(tmp_path / "data"))
    assert seen
    assert set.union(*seen) <= {1}


def test_a_session_of_labelling_learns_in_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, real = list[set[int]](), recipe.train

    def watched(*args: Any, **options: Any) -> Any:
        seen.append(pools())
        return real(*args, **options)

    monkeypatch.setattr(recipe, "train", watched)
    data = folder(tmp_path / "data")
    session = jobclf.label(data, output=tmp_path / "labels.jsonl", prior="seeds")
    known = {posting(role, number): role for role in Role for number in range(12)}
    for _ in range(labeling_session.EVERY):
        assert session.current is not None
        session.label(known[session.current.text])
    assert seen
    assert set.union(*seen) <= {1}
