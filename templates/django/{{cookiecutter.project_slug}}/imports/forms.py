"""What is sent to import products."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from imports import files
from languages import _

NO_FILE = _("Choose a file.")
COLUMNS = _(
    "The first line names the columns: name and price, description and stock if you like. "
    "With commas or semicolons between, in UTF-8, and 10,000 rows at most."
)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=COLUMNS,
        allow_empty_file=True,
        error_messages={"required": NO_FILE, "invalid": NO_FILE},
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> tuple[str, files.ProductFile]:
        upload: UploadedFile = self.cleaned_data["file"]
        return upload.name or "", files.read(upload.read())
