"""Makes the links that are mailed, and uses them up."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.utils import timezone

from accounts.models import Link, User

LIFETIME = timedelta(hours=1)


def make(
    purpose: Link.Purpose,
    email: str,
    *,
    user: User | None = None,
    display_name: str = "",
    password: str = "",
) -> str:
    """Keep a new link and return its token, which is kept nowhere."""
    now = timezone.now()
    Link.objects.filter(expires_at__lte=now).delete()
    token = token_urlsafe(32)
    Link.objects.create(
        purpose=purpose,
        token_hash=_hash(token),
        email=email,
        user=user,
        display_name=display_name,
        password=password,
        expires_at=now + LIFETIME,
    )
    return token


def find(purpose: Link.Purpose, token: str) -> Link | None:
    """Return the link with this token, as long as it works."""
    return (
        Link.objects.select_related("user")
        .filter(purpose=purpose, token_hash=_hash(token), expires_at__gt=timezone.now())
        .first()
    )


def take(purpose: Link.Purpose, token: str) -> Link | None:
    """Return the link with this token and use it up.

    However many ask at once, the database deletes a row for one of them only.
    """
    link = find(purpose, token)
    if link is None:
        return None
    deleted, _ = Link.objects.filter(token_hash=link.token_hash).delete()
    return link if deleted else None


def forget(user: User) -> None:
    """Make the links useless that were mailed to a user."""
    Link.objects.filter(user=user).delete()


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
