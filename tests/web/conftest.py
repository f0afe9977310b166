"""
A client that speaks as a browser does: it takes forms from pages and sends them back.

Every HTML page that any test sees is checked: one h1 that the title begins with, labelled fields, no id twice,
nothing inline that the content security policy would block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from assess.banks.registry import Registry
from assess.config import Settings
from assess.services import accounts
from assess.web import create_app
from tests.factories import Cast
from tests.web.pages import Page, check_page


class Browser(FlaskClient):
    """A test client that checks every page and can send a page's own forms."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        kwargs.setdefault("buffered", True)  # files are read to their end, and closed
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.data:
            check_page(response)
        return response

    def page(self, url: str, status: int = 200) -> Page:
        """Get `url` and return the page, which must have `status`."""
        response = self.get(url)
        assert response.status_code == status, f"{url}: {response.status}"
        return Page(response)

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


class CompiledTemplates(BytecodeCache):
    """Keeps the code of templates from one test's application to the next one's."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session")
def compiled_templates() -> CompiledTemplates:
    """The code of every template that a test of this process has shown."""
    return CompiledTemplates()


@pytest.fixture
def app(
    tmp_path: Path, database_url: str, registry: Registry, compiled_templates: CompiledTemplates
) -> Iterator[Flask]:
    """The application on this test's own database."""
    settings = Settings(data=tmp_path, database_url=database_url, secret_key="a key for tests only, long enough")
    app = create_app(settings, registry=registry)
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = compiled_templates
    app.testing = True
    yield app
    app.extensions["engine"].dispose()


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
