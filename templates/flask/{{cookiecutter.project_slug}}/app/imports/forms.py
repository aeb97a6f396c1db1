"""What is sent to import products."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import ValidationError

from app.imports import files
from app.languages import N_

NO_FILE = N_("Choose a file.")


class ImportForm(FlaskForm):
    file = FileField(
        N_("CSV file"), [FileRequired(NO_FILE)], render_kw={"accept": ".csv,text/csv"}
    )
    found: files.ProductFile

    def validate_file(self, field: Any) -> None:
        try:
            self.found = files.read(field.data.read())
        except ValueError as error:
            raise ValidationError(str(error)) from error
