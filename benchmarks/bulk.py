"""Measure Parquet to Parquet: rate and memory as tables, postings, terms and jobs grow.

usage: python -m benchmarks.bulk [--corpora DIR] [--rows N ...] [--rounds N] [--json FILE]

The tables repeat the texts of DIR/read.parquet, else those of data/labeled_postings, and are
written into a temporary folder. Everyone is a process of its own and has a turn in each round,
tables of over 100,000 rows in the first round only. All figures are medians of rounds. The time is
processor time, less that of a table of one row; for two jobs it is that of the busiest process, so
that what else the machine does blurs it little, and the time on the clock stands beside it. The
memory is the sum of the peaks of all processes, counted by Linux.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENT = os.environ | {f"{pool}_NUM_THREADS": "1" for pool in ("OMP", "OPENBLAS", "MKL")}
LARGE = 100_000  # rows above which a table is judged in one round only
GROUP = 20_000  # rows of a row group
MEGABYTES, FLAT, TWO_JOBS = 300, 1.15, 1.7  # the bars
_MAKE = """
import sys
from pathlib import Path
import pyarrow as pa
from pyarrow import parquet
source, target, rows, times, group = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
if source.endswith(".parquet"):
    texts = parquet.read_table(source, columns=["text"])["text"].to_pylist()
else:
    texts = [path.read_text() for path in sorted(Path(source).glob("*/*.txt"))]
