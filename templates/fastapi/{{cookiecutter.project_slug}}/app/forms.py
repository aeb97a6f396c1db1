"""Read what was typed into a form, or say beside each field what is wrong with it."""

from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import FormData

Errors = dict[str, str]


class Form(BaseModel):
    """Only its own fields are read. A missing one counts as left empty.

    Validators raise `ValueError` with the sentence to show.
    https://docs.pydantic.dev/latest/concepts/validators/
    """

    model_config = ConfigDict(validate_default=True, hide_input_in_errors=True)

    @classmethod
    def read(cls, submitted: FormData, **context: str) -> tuple[Self | None, Errors]:
        """The form, or what to say beside its fields."""
        try:
            return cls.model_validate(dict(submitted), context=context), {}
        except ValidationError as error:
            return None, {
                str(problem["loc"][0]): problem["msg"].removeprefix("Value error, ")
                for problem in error.errors()
            }
