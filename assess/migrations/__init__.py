"""Alembic migrations, configured in code: `assess db upgrade` runs them."""