if times < 0:  # cut rather than repeated
    texts = [text[: len(text) // -times] for text in texts]
schema = pa.schema([("number", pa.int64()), ("title", pa.string()), ("text", pa.string())])
with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
    for first in range(0, rows, group):
        numbers = range(first, min(first + group, rows))
        found = [
            f"Reference {number}. "
            + "\\n".join(texts[(number + more) % len(texts)] for more in range(max(times, 1)))
            for number in numbers
        ]
        columns = [pa.array(numbers), pa.array([None] * len(numbers), pa.string()), pa.array(found)]
        writer.write_table(pa.table(columns, schema=schema))
print(sum(map(len, texts)) / len(texts) * max(times, 1))
"""
_FEWER = """
import sys
from dataclasses import replace
import numpy as np
from jobclf.classifier import model_file
model = model_file.load_model()
count = int(sys.argv[2])
kept = np.sort(np.random.default_rng(0).permutation(len(model.terms))[:count])
def fewer(head):
    return replace(head, weights=head.weights[kept], precision=head.precision[kept])
terms, kinds = tuple(model.terms[at] for at in kept), bytes(model.kinds[at] for at in kept)
heads = {"role": fewer(model.role), "scope": fewer(model.scope)}
model_file.save_model(
    replace(model, terms=terms, idf=model.idf[kept], kinds=kinds, **heads), sys.argv[1]
)
print(len(kept))
"""
_SKLEARN = """
import sys
import numpy as np
import pyarrow as pa
from pyarrow import parquet
from benchmarks import peers
from jobclf.classifier import model_file
score = peers.same_terms(model_file.load_model())
file = parquet.ParquetFile(sys.argv[1])
schema = file.schema_arrow
for name in ("role", "scope"):
    schema = schema.append(pa.field(name, pa.float64()))
with parquet.ParquetWriter(sys.argv[2], schema, compression="zstd") as writer:
    for batch in file.iter_batches(512, use_threads=False):
        found = score(batch["text"].to_pylist())
        writer.write_batch(pa.RecordBatch.from_arrays([*batch.columns, *found], schema=schema))
"""


@dataclass
class Case:
    """A command that judges a table, and what its turns took."""

    name: str
    rows: int
    characters: float
    command: list[str]
    clock: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)  # of the processor, of the busiest process
    megabytes: list[float] = field(default_factory=list)

    def turn(self) -> None:
        """Run the command once."""
        began = time.perf_counter()
        with subprocess.Popen(
            self.command, cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.PIPE
        ) as ran:
            peaks: dict[int, tuple[float, float]] = {}
            while ran.poll() is None:
                peaks |= _peaks(ran.pid)
                time.sleep(0.02)
            self.clock.append(time.perf_counter() - began)
            if ran.returncode:
                sys.exit(f"{self.name}: {ran.communicate()[1].decode()[-500:]}")
        self.seconds.append(max(seconds for seconds, _ in peaks.values()))
        self.megabytes.append(sum(megabytes for _, megabytes in peaks.values()))

    @property
    def median(self) -> float:
        """Return the seconds of a turn."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        """Return the most megabytes of a turn."""
        return max(self.megabytes)


def _peaks(pid: int) -> dict[int, tuple[float, float]]:
    """Return processor seconds and peak megabytes, so far, of a process and its children."""
    found: dict[int, tuple[float, float]] = {}
    about = Path(f"/proc/{pid}")
    try:
        used = (about / "stat").read_text().rpartition(")")[2].split()
        seconds = (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")
        for line in (about / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                found[pid] = (seconds, int(line.split()[1]) / 1024)
        for task in (about / "task").iterdir():
            for child in (task / "children").read_text().split():
                found |= _peaks(int(child))
    except OSError:  # it has ended
        pass
    return found


def main() -> None:
    """Measure, print, and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpora", type=Path, help="folder with read.parquet")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5, help="how often everyone has a turn")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    options = parser.parse_args()
    source = options.corpora / "read.parquet" if options.corpora else ROOT / "data/labeled_postings"
    with tempfile.TemporaryDirectory() as name:
        empty, groups = _cases(Path(name), source.resolve(), sorted(options.rows))
        cases = [empty, *(case for group in groups.values() for case in group)]
        for number in range(options.rounds):
            for case in cases:
                if number == 0 or case.rows <= LARGE:
                    case.turn()
                    if sys.stderr.isatty():
                        print(f"\rround {number + 1}: {case.name:60}", end="", file=sys.stderr)
    figures = _told(empty, groups)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _cases(folder: Path, source: Path, sizes: list[int]) -> tuple[Case, dict[str, list[Case]]]:
    """Write the tables and the models; return the table of one row, and what is compared."""

    def table(rows: int, times: int = 1) -> tuple[Path, float]:
        path = folder / f"{rows}_{times}.parquet"
        return path, float(_ran(_MAKE, str(source), str(path), rows, times, GROUP))

    def predicted(name: str, rows: int, made: tuple[Path, float], *words: str) -> Case:
        path, characters = made
        target = str(folder / "out.parquet")
        command = [sys.executable, "-m", "jobclf", "predict", str(path), "--output", target]
        return Case(name, rows, characters, [*command, *words])

    least = sizes[0]
    tables = {rows: table(rows) for rows in sizes}
    groups = {
        "postings": [predicted(f"{rows:,} rows", rows, tables[rows]) for rows in sizes],
        "two jobs": [
            predicted(f"{rows:,} rows, --jobs 2", rows, tables[rows], "--jobs", "2")
            for rows in sizes
        ],
    }
    groups["characters"] = []
    for times in (-4, 1, 4, 16):
        rows = max(4 * least // max(times, 1), 1)
        made = table(rows, times)
        groups["characters"].append(predicted(f"{made[1]:,.0f} characters each", rows, made))
    groups["terms"] = []
    for terms in (1_000, 10_000):
        path = str(folder / f"{terms}.joblib")
        kept = int(_ran(_FEWER, path, terms))
        case = predicted(f"{kept:,} terms", least, tables[least], "--model", path)
        groups["terms"].append(case)
    smallest, characters = tables[least]
    command = [sys.executable, "-c", _SKLEARN, str(smallest), str(folder / "out.parquet")]
    peer = "scikit-learn, same terms, both heads"
    groups["peers"] = [Case(f"{least:,} rows, {peer}", least, characters, command)]
    return predicted("1 row", 1, table(1)), groups


def _ran(code: str, *words: object) -> str:
    command = [sys.executable, "-c", code, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def _told(empty: Case, groups: dict[str, list[Case]]) -> dict[str, object]:
    """Print what was measured and how it stands to the bars; return it."""
    print(
        f"{'':44}{'us each':>9}{'postings/s':>11}{'MB/s':>7}"
        f"{'clock s':>9}{'peak MB':>9}{'turns':>7}"
    )
    figures: dict[str, object] = {"start_up_seconds": empty.median}
    for group, cases in groups.items():
        found = {}
        print(group)
        for case in cases:
            taken = max(case.median - empty.median, 1e-9)
            clock = statistics.median(case.clock)
            found[case.name] = {
                "rows": case.rows,
                "postings_per_second": case.rows / taken,
                "characters_each": case.characters,
                "peak_megabytes": case.peak,
                "processor_seconds": case.seconds,
                "clock_seconds": case.clock,
            }
            speed = case.rows * case.characters / taken / 1e6
            print(
                f"  {case.name:42}{1e6 * taken / case.rows:9.1f}{case.rows / taken:11,.0f}"
                f"{speed:7.1f}{clock:9.1f}{case.peak:9.0f}{len(case.seconds):7}"
            )
        figures[group] = found
    one, two = groups["postings"], groups["two jobs"]
    first, second = one[-1], two[-1]
    busiest = (first.median - empty.median) / (second.median - empty.median)
    clock = statistics.median(first.clock) / statistics.median(second.clock)
    growth = one[-1].peak / one[0].peak
    print(f"\n1 row, whose time is taken off all others: {empty.median:.2f} s, {empty.peak:.0f} MB")
    print(
        f"--jobs 2 at {first.rows:,} rows: {busiest:.2f} x by the busiest process, "
        f"{clock:.2f} x by the clock, start and all (bar: {TWO_JOBS} x)"
    )
    print(f"peak of {one[-1].name}: {one[-1].peak:.0f} MB (bar: {MEGABYTES} MB)")
    print(f"which is {growth:.2f} x that of {one[0].name} (bar: {FLAT} x)")
    ratios = {"busiest": busiest, "clock": clock, "memory_growth": growth}
    return figures | {"ratios": ratios}


if __name__ == "__main__":
    main()
