"""A project's name, and the names that are made from it."""

import unicodedata
from pathlib import Path

from headstart.errors import WrongInput

LONGEST_NAME = 100
LONGEST_SLUG = 50
FALLBACK_SLUG = "project"
PATH_STARTS = ("/", "\\", "./", "../", ".\\", "..\\", "~")
# Control characters, half a surrogate pair, line and paragraph separators.
UNWRITABLE = {"Cc", "Cs", "Zl", "Zp"}
# These make text read otherwise than it stands: https://trojansource.codes
REORDERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What Windows keeps for devices, whatever the ending.
DEVICES = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)}


def name_problem(name: str) -> tuple[str, str] | None:
    """Say why a name cannot be used, and what to do; nothing for a good one.

    Args:
        name: the project's name in a person's words.
    """
    if not name.strip():
        return "A project needs a name.", 'Give it one, such as "My shop".'
    if len(name) > LONGEST_NAME:
        return (
            f"The name has {len(name)} characters; {LONGEST_NAME} are the most.",
            "Choose a shorter one; a longer description can go into the README.",
        )
    if name != name.strip():
        return (
            "The name begins or ends with a space.",
            "Leave the spaces at the ends out.",
        )
    if any(unicodedata.category(character) in UNWRITABLE for character in name):
        return (
            "The name contains a character that cannot be shown.",
            "Use one line of text.",
        )
    if REORDERING & set(name):
        return (
            "The name contains a character that reorders text.",
            "Leave it out; right-to-left scripts do not need it.",
        )
    if name in (".", "..") or name.startswith(PATH_STARTS):
        return (
            f"`{name}` is a path, not a name.",
            "Give the name alone, and the folder to make it in with `--output-dir`.",
        )
    return None


def check_name(name: str) -> str:
    """Return a project's name as it was given.

    Args:
        name: the project's name in a person's words.

    Raises:
        WrongInput: the name cannot be used.
    """
    if problem := name_problem(name):
        raise WrongInput(*problem)
    return name


def slug(name: str) -> str:
    """Make the folder's name: lower-case ASCII letters, digits and hyphens.

    Args:
        name: the project's name in a person's words.
    """
    from slugify import slugify

    # "Ann's" is one word.
    words = name.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    made = slugify(
        words,
        # `&amp;` is five characters of a name.
        entities=False,
        decimal=False,
        hexadecimal=False,
        max_length=LONGEST_SLUG,
        word_boundary=True,
    )
    made = made or FALLBACK_SLUG
    return f"{made}-{FALLBACK_SLUG}" if made in DEVICES else made


def distribution_name(slug: str) -> str:
    """Make the name in `pyproject.toml`, which must not be that of a package it needs.

    Args:
        slug: the folder's name.
    """
    return f"{slug}-{FALLBACK_SLUG}" if slug in _package_names() else slug


def _package_names() -> frozenset[str]:
    file = Path(__file__).parent / "knowledge" / "package_names.txt"
    return frozenset(file.read_text(encoding="utf-8").split())
