"""What fuzzing has learned is answered or refused, and what may be fuzzed can be."""

from pathlib import Path

import pytest

from tests.fuzz import corpus, targets

for _library in ("docx", "pypdf", "python_calamine", "starlette", "xlsxwriter"):
    pytest.importorskip(_library, reason=f"{_library} is not installed")


@pytest.mark.slow
@pytest.mark.parametrize("form", targets.FORMS)
def test_what_was_learned_is_answered_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    inputs = corpus.kept(form)
    assert inputs
    do = targets.target(form, tmp_path)
    for content in inputs:
        assert targets.run(do, content)


def test_the_corpus_is_small() -> None:
    archives = [*corpus.FOLDER.glob("*")]
    assert {path.name for path in archives} <= {f"{form}.zip" for form in targets.FORMS}
    assert all(path.stat().st_size < 4 * corpus.LARGEST for path in archives)
