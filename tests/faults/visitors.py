"""Browsers over a real connection: cookies, connections kept open, forms taken from pages."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from itertools import cycle
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

from tests.web.pages import Page

IDLE_SECONDS = 1.0  # after which a connection is opened anew; the server closes it after two
FIELD = re.compile(r'name="(csrf_token|code|revision|attempt|key)" value="([^"]*)"')
CHOICE = re.compile(r'type="radio" name="value" value="(-?\d+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    path: str
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as words."""
        return self.body.decode()

    @property
    def location(self) -> str:
        """The address that the answer leads to."""
        parts = urlsplit(self.headers["Location"])
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def page(self) -> Page:
        """The page, parsed."""
        return Page(SimpleNamespace(text=self.text, request=SimpleNamespace(path=self.path)))  # type: ignore[arg-type]

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields of a statement's form."""
        return dict(FIELD.findall(self.text))

    @property
    def choices(self) -> list[int]:
        """The values that a statement's page offers."""
        return [int(value) for value in CHOICE.findall(self.text)]


class Visitor:
    """One browser; with several ports, each request goes to the next server in turn."""

    def __init__(self, *ports: int, timeout: float = 15.0) -> None:
        self.connections = [HTTPConnection("127.0.0.1", port, timeout=timeout) for port in ports]
        self.turns = cycle(self.connections)
        self.cookies: dict[str, str] = {}
        self.used_at = dict.fromkeys(self.connections, 0.0)

    def ask(self, method: str, path: str, fields: Mapping[str, object] | None = None) -> Answer:
        """Send one request and return its answer; any error of the connection closes it."""
        connection = next(self.turns)
        if time.monotonic() - self.used_at[connection] > IDLE_SECONDS:
            connection.close()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields, doseq=True)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(path, response.status, response.headers, response.read())
        except BaseException:
            connection.close()
            raise
        self.used_at[connection] = time.monotonic()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path: str, status: int = 200) -> Answer:
        """Return the page at `path`, which must have `status`."""
        answer = self.ask("GET", path)
        assert answer.status == status, f"{path}: {answer.status}"
        return answer

    def send(self, answer: Answer, form: int | str = 0, **values: object) -> Answer:
        """Fill in a form of a page, by number or by the words on its button, send it and follow where it leads."""
        path, fields = answer.page.form(form, **values)
        sent = self.ask("POST", path, fields)
        assert sent.status == 303, f"{path}: {sent.status}"
        while sent.status in (302, 303):
            sent = self.ask("GET", sent.location)
        assert sent.status == 200, f"{sent.path}: {sent.status}"
        return sent

    def close(self) -> None:
        """Close all connections."""
        for connection in self.connections:
            connection.close()
