"""Do to jobclf what strangers and accidents would, at length: `python -m tests.torture`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests import torture_kills, torture_models


def main() -> None:
    """Run the long form and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["models", "kills"], help="all without it")
    parser.add_argument("--flips", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        lines = []
        if options.what != "kills":
            lines += torture_models.run(place / "canary", options.flips)
        if options.what != "models":
            lines += torture_kills.run(place, options.kills, options.kills)
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
