"""The inputs that fuzzing has learned, kept as one small archive a form."""

import hashlib
import io
import sys
import zipfile
from pathlib import Path
from types import FrameType
from typing import Any

import jobclf
from tests.fuzz import targets

FOLDER = Path(__file__).parent / "corpus"
LARGEST = 60_000  # bytes of an archive
_PACKAGE = str(Path(jobclf.__file__).parent)
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # so that the same inputs make the same archive

Steps = set[tuple[Any, int, int]]


def kept(form: str) -> list[bytes]:
    """Return the inputs of a form, or those it begins with where none are kept."""
    path = FOLDER / f"{form}.zip"
    if not path.exists():
        return list(targets.beginnings(form).documents)
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]


def keep(form: str, inputs: list[bytes], place: Path) -> int:
    """Keep the shortest inputs that go through all of jobclf that any does; return how many."""
    do = targets.target(form, place)
    for content in targets.beginnings(form).documents:
        targets.run(do, content)  # what is imported and kept counts for none
    seen: Steps = set()
    target = io.BytesIO()
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for content in sorted(set(inputs), key=lambda each: (len(each), each)):
            found = _steps(do, content)
            if found <= seen or target.tell() + len(content) > 2 * LARGEST:
                continue
            seen |= found
            name = hashlib.sha256(content).hexdigest()[:12]
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), content, zipfile.ZIP_DEFLATED)
            count += 1
            if target.tell() > LARGEST:
                break
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{form}.zip").write_bytes(target.getvalue())
    return count


def _steps(do: targets.Target, content: bytes) -> Steps:
    """Return the steps from line to line that an input takes in jobclf."""
    found: Steps = set()

    def entered(frame: FrameType, _: str, __: object) -> Any:
        code = frame.f_code
        if not code.co_filename.startswith(_PACKAGE):
            return None
        last = 0

        def stepped(frame: FrameType, event: str, _: object) -> Any:
            nonlocal last
            if event == "line":
                found.add((code, last, frame.f_lineno))
                last = frame.f_lineno
            return stepped

        return stepped

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        targets.run(do, content)
    except Exception:  # noqa: BLE001  # a fault, which has been told
        return set()
    finally:
        sys.settrace(before)
    return found
