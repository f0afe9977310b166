"""The tables that migrations make are the tables that the models mean; down leads back to nothing."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from assess.errors import InvalidSettings
from assess.models import Base
from assess.services import database

DATABASES = ["sqlite", "postgresql"]


def ours(name, kind, _parent):
    return not (kind == "table" and name.startswith("procrastinate_"))


def test_migrated_database_has_the_tables_of_the_models(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours})
        assert compare_metadata(context, Base.metadata) == []


def test_down_and_up_again(engine):
    database.downgrade(database.writing(engine), "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    database.upgrade(database.writing(engine))
    database.require_current(engine)


def test_database_without_tables_is_refused_with_the_command_that_helps(tmp_path):
    engine = database.make_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with pytest.raises(InvalidSettings, match="assess db upgrade"):
        database.require_current(engine)
    engine.dispose()
