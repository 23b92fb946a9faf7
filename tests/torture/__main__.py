"""Do to jobclf what strangers and accidents would, at length: `python -m tests.torture`."""

import argparse
import faulthandler
import sys
import tempfile
from pathlib import Path

from tests.torture import kills, laws, models, readers

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # each input is written: the disk is not what is tried
WHAT = ("models", "kills", "readers", "laws")


def main() -> None:
    """Run the long form and print the figures; exit with 1 where anything is a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("what", nargs="?", choices=WHAT, help="all without it")
    parser.add_argument("--flips", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the inputs that are faults")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    options = parser.parse_args()
    faulthandler.enable()
    wanted = WHAT if options.what is None else (options.what,)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        lines: list[str] = []
        faults = 0
        if "models" in wanted:
            lines += models.run(place / "canary", options.flips)
        if "kills" in wanted:
            lines += kills.run(place, options.kills, options.kills)
        if "readers" in wanted:
            if options.keep is not None:
                options.keep.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(
                dir=IN_MEMORY if IN_MEMORY.is_dir() else None
            ) as there:
                figures = readers.run(Path(there), options.inputs, options.seed, options.keep)
            lines += figures.lines()
            faults = len(figures.faults)
        if "laws" in wanted:
            lines += laws.run(options.corpora)
        sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
