"""
A client that speaks as a browser does: it takes forms from pages and sends them back.

Every HTML page that any test sees is checked: one h1 that the title begins with, labelled fields, no id twice,
nothing inline that the content security policy would block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from assess.banks.registry import Registry
from assess.config import Settings
from assess.models import Coaching, LinkPurpose
from assess.services import accounts, links
from assess.web import create_app, db
from tests.conftest import leave
from tests.factories import Cast
from tests.web.pages import Page, check_page


class Browser(FlaskClient):
    """A test client that checks every page and can send a page's own forms."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        kwargs.setdefault("buffered", True)  # files are read to their end, and closed
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.data:
            response.page = check_page(response)  # type: ignore[attr-defined]
        return response

    def page(self, url: str, status: int = 200) -> Page:
        """Get `url` and return the page, which must have `status`."""
        response = self.get(url)
        assert response.status_code == status, f"{url}: {response.status}"
        page: Page = response.page  # type: ignore[attr-defined]
        return page

    def send(self, page: Page, form: int | str = 0, **values: object) -> TestResponse:
        """Fill in one of the page's forms, by number or by the words on its button, and send it."""
        url, data = page.form(form, **values)
        return self.post(url, data=data)


@pytest.fixture
def now() -> datetime:
    """Web tests happen now: pages read the clock themselves."""
    return datetime.now(UTC)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session that takes no lock before it writes; roll it back to see what a request has changed."""
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, registry: Registry) -> Flask:
    """The application of this process; putting it together takes longer than most tests."""
    folder = tmp_path_factory.mktemp("house")
    url = f"sqlite:///{empty_database}"
    settings = Settings(data=folder, database_url=url, secret_key="a key for tests only, long enough")
    app = create_app(settings, registry=registry)
    app.test_client_class = Browser
    app.testing = True
    return app


@pytest.fixture(scope="session")
def connections() -> Iterator[dict[str, dict[str, Any]]]:
    """What connecting the application leaves in its extensions, by the database's address."""
    connections: dict[str, dict[str, Any]] = {}
    yield connections
    for extensions in connections.values():
        extensions["engine"].dispose()


@pytest.fixture
def app(house: Flask, database_url: str, connections: dict[str, dict[str, Any]]) -> Iterator[Flask]:
    """The application on this test's own database; what a test changes of it is put back."""
    changeable = (house.config, house.view_functions, house.extensions)
    before = [dict(each) for each in changeable]
    if database_url not in connections:
        db.connect(house, database_url, threads=4)
        connections[database_url] = {name: house.extensions[name] for name in ("engine", "lanes")}
    house.extensions.update(connections[database_url])
    yield house
    leave(house.extensions["engine"])
    for each, old in zip(changeable, before, strict=True):
        each.clear()
        each.update(old)


@pytest.fixture
def counted(app: Flask) -> Engine:
    """The application's own engine."""
    engine: Engine = app.extensions["engine"]
    return engine


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser of somebody who is not signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def browser_of(app: Flask, session: Session, cast: Cast, now: datetime) -> Callable[[str], Browser]:
    """A function that returns the browser of a member of the cast, signed in."""

    def sign_in(name: str) -> Browser:
        user = getattr(cast, name)
        token = accounts.open_session(session, user, now=now)
        session.commit()
        client = app.test_client()
        client.set_cookie("rapport-session", token)
        return client  # type: ignore[return-value]

    session.commit()
    return sign_in


@pytest.fixture
def coachee_of(app: Flask, session: Session, now: datetime) -> Callable[[Coaching], Browser]:
    """A function that returns the browser of somebody who is coached, and has opened the link to it."""

    def enter(coaching: Coaching) -> Browser:
        ends = now + timedelta(days=9)
        token = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=ends, now=now)
        session.commit()
        client = app.test_client()
        client.send(client.page(f"/my-coaching/link/{token}"))  # type: ignore[attr-defined]
        return client  # type: ignore[return-value]

    return enter
