"""What can be done with an account, whoever asks for it: pages, an API, a command."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app import mail
from app.accounts import attempts, links, mails
from app.accounts.addresses import normalise
from app.accounts.links import Used
from app.accounts.models import User
from app.accounts.passwords import needs_rehash
from app.accounts.slowly import hash_password, verify_password
from app.database import db


def find_user(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email))


def authenticate(email: str, password: str, address: str) -> User | None:
    """The user to whom address and password belong, if both are right.

    Raises:
        TooManyRequests: there were too many wrong tries.
    """
    try:
        known_as = email = normalise(email)
    except ValueError:
        # No account has it: that is counted like any wrong try.
        known_as, email = "", email.strip().lower()
    tries = attempts.record(email, address)
    user = find_user(known_as)
    number, verified = (user.id, user.password_hash) if user else (0, "")
    if not verify_password(password, verified or None):
        return None
    attempts.forget(tries, email)
    if needs_rehash(verified):
        # Other logins of the user end with the old hash, this once.
        new = hash_password(password)
        _replace_hash(number, verified, new)
        db.session.commit()
        verified = new
    return _still_with(number, verified)


def _still_with(number: int, password_hash: str) -> User | None:
    """The user, unless they or their password were changed meanwhile.

    Hashing takes a while, and whoever knows an old password must not get in with it.
    """
    return db.session.scalar(
        select(User).where(User.id == number, User.password_hash == password_hash)
    )


def _replace_hash(number: int, old: str, new: str) -> bool:
    """Store a hash in place of the one that was looked at, if that is still there."""
    statement = (
        update(User)
        .where(User.id == number, User.password_hash == old)
        .values(password_hash=new)
        .returning(User.id)
    )
    return db.session.scalar(statement) is not None


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
    if not attempts.may_mail(email):
        return
    if find_user(email):
        mail.send(mails.already_registered(email))
    else:
        mail.send(mails.confirm_address(email, links.way(links.REGISTER, token)))


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
    return user if committed() else None


def request_password_reset(email: str) -> None:
    """Mail a link, if the address has an account: found out after the answer."""
    mail.later(_mail_reset, email)


def _mail_reset(email: str) -> None:
    user = find_user(email)
    if user and attempts.may_mail(email):
        token = links.make(links.RESET, email=email, user=user)
        db.session.commit()
        mail.send(mails.reset_password(email, links.way(links.RESET, token)))


def reset_password(token: str, password: str) -> bool:
    """Set the password of whoever got the link, unless the link is dead."""
    password_hash = hash_password(password)
    user, link = use_link_of_user(links.RESET, token)
    if user is None or link is None:
        return False
    user.password_hash = password_hash
    _end_what_was_begun(user)
    return True


def change_password(user: User, password: str) -> User | None:
    """Set a new password, which ends whatever was begun with the old one.

    Nothing is stored if the old one is no longer what `authenticate` has seen: a reset
    counts more than what a thief of the old password has begun.
    """
    number, old = user.id, user.password_hash
    new = hash_password(password)
    if not _replace_hash(number, old, new):
        return None
    _end_what_was_begun(user)
    return _still_with(number, new)


def _end_what_was_begun(user: User) -> None:
    told = mails.password_changed(user.email)
    links.forget(user)
    db.session.commit()
    mail.later(mail.send, told)


def use_link_of_user(purpose: str, token: str) -> tuple[User | None, Used | None]:
    """Use up a link of a user.

    The row of the user is locked before any link of theirs is deleted, always in
    this order, so that two links used at the same time cannot block each other.
    """
    link = links.find(purpose, token)
    if link is None:
        return None, None
    user = db.session.get(User, link.user_id, with_for_update=True)
    return user, links.use(purpose, token)


def committed() -> bool:
    """Commit; or tell that an address was taken, or the account deleted, just now."""
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    return True
