"""Passwords are hashed slowly on purpose: few at a time, in threads of their own."""

import os
from concurrent.futures import ThreadPoolExecutor

from app.accounts import passwords

# Each hash keeps a processor busy and 19 MiB of memory: a crowd at the login waits
# in line. A thread keeps the memory that it once had, so these are always the same.
HASHING = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="hashing")


def hash_password(password: str) -> str:
    return HASHING.submit(passwords.hash_password, password).result()


def verify_password(password: str, password_hash: str | None) -> bool:
    return HASHING.submit(passwords.verify_password, password, password_hash).result()
