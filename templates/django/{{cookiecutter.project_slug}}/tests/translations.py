"""What the tests of languages share."""

from babel.messages.mofile import write_mo

from languages import catalogues

GERMAN = {"Accept-Language": "de"}


def compile_missing() -> None:
    """Compile what nobody has compiled yet, as the server reads nothing else."""
    for file in catalogues.files():
        compiled = file.with_suffix(".mo")
        if not compiled.exists():
            with compiled.open("wb") as stream:
                write_mo(stream, catalogues.read(file))
