"""The last part of a product's address, made from its name."""

import re
import secrets
import unicodedata
from itertools import chain, count

LONGEST = 60
TAKEN = {"import", "new"}  # `/products/new` is a page of its own


def slugify(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", ""))
    return words[:LONGEST].strip("-") or "product"


def free_slug(base: str, taken: set[str]) -> str:
    """The slug itself, or the first of `-2`, `-3` … that is free."""
    unusable = taken | TAKEN
    slugs = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(slug for slug in slugs if slug not in unusable)


def random_slug(base: str) -> str:
    return f"{base}-{secrets.token_hex(4)}"
