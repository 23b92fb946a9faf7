"""What can be judged is judged, whatever the model knows; what cannot is refused by what it is."""

from collections.abc import Callable
from functools import cache

import pytest

from jobclf.classifier.fitness import other_form, unfit
from jobclf.classifier.model import RoleModel
from jobclf.classifier.model_file import load_model
from jobclf.errors import PostingError, Reason
from jobclf.roles import Role
from jobclf.text.vocabulary import load
from jobclf.training.priors import seed_model
from tests.factories import posting

MODELS: dict[str, Callable[[], RoleModel]] = {
    "bundled": load_model,
    "that knows the seeds alone": cache(lambda: seed_model(load())),
}

LANGUAGES = {
    "German": "Wir suchen eine Person mit Erfahrung in Python und SQL, die Modelle in Produktion "
    "bringt, Pipelines auf AWS betreibt und mit dem Team Daten analysiert. Sie sind für das "
    "Monitoring der Modelle verantwortlich und arbeiten eng mit den Fachbereichen zusammen.",
    "French": "Nous cherchons une personne curieuse pour notre équipe, qui saura préparer les "
    "données, construire des modèles, présenter ses résultats aux décideurs et améliorer chaque "
    "semaine les outils que nos clients utilisent partout dans le pays depuis des années déjà.",
    "Spanish": "Buscamos una persona con experiencia en Python y SQL que lleve los modelos a "
    "producción, gestione los pipelines en AWS y analice los datos con el equipo. Serás "
    "responsable del monitoring de los modelos y de la comunicación con los clientes.",
    "Italian": "Cerchiamo una persona con esperienza in Python e SQL per portare i modelli in "
    "produzione, gestire le pipeline su AWS e analizzare i dati con il team. Sarai responsabile "
    "del monitoring dei modelli e della comunicazione con i clienti in Italia e in Europa.",
    "Dutch": "Wij zoeken een persoon met ervaring in Python en SQL, die modellen in productie "
    "brengt, pipelines op AWS beheert en samen met het team data analyseert. Je bent "
    "verantwoordelijk voor de monitoring van de modellen en werkt samen met de stakeholders.",
    "Polish": "Szukamy osoby z doświadczeniem w Python i SQL, która wdraża modele na produkcję, "
    "zarządza potokami w AWS oraz analizuje dane razem z zespołem. Będziesz odpowiedzialny za "
    "monitoring modeli i współpracę z klientami, pracując zdalnie lub hybrydowo w naszym biurze.",
    "Chinese": "机器学习工程师 负责 部署 " * 30,
    "none": "xk qwpz lmvv zrtt poiu kjhg mnbv cxza lkjh fdsa poew rtyu " * 4,
}
TERSE = (
    "Python SQL Spark Kafka Airflow dbt Terraform Docker Kubernetes PyTorch TensorFlow pandas "
    "NumPy Git Linux Jenkins Grafana Prometheus Redis Postgres Snowflake BigQuery Tableau "
    "statistics regression classification clustering forecasting experimentation communication"
)
REFUSED = {
    "empty": ("", Reason.EMPTY, "the posting is empty"),
    "blank": (" \n", Reason.EMPTY, "the posting is empty"),
    "longer than any": ("build models " * 100_000, Reason.TOO_LARGE, "over 1,000,000 letters"),
    "short": ("build and deploy models", Reason.TOO_SHORT, "has 4 words and 30 are needed"),
    "one word": ("models", Reason.TOO_SHORT, "has 1 word and 30 are needed"),
    **{name: (text, Reason.NOT_ENGLISH, "hardly English") for name, text in LANGUAGES.items()},
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize(("text", "reason", "fact"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_judged_is_refused(
    model: Callable[[], RoleModel], text: str, reason: Reason, fact: str
) -> None:
    with pytest.raises(PostingError, match=fact) as refused:
        model().predict(text)
    assert refused.value.reason is reason
    assert refused.value.remedy


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize(
    "text", [TERSE, *(posting(role, 1) for role in Role)], ids=["a list of skills", *Role]
)
def test_english_is_judged_whatever_the_model_knows(
    model: Callable[[], RoleModel], text: str
) -> None:
    assert 0.0 < model().predict(text).confidence <= 1.0


@pytest.mark.parametrize("known", [0, 1, 30])
@pytest.mark.parametrize("words", [0, 1, 29, 30, 31, 1000])
def test_length_is_the_texts_own(words: int, known: int) -> None:
    found = unfit("the model " * words, words, min(known, words), words // 2)
    assert (found is None) == (words >= 30)


@pytest.mark.parametrize(
    ("known", "function", "fact"),
    [
        (0, 0, "only 0 of 40 words are known"),
        (1, 0, "only 1 of 40 words is known"),
        (2, 1, "only 2 of 40 words are known"),
        (20, 1, "only 1 of 40 words are such as 'the' and 'of'"),
    ],
)
def test_what_is_hardly_english_is_counted(known: int, function: int, fact: str) -> None:
    text = "der die das und mit für von wir " * 5
    fault = unfit(text, 40, known, function)
    assert fault is not None
    assert fault.fact == f"{fact}, so it is hardly English"


ENGLISH = {
    "known words and none of any language": ("shop model " * 20, 20, 0, True),
    "known words among those of another": ("shop und " * 20, 20, 0, False),
    "words of another, but of English as many": ("shop und " * 4 + "shop " * 32, 40, 4, True),
    "few known words": ("shop model " * 20, 2, 0, True),
    "no known words": ("shop model " * 20, 1, 0, False),
    "few known words among those of another": ("shop und " * 20, 5, 4, False),
    "few known words and as many of English": ("shop und " * 4 + "shop " * 32, 5, 2, True),
    "another script": ("\u5b57 shop " * 20, 20, 0, False),
}


@pytest.mark.parametrize(("text", "known", "function", "english"), ENGLISH.values(), ids=ENGLISH)
def test_what_is_english_is_told_by_its_own_words(
    text: str,
    known: int,
    function: int,
    english: bool,  # noqa: FBT001
) -> None:
    assert (unfit(text, 40, known, function) is None) == english


def test_a_bilingual_posting_is_judged() -> None:
    text = f"{posting(Role.DATA_SCIENTIST, 2)}\n{LANGUAGES['French']}"
    assert MODELS["that knows the seeds alone"]().predict(text).confidence > 0.0


CV = """A. Example
Data scientist with five years of experience in retail and in insurance
Experience
2021 - now Senior Data Scientist at Acme: built forecasts of demand, presented insights
2018 - 2021 Data Analyst: wrote SQL and Python, ran A/B tests for the shop
Education
MSc Statistics 2018"""
LETTER = """Dear Ms Gull,
I am writing to apply for the post of Data Scientist at Tidal. I build regression models, design
experiments with the pricing team and explain to the board what they say, in Python and in R.
Yours sincerely, A. Example"""
JOBS = "\n".join(
    f"{title} - Acme {town} - {at} days ago"
    for at, title in enumerate(["Data Scientist", "ML Engineer", "Data Engineer", "AI Engineer"])
    for town in ("Porto", "Turin")
)


def test_of_several_postings_the_first_two_are_named() -> None:
    body = "You will build things that need skills and experience with them. " * 4
    text = "\n".join(f"# {title}\n{body}" for title in ("Baker", "Head Cook", "Cashier"))
    fault = other_form(text)
    assert fault is not None
    assert fault.fact == "the text holds 3 postings, the first two are 'Baker' and 'Head Cook'"


@pytest.mark.parametrize(
    ("text", "reason"),
    [(CV, Reason.NOT_POSTING), (LETTER, Reason.NOT_POSTING), (JOBS, Reason.LIST)],
    ids=["CV", "cover letter", "list of jobs"],
)
def test_what_is_no_posting_by_its_form_is_refused(text: str, reason: Reason) -> None:
    with pytest.raises(PostingError) as refused:
        MODELS["bundled"]().predict(text)
    assert refused.value.reason is reason
