"""Parts beside the statements: a clock for timed ones, and what they amount to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assess.models.base import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("presented_items") as batch:
        batch.add_column(
            sa.Column(
                "closes_at",
                UTCDateTime(timezone=True),
                nullable=True,
                comment="in a timed part: answers are taken until then",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("presented_items") as batch:
        batch.drop_column("closes_at")
