"""Another e-mail address for an account: it counts once its link was opened."""

from app import mail
from app.accounts import attempts, links, mails
from app.accounts.models import User
from app.accounts.services import committed, find_user, use_link_of_user

EMAIL = "email"


def request_new_email(user: User, email: str) -> None:
    """Mail a link to the new address, unless that has an account already."""
    token = links.make(EMAIL, email=email, user=user, password_hash=user.password_hash)
    if committed():
        mail.later(_mail_new_email, email, token)


def _mail_new_email(email: str, token: str) -> None:
    if not attempts.may_mail(email):
        return
    if find_user(email):
        mail.send(mails.already_registered(email))
    else:
        mail.send(mails.confirm_new_address(email, links.way(EMAIL, token)))


def confirm_new_email(token: str) -> bool:
    """Change the address, unless the link is dead or the address has been taken."""
    user, link = use_link_of_user(EMAIL, token)
    if user is None or link is None:
        return False
    # Made while the password was changed: `links.forget` has not seen it.
    if link.password_hash != user.password_hash:
        return False
    # Links that were mailed to the old address must not work any longer.
    links.forget(user)
    old, user.email = user.email, link.email
    if not committed():
        return False
    mail.later(mail.send, mails.address_changed(old))
    return True
