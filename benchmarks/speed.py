"""Measure the speed of the kernel and of start-up against peers, in one run on the same texts.

usage: python -m benchmarks.speed [--corpora DIR] [--json FILE] [--rounds N] [--callgrind]

The texts are those of DIR/read.parquet, else those of data/labeled_postings. All figures are
medians of rounds in which everyone has a turn, in processor time on one core, so that what else the
machine does blurs them little. `--callgrind` counts instructions too, which takes minutes.
"""

import argparse
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import peers
from jobclf.classifier import model_file
from jobclf.classifier.kernel import TermTables
from jobclf.classifier.model import RoleModel
from jobclf.training import labeled_data

ROOT = Path(__file__).parents[1]
POSTINGS = 1000  # scored in a round
ONE_THREAD = {f"{pool}_NUM_THREADS": "1" for pool in ("OMP", "OPENBLAS", "MKL")}
BARS = {
    "scikit-learn, same terms, both heads": 12.0,
    "fastText, bigrams": 2.0,
    "Vowpal Wabbit, bigrams, tokenising": 1.0,
}
_NAIVE = """
import joblib, nltk, sys
from nltk.stem import SnowballStemmer
from sklearn.pipeline import Pipeline
model = joblib.load(sys.argv[1])
print(model.predict([open(sys.argv[2], encoding="utf-8").read()])[0])
"""
_FASTTEXT = """
import fasttext, sys
model = fasttext.load_model(sys.argv[1])
print(model.predict(open(sys.argv[2], encoding="utf-8").read().replace("\\n", " "))[0][0])
"""
_COMMAND = "from jobclf.cli.main import main; main()"  # as the installed script has it
_KERNEL = """
import json, sys
from jobclf.classifier.model_file import load_model
texts = json.load(open(sys.argv[1], encoding="utf-8"))
model = load_model()
model.scores(model.lexicon.count(texts[:64]))
model.scores(model.lexicon.count(texts[: int(sys.argv[2])]))
"""


def main() -> None:
    """Measure, print, and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpora", type=Path, help="folder with read.parquet")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    parser.add_argument("--rounds", type=int, default=7, help="how often everyone has a turn")
    parser.add_argument("--callgrind", action="store_true", help="count instructions as well")
    options = parser.parse_args()
    texts, targets = _texts(options.corpora)
    model = model_file.load_model()
    mean = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} postings of {mean:,.0f} characters, {len(model.terms):,} terms\n")
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
        figures = {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "characters": mean,
            "terms": len(model.terms),
            "throughput": throughput(model, texts, targets, options.rounds),
            "loading": loading(options.rounds),
            "growth": growth(model, texts, options.rounds),
            "start_up": start_up(texts, targets, options.rounds, Path(folder)),
        }
        if options.callgrind:
            figures["instructions"] = instructions(texts, Path(folder))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _texts(corpora: Path | None) -> tuple[list[str], np.ndarray]:
    """Return the texts, and which of them are an ML Engineer's."""
    if corpora is None:
        labelled = labeled_data.read(ROOT / "data" / "labeled_postings")
        texts, targets = list(labelled.texts), [role == "ml_engineer" for role in labelled.roles]
    else:
        import pyarrow.parquet as pq

        table = pq.read_table(corpora / "read.parquet", columns=["text", "label"])
        texts = table["text"].to_pylist()
        targets = [label == "MLE" for label in table["label"].to_pylist()]
    order = np.random.default_rng(0).permutation(len(texts))
    chosen = np.resize(order, POSTINGS)
    return [texts[at] for at in chosen], np.array(targets)[chosen]


