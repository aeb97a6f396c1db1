"""Which passwords are good enough: long, not common, and not about oneself.

There are no rules about digits or capitals: they make passwords harder to remember and
hardly harder to guess. https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
"""

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from languages import _

SHORTEST = 12
LONGEST = 128
LONGEST_READ = 1000  # of what is sent as a password: more cannot be one

# These say the numbers above.
ADVICE = _(
    "At least 12 characters. A few words that only you would put together are "
    "good and easy to remember."
)
TOO_SHORT = _("Use at least 12 characters.")
TOO_LONG = _("Use at most 128 characters.")
COMMON = _("Too many people use this password. Choose one that is yours alone.")
PERSONAL = _(
    "Leave your e-mail address and the name of this site out of your password."
)

DECORATION = string.digits + string.punctuation + string.whitespace
DISGUISES = str.maketrans("013457@$!", "oleastasi")
ROWS = (
    string.ascii_lowercase,
    string.digits,
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
)


def objection(password: str, names: Iterable[str] = ()) -> str | None:
    """Say why a password is refused, or return None if it is fine.

    `names` are what others know about its owner: the address, the site.
    """
    # As typed and as it counts: `½` is one character, and three.
    lengths = len(password), len(normalised(password))
    if min(lengths) < SHORTEST:
        return TOO_SHORT
    if max(lengths) > LONGEST:
        return TOO_LONG
    password = normalised(password)
    if _is_known(password.casefold()) or _is_common(password.casefold()):
        return COMMON
    if _is_personal(password, names):
        return PERSONAL
    return None


def normalised(password: str) -> str:
    """Return a password as it counts: the same letters can be typed differently.

    Of what is too long only the beginning is looked at, which is too long still: to
    normalise a million characters can take minutes.
    """
    return unicodedata.normalize("NFKC", password[:LONGEST_READ])


def _is_known(password: str) -> bool:
    """Whether it is one of the 3,000 so long that are found most often where some leak.

    From the ten million that Mark Burnett gave to the public domain. Only the beginnings of
    their SHA-256 are here: many are not for eyes.
    """
    digest = sha256(password.encode(errors="surrogatepass")).hexdigest()
    return digest[:12] in _lines("common_passwords.txt")


def _is_common(password: str) -> bool:
    return any(
        not core or core in _lines("common_words.txt") or _repeats(core) or _runs(core)
        for core in (password, *_cores(password))
    )


def _cores(password: str) -> Iterator[str]:
    """Yield what is left of `P@ssw0rd2026!`: without decoration, without disguise."""
    plain = password.strip(DECORATION)
    yield plain
    yield plain.translate(DISGUISES)
    yield password.translate(DISGUISES).strip(DECORATION)


def _repeats(core: str) -> bool:
    """Whether this is one short piece or one common word, over and over."""
    piece = re.fullmatch(r"(.+?)\1+.{0,3}", core, re.DOTALL)
    return piece is not None and (
        len(piece[1]) <= 4 or piece[1] in _lines("common_words.txt")
    )


def _runs(core: str) -> bool:
    """Whether this goes along the alphabet, the digits or the keys of a keyboard."""
    return any(core in row * 2 or core[::-1] in row * 2 for row in ROWS)


def _is_personal(password: str, names: Iterable[str]) -> bool:
    letters = _letters(password)
    known = {_letters(part) for name in names for part in (name, name.split("@")[0])}
    return any(
        min(len(name), len(letters)) >= 4 and (name in letters or letters in name)
        for name in known
    )


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


@cache
def _lines(name: str) -> frozenset[str]:
    file = Path(__file__).with_name(name)
    return frozenset(file.read_text(encoding="utf-8").split())
