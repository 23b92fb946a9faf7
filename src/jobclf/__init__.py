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
    from jobclf.api.learning import label, train
    from jobclf.api.measuring import audit, evaluate
    from jobclf.api.models import json_schema, load_model, model_card, seeds
    from jobclf.api.postings import (
        explain,
        predict,
        predict_arrow,
        predict_file,
        predict_many,
        read_postings,
    )
    from jobclf.api.tables import predict_table
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
    "jobclf.api.learning": ("label", "train"),
    "jobclf.api.measuring": ("audit", "evaluate"),
    "jobclf.api.models": ("json_schema", "load_model", "model_card", "seeds"),
    "jobclf.api.postings": (
        *("explain", "predict", "predict_arrow", "predict_file", "predict_many", "read_postings"),
    ),
    "jobclf.api.tables": ("predict_table",),
    "jobclf.batch.arrow": ("ARROW_SCHEMA",),
    "jobclf.batch.predictions": ("PredictedTable",),
    "jobclf.classifier.explanation": ("Explanation",),
    "jobclf.classifier.model": ("ModelCard", "RoleModel"),
    "jobclf.classifier.prediction": ("Prediction",),
    "jobclf.documents.posting": ("Posting",),
    "jobclf.evaluation.audit_results": ("AuditReport",),
    "jobclf.evaluation.results": ("EvaluationReport", "TrainingReport"),
    "jobclf.labeling.session": ("LabelingSession",),
    "jobclf.text.vocabulary": ("Seed",),
    "jobclf.training.estimator": ("RoleClassifier",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    # What needs NumPy is loaded when it is first asked for: `jobclf --help` does without.
    if name not in _HOME_OF:
        raise AttributeError(f"module 'jobclf' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
