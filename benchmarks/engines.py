"""What a posting takes in engines that hand batches of rows to `predict_arrow`.

usage: python -m benchmarks.engines [--corpora DIR] [--rows N] [ENGINE ...]

Each engine reads the same Parquet file, with the texts of DIR/read.parquet, else of
data/labeled_postings, and counts the answers, with one worker. It does so twice, and the second
time counts: what is started and loaded at first does not. The time is that of the processor, of the
process and all that it has started (Linux). Those that are not installed are left out by name.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

import jobclf

ROOT = Path(__file__).parents[1]
TOGETHER = 512  # rows of a batch
GROUP = 5000  # rows of a row group


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpora", type=Path, help="folder with read.parquet")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument(
        "engines", nargs="*", metavar="ENGINE", help=f"some of {', '.join(ENGINES)}"
    )
    options = parser.parse_args()
    os.environ |= {f"{pool}_NUM_THREADS": "1" for pool in ("OMP", "OPENBLAS", "MKL")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "postings.parquet"
        mean = _write(path, options.corpora, options.rows)
        print(f"{options.rows:,} postings of {mean:,.0f} characters")
        print(f"{'':22}{'us each':>9}{'a second':>10}{'by the clock':>14}")
        for name in options.engines or ENGINES:
            try:
                engine = ENGINES[name](str(path))
            except ImportError as error:
                print(f"{name:22}left out: {error.name} is not installed")
                continue
            _measured(name, engine, options.rows)


def _measured(name: str, engine: Callable[[], int], rows: int) -> None:
    engine()
    clock, before = time.perf_counter(), _processor_seconds()
    counted = engine()
    taken, clock = _processor_seconds() - before, time.perf_counter() - clock
    if counted != rows:
        raise RuntimeError(f"{name} answered {counted} of {rows} rows")
    print(f"{name:22}{1e6 * taken / rows:9.1f}{rows / taken:10,.0f}{clock:12.1f} s", flush=True)


def _write(path: Path, corpora: Path | None, rows: int) -> float:
    """Write a table of texts, and return their mean length."""
    if corpora is not None:
        given = parquet.read_table(corpora / "read.parquet", columns=["text"])["text"].to_pylist()
    else:
        files = sorted((ROOT / "data/labeled_postings").glob("*/*.txt"))
        given = [each.read_text("utf-8") for each in files]
    texts = [f"Reference {at}. {given[at % len(given)]}" for at in range(rows)]
    table = pa.table({"text": texts})
    parquet.write_table(table, path, compression="zstd", row_group_size=GROUP)
    return sum(map(len, texts)) / rows


def _processor_seconds() -> float:
    """Return the seconds of this process and of all below it, those that have ended too."""
    parents, seconds = dict[int, int](), dict[int, float]()
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = each.read_text().rpartition(") ")[2].split()
        except OSError:  # it has just ended
            continue
        number = int(each.parent.name)
        parents[number] = int(fields[1])
        seconds[number] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def is_ours(number: int) -> bool:
        while number > 1 and number != os.getpid():
            number = parents.get(number, 0)
        return number == os.getpid()

    return sum(taken for number, taken in seconds.items() if is_ours(number))


def _itself(path: str) -> Callable[[], int]:
    output = f"{path}.out.parquet"

    def predicted() -> int:
        return jobclf.predict_table(path, output=output).tally.postings

    return predicted


def _polars(path: str) -> Callable[[], int]:
    pl: Any = import_module("polars")
    answers = pl.from_arrow(jobclf.ARROW_SCHEMA.empty_table()).schema

    def predicted() -> int:
        found = pl.scan_parquet(path).map_batches(
            lambda part: pl.from_arrow(jobclf.predict_arrow(part["text"])), schema=answers
        )
        return int(found.select(pl.len()).collect().item())

    return predicted


def _duckdb(path: str) -> Callable[[], int]:
    duckdb: Any = import_module("duckdb")
    connection = duckdb.connect(config={"threads": 1})
    connection.create_function(
        "answer",
        lambda texts: jobclf.predict_arrow(texts)["answer"],
        ["VARCHAR"],
        "VARCHAR",
        type="arrow",
        null_handling="special",
    )

    def predicted() -> int:
        found = connection.sql(f"select answer(text), count(*) from '{path}' group by 1")  # noqa: S608
        return sum(count for _, count in found.fetchall())

    return predicted


def _dask(path: str) -> Callable[[], int]:
    import dask.dataframe

    answers = jobclf.ARROW_SCHEMA.empty_table().to_pandas()

    def predicted() -> int:
        frame = dask.dataframe.read_parquet(path, split_row_groups=True)
        found = frame.map_partitions(
            lambda part: jobclf.predict_arrow(part["text"]).to_pandas(), meta=answers
        )
        return len(found.compute(scheduler="synchronous"))

    return predicted


def _spark(path: str) -> Callable[[], int]:
    from pyspark.sql import SparkSession

    building = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    building = building.config("spark.sql.execution.arrow.maxRecordsPerBatch", TOGETHER)
    spark = building.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")

    def answered(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield jobclf.predict_arrow(batch["text"]).select(["answer", "confidence"])

    def predicted() -> int:
        frame = spark.read.parquet(path)
        found = frame.mapInArrow(answered, "answer string, confidence double")
        return sum(row["count"] for row in found.groupBy("answer").count().collect())

    return predicted


def _ray(path: str) -> Callable[[], int]:
    import ray
    import ray.data

    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False

    def answered(batch: Any) -> Any:
        return pa.Table.from_batches([jobclf.predict_arrow(batch["text"])])

    def predicted() -> int:
        data = ray.data.read_parquet(path)
        found = data.map_batches(answered, batch_format="pyarrow", batch_size=TOGETHER)
        return int(found.materialize().count())

    return predicted


ENGINES: dict[str, Callable[[str], Callable[[], int]]] = {
    "jobclf": _itself,
    "Polars": _polars,
    "DuckDB": _duckdb,
    "Dask": _dask,
    "Spark": _spark,
    "Ray": _ray,
}

if __name__ == "__main__":
    main()
