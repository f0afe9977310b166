"""What tests of services share: an invitation on its way; databases to restore into, and a place for the file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from assess.services import database, invitations
from tests import factories, postgresql
from tests.conftest import plain
from tests.factories import Cast


@pytest.fixture
def invited(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    return invitations.send(session, cast.hana, assignment, now=now)


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs are found where the tests' own server has them."""
    try:
        folder = postgresql.programs()
    except postgresql.Missing:
        return
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def new_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], str]:
    """A function that makes an empty database of the same kind and returns its address."""

    def new_url() -> str:
        name = f"test_{uuid4().hex}"
        if database_url.startswith("sqlite"):
            (tmp_path / name).mkdir()
            return f"sqlite:///{tmp_path / name / 'rapport.sqlite3'}"
        address = request.getfixturevalue("postgresql_address")
        with psycopg.connect(plain(address("postgres")), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return address(name)

    return new_url


@pytest.fixture
def other(new_url: Callable[[], str]) -> Iterator[Engine]:
    """An empty database to restore into."""
    engine = database.make_engine(new_url())
    yield engine
    engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a backup may be written."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "rapport.backup"


@pytest.fixture
def held(session: Session, cast: Cast) -> None:
    """Something that a database may hold."""
    session.commit()