def _medians(turns: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Return the median seconds of processor time of each, everyone having a turn in each round."""
    taken: dict[str, list[float]] = {name: [] for name in turns}
    for turn in turns.values():  # what is made at the first call does not count
        turn()
    for _ in range(rounds):
        for name, turn in turns.items():
            begun = time.process_time()
            turn()
            taken[name].append(time.process_time() - begun)
    return {name: float(np.median(times)) for name, times in taken.items()}


def throughput(
    model: RoleModel, texts: Sequence[str], targets: np.ndarray, rounds: int
) -> dict[str, float]:
    """Return the postings a second of the kernel and its peers."""
    scorers = peers.scorers(model, texts, targets)
    taken = _medians(
        {name: lambda score=score: score(texts) for name, score in scorers.items()}
        | {"jobclf predict_many": lambda: list(model.predict_many(texts))},
        rounds,
    )
    own = taken["jobclf kernel, both heads"]
    print(f"{'postings a second on one core':45}{'rate':>9}{'kernel is':>11}{'bar':>8}")
    for name, seconds in sorted(taken.items(), key=lambda item: item[1]):
        bar = f"{BARS[name]:.0f} x" if name in BARS else ""
        print(f"{name:45}{len(texts) / seconds:9,.0f}{seconds / own:9.1f} x{bar:>8}")
    return {name: len(texts) / seconds for name, seconds in taken.items()}


def loading(rounds: int) -> dict[str, float]:
    """Return the milliseconds that the parts of loading take."""
    content = model_file.bundled("jobclf").read_bytes()
    terms = model_file.from_bytes(content).terms
    taken = _medians(
        {
            "reading the model": lambda: model_file.from_bytes(content),
            "building its tables": lambda: TermTables(terms),
        },
        rounds,
    )
    print(f"\n{'loading':45}{'ms':>9}")
    for name, seconds in taken.items():
        print(f"{name:45}{1e3 * seconds:9.1f}")
    return {name: 1e3 * seconds for name, seconds in taken.items()}


def growth(model: RoleModel, texts: Sequence[str], rounds: int) -> dict[str, dict[str, float]]:
    """Return the microseconds a posting takes as there are more, longer ones, or more terms."""
    drawn = np.random.default_rng(0).permutation(len(model.terms))
    lexicons = {
        size: TermTables([model.terms[at] for at in np.sort(drawn[:size])])
        for size in (1_000, 10_000, len(model.terms))
    }

    def scored(cut: list[str]) -> Any:
        return model.scores(model.lexicon.count(cut))

    whole = "\n".join(texts)
    turns: dict[str, dict[str, tuple[Callable[[], Any], int]]] = {
        "postings": {
            f"{size:,}": (partial(_scored, model, texts, size), size)
            for size in (1, 10, 100, 1_000, 10_000)
        },
        "characters": {
            f"{size:,}": (
                partial(scored, [whole[at : at + size] for at in range(0, 2_000_000, size)]),
                len(range(0, 2_000_000, size)),
            )
            for size in (500, 2_000, 8_000, 32_000, 128_000)
        },
        "terms": {
            f"{size:,}": (partial(lexicon.count, texts), len(texts))
            for size, lexicon in lexicons.items()
        },
    }
    found = {}
    for name, sizes in turns.items():
        taken = _medians({size: turn for size, (turn, _) in sizes.items()}, min(rounds, 5))
        found[name] = {size: 1e6 * taken[size] / count for size, (_, count) in sizes.items()}
        print(f"\n{name:45}{'us each':>9}")
        for size, each in found[name].items():
            print(f"{size:45}{each:9.1f}")
    return found


def _scored(model: RoleModel, texts: Sequence[str], size: int) -> None:
    for first in range(0, size, len(texts)):
        model.scores(model.lexicon.count(texts[: size - first]))


def start_up(
    texts: Sequence[str], targets: np.ndarray, rounds: int, folder: Path
) -> dict[str, float]:
    """Return the seconds that one posting takes from nothing, for several ways to do it."""
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    posting = folder / "posting.txt"
    posting.write_text(texts[0], encoding="utf-8", errors="replace")
    naive = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=3), LogisticRegression())
    joblib.dump(naive.fit(texts, targets), folder / "naive.joblib")
    ways = {
        "import numpy, click": ["-c", "import numpy, click"],
        "jobclf predict posting.txt": ["-c", _COMMAND, "predict", str(posting)],
        "jobclf --help": ["-c", _COMMAND, "--help"],
        "scikit-learn + nltk script": ["-c", _NAIVE, str(folder / "naive.joblib"), str(posting)],
    }
    try:
        peers.fasttext_model(texts, targets).save_model(str(folder / "model.bin"))
        ways["fastText script"] = ["-c", _FASTTEXT, str(folder / "model.bin"), str(posting)]
    except ImportError:
        pass
    # Compiled modules are kept, as those of an installed package are; the first round makes them.
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment = os.environ | ONE_THREAD | compiled
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, arguments in ways.items():
            taken[name].append(_processor_seconds([sys.executable, *arguments], environment))
    found = {name: float(np.median(times[1:])) for name, times in taken.items()}
    least = found["import numpy, click"]
    print(f"\n{'start-up':45}{'ms':>9}{'of numpy + click':>18}")
    for name, seconds in found.items():
        print(f"{name:45}{1e3 * seconds:9.0f}{seconds / least:16.2f} x")
    ratio = found["scikit-learn + nltk script"] / found["jobclf predict posting.txt"]
    print(
        f"jobclf predict is {ratio:.1f} x faster than the script (bars: 1.3 x numpy + click, 10 x)"
    )
    return found


def _processor_seconds(command: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def instructions(texts: Sequence[str], folder: Path) -> dict[str, float]:
    """Return the instructions that the kernel spends on a posting, after Callgrind."""
    if shutil.which("valgrind") is None:
        print("\ninstructions are left out: valgrind is not installed")
        return {}
    path = folder / "texts.json"
    path.write_text(json.dumps(list(texts)), encoding="utf-8")
    few, many = (_instructions(path, count, folder) for count in (64, 320))
    each = (many - few) / 256
    print(f"\n{'instructions a posting':45}{each:9,.0f}")
    return {"each posting": each, "start and 64 postings": float(few)}


def _instructions(path: Path, count: int, folder: Path) -> int:
    tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder / 'callgrind.out'}"]
    done = subprocess.run(
        [*tool, sys.executable, "-c", _KERNEL, str(path), str(count)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | ONE_THREAD | {"PYTHONHASHSEED": "0"},
        cwd=ROOT,
    )
    counted = re.search(r"Collected : (\d+)", done.stderr)
    if counted is None:
        raise RuntimeError(f"callgrind said nothing: {done.stderr[-300:]}")
    return int(counted[1])


if __name__ == "__main__":
    main()
