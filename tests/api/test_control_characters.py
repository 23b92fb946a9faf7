"""Nothing that a stranger wrote steers the terminal: no command echoes it raw."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import jobclf
from jobclf.classifier import model_document, model_file
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import mixed_folder, posting, postings_between

pytestmark = pytest.mark.usefixtures("few_resamples")

# Clear the screen, set the title, an 8-bit control, delete, back, from right to left.
EVIL = "\x1b[2J\x1b]0;x\x07\x9b2J\x7f\x08\u202e\r"
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TEXT = posting(Role.ML_ENGINEER, 1)
NAME = EVIL.replace("\r", "")


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder where names and contents are hostile."""
    place = tmp_path_factory.mktemp("evil")
    (place / f"{NAME}.txt").write_text(f"Data Scientist{EVIL}\n{TEXT.replace(' ', f' {EVIL}', 3)}")
    (place / f"short{NAME}.txt").write_text(f"{EVIL} too short {EVIL}")
    (place / f"{NAME}.docx").write_bytes(b"PK\x03\x04")
    (place / f"{NAME}.md").write_text(f"---\ntitle: {EVIL}\n---\n{TEXT}")
    (place / f"{NAME}.csv").write_text(
        f'{EVIL},"te\r\n{NAME}xt",title\n"{EVIL}","{TEXT}",{NAME}\n', newline=""
    )
    lines = "".join(f'"{text}","{EVIL}",x\n' for text in [TEXT, *postings_between()])
    (place / "text.csv").write_text(f"text,title,{EVIL}\n{lines}", newline="")
    (place / "twice.csv").write_text(f"text,{NAME},{NAME}\n")
    (place / "labels.csv").write_text(f'text,label\n"{TEXT}",{NAME}\n')
    (place / "text.jsonl").write_text(json.dumps({"text": TEXT, EVIL: EVIL, "title": EVIL}))
    model = jobclf.load_model()
    card = replace(model.card, name=EVIL, prior=EVIL, versions={EVIL: EVIL})
    document = model_document.to_document(replace(model, card=card))  # it is refused when read
    (place / f"{NAME}.joblib").write_bytes(model_file.to_bytes(document))
    data = mixed_folder(place / "data", 12)
    for each in data.glob("*/000.txt"):
        each.rename(each.with_name(f"{NAME}.txt"))
    copied = data / "data_scientist" / f"copy{NAME}.txt"
    copied.write_bytes((data / "ml_engineer" / "001.txt").read_bytes() + b" Thanks.")
    lines = "".join(
        f"{path.relative_to(data)},{NAME}{path.stem[-1]},Data Scientist{NAME}\n"
        for path in data.glob("*/*.txt")
    )
    (data / "index.csv").write_text(f"file,source,title\n{lines}")
    (place / "roles" / NAME).mkdir(parents=True)
    return place


COMMANDS = {
    "predict": ["predict", f"{NAME}.txt", f"short{NAME}.txt", f"{NAME}.docx", f"{NAME}.md"],
    "predict as JSON": ["predict", "--json", f"{NAME}.txt", f"{NAME}.md"],
    "explain": ["predict", "--explain", f"{NAME}.txt", f"{NAME}.md"],
    "explain as JSON": ["predict", "--explain", "--json", f"{NAME}.txt"],
    "missing": ["predict", f"none{NAME}.txt", f"none{NAME}*.txt", f"none{NAME}/"],
    "table without text": ["predict", f"{NAME}.csv"],
    "table with a column named": ["predict", f"{NAME}.csv", "--text-column", f"te\r\n{NAME}xt"],
    "column named twice": ["predict", "twice.csv"],
    "rows": ["predict", "text.csv", "text.jsonl"],
    "summary": ["predict", "--summary", "text.csv", "--html", f"{NAME}.html"],
    "summary as JSON": ["predict", "--summary", "--json", "text.jsonl"],
    "rows written": ["predict", "text.csv", "--output", f"out{NAME}.csv"],
    "rows written nowhere": ["predict", "text.csv", "--output", f"none{NAME}/out.csv"],
    "ending": ["predict", "text.csv", "--output", f"out.{NAME}"],
    "model": ["model", f"{NAME}.joblib"],
    "model as JSON": ["model", "--json", f"{NAME}.joblib"],
    "no model": ["predict", "--model", f"{NAME}.csv", "text.csv"],
    "labels": ["train", "labels.csv", "--output", "m.joblib"],
    "roles": ["train", "roles", "--output", "m.joblib"],
    "train": ["train", "data", "--prior", "seeds", "--output", f"m{NAME}.joblib"],
    "prior": ["train", "data", "--prior", NAME, "--output", "m.joblib"],
    "evaluate": ["evaluate", "data", "--prior", "seeds"],
    "audit": ["audit", "data", "--prior", "seeds", "--html", f"audit{NAME}.html"],
    "audit as JSON": ["audit", "data", "--prior", "seeds", "--json"],
    "option": ["predict", f"--{NAME}"],
    "option of none": [f"--{NAME}"],
    "command": [NAME],
    "more arguments": ["seeds", NAME],
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS.keys())
def test_no_command_echoes_what_steers(
    run: Run, evil: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(evil)
    ran = run(*words)
    assert ran.out + ran.err
    assert not STEERING.search(ran.out + ran.err), ascii(ran)


@pytest.mark.parametrize("page", [f"{NAME}.html", f"audit{NAME}.html"], ids=["summary", "audit"])
def test_no_page_holds_what_steers(
    run: Run, evil: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.chdir(evil)
    run(*COMMANDS["audit" if page.startswith("audit") else "summary"])
    written = (evil / page).read_text(encoding="utf-8")
    assert "�" in written
    assert not STEERING.search(written)
