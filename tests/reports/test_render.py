"""How results look to people and to programs."""

import json

import pytest

from jobclf.classifier.model import ModelCard
from jobclf.classifier.prediction import Prediction
from jobclf.reports.render import as_json, prediction_fields, prediction_text
from jobclf.reports.training_report import card_text
from jobclf.roles import Role

DS, MLE = Role.DATA_SCIENTIST, Role.ML_ENGINEER

LOOKS = {
    "plain": (Prediction(DS, 0.934, True, 0.99), "Data Scientist, probably (92 %)"),
    "title agrees": (Prediction(DS, 0.99, True, 0.99, DS), "Data Scientist, clearly (98 %)"),
    "never certain": (Prediction(MLE, 1.0, True, 1.0), "ML Engineer, clearly (99 %)"),
    "title disagrees": (
        Prediction(MLE, 0.8, True, 0.95, DS),
        "ML Engineer, perhaps (76 %)\n  or Data Scientist (19 %)\n"
        "  the title says Data Scientist, the text says otherwise",
    ),
    "the title tips it": (
        Prediction(DS, 0.6, True, 0.95, DS, 0.31),
        "Data Scientist, between the two (57 %)\n  or ML Engineer (38 %)\n"
        "  the title tips it; the text alone says ML Engineer (69 %)",
    ),
    "hardly in scope": (
        Prediction(MLE, 0.8, True, 0.6),
        "ML Engineer, between the two (48 %)\n  or neither (40 %)",
    ),
    "by its title": (
        Prediction(MLE, 0.96, True, 0.99, MLE, 0.6, basis="title"),
        "ML Engineer, clearly (95 %)\n  the text is too short; this rests on the title",
    ),
    "of a part": (
        Prediction(MLE, 0.96, True, 0.99, truncated=True),
        "ML Engineer, clearly (95 %)\n  the text is cut off; this is about its beginning alone",
    ),
    "an AI engineer": (
        Prediction(MLE, 0.99, True, 0.99, family="ai_engineer"),
        "ML Engineer, clearly (98 %); on applications of language models, an AI engineer's work",
    ),
    "neither, of a kind": (
        Prediction(DS, 0.7, False, 0.02, family="data_analyst"),
        "neither, clearly (98 %); most like a data analyst's work",
    ),
    "neither, of no kind known": (
        Prediction(DS, 0.7, False, 0.02, family="other"),
        "neither, clearly (98 %)",
    ),
    "neither, and near a role": (
        Prediction(DS, 0.7, False, 0.3),
        "neither, perhaps (70 %)\n  if either, Data Scientist (70 % of the two)",
    ),
}


@pytest.mark.parametrize(("prediction", "text"), LOOKS.values(), ids=LOOKS.keys())
def test_a_prediction_for_people(prediction: Prediction, text: str) -> None:
    assert prediction_text(prediction) == text


def test_a_prediction_for_programs() -> None:
    prediction = Prediction(DS, 0.93456, True, 0.98765, None)
    assert as_json(prediction_fields(prediction)) == (
        '{"answer": "data_scientist", "confidence": 0.923, "role": "data_scientist", '
        '"probability": 0.9346, "in_scope": true, '
        '"scope_probability": 0.9877, "title_role": null, "text_probability": null, '
        '"family": null, "basis": "text", "truncated": false}'
    )


@pytest.mark.parametrize("text", ["é日本", "\x1b[2J", "\x7f", "\udce9", "a\nb"], ids=ascii)
def test_json_is_one_plain_line_and_reads_back(text: str) -> None:
    line = as_json({"path": text})
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == {"path": text}


def test_a_card_without_scores_or_postings() -> None:
    text = card_text(ModelCard("seeds", "", "nothing", {}, ""))
    assert [line.split()[0] for line in text.splitlines()] == [
        "model", "trained", "prior", "postings", "digest",
    ]  # fmt: skip


def test_the_figures_of_a_card_are_in_words_and_say_what_of() -> None:
    scores = {
        "postings": 40.0,
        "scope_postings": 60.0,
        "majority": 0.5,
        "accuracy": 0.95,
        "accuracy_low": 0.9,
        "accuracy_high": 1.0,
        "accuracy_at_90": 0.97,
        "ece": 0.0153,
        "brier": 0.03,
        "a_new_one": 0.25,
    }
    text = card_text(ModelCard("mine", "", "base", {}, "", scores=scores))
    lines = dict(line.split("  ", 1) for line in text.splitlines())
    shown = {name: value.strip() for name, value in lines.items()}
    assert shown["held out"].startswith("40 postings of the two roles, 60 in all; ")
    assert shown["accuracy"] == "0.950 (0.900 to 1.000)"
    assert shown["accuracy, surest 90 %"] == "0.970"
    assert shown["always the commoner role"] == "0.500"
    assert shown["calibration error"] == "0.015"
    assert shown["Brier score"] == "0.030"
    assert shown["a new one"] == "0.25"
