"""What each way to many answers takes beside the next one below it, by ratio of processor time.

usage: python -m benchmarks.ways [--corpora DIR] [--rows N] [--rounds N]

The kernel alone, `predict_many`, `predict_arrow`, and tables from file to file, on the same texts:
those of DIR/read.parquet, else of data/labeled_postings. Everyone has a turn in each round, in one
process, so that what else the machine does blurs ratios little; the least time of each counts.
"""

import argparse
import gc
import json
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

import jobclf

ROOT = Path(__file__).parents[1]
BARS = {
    "predict_many": ("kernel", 1.2),
    "Parquet": ("predict_many", 1.1),
    "CSV": ("predict_many", 1.6),
    "JSON lines": ("predict_many", 1.5),
}
_TOGETHER = 256  # texts, as many as predict_many takes


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpora", type=Path, help="folder with read.parquet")
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5, help="how often everyone has a turn")
    options = parser.parse_args()
    if options.corpora:
        column = parquet.read_table(options.corpora / "read.parquet", columns=["text"])["text"]
        given = column.to_pylist()
    else:
        files = sorted((ROOT / "data/labeled_postings").glob("*/*.txt"))
        given = [path.read_text(encoding="utf-8") for path in files]
    texts = [f"Reference {at}. {given[at % len(given)]}" for at in range(options.rows)]
    with tempfile.TemporaryDirectory() as folder:
        turns = _turns(texts, Path(folder))
        taken: dict[str, list[float]] = {name: [] for name in turns}
        for number in range(options.rounds + 1):
            for name, turn in turns.items():
                gc.collect()
                began = time.process_time()
                turn()
                if number:  # what is made at the first call does not count
                    taken[name].append(time.process_time() - began)
    least = {name: min(times) for name, times in taken.items()}
    print(f"{len(texts):,} postings of {sum(map(len, texts)) / len(texts):,.0f} characters")
    print(f"{'':16}{'us each':>9}{'ratio':>8}{'bar':>7}")
    for name, seconds in least.items():
        line = f"{name:16}{1e6 * seconds / len(texts):9.1f}"
        if name in BARS:
            other, bar = BARS[name]
            line += f"{seconds / least[other]:8.2f}{bar:7.1f} x {other}"
        print(line)


def _turns(texts: list[str], folder: Path) -> dict[str, Callable[[], object]]:
    model = jobclf.load_model()
    table = pa.table({"number": range(len(texts)), "text": texts})
    parquet.write_table(table, folder / "in.parquet", compression="zstd")
    csv.write_csv(table, folder / "in.csv")
    with (folder / "in.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_pylist())

    def kernel() -> None:
        source = iter(texts)
        while batch := list(islice(source, _TOGETHER)):
            model.scores(model.lexicon.count(batch))

    def predicted(ending: str) -> Callable[[], object]:
        paths = folder / f"in.{ending}", folder / f"out.{ending}"
        return lambda: jobclf.predict_table(paths[0], output=paths[1])

    return {
        "kernel": kernel,
        "predict_many": lambda: list(jobclf.predict_many(texts)),
        "predict_arrow": lambda: jobclf.predict_arrow(table["text"]),
        "Parquet": predicted("parquet"),
        "CSV": predicted("csv"),
        "JSON lines": predicted("jsonl"),
    }


if __name__ == "__main__":
    main()
