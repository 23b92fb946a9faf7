"""The fields of an answer, of which other outputs are made."""

from typing import Annotated, Literal, TypedDict

from jobclf.roles import Role


class PredictionFields(TypedDict):
    """What the work in one posting is."""

    answer: Annotated[Role, "The answer: the likeliest of the three."]
    confidence: Annotated[float, "The probability of the answer, 0 to 1, to four places."]
    role: Annotated[
        Literal["data_scientist", "ml_engineer"],
        "The nearer of the two roles, also where the answer is neither.",
    ]
    probability: Annotated[float, "The calibrated probability of that role against the other."]
    in_scope: Annotated[bool, "Whether the work is one of the two roles', rather than neither's."]
    scope_probability: Annotated[float, "The probability that it is one of the two roles'."]
    title_role: Annotated[Role | None, "What the title claims, null where it claims none or both."]
    text_probability: Annotated[
        float | None, "The probability of role by the text alone, null where no title was weighed."
    ]
    family: Annotated[
        str | None,
        "The kind of job that the work is most like: data_scientist, ml_engineer, ai_engineer, "
        "data_analyst, data_engineer, software_engineer or other.",
    ]
    basis: Annotated[
        Literal["text", "title"], "title where the text is too short and the title decides."
    ]
    truncated: Annotated[bool, "Whether the text is cut off, so that the answer is about a part."]
