"""A browser's side of saving, a thousand times over: asks, waits, asks again with the same key when the line is cut."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.visits import Visit

PATIENCE = 60  # seconds for one answer
RETRIES = 3  # of a line that was cut; the script on the page never gives up


@dataclass(slots=True)
class Tally:
    """What was answered: how often with which status, how fast, and which keys were acknowledged."""

    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    cut: int = 0  # lines that were cut and tried again
    lost: int = 0  # requests that were never answered

    def percentile(self, share: float) -> float:
        """Return the time within which `share` of all were answered."""
        return sorted(self.milliseconds)[min(int(share * len(self.milliseconds)), len(self.milliseconds) - 1)]


class Candidate:
    """One visitor with one connection, kept for as long as the server keeps it."""

    def __init__(self, port: int, visit: Visit, name: str, tally: Tally) -> None:
        self.port, self.visit, self.name, self.tally = port, visit, name, tally
        self.counter = 0
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def save(self) -> None:
        """Save one answer and note what came of it."""
        self.counter += 1
        key = f"{self.name}-{self.counter}"
        request, began = self._request(key), time.perf_counter()
        for _ in range(RETRIES):
            try:
                status = await asyncio.wait_for(self._ask(request), PATIENCE)
            except (OSError, EOFError, TimeoutError):
                self.tally.cut += 1
                self.close()
                continue
            self.tally.milliseconds.append((time.perf_counter() - began) * 1e3)
            self.tally.statuses[status] += 1
            if status == 200:
                self.tally.acknowledged.append(key)
            return
        self.tally.lost += 1

    def close(self) -> None:
        """Hang up."""
        if self.line is not None:
            self.line[1].close()
            self.line = None

    def _request(self, key: str) -> bytes:
        code = self.visit.codes[self.counter % len(self.visit.codes)]
        fields = {
            "csrf_token": self.visit.csrf_token,
            "code": code,
            "revision": self.visit.revision,
            "attempt": self.visit.attempt,
            "counter": self.counter,
            "key": key,
            "milliseconds": 2_400,
            "value": self.counter % 5 + 1,
        }
        body = urlencode(fields)
        head = (
            f"POST /take/save HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.visit.cookie}\r\n"
            "Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()

    async def _ask(self, request: bytes) -> int:
        if self.line is None or self.line[0].at_eof():
            self.close()
            self.line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.line
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:] if line)
        await reader.readexactly(int(fields["content-length"]))
        if fields.get("connection") == "close":
            self.close()
        return int(head.split(maxsplit=2)[1])
