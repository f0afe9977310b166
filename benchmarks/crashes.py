"""
The long crash tests: kill -9 of the server, of PostgreSQL and of the worker; thousands of drawn schedules.

`python -m benchmarks.crashes --rounds 20 --answers 5000 sqlite` runs less of it. The exit status is 1 when anything
acknowledged is missing, or anything is there twice.
"""

from __future__ import annotations

import argparse
import math
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.faults import schedules
from tests.faults.batches import kill_the_worker, take
from tests.faults.installation import Installation, installed, new_database
from tests.faults.people import ask_for_batches, ask_for_reports
from tests.faults.rounds import kill_the_server
from tests.postgresql import Missing, Server

DATABASES = ("sqlite", "postgresql")
ROUNDS, ANSWERS, WRITERS = 200, 50_000, 8
SCHEDULES = {"sqlite": 2_000, "postgresql": 500}
PEOPLE, WORKER_KILLS = 30, 10
BATCH, BATCH_KILLS = 500, 10
DATABASE_ROUND = 10  # every tenth round PostgreSQL itself is killed before the web server is
RESTARTS = 50  # tries to start PostgreSQL while what is left of the killed one still ends


def main(arguments: Sequence[str] = ()) -> None:
    """Run everything, or less with arguments, and print a table for each kind of fault."""
    options = _options(arguments)
    sound = True
    for name in options.databases or DATABASES:
        try:
            sound &= _all_of(name, options)
        except Missing as missing:
            print(f"\nPostgreSQL was left out: {missing}")
    if not sound:
        sys.exit(1)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crashes", description=__doc__)
    parser.add_argument("databases", nargs="*", choices=[*DATABASES, []], help="default: both")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--answers", type=int, default=ANSWERS)
    parser.add_argument("--minutes", type=float, default=math.inf, help="of rounds, after which those done count")
    parser.add_argument("--schedules", type=int, help="default: 2000 on SQLite, 500 on PostgreSQL")
    parser.add_argument("--people", type=int, default=PEOPLE, help="of whom both reports are made")
    parser.add_argument("--batch", type=int, default=BATCH, help="people whose reports are made as one batch")
    parser.add_argument("--only-batch", action="store_true", help="leave everything but the batch out")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def _all_of(name: str, options: argparse.Namespace) -> bool:
    with TemporaryDirectory(prefix="rapport-crashes-") as folder, _database(name) as (server, url):
        sound = _killed_batch(_place(folder, "batch", url), options)
        if options.only_batch:
            return sound
        sound &= _killed_servers(_place(folder, "server", url), server, options)
        sound &= _killed_workers(_place(folder, "worker", url), options)
        with installed(*_place(folder, "schedules", url)) as place:
            began = time.monotonic()
            n_run = schedules.run(place, options.schedules or SCHEDULES[name])
            print(f"\n{n_run} schedules on {place.name}, each with one value in the end, "
                  f"in {time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
    return sound


def _killed_servers(where: tuple[Path, str], server: Server | None, options: argparse.Namespace) -> bool:
    with installed(*where) as place:
        began = time.monotonic()
        found = kill_the_server(
            place,
            n_rounds=options.rounds,
            n_answers=options.answers,
            n_writers=WRITERS,
            seed=options.seed,
            seconds=60 * options.minutes,
            before_kill=_killer_of(server),
        )
        seconds = time.monotonic() - began
        _explain(place, found.is_sound)
    row = (place.name, found.rounds, found.rounds // DATABASE_ROUND if server else 0, found.acknowledged)
    row += (found.repeated, found.stored_unseen, found.missing, found.doubled, found.unexplained, found.wrong)
    head = ("database", "rounds", "of the database", "acknowledged", "repeated", "stored, reply lost")
    _print_table((*head, "missing", "doubled", "unexplained", "wrong value", "seconds", "a start"),
                 (*row, f"{seconds:.0f}", f"{median(place.start_seconds):.1f} s"))  # fmt: skip
    return found.is_sound


def _killed_workers(where: tuple[Path, str], options: argparse.Namespace) -> bool:
    with installed(*where) as place:
        n_reports = ask_for_reports(place, options.people)
        began = time.monotonic()
        n_kills = min(WORKER_KILLS, n_reports // 2)
        found = kill_the_worker(place, n_kills=n_kills, seed=options.seed)
        seconds = time.monotonic() - began
        _explain(place, found.is_sound)
    row = (place.name, n_reports, n_kills, found.in_flight, found.made, found.failed, found.doubled, f"{seconds:.0f}")
    head = ("database", "reports", "workers killed", "with a report begun", "made", "failed", "doubled", "seconds")
    _print_table(head, row)
    return found.is_sound and found.made == n_reports


def _killed_batch(where: tuple[Path, str], options: argparse.Namespace) -> bool:
    """Kill the worker again and again while it makes one batch; then take the archive and look into it."""
    with installed(*where) as place:
        (batch,) = ask_for_batches(place, options.batch, kinds=["hiring"])
        began = time.monotonic()
        n_kills = min(BATCH_KILLS, options.batch // 2)
        found = kill_the_worker(place, n_kills=n_kills, between=2 * options.batch // (3 * n_kills), seed=options.seed)
        seconds, began = time.monotonic() - began, time.monotonic()
        archive = take(place, batch)
        taking = time.monotonic() - began
        sound = found.is_sound and archive.is_sound and archive.files == options.batch
        _explain(place, sound)
    row = (place.name, archive.entries, n_kills, found.in_flight, archive.files, archive.missing, found.failed)
    row += (found.doubled + archive.doubled, archive.false, f"{seconds:.0f}", f"{taking:.1f}")
    head = ("database", "batch of", "workers killed", "with a report begun", "files in the ZIP", "missing", "failed")
    head += ("doubled", "false lines", "seconds", "to take")
    _print_table(head, row)
    print(f"\nThe batch {'is whole' if sound else 'IS NOT WHOLE'}.", flush=True)
    return sound


def _killer_of(server: Server | None) -> Callable[[int], None]:
    """Return what kills PostgreSQL in every tenth round, and starts it again: by SIGKILL and by SIGQUIT in turn."""
    numbers = cycle([signal.SIGKILL, signal.SIGQUIT])

    def kill(number: int) -> None:
        if server is None or number % DATABASE_ROUND:
            return
        server.stop(next(numbers))
        for left in range(RESTARTS, 0, -1):
            try:
                server.start()
            except Missing:
                if left == 1:
                    raise
                time.sleep(0.2)
            else:
                return

    return kill


@contextmanager
def _database(name: str) -> Iterator[tuple[Server | None, Callable[[str], str]]]:
    """Give a PostgreSQL that survives a crash, if it is asked for, and what makes new databases."""
    if name == "sqlite":
        yield None, lambda _name: ""
        return
    server = Server(safe=True)
    try:
        yield server, lambda name: new_database(server, name)
    finally:
        server.close()


def _place(folder: str, name: str, url: Callable[[str], str]) -> tuple[Path, str]:
    return Path(folder) / name, url(name)


def _explain(place: Installation, is_sound: bool) -> None:
    """Print what the processes said last, if something is wrong: the folder goes with the run."""
    if not is_sound:
        print(f"\n{place.log()[-10_000:]}", flush=True)


def _print_table(head: Sequence[object], row: Sequence[object]) -> None:
    lines = [head, ["---"] * len(head), row]
    print("\n" + "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
