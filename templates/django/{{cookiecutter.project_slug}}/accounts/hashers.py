"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.passwords import normalised


class Argon2(Argon2PasswordHasher):
    """Argon2id at the strength that OWASP recommends.

    The same letters can be typed as different characters, so they are normalised first
    (NIST SP 800-63B, section 3.1.1.2). When the numbers below change, Django hashes a
    password anew the next time it is used.
    https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        return super().encode(normalised(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(normalised(password), encoded)
