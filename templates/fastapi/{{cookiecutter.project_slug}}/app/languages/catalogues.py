"""Collects the texts of the project, and keeps the catalogues of their translations.

https://babel.pocoo.org/en/latest/messages.html
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.settings import PROJECT

FOLDER = PROJECT / "locale"
PAGES = "**/templates/**.html"
METHODS = [("**.py", "python"), (PAGES, "jinja2")]
# A page that cannot be read must not be passed over.
OPTIONS = {PAGES: {"silent": "false"}}


def texts() -> Catalog:
    """All texts that are marked in the project."""
    found = Catalog()
    for _, _, text, _, _ in extract_from_dir(PROJECT / "app", METHODS, OPTIONS):
        found.add(text)
    return found


def files() -> list[Path]:
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale=file.parts[-3])


def begin(language: str) -> None:
    """Make an empty catalogue for a language, unless there is one."""
    file = FOLDER / language / "LC_MESSAGES" / "messages.po"
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
    """The texts that have no translation, or one that nobody has checked."""
    unsure = [text for text in catalogue if text.fuzzy or not text.string]
    return [str(text.id) for text in unsure if text.id]


def translate(languages: Iterable[str]) -> Iterator[str]:
    """Bring all catalogues up to date, these new ones too; say what is missing."""
    for language in languages:
        begin(language)
    found = texts()
    for file in files():
        catalogue = update(file, found)
        yield f"{file.parts[-3]}: {len(missing(catalogue))} missing"
