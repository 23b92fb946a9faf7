"""The JSON outputs by name: what each is, and the fields of those that no class of its own has."""

from typing import Annotated, Any, Literal, NamedTuple, NotRequired, TypedDict

from jobclf.batch.parts import Part
from jobclf.classifier.model import ModelCard
from jobclf.classifier.phrases import ExplainedLine, Phrase
from jobclf.errors import JobclfError, Reason
from jobclf.evaluation.audit_results import AuditReport
from jobclf.evaluation.results import EvaluationReport
from jobclf.labeling.store import Label
from jobclf.roles import Role
from jobclf.schemas.hints import Schema, schema_of
from jobclf.schemas.prediction import PredictionFields
from jobclf.text.vocabulary import Seed

VERSION = 1  # goes up where a field goes, or means or holds something else; not where one is added
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Answer(PredictionFields):
    """What the work in one posting is."""

    path: NotRequired[Annotated[str, "The file, where several postings are answered."]]


class Failure(TypedDict):
    """Why a posting has no answer."""

    path: NotRequired[Annotated[str, "The file, where several postings are answered."]]
    error: Annotated[str, "What is wrong and what to do, for people."]
    error_reason: Annotated[Reason, "The code of the error, for programs."]


class TurnFields(TypedDict):
    """The fewest phrases found without which the answer would be another."""

    without: list[str]
    answer: Role


class ExplanationFields(Answer):
    """An answer with its reasons: intercept, title and contributions add up to logit."""

    text: Annotated[str, "The posting with its characters cleaned; places are counted in it."]
    intercept: float
    title: Annotated[float, "What the title adds to logit."]
    title_text: Annotated[str, "The title that was weighed, given or in the text; empty for none."]
    logit: Annotated[float, "ln(p / (1 - p)) of p, the probability of ML Engineer of the two."]
    scope_intercept: float
    scope_title: Annotated[float, "What the title adds to scope_logit."]
    scope_logit: Annotated[float, "The same for being one of the two roles at all."]
    article: Annotated[str, "What the vocabulary of kinds other than learned comes from."]
    lines: Annotated[
        list[ExplainedLine], "Duties, requirements and other lines, the strongest first."
    ]
    phrases: Annotated[list[Phrase], "Phrases that do not overlap, the strongest first."]
    turn: TurnFields | None


class RowExplanationFields(ExplanationFields):
    """An answer for a row of a table with its reasons."""

    given: Annotated[str | None, "The title that stands in the row."]


class ReasonFields(TypedDict):
    """A phrase of the posting, and what all its places together add to the two logits."""

    text: str
    times: Annotated[int, "In how many places it stands."]
    contribution: Annotated[float, "Above 0 for ML Engineer, below 0 for Data Scientist."]
    scope_contribution: Annotated[float, "Above 0 for being one of the two roles at all."]
    role: Annotated[Role | None, "The role of which it is a duty or skill by the article."]
    kind: Annotated[str, "responsibilities, skills, shared or learned."]


class ReasonsFields(Answer):
    """An answer with its strongest reasons."""

    reasons: Annotated[list[ReasonFields], "The phrases that weigh most, the strongest first."]
    turn: TurnFields | None


class RowFields(TypedDict):
    """A row of a table: its own columns, and these, perhaps with a prefix; null without answer."""

    answer: Role | None
    confidence: float | None
    role: Role | None
    probability: float | None
    in_scope: bool | None
    scope_probability: float | None
    title_role: Role | None
    text_probability: float | None
    family: str | None
    basis: Literal["text", "title"] | None
    truncated: bool | None
    error: Annotated[str | None, "What is wrong and what to do, null where there is an answer."]
    error_reason: Reason | None


class TitleCount(TypedDict):
    """How many titles that claim a role got an answer."""

    title_role: Role
    answer: Role
    postings: int


class DoubtFields(PredictionFields):
    """A posting in doubt, by its place, from 1, and its title or file."""

    number: int
    name: str


class ErrorFields(TypedDict):
    """An error by its parts."""

    reason: Reason
    message: str
    fact: str
    remedy: NotRequired[str]
    path: NotRequired[str]
    row: NotRequired[int]
    column: NotRequired[str]


class SummaryFields(TypedDict):
    """What the answers of many postings come to."""

    postings: int
    failed: Annotated[int, "Postings without an answer."]
    reasons: Annotated[dict[str, int], "Why, by the code of the error."]
    roles: Annotated[dict[Role, int], "Postings by answer."]
    titles: list[TitleCount]
    histogram: Annotated[list[int], "Postings of the roles by probability of ML Engineer, 0 to 1."]
    doubtful: Annotated[list[DoubtFields], "Answers in real doubt, the least certain first."]
    refused: Annotated[list[ErrorFields], "Why postings have no answer, of the first 500."]
    not_read: Annotated[list[str], "Files in folders that are of no form that is read."]


class TrainingFields(TypedDict):
    """What training made, and how it did on postings that were held out."""

    output: str | None
    dropped: Annotated[list[str], "Left out as duplicates of others, by name."]
    short: Annotated[list[str], "Left out for their few words, by name."]
    unlabeled: Annotated[int, "Rows left out, for they had no label."]
    held_out: Annotated[
        dict[str, float] | None, "Figures with the ends of their 95 % intervals, null where none."
    ]
    card: ModelCard


