"""Rounds in which the server is killed at a random moment while writers write."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.faults.installation import Installation, wait_until
from tests.faults.ledgers import Ledger, compare
from tests.faults.people import begin
from tests.faults.writers import Writer, n_acknowledged, start_writers, stop

ROUND_SECONDS = 120.0  # that a round's answers may take at most


def kill_the_server(
    place: Installation,
    *,
    n_rounds: int,
    n_answers: int,
    n_writers: int = 8,
    seed: int = 1,
    seconds: float = math.inf,
    before_kill: Callable[[int], None] = lambda _number: None,
) -> Ledger:
    """
    Kill and start the server `n_rounds` times while writers write on, until `n_answers` are acknowledged.

    Two writers are two devices of one person. The moment is drawn by answers, so it falls into a save under way
    however fast the machine is; some moments fall into the server's first. `before_kill` may break something else;
    answers must be taken again after it. When `seconds` are over, it is left at the rounds that were done.
    """
    end = time.monotonic() + seconds
    chance = random.Random(seed)  # noqa: S311
    candidates = begin(place, n_writers // 2)
    place.serve()
    writers = start_writers(place.port, candidates, n_writers, seed=seed)
    done = 0
    while done < n_rounds and time.monotonic() < end:
        _wait_for(writers, chance.randint(0, 2 * n_answers // n_rounds))
        time.sleep(chance.uniform(0, 0.02))
        before_kill(done + 1)
        if place.server is not None:
            place.kill(place.server)
        place.serve()
        done += 1
    if done == n_rounds:
        _wait_for(writers, max(0, n_answers - n_acknowledged(writers)))
    stop(writers)
    return replace(compare(place, writers), rounds=done)


def _wait_for(writers: Sequence[Writer], n_more: int) -> None:
    """Wait until so many more answers are acknowledged."""
    target = n_acknowledged(writers) + n_more
    wait_until(lambda: n_acknowledged(writers) >= target, ROUND_SECONDS + n_more, pause=0.002)
