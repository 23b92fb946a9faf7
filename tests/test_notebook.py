"""The notebook runs from its first cell to its last."""

import runpy
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[1] / "docs/notebook/own_model.py"


@pytest.mark.slow
@pytest.mark.skipif(not NOTEBOOK.exists(), reason="docs are not part of the source distribution")
@pytest.mark.filterwarnings("default")  # of the libraries that a notebook shows
def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("pandas", "matplotlib"):
        pytest.importorskip(library)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    made = runpy.run_path(str(NOTEBOOK))
    assert made["search"].best_score_ > 0.5  # better than a coin
    assert set(made["model"].classes_) == {"data_scientist", "ml_engineer"}
    assert "<" in made["explanation"]._repr_html_()
    assert len(made["axes"].patches) == 20  # bars
