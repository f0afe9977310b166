"""Runs migrations on the connection that the caller hands over."""

from __future__ import annotations

from alembic import context

from assess.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=lambda name, kind, _: not (kind == "table" and str(name).startswith("procrastinate_")),
)
with context.begin_transaction():
    context.run_migrations()
