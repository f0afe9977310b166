"""One database session per request: reading for GET and HEAD, writing from the start for everything else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, request
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError as DatabaseBusy
from sqlalchemy.orm import Session

from assess.services import database

__all__ = ["DatabaseBusy", "Session", "autocommit", "get_session", "init_app", "reading_session", "writing_session"]

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask, url: str) -> None:
    """Connect `app` to the database at `url`, which must have its tables."""
    engine = database.make_engine(url)
    database.require_current(engine)
    engine.dispose()  # a connection must not be carried over into the server's child processes
    app.extensions["engine"] = engine
    app.teardown_appcontext(_close)


def get_session() -> Session:
    """Return the request's session; nothing is kept unless the view commits."""
    if "session" not in g:
        engine = current_app.extensions["engine"]
        g.session = Session(engine if request.method in READING else database.writing(engine))
    session: Session = g.session
    return session


@contextmanager
def reading_session() -> Iterator[Session]:
    """Give a session that only reads, for what a writing request must know before it takes the lock."""
    with Session(current_app.extensions["engine"]) as session:
        yield session


@contextmanager
def writing_session() -> Iterator[Session]:
    """
    Give a session that writes, for the few GETs that leave a trace (who took a report); the view commits.

    What the request has read so far is detached: where SQLite has no write-ahead log, a reading transaction of the
    request's own would lock this one out.
    """
    _close(None)
    engine = database.writing(current_app.extensions["engine"])
    with Session(engine, expire_on_commit=False) as session:
        yield session


def autocommit() -> Connection:
    """Return a connection on which every statement commits itself; close it after use."""
    connection: Connection = database.autocommitting(current_app.extensions["engine"]).connect()
    return connection


def _close(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()
