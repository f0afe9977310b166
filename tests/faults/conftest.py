"""
Installations that tests may break, on both databases.

The PostgreSQL here writes to the disk as a real one does, unlike the one that all other tests share. These tests run
one after the other in one process, since each keeps the machine busy by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from tests.faults.installation import Installation, installed, new_database
from tests.postgresql import Missing, Server


@pytest.fixture(scope="session")
def safe_postgresql() -> Iterator[Server]:
    """A PostgreSQL that survives a crash."""
    try:
        server = Server(safe=True)
    except Missing as missing:
        pytest.skip(f"no PostgreSQL: {missing}")
    yield server
    server.close()


@pytest.fixture(scope="session")
def new_address(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """A function from a kind of database to the address of a new one; none for SQLite, whose file is in the folder."""

    def new(kind: str) -> str:
        if kind == "sqlite":
            return ""
        return new_database(request.getfixturevalue("safe_postgresql"), f"test_{uuid4().hex}")

    return new


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, new_address: Callable[[str], str]
) -> Iterator[Installation]:
    """An installation, the same one for all tests of a file."""
    with installed(tmp_path_factory.mktemp("installation"), new_address(request.param)) as place:
        yield place
