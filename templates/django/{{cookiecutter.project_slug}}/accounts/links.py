"""Makes the links that are mailed, and uses them up."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.utils import timezone
from django.utils.crypto import constant_time_compare

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
    """Keep a new link and return its token, which is kept nowhere.

    The link of a user carries a fingerprint of the password that they have, and so dies
    with it, even if it is made while the password changes.
    """
    now = timezone.now()
    Link.objects.filter(expires_at__lte=now).delete()
    token = token_urlsafe(32)
    Link.objects.create(
        purpose=purpose,
        token_hash=_hash(token),
        email=email,
        user=user,
        display_name=display_name,
        password=user.get_session_auth_hash() if user else password,
        expires_at=now + LIFETIME,
    )
    return token


def find(purpose: Link.Purpose, token: str) -> Link | None:
    """Return the link with this token, as long as it works."""
    link = (
        Link.objects.select_related("user")
        .filter(purpose=purpose, token_hash=_hash(token), expires_at__gt=timezone.now())
        .first()
    )
    if link and link.user:
        fingerprint = link.user.get_session_auth_hash()
        return link if constant_time_compare(link.password, fingerprint) else None
    return link


def take(purpose: Link.Purpose, token: str) -> Link | None:
    """Return the link with this token and use it up, in the transaction of its use.

    However many ask at once, the database deletes a row for one of them only. The user
    is locked before that, as in a change of the password, or both might wait for ever.
    """
    link = find(purpose, token)
    if link and link.user_id:
        User.objects.select_for_update().filter(pk=link.user_id).first()
        link = find(purpose, token)  # it may have died while we waited
    if link is None:
        return None
    deleted, _ = Link.objects.filter(token_hash=link.token_hash).delete()
    return link if deleted else None


def forget(user: User) -> None:
    """Make the links useless that were mailed to a user."""
    Link.objects.filter(user=user).delete()


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
