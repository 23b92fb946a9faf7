"""Run tests against faulty functions, each fault in a fork of a process that has read all tests.

A fault within a function that tests call is put into the function itself. One that works while
modules are imported has the package and the tests imported anew, in the fork.
"""

import contextlib
import functools
import gc
import hashlib
import os
import pickle
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import coverage
import pytest

REPOSITORY = Path(__file__).parents[1]
# What is read, the nearest first; of slow modules only those named here.
TESTS: tuple[str, ...] = (
    "tests/text",
    "tests/classifier",
    "tests/training",
    "tests/tables",
    "tests/test_cases.py",
    "tests/test_linear.py",
    "tests/evaluation/test_measurement.py",
    "src/jobclf/text",
    "src/jobclf/classifier",
    "src/jobclf/training",
    "src/jobclf/tables/columns.py",
)
SLOW = {"test_kernel", "test_kernel_any_text", "test_recipe", "test_measurement"}
KNOWN = Path(__file__).parent / "figures" / "mutation_tests.pickle"  # not kept with the sources
LONGEST = 4.0  # seconds of a test that is run at all
BUDGET = 20.0  # seconds of tests for one fault
CONTROL = 2.0  # for each module without a fault, which must pass
PROCESSOR, WALL = 40, 600  # seconds after which a fault counts as seen
KILLED, SURVIVED, ENDLESS = "killed", "survived", "endless"
# Other plugins have been imported before pytest is, in a fork.
PYTEST = ("-q", "-s", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
OPTIMIZED = 1  # what the code of functions is flagged as
CACHED = type(functools.cache(int))


@dataclass(frozen=True)
class Mutant:
    """A module with a fault."""

    path: str
    kind: str
    occurrence: int
    code: str
    line: int
    change: str

    @property
    def module(self) -> str:
        """Return the name of the module."""
        name = self.path.removeprefix("src/").removesuffix(".py").replace("/", ".")
        return name.removesuffix(".__init__")


Told = Callable[[Mutant, str, float], None]


def watch(mutants: list[Mutant], told: Told) -> None:
    """Try all of them, and tell what becomes of each."""
    os.chdir(REPOSITORY)
    runner = Runner(mutants, told)
    sys.setprofile(runner.seen)
    arguments = [*PYTEST, *TESTS]
    code = pytest.main(arguments, plugins=[runner])
    sys.setprofile(None)
    if code or not runner.done:
        raise SystemExit(f"the tests cannot be read: {code}")


@dataclass(eq=False)
class Runner:
    """What pytest calls once it has read the tests."""

    mutants: list[Mutant]
    told: Told
    imported: set[tuple[str, int]] = field(default_factory=set)  # functions called by imports
    done: bool = False
    failed: bool = False

    def seen(self, frame: FrameType, event: str, _: object) -> None:
        """Note which functions of the package run while it is imported."""
        if event == "call" and "/src/jobclf/" in frame.f_code.co_filename:
            path = Path(frame.f_code.co_filename).relative_to(REPOSITORY).as_posix()
            self.imported.add((path, frame.f_code.co_firstlineno))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that a test failed."""
        self.failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure the tests, then try the faults."""
        from hypothesis.internal.conjecture import engine

        engine.MAX_SHRINKS = 0  # the first example that fails is enough
        sys.setprofile(None)
        items = {
            item.nodeid: item
            for item in session.items
            if not item.get_closest_marker("slow") or item.path.stem in SLOW
        }
        measured = self.measured(list(items.values()))
        quick = measured.passed(LONGEST)
        print(f"{len(quick)} of {len(items)} tests, {sum(quick.values()):.0f} s", flush=True)
        for path in sorted({one.path for one in self.mutants}):
            right = Mutant(path, "nothing", 0, (REPOSITORY / path).read_text("utf-8"), 0, "")
            chosen = [items[name] for name in measured.through(right, quick, CONTROL, None)]
            for way in (self.in_place, self.anew):
                if ended(functools.partial(way, right, chosen)) != SURVIVED:
                    raise RuntimeError(f"tests fail on {path} as it is, by {way.__name__}")
        for one in self.mutants:
            begun = time.perf_counter()
            once = self.works_at_import(one)
            way = self.anew if once else self.in_place
            line = None if once or is_kept(one) else one.line
            names = measured.through(one, quick, BUDGET, line)
            run = functools.partial(way, one, [items[name] for name in names])
            outcome = ended(run) if names else SURVIVED
            self.told(one, outcome, time.perf_counter() - begun)
        self.done = True
        return True

    def measured(self, items: list[pytest.Item]) -> "Measured":
        """Return how long tests take and what they go through; what is known is not run again."""
        sources = digest(sorted((REPOSITORY / "src").rglob("*.py")))
        keys = {path: digest([path]) + sources for path in {item.path for item in items}}
        known: dict[str, Measured] = pickle.loads(KNOWN.read_bytes()) if KNOWN.exists() else {}
        new = [item for item in items if keys[item.path] not in known]
        for item, one in forked(lambda: self.measure(new)) if new else ():
            known.setdefault(keys[item], Measured({}, {}, {})).add(one)
        KNOWN.write_bytes(pickle.dumps(known))
        whole = Measured({}, {}, {})
        for key in keys.values():
            whole.add(known.get(key, Measured({}, {}, {})))
        return whole

    def measure(self, items: list[pytest.Item]) -> list[tuple[Path, "Measured"]]:
        """Run tests once, and return what is to be known of each."""
        measuring = coverage.Coverage(
            data_file=None, config_file=False, include=[str(REPOSITORY / "src" / "*")]
        )
        seconds, right = {}, {}
        measuring.start()
        for item in items:
            measuring.switch_context(item.nodeid)
            begun, self.failed = time.process_time(), False
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            seconds[item.nodeid] = time.process_time() - begun
            right[item.nodeid] = not self.failed
        measuring.stop()
        data = measuring.get_data()
        lines: dict[str, dict[str, dict[int, list[str]]]] = {}  # by test, then by path
        for path in data.measured_files():
            name = Path(path).relative_to(REPOSITORY).as_posix()
            for line, contexts in data.contexts_by_lineno(path).items():
                for test in contexts:
                    lines.setdefault(test, {}).setdefault(name, {})[line] = [test]
        return [
            (
                item.path,
                Measured(
                    {item.nodeid: seconds[item.nodeid]},
                    {item.nodeid: right[item.nodeid]},
                    lines.get(item.nodeid, {}),
                ),
            )
            for item in items
        ]

    def run(self, items: list[pytest.Item]) -> None:
        """Run tests until one fails, and end the process."""
        self.failed = False
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                os._exit(1)
        os._exit(0)

    def works_at_import(self, one: Mutant) -> bool:
        """Return whether a fault is outside functions, or in one that imports call."""
        pairs = differing(*compiled(one))
        return pairs is None or any(
            (one.path, old.co_firstlineno) in self.imported for old, _ in pairs
        )

    def in_place(self, one: Mutant, items: list[pytest.Item]) -> None:
        """Put the fault into the functions that there are, and run the tests."""
        put = False
        gc.unfreeze()  # else none of what the tests' configuration froze is found
        pairs = {place(old): new for old, new in differing(*compiled(one)) or ()}
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__module__ == one.module:
                if (found := pairs.get(place(each.__code__))) is not None:
                    each.__code__, put = found, True
            elif isinstance(each, CACHED):
                each.cache_clear()
        if pairs and not put:
            self.anew(one, items)
        self.run(items)

    def anew(self, one: Mutant, items: list[pytest.Item]) -> None:
        """Import everything anew, the faulty module in place of the right one; run the tests."""
        for name in list(sys.modules):
            package = name.partition(".")[0]
            if package in {"jobclf", "tests"} and name != "tests":
                del sys.modules[name]
                vars(sys.modules["tests"]).pop(name.removeprefix("tests."), None)
        sys.meta_path.insert(0, Finder(one))
        chosen = Chosen([item.nodeid for item in items])
        files = sorted({str(item.path.relative_to(REPOSITORY)) for item in items})
        arguments = ["-x", *PYTEST, *files]
        os._exit(min(1, int(pytest.main(arguments, plugins=[chosen]))))


@dataclass(frozen=True)
class Measured:
    """How long tests take, which pass, and which lines they go through."""

    seconds: dict[str, float]
    right: dict[str, bool]
    lines: dict[str, dict[int, list[str]]]

    def add(self, other: "Measured") -> None:
        """Add what is known of other tests."""
        self.seconds.update(other.seconds)
        self.right.update(other.right)
        for path, lines in other.lines.items():
            here = self.lines.setdefault(path, {})
            for line, names in lines.items():
                here[line] = here.get(line, []) + names

    def passed(self, longest: float) -> dict[str, float]:
        """Return the seconds of tests that pass and are short."""
        return {
            name: seconds
            for name, seconds in self.seconds.items()
            if self.right[name] and seconds <= longest
        }

    def through(
        self, one: Mutant, quick: dict[str, float], budget: float, line: int | None
    ) -> list[str]:
        """Return the tests that go through a line or, where none does, through its module.

        Of what runs once for all tests the line is None: only the first test was seen in it.
        """
        lines = self.lines.get(one.path, {})
        names = {name for name in lines.get(line or 0, ()) if name in quick}
        names = names or {name for each in lines.values() for name in each if name in quick}
        package = one.path.split("/")[2]
        stem = Path(one.path).stem
        order = sorted(
            names,
            key=lambda name: (f"test_{stem}" not in name, f"/{package}" not in name, quick[name]),
        )
        kept, total = [], 0.0
        for name in order:
            total += quick[name]
            if total > budget:
                break
            kept.append(name)
        return kept


class Chosen:
    """What has pytest run some tests in an order."""

    def __init__(self, names: list[str]) -> None:
        self.places = {name: at for at, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep them."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.places),
            key=lambda item: self.places[item.nodeid],
        )


@dataclass(frozen=True)
class Finder(MetaPathFinder, Loader):
    """What imports a faulty module."""

    one: Mutant

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Return how the module is imported."""
        if name != self.one.module:
            return None
        path = str(REPOSITORY / self.one.path)
        return spec_from_loader(name, self, origin=path)

    def exec_module(self, module: ModuleType) -> None:
        """Run the faulty code."""
        module.__file__ = str(REPOSITORY / self.one.path)
        exec(_compiled(self.one.code, module.__file__), module.__dict__)  # noqa: S102


def digest(paths: list[Path]) -> str:
    """Return a hash of files."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def compiled(one: Mutant) -> tuple[CodeType, CodeType]:
    """Return the code of a module without and with the fault."""
    path = REPOSITORY / one.path
    return _compiled(path.read_text("utf-8"), str(path)), _compiled(one.code, str(path))


def _compiled(code: str, path: str) -> CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of faults, as `is` before a literal
        return compile(code, path, "exec")


def differing(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """Return the functions that differ, None where what runs at import does."""
    found = []
    function = bool(old.co_flags & OPTIMIZED)
    nested, others = parts(old), parts(new)
    if not function and (own(old) != own(new) or len(nested) != len(others)):
        return None
    if function and old != new:
        if old.co_freevars != new.co_freevars:
            return None
        found.append((old, new))
    for one, other in zip(nested, others, strict=False):
        inner = differing(one, other)
        if inner is None and not function:
            return None
        found += inner or []
    return found


def is_kept(one: Mutant) -> bool:
    """Return whether a fault is in a function whose answers are kept, so that it runs once."""
    lines = (REPOSITORY / one.path).read_text("utf-8").split("\n")
    pairs = differing(*compiled(one)) or ()
    return any("cache" in lines[old.co_firstlineno - 1] for old, _ in pairs)


def place(code: CodeType) -> tuple[str, int]:
    """Return what tells a function from all others of its module."""
    return code.co_qualname, code.co_firstlineno


def parts(code: CodeType) -> list[CodeType]:
    """Return the code of what is defined within."""
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def own(code: CodeType) -> tuple[Any, ...]:
    """Return what a piece of code does itself."""
    constants = [repr(each) for each in code.co_consts if not isinstance(each, CodeType)]
    return code.co_code, code.co_names, constants


def forked(work: Callable[[], Any]) -> Any:
    """Return what is worked out in a fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            with quiet(), os.fdopen(writing, "wb") as stream:
                pickle.dump(work(), stream)
        except Exception:  # noqa: BLE001  # told here, for nobody else can
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        found = pickle.load(stream)
    os.waitpid(child, 0)
    return found


def ended(run: Callable[[], None]) -> str:
    """Return how a run in a fork ends; what it started is ended with it."""
    child = os.fork()
    if not child:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR + 5))
        with quiet():
            try:
                run()
            finally:
                os._exit(1)
    until = time.monotonic() + WALL
    status: int | None = None
    while status is None and time.monotonic() < until:
        found, code = os.waitpid(child, os.WNOHANG)
        status = code if found else None
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        os.waitpid(child, 0)
        return ENDLESS
    if os.WIFSIGNALED(status):
        return ENDLESS if os.WTERMSIG(status) == signal.SIGXCPU else KILLED
    return KILLED if os.WEXITSTATUS(status) else SURVIVED


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let nothing be printed."""
    with open(os.devnull, "w") as nothing:  # noqa: PTH123
        kept = os.dup(2)
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
