"""What a database holds, row by row, and people in it who can hand in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select, table, text
from sqlalchemy.orm import sessionmaker

from assess.models import Attempt, Base, PresentedItem, ResponseEvent
from assess.services import attempts, database, results, saving
from tests import factories


def rows(engine: Engine) -> dict[str, list[object]]:
    """Return every row of every table."""
    tables = [(each.name, [text(key.name) for key in each.primary_key]) for each in Base.metadata.sorted_tables]
    if engine.dialect.name == "postgresql":
        tables += [(f"procrastinate_{name}", [text("id")]) for name in ("jobs", "events")]
    with engine.connect() as connection:
        return {
            name: [repr(row) for row in connection.execute(select(text("*")).select_from(table(name)).order_by(*keys))]
            for name, keys in tables
        }


@contextmanager
def unchanged(engine: Engine) -> Iterator[None]:
    """What is refused within leaves every row as it was."""
    before = rows(engine)
    yield
    assert rows(engine) == before


def sitting(session, registry, hana, name, *, now):
    """Return the id and token of an attempt at whose end somebody sits: everything was shown, all but one answered."""
    assignment = factories.assignment(session, registry, hana, name=name, now=now)
    token = factories.take_token(session, assignment, now=now)
    attempt = attempts.start(session, assignment, registry, now=now)
    codes = registry.bank(attempt.edition, attempt.bank_version).form(attempt.form).items
    session.add_all(
        PresentedItem(attempt_id=attempt.id, position=position, code=code, presented_at=now)
        for position, code in enumerate(codes, start=1)
    )
    session.add_all(
        ResponseEvent(
            attempt_id=attempt.id, code=code, value=position % 4 + 1, revision=saving.to_revision(now), counter=1,
            key=f"first-{position}", milliseconds=5_000, received_at=now,
        )
        for position, code in enumerate(codes[1:])
    )  # fmt: skip
    attempt_id = attempt.id
    session.commit()
    return attempt_id, token


def hand_in(engine, registry, attempt_id, *, now):
    """Hand an attempt in and score it."""
    sessions = sessionmaker(database.writing(engine))
    with sessions.begin() as session:
        attempt = session.get_one(Attempt, attempt_id)
        attempts.submit(session, attempt, registry.bank(attempt.edition, attempt.bank_version), now=now)
    with sessions.begin() as session:
        results.score_attempt(session, session.get_one(Attempt, attempt_id), registry, now=now)
