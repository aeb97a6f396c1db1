"""Decide which passwords are good enough, and keep them only as Argon2id hashes.

The rules are those of NIST SP 800-63B, section 3.1.1.2: a minimum length, no
composition rules, and nothing that an attacker would try first.
https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
"""

import re
import string
import unicodedata
from functools import cache
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.languages import N_

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128
# Nothing beyond is ever looked at: a million accents would keep a server busy for minutes.
LONGEST_READ = 1000

TOO_SHORT = N_("Use at least 12 characters.")
TOO_LONG = N_("Use at most 128 characters.")
TOO_COMMON = N_("This password is too common. Choose one that is yours alone.")
CONTAINS_SITE_NAME = N_("The password must not contain the name of this site.")
CONTAINS_EMAIL = N_("The password must not contain your e-mail address.")

# A name shorter than this turns up in good passwords by chance.
SHORTEST_NAME = 4

# What people put around a word, and instead of a letter.
DECORATION = string.digits + string.punctuation + string.whitespace
STAND_INS = str.maketrans("013457@$!", "oleastasi")

# The alphabet, the digits and the ways along a keyboard.
RUNS = (
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)

# OWASP's parameters: 19 MiB of memory, two passes, one lane.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    return hasher.hash(_normalised(password))


def verify_password(password: str, password_hash: str | None) -> bool:
    """Tell whether a password belongs to a hash.

    Without a hash the answer is no, after the same amount of work, so that the
    time does not tell whether there is such an account.
    """
    if password_hash is None:
        hash_password(password)
        return False
    try:
        return hasher.verify(password_hash, _normalised(password))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Tell whether a hash was made with other parameters than those above."""
    return hasher.check_needs_rehash(password_hash)


def why_refused(password: str, *, email: str, site_name: str) -> str | None:
    """Say why a new password is refused, or nothing if it is good enough."""
    # As typed and as it counts: `½` is one character, and three.
    lengths = len(password), len(_normalised(password))
    if min(lengths) < MINIMUM_LENGTH:
        return TOO_SHORT
    if max(lengths) > MAXIMUM_LENGTH:
        return TOO_LONG
    password = _normalised(password)
    if _is_known(password) or any(_is_common(core) for core in _cores(password)):
        return TOO_COMMON
    if _resembles(password, site_name):
        return CONTAINS_SITE_NAME
    if _resembles(password, email) or _resembles(password, email.partition("@")[0]):
        return CONTAINS_EMAIL
    return None


def _normalised(password: str) -> str:
    """The same characters, however the keyboard or the system composed them.

    What is cut is longer than any password still, as four make one at most.
    """
    return unicodedata.normalize("NFKC", password[:LONGEST_READ])


def _is_known(password: str) -> bool:
    """Whether it is one of the 3,000 so long that are found most often where some leak.

    From the ten million that Mark Burnett gave to the public domain. Only the beginnings of
    their SHA-256 are here: many are not for eyes.
    """
    folded = password.casefold().encode(errors="surrogatepass")
    return sha256(folded).hexdigest()[:12] in _lines("common_passwords.txt")


def _cores(password: str) -> set[str]:
    """What a password is built on: `P@ssw0rd2026!` on `password`."""
    folded = password.casefold()
    trimmed = {
        folded,
        folded.lstrip(DECORATION),
        folded.rstrip(DECORATION),
        folded.strip(DECORATION),
    }
    plain = {text.translate(STAND_INS) for text in trimmed}
    return {text.strip(DECORATION) for text in trimmed | plain} | {folded}


def _is_common(core: str) -> bool:
    piece = _repeated_piece(core)
    is_run = any(piece in run or piece[::-1] in run for run in RUNS)
    return is_run or piece in _lines("common_words.txt") or len(piece) <= 4 < len(core)


def _repeated_piece(text: str) -> str:
    """The shortest text that makes up the whole by repetition: `abc` of `abcabcab`."""
    for length in range(1, len(text)):
        if text[length:] == text[:-length]:
            return text[:length]
    return text


@cache
def _lines(name: str) -> frozenset[str]:
    path = Path(__file__).with_name(name)
    return frozenset(path.read_text(encoding="utf-8").split())


def _resembles(password: str, name: str) -> bool:
    """Tell whether one contains the other, whatever the case and the punctuation."""
    name = _letters_and_digits(name)
    variants = (password, password.casefold().translate(STAND_INS))
    return any(
        len(shorter) >= SHORTEST_NAME and shorter in longer
        for text in map(_letters_and_digits, variants)
        for shorter, longer in ((name, text), (text, name))
    )


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[\W_]+", "", _normalised(text).casefold())
