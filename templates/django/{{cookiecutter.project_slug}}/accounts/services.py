"""What users can do with their accounts, whichever way they ask for it.

What depends on whether an address is known happens after the answer, so that neither
the answer nor its time tells.
"""

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts import links, mails
from accounts.models import Link, User
from config import mail


def register(email: str, display_name: str, password: str) -> None:
    """Mail a link that makes the account: so nobody registers another's address."""
    hashed = make_password(password)

    def work() -> None:
        if User.objects.filter(email=email).exists():
            mails.already_registered(email)
        else:
            token = links.make(
                Link.Purpose.REGISTER,
                email,
                display_name=display_name,
                password=hashed,
            )
            mails.confirm_address(email, token)

    mail.later(work)


def confirm_registration(token: str) -> User | None:
    """Make the account that a mailed link stands for, if it still works."""
    try:
        with transaction.atomic():
            link = links.take(Link.Purpose.REGISTER, token)
            if link is None:
                return None
            return User.objects.create(
                email=link.email, display_name=link.display_name, password=link.password
            )
    except IntegrityError:  # the address has got an account since
        return None


def request_reset(email: str) -> None:
    """Mail a link for choosing a new password, if there is such an account."""

    def work() -> None:
        user = User.objects.filter(email=email, is_active=True).first()
        if user:
            mails.reset_password(
                email, links.make(Link.Purpose.RESET, email, user=user)
            )

    mail.later(work)


def reset_password(token: str, password: str) -> User | None:
    """Set the password of a mailed link's user, if the link still works."""
    with transaction.atomic():
        link = links.take(Link.Purpose.RESET, token)
        if link is None or link.user is None:
            return None
        change_password(link.user, password)
    return link.user


def change_password(user: User, password: str) -> None:
    """Set a password; Django ends the sessions that were opened with the old one."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        links.forget(user)
    mail.later(lambda: mails.password_changed(user.email))


def request_email(user: User, email: str) -> None:
    """Mail a link to a user's new address, unless it has an account."""
    # Not later, or it could outlive a change of the password that comes in between.
    token = links.make(Link.Purpose.EMAIL, email, user=user)

    def work() -> None:
        if User.objects.filter(email=email).exists():
            mails.already_registered(email)
        else:
            mails.confirm_new_address(email, token)

    mail.later(work)


def confirm_email(token: str) -> User | None:
    """Give the user of a mailed link the new address, and tell the old one."""
    try:
        with transaction.atomic():
            link = links.take(Link.Purpose.EMAIL, token)
            if link is None or link.user is None:
                return None
            user, old = link.user, link.user.email
            user.email = link.email
            user.save(update_fields=["email"])
            links.forget(user)
    except IntegrityError:  # the address has got an account since
        return None
    mail.later(lambda: mails.address_changed(old))
    return user
