"""How passwords are stored."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.passwords import normalised

# Each hash keeps a processor busy and 19 MiB of memory: a crowd at the login waits in
# line. In threads of their own, for each thread keeps the memory that it once had.
HASHING = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="hashing")


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
        hashing = HASHING.submit(super().encode, normalised(password), salt)
        return hashing.result()

    def verify(self, password: str, encoded: str) -> bool:
        hashing = HASHING.submit(super().verify, normalised(password), encoded)
        return hashing.result()
