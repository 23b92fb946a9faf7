"""One form fuzzed by atheris in this process, which it ends: `python -m tests.fuzz` starts it."""

import contextlib
import faulthandler
import hashlib
import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from pathlib import Path

LONGEST = 20_000  # bytes of an input
SECONDS = 5.0  # of the processor, for one input; the code is slowed here by what watches it
MEGABYTES = 1500  # of what watches and remembers, which grows with every input: then begin anew


class OutOfTimeError(BaseException):
    """An input took too long; no `except Exception` may swallow it."""


class _Watched:
    """Tries inputs until its time is over, and keeps those that are faults."""

    def __init__(self, form: str, place: Path, seconds: float) -> None:
        from tests.fuzz import targets

        self._form, self._place = form, place
        (place / "work").mkdir(exist_ok=True)
        self._run, self._do = targets.run, targets.target(form, place / "work")
        self._end = time.process_time() + seconds
        self._kinds: set[str] = set()
        self._slowest, self._tried = 0.0, 0
        signal.signal(signal.SIGPROF, self._late)

    @staticmethod
    def _late(*_: object) -> None:
        raise OutOfTimeError

    def once(self, content: bytes) -> None:
        """Try one input."""
        start = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            self._run(self._do, content)
        except (Exception, OutOfTimeError) as error:  # noqa: BLE001  # what is looked for
            self._keep(content, error)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        now = time.process_time()
        self._tried += 1
        self._slowest = max(self._slowest, now - start)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        if now > self._end or memory > MEGABYTES:
            told = {"tried": self._tried, "slowest": self._slowest, "memory": memory, "took": now}
            (self._place / "figures").write_text(json.dumps(told), encoding="ascii")
            os._exit(0)

    def _keep(self, content: bytes, error: BaseException) -> None:
        """Keep the first input of each kind of fault."""
        steps = traceback.extract_tb(error.__traceback__)
        own = [each for each in steps if "/jobclf/" in each.filename] or steps
        kind = f"{type(error).__name__} at {Path(own[-1].filename).name}:{own[-1].lineno}"
        if kind not in self._kinds:
            self._kinds.add(kind)
            name = f"{self._form}-{hashlib.sha256(content).hexdigest()[:12]}"
            (self._place / "faults" / name).write_bytes(content)
            told = "".join(traceback.format_exception(error))
            path = self._place / "faults" / f"{name}.txt"
            path.write_text(f"{kind}\n{told}", encoding="utf-8", errors="replace")


def main(form: str, place: Path, seconds: float, seed: int) -> None:
    """Fuzz one form for so many seconds of the processor, from the inputs in `place`/corpus."""
    import atheris

    with atheris.instrument_imports(include=["jobclf", "pypdf", "email"]):
        from tests.fuzz import targets
        from tests.torture import mutations
    faulthandler.enable()
    given = targets.beginnings(form)

    def changed(content: bytes, most: int, number: int) -> bytes:
        """Change an input as the form's documents are changed, or byte by byte."""
        rng = random.Random(number)  # noqa: S311
        if rng.random() < 0.5:
            # An archive that is damaged cannot be packed again.
            with contextlib.suppress(Exception):
                return mutations.mutated(rng, content, given)[:most]
        return bytes(atheris.Mutate(content, most))

    options = [
        f"-max_len={LONGEST}",
        f"-seed={seed}",
        "-timeout=300",  # of waiting; what the processor takes is counted by `_Watched`
        "-rss_limit_mb=2500",
        f"-artifact_prefix={place}/ended/",
        str(place / "corpus"),
    ]
    watched = _Watched(form, place, seconds)
    atheris.Setup([sys.argv[0], *options], watched.once, custom_mutator=changed)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
