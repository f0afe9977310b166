"""Lets candidates open a statement's page and reads from it what a save must bear: cookies, token, revision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection

from benchmarks.places import Candidate

FIELD = re.compile(r'name="(csrf_token|revision|attempt)" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Visit:
    """An open page: the Cookie header, the form's token, its revision, whose it is, and what may be answered."""

    cookie: str
    csrf_token: str
    revision: str
    attempt: str
    codes: tuple[str, ...]


def open_pages(port: int, candidates: Iterable[Candidate]) -> list[Visit]:
    """Have each candidate open the first statement's page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    visits = []
    for candidate in candidates:
        cookie = f"rapport-take={candidate.token}"
        connection.request("GET", "/take/questions/1", headers={"Cookie": cookie})
        answer = connection.getresponse()
        page = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(f"A candidate's page answered {answer.status}.")
        fields = dict(FIELD.findall(page))
        form_cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        visits.append(Visit(f"{form_cookie}; {cookie}", codes=candidate.codes, **fields))
    connection.close()
    return visits
