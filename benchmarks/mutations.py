"""Put small faults into the sources one by one, and see whether the tests see them.

usage: python -m benchmarks.mutations [NUMBER] [SEED] [FIGURES]

NUMBER (200) faults are drawn from all that cosmic-ray knows to make in the modules below, types of
parameters left out, for a type that cannot be made ends the import and tells nothing of the tests.
Each is put into a process of its own, which runs the tests that go through the line, the quickest
first. Those that no test sees are printed as a difference. Written to FIGURES
(benchmarks/figures/mutations.json), which a later run takes what was killed from.
"""

import ast
import collections
import difflib
import hashlib
import itertools
import json
import sys
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from benchmarks.mutation_tests import Mutant, watch

REPOSITORY = Path(__file__).parents[1]
FIGURES = Path(__file__).parent / "figures" / "mutations.json"
SOURCES = REPOSITORY / "src" / "jobclf"
MUTATED = ("classifier", "text", "training/calibration.py", "tables/columns.py")
SURVIVED = "survived"

Fault = tuple[str, str, int]  # path, kind, the how manieth of its kind there


@dataclass(frozen=True)
class Outcome:
    """What became of a fault."""

    fault: Fault
    source: str  # of which source, as a hash
    outcome: str
    change: str


def main(number: str = "200", seed: str = "1", figures: str = str(FIGURES)) -> None:
    """Draw faults, try each, and count."""
    possible = [each for path in modules() for each in faults(path)]
    # Drawn by their names, so that a change of one module leaves those drawn from all others.
    possible.sort(key=lambda fault: hashlib.sha256(f"{seed} {fault}".encode()).digest())
    made = (mutant(fault) for fault in possible)
    drawn = list(itertools.islice((one for one in made if one is not None), int(number)))
    print(f"{len(drawn)} of {len(possible)} faults", flush=True)
    path = Path(figures)
    before = read(path)
    outcomes: dict[Fault, Outcome] = {}
    mutants = []
    for one in drawn:
        fault = (one.path, one.kind, one.occurrence)
        known = before.get(fault)
        source = digest(REPOSITORY / one.path)
        if known and known.source == source and known.outcome != SURVIVED:
            outcomes[fault] = known
        else:
            mutants.append(one)

    def told(one: Mutant, outcome: str, seconds: float) -> None:
        fault = (one.path, one.kind, one.occurrence)
        source = digest(REPOSITORY / one.path)
        outcomes[fault] = Outcome(fault, source, outcome, "" if outcome != SURVIVED else one.change)
        print(f"{outcome}  {seconds:5.1f} s  {one.path}:{one.line} {one.kind}", flush=True)
        if outcome == SURVIVED:
            print(one.change, flush=True)
        keep(path, outcomes, len(possible))

    watch(mutants, told)
    keep(path, outcomes, len(possible))
    counted = collections.Counter(each.outcome for each in outcomes.values())
    dead = len(outcomes) - counted[SURVIVED]
    print(f"{dead} of {len(outcomes)} died, {dead / max(1, len(outcomes)):.1%}; {dict(counted)}")


def read(path: Path) -> dict[Fault, Outcome]:
    """Return what is known of an earlier run."""
    if not path.exists():
        return {}
    rows = json.loads(path.read_text("utf-8"))["outcomes"]
    made = [Outcome(**row | {"fault": (*row["fault"],)}) for row in rows]
    return {each.fault: each for each in made}


def keep(path: Path, outcomes: dict[Fault, Outcome], possible: int) -> None:
    """Write what is known so far."""
    dead = sum(each.outcome != SURVIVED for each in outcomes.values())
    kept = {"possible": possible, "tried": len(outcomes), "killed": dead}
    rows = ",\n".join(json.dumps(asdict(outcomes[fault])) for fault in sorted(outcomes))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{json.dumps(kept)[:-1]}, "outcomes": [\n{rows}\n]}}\n', encoding="utf-8")


def modules() -> list[Path]:
    """Return the modules that are mutated."""
    found = []
    for name in MUTATED:
        place = SOURCES / name
        found += [place] if place.is_file() else sorted(place.glob("*.py"))
    return found


def digest(path: Path) -> str:
    """Return a hash of a source."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def faults(path: Path) -> list[Fault]:
    """Return all faults that can be made in a module, types left out."""
    code = path.read_text("utf-8")
    nodes, types = list(ast_nodes(get_ast(code))), annotations(code)
    name = path.relative_to(REPOSITORY).as_posix()
    found = []
    for kind in operator_names():
        operator = get_operator(kind)
        if operator.arguments():
            continue
        positions = [each for node in nodes for each in operator().mutation_positions(node)]
        found += [
            (name, kind, at)
            for at, (start, end) in enumerate(positions)
            if not any(first <= start and end <= last for first, last in types)
        ]
    return found


def annotations(code: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where types stand: line and column of begin and end."""
    places: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.arg | ast.AnnAssign):
            places.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            places.append(node.returns)
    return [
        ((each.lineno, each.col_offset), (each.end_lineno or 0, each.end_col_offset or 0))
        for each in places
        if each is not None
    ]


def mutant(fault: Fault) -> Mutant | None:
    """Make the fault, None where that is no Python, as `**` for the `*` before named parameters."""
    path, kind, occurrence = fault
    code = (REPOSITORY / path).read_text("utf-8")
    changed = mutate_code(code, get_operator(kind)(), occurrence)
    try:
        compile(changed or "", path, "exec")
    except SyntaxError:
        return None
    if not changed or changed == code:
        return None
    lines, others = code.split("\n"), changed.split("\n")
    different = (at for at, (a, b) in enumerate(zip(lines, others, strict=False), 1) if a != b)
    change = "\n".join(difflib.unified_diff(lines, others, path, kind, "", "", 0))
    return Mutant(path, kind, occurrence, changed, next(different, len(lines)), change)


if __name__ == "__main__":
    warnings.simplefilter("ignore", SyntaxWarning)  # of faults
    if len(sys.argv) > 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
