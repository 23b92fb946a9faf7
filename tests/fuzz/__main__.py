"""Fuzz readers, model files and requests with atheris: `python -m tests.fuzz [FORM …]`.

It starts from the inputs that `tests/fuzz/corpus` keeps, and keeps there what it learns. Needs
`pip install --group fuzz`; two hours of the processor without options.
"""

import argparse
import contextlib
import importlib.util
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz import corpus, targets

# What these are parsed by may end its process, which is one of its own for that.
_APART = frozenset({"excel", "sqlite"})
_RESTARTS = 20  # of a form whose process ends again and again


def main() -> None:
    """Fuzz, print figures by form, and exit with 1 where there is a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("forms", nargs="*", metavar="FORM", help=", ".join(targets.FORMS))
    parser.add_argument("--seconds", type=float, default=480, help="of the processor, for each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=Path, default=Path("faults"), help="where they are kept")
    options = parser.parse_args()
    if unknown := set(options.forms) - set(targets.FORMS):
        parser.error(f"no form is called {', '.join(sorted(unknown))}")
    if importlib.util.find_spec("atheris") is None:
        sys.exit("atheris is missing; `pip install --group fuzz`")
    faults = 0
    for form in options.forms or targets.FORMS:
        with tempfile.TemporaryDirectory() as name:
            faults += _fuzzed(form, Path(name), options)
    sys.stdout.write(f"faults: {faults}\n")
    sys.exit(faults > 0)


def _fuzzed(form: str, place: Path, options: argparse.Namespace) -> int:
    for folder in ("corpus", "faults", "ended"):
        (place / folder).mkdir()
    given = corpus.kept(form)
    for number, content in enumerate(given):
        (place / "corpus" / f"{number}").write_bytes(content)
    figures = place / "figures"
    known = {"tried": 0, "slowest": 0.0, "memory": 0, "took": 0.0}
    ended = 0
    for start in itertools.count():
        figures.unlink(missing_ok=True)
        left = options.seconds - known["took"]
        words = [form, str(place), str(left), str(options.seed + start)]
        command = [sys.executable, "-m", "tests.fuzz.learning", *words]
        with (place / "log").open("wb") as log:
            subprocess.run(command, stdout=log, stderr=log, check=False)  # noqa: S603
        if figures.exists():
            now = json.loads(figures.read_bytes())
            known = {
                name: max(known[name], now[name])
                if name in ("slowest", "memory")
                else known[name] + now[name]
                for name in known
            }
            if known["took"] >= options.seconds:
                break
        elif (ended := ended + 1) == _RESTARTS or form not in _APART:
            break
    inputs = [path.read_bytes() for path in (place / "corpus").iterdir()]
    with contextlib.chdir(place):  # where the server works goes with it
        count = corpus.keep(form, given + inputs, place)
    found = [*(place / "faults").iterdir()]
    if form not in _APART:
        found += (place / "ended").iterdir()
    if not figures.exists() and form not in _APART:
        found.append(place / "log")
    for path in found:
        options.faults.mkdir(exist_ok=True)
        (options.faults / f"{form}-{path.name}").write_bytes(path.read_bytes())
        sys.stdout.write(f"fault of {form}: {options.faults / f'{form}-{path.name}'}\n")
    sys.stdout.write(
        f"{form}: {known['tried']:,} inputs, slowest {known['slowest']:.2f} s, "
        f"{known['memory']} MB, {count} of {len(inputs)} kept\n"
    )
    sys.stdout.flush()
    return len(found)


if __name__ == "__main__":
    main()
