"""What is in the catalogue."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import Base, Moment, now


class Product(Base):
    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    price: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    stock: Mapped[int]
    owner_id: Mapped[int] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # One more with each change, so that nobody overwrites what they have not seen.
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[User] = relationship()

    __table_args__ = (
        # The two orders in which they are listed.
        Index("ix_product_newest", created_at.desc(), id.desc()),
        Index("ix_product_changed_last", updated_at.desc(), id.desc()),
        # Otherwise SQLite would give the number of a deleted product to the next one,
        # and what was meant for the one would hit the other.
        {"sqlite_autoincrement": True},
    )

    def may_be_changed_by(self, user: User | None) -> bool:
        return user is not None and (user.is_staff or user.id == self.owner_id)
