"""Put small faults into the sources one by one, and see whether the tests see them.

usage: python -m benchmarks.mutations [NUMBER] [SEED] [FIGURES]

NUMBER (200) faults are drawn from all that cosmic-ray knows to make in the packages below, each put
into a copy of the repository, and the fast tests of that package run. Those that no test sees are
printed as a difference. Written to FIGURES (benchmarks/figures/mutations.json).
"""

import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

REPOSITORY = Path(__file__).parents[1]
FIGURES = Path(__file__).parent / "figures" / "mutations.json"
SOURCES = Path("src") / "jobclf"
# What is mutated, and the tests that ought to see it, the nearest first.
TESTS = {
    "classifier": ("tests/classifier",),
    "text": ("tests/text", "src/jobclf/text", "tests/classifier/test_kernel.py"),
    "training/calibration.py": ("tests/training/test_recipe.py",),
    "tables/columns.py": ("tests/tables/test_columns.py", "src/jobclf/tables/columns.py"),
}
LIMIT = 900  # seconds of a test run, after which a fault counts as seen
KILLED, SURVIVED = "killed", "survived"


def main(number: str = "200", seed: str = "1", figures: str = str(FIGURES)) -> None:
    """Draw faults, try each, and count."""
    faults = sorted(
        (str(path), name, occurrence)
        for path in _modules()
        for name, times in _possible(REPOSITORY / path)
        for occurrence in range(times)
    )
    drawn = random.Random(int(seed)).sample(faults, min(int(number), len(faults)))  # noqa: S311
    print(f"{len(drawn)} of {len(faults)} faults", flush=True)
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "repository"
        shutil.copytree(
            REPOSITORY, copy, ignore=shutil.ignore_patterns(".git", "_build", ".*_cache")
        )
        for path, name, occurrence in drawn:
            code = (REPOSITORY / path).read_text("utf-8")
            changed = mutate_code(code, get_operator(name)(), occurrence)
            if changed is None or changed == code:
                continue
            begun = time.perf_counter()
            (copy / path).write_text(changed, "utf-8")
            outcome = _outcome(copy, path)
            (copy / path).write_text(code, "utf-8")
            difference = "\n".join(
                difflib.unified_diff(code.split("\n"), changed.split("\n"), path, name, "", "", 0)
            )
            outcomes.append({"path": path, "fault": name, "outcome": outcome, "change": difference})
            seconds = time.perf_counter() - begun
            print(f"{outcome}  {seconds:5.1f} s  {path} {name}", flush=True)
            if outcome == SURVIVED:
                print(difference, flush=True)
            _keep(Path(figures), outcomes, len(faults))
    dead = sum(each["outcome"] == KILLED for each in outcomes)
    print(f"{dead} of {len(outcomes)} died, {dead / max(1, len(outcomes)):.1%}")


def _keep(path: Path, outcomes: list[dict[str, str]], possible: int) -> None:
    dead = sum(each["outcome"] == KILLED for each in outcomes)
    survivors = [each for each in outcomes if each["outcome"] == SURVIVED]
    kept = {"possible": possible, "tried": len(outcomes), "killed": dead, "survivors": survivors}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _modules() -> list[Path]:
    found = []
    for name in TESTS:
        place = REPOSITORY / SOURCES / name
        paths = [place] if place.is_file() else sorted(place.glob("*.py"))
        found += [path.relative_to(REPOSITORY) for path in paths]
    return found


def _possible(path: Path) -> list[tuple[str, int]]:
    """Return how often each kind of fault can be made in a module."""
    nodes = list(ast_nodes(get_ast(path.read_text("utf-8"))))
    counts = []
    for name in operator_names():
        operator = get_operator(name)
        if operator.arguments():
            continue
        made = operator()
        counts.append((name, sum(len(list(made.mutation_positions(node))) for node in nodes)))
    return counts


def _outcome(copy: Path, path: str) -> str:
    """Run the tests that go with a module, the fast ones first, and say whether one failed."""
    (tests,) = (tests for name, tests in TESTS.items() if f"jobclf/{name}" in path)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not slow", *tests]
    environment = os.environ | {"PYTHONPATH": "src", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, capture_output=True, check=False, timeout=LIMIT, env=environment
        )
    except subprocess.TimeoutExpired:
        return KILLED
    return SURVIVED if done.returncode == 0 else KILLED


if __name__ == "__main__":
    if len(sys.argv) > 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
