"""One database session per request: reading for GET and HEAD, writing from the start for everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TypeVar

from flask import Flask, current_app, g, request
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import IntegrityError as Collision
from sqlalchemy.exc import OperationalError as DatabaseBusy
from sqlalchemy.orm import Session, sessionmaker

from assess.services import database

__all__ = [
    "Collision",
    "DatabaseBusy",
    "Session",
    "autocommitted",
    "get_session",
    "init_app",
    "reading_session",
    "reading_transactions",
    "steps",
    "writing_session",
    "writing_transactions",
]

Found = TypeVar("Found")

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask, url: str, *, threads: int) -> None:
    """Connect `app` to the database at `url`, which must have its tables."""
    connect(app, url, threads=threads)
    app.teardown_appcontext(_close)


def connect(app: Flask, url: str, *, threads: int) -> None:
    """Have `app` use this database from now on; it must have its tables."""
    engine = database.make_engine(url, threads=threads)
    database.require_current(engine)
    engine.dispose()  # a connection must not be carried over into the server's child processes
    app.extensions["engine"] = engine
    lanes: list[Connection] = []
    app.extensions["lanes"] = lanes
    event.listen(engine, "engine_disposed", lambda _engine: _close_all(lanes))


def get_session() -> Session:
    """Return the request's session; nothing is kept unless the view commits."""
    if "session" not in g:
        engine = current_app.extensions["engine"]
        g.session = Session(database.reading(engine) if request.method in READING else database.writing(engine))
    session: Session = g.session
    return session


@contextmanager
def reading_session() -> Iterator[Session]:
    """Give a session that only reads, for what a writing request must know before it takes the lock."""
    with Session(database.reading(current_app.extensions["engine"])) as session:
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


def writing_transactions() -> Callable[[], AbstractContextManager[Session]]:
    """
    Return what begins short transactions that write, for what is sent long after the request's own session is closed.

    Each is committed at the end of its `with` block.
    """
    _close(None)
    return sessionmaker(database.writing(current_app.extensions["engine"])).begin


def reading_transactions() -> Callable[[], AbstractContextManager[Session]]:
    """Return what begins short transactions that only read, for what is sent after the request's session is closed."""
    _close(None)
    return sessionmaker(database.reading(current_app.extensions["engine"])).begin


def steps() -> Callable[[], AbstractContextManager[Session]]:
    """
    Return what begins short transactions that write, one after the other, for long work of one request.

    Each is committed at the end of its `with` block. The request's own session lets go of its lock and can be used
    again afterwards; what it has read is read anew.
    """
    get_session().rollback()
    engine = database.writing(current_app.extensions["engine"])
    return sessionmaker(engine, expire_on_commit=False).begin


def autocommitted(work: Callable[[Connection], Found]) -> Found:
    """
    Return what `work` does on a connection on which every statement commits itself.

    `work` must come to the same when it is done twice: it is, when the connection turns out to have died, say because
    the database was started anew. So nothing need ask beforehand whether it lives.
    """
    try:
        return _on_a_lane(work)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return _on_a_lane(work)


def _on_a_lane(work: Callable[[Connection], Found]) -> Found:
    """
    Do `work` on a connection that is kept for the next one who comes, ready to commit by itself.

    There are as many as there are threads at most; they are not the pool's, which would reset them after each use.
    """
    lanes: list[Connection] = current_app.extensions["lanes"]
    try:
        lane = lanes.pop()
    except IndexError:
        lane = database.autocommitting(current_app.extensions["engine"]).connect()
        lane.detach()
    try:
        found = work(lane)
    except BaseException:
        lane.close()
        _close_all(lanes)  # what broke this one may have broken all
        raise
    lanes.append(lane)
    return found


def _close_all(lanes: list[Connection]) -> None:
    with suppress(IndexError):  # other threads take from it meanwhile
        while True:
            lanes.pop().close()


def _close(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()
