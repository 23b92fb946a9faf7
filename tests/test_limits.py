"""All limits stand in one table, which SECURITY.md shows and whatever refuses by size uses."""

import re
from pathlib import Path

import pytest

import jobclf
from jobclf import limits

PACKAGE = Path(jobclf.__file__).parent
SECURITY = PACKAGE.parents[1] / "SECURITY.md"
LINE = re.compile(r"^([A-Z_]+) = .*?  # ([^;\n]+)")

OWN = re.compile(r"^_?(?:MOST|LARGEST|DEEPEST)\w* = [\d_]+(?![\d.])", re.MULTILINE)


def _shown(name: str, what: str) -> str:
    """Return a limit as people read it."""
    value = getattr(limits, name)
    unit, _, rest = what.partition(" ")
    if unit == "seconds":
        return f"{value} s {rest}"
    if unit != "bytes":
        return f"{value:,} {what}"
    for power, letter in ((30, "G"), (20, "M"), (10, "k")):
        if value >= 1 << power:
            return f"{value >> power} {letter}B {rest}"
    raise ValueError(what)


def rows() -> list[str]:
    """Return the table as it has to be, a row for each group."""
    text = (PACKAGE / "limits.py").read_text(encoding="utf-8")
    found = []
    for group in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        name, *lines = group.strip().splitlines()
        items = [_shown(*match.groups()) for match in map(LINE.match, lines) if match]
        assert len(items) == len([line for line in lines if line])
        found.append(f"| {name} | {'; '.join(items)} |")
    return found


@pytest.mark.skipif(not SECURITY.is_file(), reason="SECURITY.md is not here")
def test_the_table_in_security_is_the_one_that_is_used() -> None:
    text = SECURITY.read_text(encoding="utf-8")
    table = text.partition("## Limits\n")[2].partition("\n## ")[0]
    assert [line for line in table.splitlines() if line.startswith("| ")][1:] == [
        "| --- | --- |",
        *rows(),
    ]


def test_every_limit_is_used_and_none_stands_elsewhere() -> None:
    sources = {
        path: path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if path.name != "limits.py"
    }
    used = {name for text in sources.values() for name in re.findall(r"\blimits\.([A-Z_]+)", text)}
    assert used == {name for name in vars(limits) if name.isupper()}
    for path, text in sources.items():
        if "Reason.TOO_LARGE" in text and path.name not in {"problems.py", "workbook.py"}:
            assert "limits." in text, path
            assert not OWN.findall(text), path
