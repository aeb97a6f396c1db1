"""What the model is asked by programs, and answers.

https://docs.pydantic.dev/latest/concepts/models/
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .model import LONGEST_TEXT, MOST_TEXTS

Text = Annotated[
    str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=r"^[^\x00]*$")
]
Part = Annotated[float, Field(ge=0, le=1)]


class Question(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    texts: Annotated[list[Text], Field(min_length=1, max_length=MOST_TEXTS)]


class Output(BaseModel):
    """What is answered about something that has these attributes."""

    model_config = ConfigDict(from_attributes=True)


class Prediction(Output):
    category: str
    probability: Part


class ModelVersion(Output):
    name: str
    version: str


class Predictions(Output):
    predictions: list[Prediction]
    model: ModelVersion


class Model(ModelVersion):
    trained_at: datetime
    score: Annotated[
        Part,
        Field(description="How often it was right about texts that it had not seen"),
    ]
    categories: list[str]
