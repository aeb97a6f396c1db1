"""Collects the texts of the project, and keeps the catalogues of their translations.

The texts are found by Babel, which needs nothing but Python; Django's own `makemessages`
needs GNU gettext. https://babel.pocoo.org/en/latest/messages.html
"""

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

FOLDER = settings.BASE_DIR / "locale"
# How the texts of a file are found: the first pattern that fits it counts.
METHODS = [
    ("tests/**", "ignore"),
    ("var/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "languages.catalogues:texts_of_page"),
]


def texts_of_page(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Any,
) -> Iterator[Any]:
    """Let Django turn its tags into calls, and Babel find those."""
    calls = templatize(file.read().decode())
    # Within parentheses it does not matter how far a line is indented.
    source = BytesIO(f"({calls}\n)".encode())
    yield from extract_python(source, keywords, comment_tags, options)


def texts() -> Catalog:
    """Return all texts that are marked in the project."""
    found = Catalog()
    for _, _, text, comments, context in extract_from_dir(settings.BASE_DIR, METHODS):
        found.add(text, auto_comments=comments, context=context)
    return found


def files() -> list[Path]:
    return sorted(FOLDER.glob("*/LC_MESSAGES/django.po"))


def read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale=file.parts[-3])


def begin(language: str) -> None:
    """Make an empty catalogue for a language, unless there is one."""
    file = FOLDER / language / "LC_MESSAGES" / "django.po"
    if not file.exists():
        head = f"# The texts of the site in {Locale.parse(language).english_name}."
        empty = Catalog(language, header_comment=head, fuzzy=False)
        file.parent.mkdir(parents=True)
        with file.open("wb") as stream:
            write_po(stream, empty)


def update(file: Path, texts: Catalog) -> Catalog:
    """Put new texts into a catalogue, and set those aside that are gone."""
    catalogue = read(file)
    catalogue.update(texts, no_fuzzy_matching=True)
    # Its head stays as it is: Babel would write down when, and each time another.
    head = file.read_text(encoding="utf-8").partition("\n\n")[0]
    body = BytesIO()
    write_po(body, catalogue, 0, no_location=True, omit_header=True, sort_output=True)
    entries = body.getvalue().decode().strip()
    file.write_text(f"{head}\n\n{entries}\n", encoding="utf-8")
    return catalogue


def missing(catalogue: Catalog) -> list[str]:
    """Return the texts that have no translation, or one that nobody has checked."""
    unsure = [text for text in catalogue if text.fuzzy or not text.string]
    return [str(text.id) for text in unsure if text.id]
