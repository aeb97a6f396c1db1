"""Another e-mail address for an account: it counts once its link was opened."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import attempts, links, mails, services
from app.accounts.links import WayFor
from app.accounts.models import User
from app.mail import Mail
from app.outbox import Outbox


def request_new_email(outbox: Outbox, user: User, email: str) -> None:
    """Mail a link to the new address, unless that has an account already."""
    outbox.write_later(_new_email_mail, user, email)


async def _new_email_mail(
    session: AsyncSession, way_for: WayFor, user: User, email: str
) -> Mail | None:
    if not await attempts.may_mail(session, email):
        return None
    if await services.find_user(session, email):
        return mails.already_registered(email)
    token = await links.make(
        session, "email", email=email, user=user, password_hash=user.password_hash
    )
    return mails.confirm_new_address(email, way_for("email", token))


async def confirm_new_email(session: AsyncSession, outbox: Outbox, token: str) -> bool:
    """Change the address, unless the link is dead or the address has been taken.

    It is dead too if the password that it was asked for with is: whoever knew that
    one must not get an account back from its owner.
    """
    link = await links.use(session, "email", token)
    user = await links.user_of(session, link)
    if link is None or user is None or user.password_hash != link.password_hash:
        return False
    # Links that were mailed to the old address must not work any longer.
    await links.forget(session, user)
    old, user.email = user.email, link.email
    if not await services.committed(session):
        return False
    outbox.add(mails.address_changed(old))
    return True
