"""WRONG ON PURPOSE, like `vulnerable.py`: what nobody should write, for bandit and detect-secrets.

Nothing here is ever run, and no key opens anything.
"""

import hashlib
import pickle
import subprocess
from typing import Any

PASSWORD = "correct horse battery staple"
# The one of Amazon's documentation.
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SIGNING_KEY = "bW9zdCBwZW9wbGUgdXNlIHRoZSBzYW1lIG9uZSBldmVyeXdoZXJl"


def calculate(words: str) -> Any:
    """Run whatever somebody wrote."""
    return eval(words)


def find(name: str) -> str:
    """Let somebody write a part of a command, and of a statement."""
    subprocess.run(f"grep {name} /etc/hosts", shell=True, check=False)
    return "SELECT * FROM account WHERE name = '" + name + "'"


def load(stored: bytes) -> Any:
    """Run what is in a file."""
    return pickle.loads(stored)


def fingerprint(password: str) -> str:
    """Make it easy to find a password."""
    return hashlib.md5(password.encode()).hexdigest()
