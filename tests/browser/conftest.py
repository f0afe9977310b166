"""
A real server with the demo in it, and Chromium in front.

All browser tests run in one process, so the server is started once. Without Chromium they are
skipped, unless ASSESS_REQUIRE_BROWSER says that they must not be.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assess.banks.parts import Part
from assess.banks.registry import Registry
from assess.models import User
from assess.services import database
from tests import factories
from tests.browser.sittings import QUESTION, Sitting

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")  # the same pages; the first draws no windows
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
UNUSED = (  # of Chromium's parts: this list takes the place of Playwright's own, whose entries come first
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *(
        "HttpsFirstBalancedModeAutoEnable",
        "LensOverlay",
        "MediaRouter",
        "PaintHolding",
        "ThirdPartyStoragePartitioning",
    ),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    "PreconnectToSearch",
    # the pages behind the address bar, made anew for every window: a third of what all browser tests cost
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
FLAGS += [f"--disable-features={','.join(UNUSED)}"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(item.fspath).parts:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Server:
    """A running installation with the demo's people."""

    url: str
    take_link: str
    passwords: dict[str, str]
    data: Path
    environment: dict[str, str]

    def assess(self, *arguments: str) -> str:
        """Run a command on the same installation and return what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "assess.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = tmp_path_factory.mktemp("installation")
    url = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
    environment |= {"ASSESS_DATA": str(data), "ASSESS_PORT": str(port), "ASSESS_BASE_URL": url}
    command = [sys.executable, "-m", "assess.cli"]
    said = subprocess.run([*command, "demo"], env=environment, capture_output=True, text=True, check=True, timeout=180)
    take_link = re.search(rf"{url}/take/link/\S+", said.stdout)
    assert take_link
    passwords = dict(re.findall(r"(\S+@\S+) +password (\S+)", said.stdout))
    log = (data / "server.log").open("w")
    process = subprocess.Popen([*command, "serve"], env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"{url}/health/ready", process)
        yield Server(url, take_link[0], passwords, data, environment)
    finally:
        process.terminate()
        process.wait(15)
        log.close()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server has ended"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer within two minutes")


@dataclass(frozen=True)
class Taker:
    """Somebody who takes the questionnaire: the way in that was mailed, and what the browser keeps of it."""

    link: str
    token: str


@contextmanager
def beside(server: Server) -> Iterator[tuple[Session, Engine, User]]:
    """Give the running installation's database, and Hana of its HR; what was made is committed."""
    engine = database.make_engine(f"sqlite:///{server.data / 'rapport.sqlite3'}")
    with Session(database.writing(engine)) as session:
        yield session, engine, session.scalars(select(User).where(User.email == "hana@acme.example")).one()
        session.commit()
    engine.dispose()


@pytest.fixture
def taker(server: Server, registry: Registry) -> Callable[..., Taker]:
    """A function that asks somebody to take some parts; with `begun`, the first question of the first is shown."""

    def ask(*parts: Part, begun: bool = False, **options: object) -> Taker:
        now, name = datetime.now(UTC), f"Axel{uuid4().hex[:8]} Test"
        with beside(server) as (session, _engine, hana):
            asked = factories.assignment(session, registry, hana, name=name, parts=parts, now=now, **options)  # type: ignore[arg-type]
            token = factories.take_token(session, asked, now=now)
            if begun:
                factories.begun(session, registry, asked, now=now)
        return Taker(f"{server.url}/take/link/{token}", token)

    return ask


@pytest.fixture
def finished(server: Server, registry: Registry) -> Taker:
    """Somebody whose answers have been handed in and scored."""
    now = datetime.now(UTC)
    with beside(server) as (session, engine, hana):
        attempt = factories.scored(session, registry, engine, hana, name="Fern Finished", now=now)
        token = factories.take_token(session, attempt.assignment, now=now)
    return Taker(f"{server.url}/take/link/{token}", token)


@pytest.fixture
def inside(server: Server, taker: Callable[..., Taker], new_page: Callable[..., Page]) -> Callable[..., Page]:
    """A function that opens the first question of some parts; the link, of which there is a limit, stays unused."""

    def open_page(
        *parts: Part,
        path: str = "questions/1",
        form: str = "standard",
        accommodations: object = None,
        **options: object,
    ) -> Page:
        found = taker(*parts, begun=path.startswith("questions"), form=form, accommodations=accommodations)
        page = new_page(**options)
        page.context.add_cookies([{"name": "rapport-take", "value": found.token, "url": server.url}])
        page.goto(f"{server.url}/take/{path}")
        return page

    return open_page


@pytest.fixture
def sit_down(server: Server, registry: Registry) -> Iterator[Callable[..., Sitting]]:
    """A function that begins an attempt of the short form, past its first page."""
    engine = database.make_engine(f"sqlite:///{server.data / 'rapport.sqlite3'}")

    def begin(name: str, part: Part = Part.STATEMENTS) -> Sitting:
        now = datetime.now(UTC)
        with Session(database.writing(engine)) as session:
            hana = session.scalars(select(User).where(User.email == "hana@acme.example")).one()
            options = {"name": name, "form": "short", "parts": [part], "with_position": False}
            assignment = factories.assignment(session, registry, hana, **options, now=now)
            token = factories.take_token(session, assignment, now=now)
            factories.begun(session, registry, assignment, now=now)
            session.commit()
        return Sitting(engine, token)

    yield begin
    engine.dispose()


@pytest.fixture
def open_question(server: Server, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """A function that opens the first question in a browser of its own, whose cookie is that of `sitting`."""

    def open_page(sitting: Sitting, **options: object) -> Page:
        page = new_page(**options)
        page.context.add_cookies([sitting.cookie(server)])
        page.goto(server.url + QUESTION)
        return page

    return open_page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("ASSESS_REQUIRE_BROWSER"):
            pytest.fail("there is no Chromium on this machine")
        pytest.skip("there is no Chromium on this machine; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a browser of its own; any error of a script fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(**options: object) -> Page:
        context = chromium.new_context(locale="en-GB", accept_downloads=True, **options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, errors
