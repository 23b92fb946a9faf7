"""Names, files and streams of any kind are one line of error or an answer, at once."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import mixed_folder, posting

LONG = "n" * 300
NAMES = {
    "300 letters": LONG,
    "in a folder of 300 letters": f"{LONG}/a",
    "NUL": "a\0b",
    "a surrogate": "none/a\udc80b",
    "3,000 folders": "/".join(["d"] * 3000),
}
READ = (
    "predict {}", "predict {}.csv", "predict {}.parquet", "predict {}.xlsx", "predict {}.db",
    "predict {}.jsonl.gz", "predict {}/*.txt", "predict {}*.csv", "predict **/{}*",
    "predict file://{}.csv", "predict p.txt --model {}", "predict t.csv --text-column {}",
    "predict t.csv --columns {}", "predict t.csv --sheet {}", "train t.csv --table {}",
    "train {}", "train {}.csv",
    "train {}*", "train t.csv --label-column {}", "train data --prior {}",
    "train data --prior seeds --unlabeled {}", "evaluate {}", "evaluate data --model {}",
    "audit {}", "audit data --prior {}", "label {}", "label t.csv --prior {}", "model {}",
    "schema {}", "serve --model {}", "serve --token-file {}",
)  # fmt: skip
WRITTEN = (
    "predict t.csv -o {}.csv", "predict t.csv -o {}.jsonl", "predict t.csv -o {}.parquet",
    "predict t.csv -o {}/", "predict t.csv -o {}", "predict t.csv -o file://{}/",
    "predict t.csv -o o.csv --keep other --rest {}.csv", "predict p.txt --html {}.html",
    "train data -o {}", "train data -o {}/my.joblib", "audit data --html {}.html",
    "evaluate data --plots {} --model {}", "label t.csv -o {}.jsonl",
)  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that commands are run in, with a posting, a table and labels."""
    monkeypatch.chdir(tmp_path)
    text = posting(Role.ML_ENGINEER, 1)
    (tmp_path / "p.txt").write_text(text)
    (tmp_path / "t.csv").write_text(f'text,label\n"{text}",mle\n')
    mixed_folder(tmp_path / "data", 2)
    return tmp_path


def param(words: str) -> Any:
    """Return a command as a case, slow where it loads a server."""
    return pytest.param(words, marks=[pytest.mark.slow] if words.startswith("serve") else [])


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("words", [*map(param, READ), *WRITTEN])
def test_a_name_is_refused_in_one_line(run: Run, here: Path, words: str, name: str) -> None:
    if words.endswith("{}/") and name == NAMES["a surrogate"]:
        pytest.skip("it stands for a byte, and a folder can be named so")
    before = sorted(here.rglob("*"))
    ran = run(*(word.format(name) for word in words.split()))
    assert ran.code in {1, 2}
    if ran.code == 1:
        assert len(ran.err.splitlines()) == 1, ran.err
    assert len(ran.err) < 2000 + 2 * len(name)
    # Folders on the way to a place may be made.
    assert [each for each in sorted(here.rglob("*")) if each not in before and each.is_file()] == []


@pytest.mark.parametrize("name", [LONG, "a\udc80b"], ids=["300 letters", "a surrogate"])
def test_a_prefix_is_kept_or_refused(run: Run, here: Path, name: str) -> None:
    ran = run("predict", here / "t.csv", "--prefix", name)
    assert ran.code == (0 if name == LONG else 1)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="names of bytes, pipes and devices are the system's")
def test_what_a_folder_holds_beside_postings_is_said_and_never_waited_for(
    run: Run, here: Path
) -> None:
    other = here / "data" / "other"
    os.mkfifo(other / "pipe.txt")
    (other / "zero.txt").symlink_to("/dev/zero")
    (other / "gone.txt").symlink_to("nowhere")
    (other / "loop.txt").symlink_to("loop.txt")
    (other / "up").symlink_to("..")
    with (other / "large.txt").open("wb") as stream:
        stream.truncate(33 << 20)
    named = os.fsencode(other) + b"/caf\xe9.txt"
    Path(os.fsdecode(named)).write_text(posting(Role.OTHER, 7))
    ran = run("predict", here / "data", "--summary")
    assert (ran.code, "4 special files" in ran.err) == (0, True)
    assert "large.txt: it is over 32 MB" in ran.err
    ran = run("train", here / "data", "--prior", "seeds", "-o", here / "my.joblib")
    assert (ran.code, "4 special files" in ran.err) == (0, True)
    assert "other/large.txt: it is over 32 MB" in ran.err
    for words in (["label", "-o", here / "l.jsonl"], ["audit", "--prior", "seeds"], ["evaluate"]):
        assert run(words[0], here / "data", *words[1:]).code in {0, 1}
    assert run("predict", here / "data").out.count(": ") >= 6


@pytest.mark.skipif(os.name != "posix", reason="permissions are the system's")
def test_a_folder_that_cannot_be_searched_is_said(run: Run, here: Path) -> None:
    (here / "data" / "other" / "locked").mkdir(mode=0)
    (here / "data" / "other" / "x.txt").touch(mode=0)
    if os.access(here / "data" / "other" / "x.txt", os.R_OK):
        pytest.skip("this user may read everything")
    ran = run("predict", here / "data", "--summary")
    assert (ran.code, "1 folders that cannot be searched" in ran.err) == (0, True)
    assert "x.txt: it cannot be read: Permission denied" in ran.err
    assert run("predict", here / "data" / "other" / "locked").code == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("words", ["predict t.csv", "--help"])
@pytest.mark.parametrize(
    ("streams", "code"),
    [(">&-", 0), ("2>&-", 0), ("<&- >&- 2>&-", 0), (">/dev/full", 1), (">/dev/full 2>&1", 1)],
)
@pytest.mark.slow
def test_streams_that_are_closed_or_full(here: Path, words: str, streams: str, code: int) -> None:
    command = f"exec {sys.executable} -m jobclf {words} {streams}"
    ran = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", command], cwd=here, capture_output=True, text=True, check=False
    )
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception" not in ran.stderr
