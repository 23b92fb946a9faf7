"""Tell from a job posting's text whether the work is a Data Scientist's or an ML Engineer's."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from jobclf.errors import (
    DatasetError,
    JobclfError,
    ModelFileError,
    OutputError,
    PostingError,
    Reason,
    SeedError,
)
from jobclf.roles import Role

if TYPE_CHECKING:
    from jobclf.api import (
        audit,
        evaluate,
        explain,
        json_schema,
        label,
        load_model,
        model_card,
        predict,
        predict_arrow,
        predict_file,
        predict_many,
        predict_table,
        read_postings,
        seeds,
        train,
    )
    from jobclf.batch.arrow import ARROW_SCHEMA
    from jobclf.batch.predictions import PredictedTable
    from jobclf.classifier.explanation import Explanation
    from jobclf.classifier.model import ModelCard, RoleModel
    from jobclf.classifier.prediction import Prediction
    from jobclf.documents.posting import Posting
    from jobclf.evaluation.audit_results import AuditReport
    from jobclf.evaluation.results import EvaluationReport, TrainingReport
    from jobclf.labeling.session import LabelingSession
    from jobclf.text.vocabulary import Seed
    from jobclf.training.estimator import RoleClassifier

__version__ = "0.2.0"

__all__ = [
    "ARROW_SCHEMA",
    "AuditReport",
    "DatasetError",
    "EvaluationReport",
    "Explanation",
    "JobclfError",
    "LabelingSession",
    "ModelCard",
    "ModelFileError",
    "OutputError",
    "Posting",
    "PostingError",
    "PredictedTable",
    "Prediction",
    "Reason",
    "Role",
    "RoleClassifier",
    "RoleModel",
    "Seed",
    "SeedError",
    "TrainingReport",
    "audit",
    "evaluate",
    "explain",
    "json_schema",
    "label",
    "load_model",
    "model_card",
    "predict",
    "predict_arrow",
    "predict_file",
    "predict_many",
    "predict_table",
    "read_postings",
    "seeds",
    "train",
]


_HOMES = {
    "ARROW_SCHEMA": "jobclf.batch.arrow",
    "AuditReport": "jobclf.evaluation.audit_results",
    "EvaluationReport": "jobclf.evaluation.results",
    "Explanation": "jobclf.classifier.explanation",
    "LabelingSession": "jobclf.labeling.session",
    "ModelCard": "jobclf.classifier.model",
    "Posting": "jobclf.documents.posting",
    "PredictedTable": "jobclf.batch.predictions",
    "Prediction": "jobclf.classifier.model",
    "RoleClassifier": "jobclf.training.estimator",
    "RoleModel": "jobclf.classifier.model",
    "Seed": "jobclf.text.vocabulary",
    "TrainingReport": "jobclf.evaluation.results",
}


def __getattr__(name: str) -> Any:
    # What needs NumPy is loaded when it is first asked for: `jobclf --help` does without.
    if name not in __all__:
        raise AttributeError(f"module 'jobclf' has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "jobclf.api")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
