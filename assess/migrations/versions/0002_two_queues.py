"""Two queues: periodic jobs have a key; on PostgreSQL jobs go to Procrastinate."""

from __future__ import annotations

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from assess.models.base import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PROCRASTINATION = "assess.services.procrastination"  # imported only where PostgreSQL is


def upgrade() -> None:
    with op.batch_alter_table("jobs") as batch:
        batch.add_column(sa.Column("key", sa.String(), nullable=True, comment="of a periodic job: its name and moment"))
        batch.create_unique_constraint(batch.f("uq_jobs_key"), ["key"])
        batch.alter_column(
            "due_at",
            existing_type=UTCDateTime(timezone=True),
            nullable=True,
            comment="none: as soon as may be",
        )
        batch.drop_column("created_at")
    if op.get_bind().dialect.name == "postgresql":
        import_module(PROCRASTINATION).apply_schema(op.get_bind())
        op.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, scheduled_at) "
            "SELECT 'default', name, priority, arguments::jsonb, due_at FROM jobs "
            "WHERE finished_at IS NULL AND failed_at IS NULL ORDER BY id"
        )
        op.execute("DELETE FROM jobs WHERE finished_at IS NULL AND failed_at IS NULL")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "INSERT INTO jobs (name, arguments, priority, due_at, attempts) "
            "SELECT task_name, args::json, priority, COALESCE(scheduled_at, now()), 0 FROM procrastinate_jobs "
            "WHERE status IN ('todo', 'doing') AND NOT args ? 'timestamp' ORDER BY id"
        )
        import_module(PROCRASTINATION).drop_schema(op.get_bind())
    op.execute("DELETE FROM jobs WHERE key IS NOT NULL")
    op.execute("UPDATE jobs SET due_at = CURRENT_TIMESTAMP WHERE due_at IS NULL")
    with op.batch_alter_table("jobs") as batch:
        batch.add_column(
            sa.Column(
                "created_at", UTCDateTime(timezone=True), nullable=False, server_default=sa.func.current_timestamp()
            )
        )
        batch.alter_column("due_at", existing_type=UTCDateTime(timezone=True), nullable=False)
        batch.drop_constraint(batch.f("uq_jobs_key"), type_="unique")
        batch.drop_column("key")
