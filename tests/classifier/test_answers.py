"""Whose work is called an AI engineer's, and which titles say nothing of the work."""

import pytest

import jobclf
from jobclf.classifier.answers import names_language_models

OWN_MODELS = (
    "We build computer vision for warehouses. You develop AI models, train detectors on our own "
    "data, tune hyperparameters, evaluate and deploy AI models to edge devices, build data "
    "pipelines and AI systems for production. Requirements: PyTorch, deep learning, Python, "
    "experience with deploying AI models and fine tuning of vision networks, FastAPI, Docker."
)
SHOP = (
    "You will own the training of our recommendation models end to end. Design embeddings and "
    "two-tower networks, train them on billions of clicks, serve them in 20 ms with a vector "
    "index, run evaluations and A/B tests, and scale the AI systems of our shop. You know Python, "
    "PyTorch, Kubernetes, Spark. Experience with generative AI is a plus, not the job."
)
ASSISTANTS = (
    "You build assistants on large language models for our claims teams: retrieval over policies, "
    "prompts, agents that call our services, and the evaluation of all of it. You deploy them with "
    "FastAPI and Docker, and watch their cost and quality with the teams that use them."
)


@pytest.mark.parametrize(
    ("text", "family"),
    [(OWN_MODELS, "ml_engineer"), (SHOP, "ml_engineer"), (ASSISTANTS, "ai_engineer")],
    ids=["own detectors", "own recommendations", "assistants"],
)
def test_who_trains_models_of_their_own_is_not_said_to_build_on_language_models(
    text: str, family: str
) -> None:
    assert jobclf.predict(text, title="AI Engineer").family == family


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("You fine-tune LLMs.", True),
        ("Retrieval-augmented generation and prompts.", True),
        ("No LLM wrappers: we train what we ship.", False),
        ("Experience with language models is a plus.", False),
        ("GenAI is nice to have", False),
        ("We don't use GPT. You evaluate agentic systems.", True),
        ("Prompt payment, and drag racing.", False),
    ],
)
def test_language_models_are_named_where_a_sentence_says_so_and_does_not_deny_it(
    text: str,
    named: bool,  # noqa: FBT001
) -> None:
    assert names_language_models(text) is named


@pytest.mark.parametrize("text", [OWN_MODELS, SHOP, ASSISTANTS])
@pytest.mark.parametrize(
    "title", ["Model Risk Quant", "Decision Intelligence Lead", "Search Relevance Engineer",
              "Retention Scientist", "Forecasting Specialist"],
)  # fmt: skip
def test_a_title_of_a_field_that_no_known_word_tells_is_as_good_as_none(
    text: str, title: str
) -> None:
    assert jobclf.predict(text, title=title) == jobclf.predict(text, title="")
