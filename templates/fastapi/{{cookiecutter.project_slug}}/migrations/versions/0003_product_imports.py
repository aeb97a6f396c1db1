{% from "macros.jinja" import lines with context %}
{% set before %}
{% call lines("migrations") %}
0001
{% endcall %}
{% endset %}
"""Imports of products."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "{{ before.split() | last }}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["user_account.id"],
            name=op.f("fk_product_import_owner_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_import")),
    )
    op.create_index(op.f("ix_product_import_owner_id"), "product_import", ["owner_id"])
    op.create_index(op.f("ix_product_import_state"), "product_import", ["state"])


def downgrade() -> None:
    op.drop_index(op.f("ix_product_import_state"), table_name="product_import")
    op.drop_index(op.f("ix_product_import_owner_id"), table_name="product_import")

    op.drop_table("product_import")
