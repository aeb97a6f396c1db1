"""What is in the catalogue."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import Base, Moment, now

MAXIMUM_STOCK = 1_000_000


class Product(Base):
    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Made from the first name, and kept when the name changes: links stay good.
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    price: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    stock: Mapped[int]
    owner_id: Mapped[int] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[User] = relationship()

    __table_args__ = (
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        # The two orders in which they are listed.
        Index(None, created_at.desc(), id.desc()),
        Index(None, updated_at.desc(), id.desc()),
        # The id of what was deleted is never given to something else.
        {"sqlite_autoincrement": True},
    )
    # Every update says which version it was made from, and counts it up.
    # https://docs.sqlalchemy.org/en/21/orm/versioning.html
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def may_be_changed_by(self, user: User) -> bool:
        return user.is_authenticated and (user.is_staff or user.id == self.owner_id)
