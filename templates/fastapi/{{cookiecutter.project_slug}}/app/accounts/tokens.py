"""Secrets that are handed out once, and of which only a hash is kept."""

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """A fast hash is enough: nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
