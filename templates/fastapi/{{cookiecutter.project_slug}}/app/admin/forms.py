"""Forms of the admin panel that keep the rules of the site's own."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import wtforms
from starlette.datastructures import FormData

from app import forms


class SharedForm(wtforms.Form):
    """Says what is wrong in the words of another form, and reads values as that does."""

    shared: ClassVar[type[forms.Form]]

    def validate(
        self, extra_validators: Mapping[str, Sequence[Any]] | None = None
    ) -> bool:
        if not super().validate(extra_validators):
            return False
        names = self.shared.model_fields
        typed = FormData({name: self[name].data or "" for name in names})
        read, errors = self.shared.read(typed)
        for name, sentence in errors.items():
            self[name].errors = [sentence]
        for name, value in read or ():
            self[name].data = value
        return read is not None
