"""What SQLite's file holds of people after they were erased, for whoever reads it byte by byte."""

from __future__ import annotations

from assess.models import Person
from assess.services import erasure

DATABASES = ("sqlite",)
NAMES = ("Anna Gonesoon", "Bert Gonesoon", "Cora Gonesoon")


def test_free_space_holds_nothing_of_who_was_erased(session, engine, sqlite_file, cast, now):
    people = [
        Person(organization_id=cast.acme.id, name=name, email=f"{name[:4]}@gonesoon.example".lower(), created_at=now)
        for name in NAMES
    ]
    session.add_all(people)
    session.commit()
    erasure.erase(session, people, actor="command", now=now)
    session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # as when the server ends
    assert b"gonesoon" not in sqlite_file.read_bytes().lower()
