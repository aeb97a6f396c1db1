"""What can be done with an account, whoever asks for it: pages, an API, a command."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import mail
from app.accounts import attempts, links, mails, sessions
from app.accounts.addresses import normalise
from app.accounts.links import Used
from app.accounts.models import User
from app.accounts.passwords import hash_password, needs_rehash, verify_password
from app.database import db


def find_user(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email))


def authenticate(email: str, password: str, address: str) -> User | None:
    """The user to whom address and password belong, if both are right.

    Raises:
        TooManyRequests: there were too many wrong tries.
    """
    try:
        email = normalise(email)
    except ValueError:
        # No account has it: that is found out, and counted, like any wrong try.
        email = email.strip().lower()
    tries = attempts.record(email, address)
    user = find_user(email)
    if not verify_password(password, user.password_hash if user else None):
        return None
    attempts.forget(tries, email)
    if user and needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
        db.session.commit()
    return user


def register(email: str, display_name: str, password: str) -> None:
    """Mail a link that makes the account: until then there is none.

    The same is done whether or not the address has an account already; what
    differs is the mail.
    """
    token = links.make(
        links.REGISTER,
        email=email,
        display_name=display_name,
        password_hash=hash_password(password),
    )
    db.session.commit()
    mail.later(_mail_registration, email, token)


def _mail_registration(email: str, token: str) -> None:
    if find_user(email):
        mail.send(mails.already_registered(email))
    else:
        link = links.address(links.REGISTER, token)
        mail.send(mails.confirm_address(email, link))


def confirm_registration(token: str) -> User | None:
    """Make the account, unless the link is dead or the address has been taken."""
    link = links.use(links.REGISTER, token)
    if link is None:
        return None
    user = User(
        email=link.email,
        display_name=link.display_name,
        password_hash=link.password_hash,
    )
    db.session.add(user)
    return user if _commit() else None


def request_password_reset(email: str) -> None:
    """Mail a link, if the address has an account: found out after the answer."""
    mail.later(_mail_reset, email)


def _mail_reset(email: str) -> None:
    user = find_user(email)
    if user:
        token = links.make(links.RESET, email=email, user=user)
        db.session.commit()
        mail.send(mails.reset_password(email, links.address(links.RESET, token)))


def reset_password(token: str, password: str) -> bool:
    """Set the password of whoever got the link, unless the link is dead."""
    password_hash = hash_password(password)
    user, link = _use_link_of_user(links.RESET, token)
    if user is None or link is None:
        return False
    _set_password_hash(user, password_hash)
    return True


def change_password(user: User, password: str) -> None:
    """Set a new password; of all sessions only the one that asks goes on."""
    _set_password_hash(user, hash_password(password), keep=user.session_key)


def _set_password_hash(user: User, password_hash: str, keep: str = "") -> None:
    user.password_hash = password_hash
    sessions.end_all(user, keep=keep)
    links.forget(user)
    db.session.commit()
    mail.later(mail.send, mails.password_changed(user.email))


def request_new_email(user: User, email: str) -> None:
    """Mail a link to the new address, unless that has an account already."""
    token = links.make(links.EMAIL, email=email, user=user)
    db.session.commit()
    mail.later(_mail_new_email, email, token)


def _mail_new_email(email: str, token: str) -> None:
    if find_user(email):
        mail.send(mails.already_registered(email))
    else:
        link = links.address(links.EMAIL, token)
        mail.send(mails.confirm_new_address(email, link))


def confirm_new_email(token: str) -> bool:
    """Change the address, unless the link is dead or the address has been taken."""
    user, link = _use_link_of_user(links.EMAIL, token)
    if user is None or link is None:
        return False
    # Links that were mailed to the old address must not work any longer.
    links.forget(user)
    old, user.email = user.email, link.email
    if not _commit():
        return False
    mail.later(mail.send, mails.address_changed(old))
    return True


def _use_link_of_user(purpose: str, token: str) -> tuple[User | None, Used | None]:
    """Use up a link of a user.

    The row of the user is locked before any link of theirs is deleted, always in
    this order, so that two links used at the same time cannot block each other.
    """
    link = links.find(purpose, token)
    if link is None:
        return None, None
    user = db.session.get(User, link.user_id, with_for_update=True)
    return user, links.use(purpose, token)


def _commit() -> bool:
    """Commit; or tell that somebody else was faster to take an address."""
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    return True
