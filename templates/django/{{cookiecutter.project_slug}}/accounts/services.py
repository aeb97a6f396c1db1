"""What users can do with their accounts, whichever way they ask for it.

What depends on whether an address is known happens after the answer, so that neither
the answer nor its time tells.
"""

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts import attempts, links, mails
from accounts.models import Link, User
from config import mail
from languages import _

NO_MATCH = _("That e-mail address and password do not match an account.")
NOT_YOURS = _("That is not your password.")


def register(email: str, display_name: str, password: str) -> None:
    """Mail a link that makes the account: so nobody registers another's address."""
    hashed = make_password(password)

    def work() -> None:
        if not attempts.may_mail(email):
            return
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
        if user and attempts.may_mail(email):
            mails.reset_password(
                email, links.make(Link.Purpose.RESET, email, user=user)
            )

    mail.later(work)


def reset_password(token: str, password: str) -> User | None:
    """Set the password of a mailed link's user, if the link still works."""
    hashed = make_password(password)
    with transaction.atomic():
        link = links.take(Link.Purpose.RESET, token)
        if link is None or link.user is None or not _replace(link.user, hashed):
            return None
    return link.user


def change_password(user: User, password: str) -> bool:
    """Set a password, unless somebody has set another one since `user` was read.

    So whoever knows an old password cannot undo its reset by being slow. Django ends
    the sessions that were opened with the old one.
    """
    return _replace(user, make_password(password))


def _replace(user: User, hashed: str) -> bool:
    with transaction.atomic():
        same = User.objects.filter(pk=user.pk, password=user.password)
        if not same.update(password=hashed):
            return False
        links.forget(user)
    user.password = hashed
    mail.later(lambda: mails.password_changed(user.email))
    return True
