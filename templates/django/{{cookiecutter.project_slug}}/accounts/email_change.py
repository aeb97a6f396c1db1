"""Giving an account another e-mail address, which counts when its link is opened."""

from django.db import IntegrityError, transaction

from accounts import attempts, links, mails
from accounts.models import Link, User
from config import mail
from languages import gettext as _


def request_email(user: User, email: str) -> None:
    """Mail a link to a user's new address, unless it has an account."""
    # Not later: it is for whoever has the password that was checked just now.
    try:
        token = links.make(Link.Purpose.EMAIL, email, user=user)
    except IntegrityError:  # the account is gone since
        return

    def work() -> None:
        if not attempts.may_mail(email):
            return
        if User.objects.filter(email=email).exists():
            mails.already_registered(email)
        else:
            _confirm_new_address(email, token)

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
    mail.later(lambda: _address_changed(old))
    return user


def _confirm_new_address(email: str, token: str) -> None:
    mails.send(
        email,
        _("Confirm your new address"),
        _(
            "please {step} to use this address for your account. "
            "It works once, and for an hour."
        ),
        mails.next_step(Link.Purpose.EMAIL, token),
    )


def _address_changed(email: str) -> None:
    mails.send(
        email,
        _("Your address was changed"),
        _(
            "your account has another e-mail address from now on. If that was not you, "
            "somebody else may know your password: tell us at once."
        ),
    )