class LabelingFields(TypedDict):
    """What a session of labelling has come to."""

    output: str
    labels: dict[Role, int]
    skipped: int
    left: Annotated[int, "Postings that are not labelled yet."]


class ManifestFields(TypedDict):
    """What a folder of parts holds: its file _manifest.json."""

    format: int
    jobclf: Annotated[str, "The version that wrote it."]
    model: str
    digest: str
    rows: int
    failed: int
    reasons: dict[str, int]
    roles: dict[Role, int]
    parts: list[Part]


class ProblemFields(TypedDict):
    """An error over HTTP: problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: Annotated[str, "What is wrong and what to do, for people."]
    reason: Annotated[str, "The code of the error, for programs."]
    fact: Annotated[str, "What is wrong, without its place."]
    remedy: Annotated[str, "What to do."]
    path: NotRequired[str]
    row: NotRequired[int]
    column: NotRequired[str]


class KeptFields(TypedDict):
    """How many labels are kept, and what a change did."""

    labels: int
    counts: dict[Role, int]
    file: str
    posting: NotRequired[Annotated[str, "The digest that the posting goes by."]]
    previous: NotRequired[Annotated[Role | None, "The label that it had before."]]
    label: NotRequired[Annotated[Role | None, "The label that it has, where one was asked after."]]


class HealthFields(TypedDict):
    """That the server answers."""

    status: str
    version: str
    workers: Annotated[int, "Processes that are ready."]


class ReadFrom(TypedDict):
    """The columns of a table that text and title are read from."""

    name: str
    text: list[str]
    title: str | None


class UploadSummaryFields(TypedDict):
    """What the answers of an upload come to."""

    postings: int
    failed: Annotated[int, "Postings without an answer."]
    reasons: Annotated[dict[str, int], "Why, by the code of the error."]
    roles: Annotated[dict[Role, int], "Postings by answer."]
    titles: list[TitleCount]
    histogram: list[int]
    named: str
    columns: list[ReadFrom]
    known_columns: NotRequired[Annotated[list[str], "Columns of the tables, 500 at most."]]
    stopped: bool


class UploadFields(TypedDict):
    """Files that are judged together: how far they are, and once they are done what they come to.

    state is open while files may come, then running, at last done or failed.
    """

    id: str
    state: Literal["open", "running", "done", "failed"]
    files: int
    rows: NotRequired[int | None]
    share: NotRequired[float | None]
    counts: NotRequired[dict[str, int] | None]
    summary: NotRequired[UploadSummaryFields]
    error: NotRequired[ErrorFields]


class ShownRow(TypedDict):
    """A row as it is looked at."""

    number: Annotated[int, "Its place in the table, from 1."]
    title: str | None
    path: str | None
    answer: Annotated[str, "data_scientist, ml_engineer, neither or error."]
    confidence: float | None
    error: str | None
    title_role: Role | None
    text_probability: float | None
    family: str | None
    role: Role | None
    probability: float | None
    scope_probability: float | None


class RowsFields(TypedDict):
    """Some rows of an upload, and how many there are in all."""

    rows: list[ShownRow]
    total: int


class _Output(NamedTuple):
    shape: Any
    where: str
    nullable: bool = False


_OUTPUTS = {
    "prediction": _Output(Answer, "predict --json, POST /predict, tools of jobclf mcp"),
    "explanation": _Output(ExplanationFields, "predict --explain --json, POST /explain"),
    "reasons": _Output(ReasonsFields, "the tool explain of jobclf mcp"),
    "failure": _Output(
        Failure, "in place of an answer among several; lines of POST /predict/batch"
    ),
    "row": _Output(RowFields, "rows of tables as JSON lines"),
    "summary": _Output(SummaryFields, "predict --summary --json"),
    "manifest": _Output(ManifestFields, "predict TABLE --output FOLDER"),
    "training": _Output(TrainingFields, "train --json"),
    "evaluation": _Output(EvaluationReport, "evaluate --json", nullable=True),
    "audit": _Output(AuditReport, "audit --json"),
    "labeling": _Output(LabelingFields, "label --json"),
    "label": _Output(Label, "a line of labels.jsonl"),
    "seed": _Output(Seed, "seeds --json"),
    "model": _Output(ModelCard, "model --json, GET /model"),
    "problem": _Output(ProblemFields, "refusals over HTTP"),
    "labels": _Output(KeptFields, "/labels"),
    "upload": _Output(UploadFields, "/tables and what is below it"),
    "rows": _Output(RowsFields, "GET /tables/{job}/rows"),
    "row-explanation": _Output(RowExplanationFields, "GET /tables/{job}/rows/{number}"),
    "health": _Output(HealthFields, "GET /health"),
}
NAMES = tuple(_OUTPUTS)


def where(name: str) -> str:
    """Return which commands and addresses give an output."""
    return _OUTPUTS[name].where


def identifier(name: str) -> str:
    """Return the `$id` of an output's schema, the version at its end."""
    return f"urn:jobclf:schema:{name}:{VERSION}"


def json_schema(name: str) -> Schema:
    """Return the schema of an output, with its version in `$id`."""
    found = _OUTPUTS.get(name)
    if found is None:
        raise JobclfError(
            f"there is no output {name!r}",
            f"name one of {', '.join(NAMES)}",
            reason=Reason.NOT_FOUND,
        )
    head = {"$schema": _DIALECT, "$id": identifier(name), "title": name}
    return head | schema_of(found.shape, nullable=found.nullable)
