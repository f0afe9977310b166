"""
Schedules of lost, repeated and reordered saves from two devices, as hypothesis draws them.

The clients do what the page's script does: a choice is sent with a key of its own and sent again until it is
acknowledged or a newer choice on the page takes its place. The network keeps, loses, repeats and reorders what they
send, and loses replies. A page without the script is there, too: it sends what was chosen under the page's one key,
which the server makes a new one each time, so every arrival is a choice of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from assess.banks.registry import default_folder, read_all
from assess.models import Attempt, ResponseEvent
from assess.services import asking, database, saving
from assess.services.saving import Outcome, Save
from tests.faults.installation import Installation
from tests.faults.people import Candidate, begin

STEPS = 30  # of a schedule
DEVICES = ("phone", "laptop")
ACKNOWLEDGED = (Outcome.SAVED, Outcome.REPEATED)


@dataclass(slots=True)
class OpenPage:
    """A statement's page on one device, and the choice that it is trying to save."""

    code: str
    key: str
    revision: int
    counter: int = 0
    unacknowledged: Save | None = None


@dataclass(slots=True)
class Model:
    """What must be in the database, worked out without it: every save that arrived, in the order of arrival."""

    arrived: dict[str, Save] = field(default_factory=dict)

    def arrive(self, save: Save) -> Outcome:
        """Note a save; the first one with its key counts."""
        if save.key in self.arrived:
            return Outcome.REPEATED
        self.arrived[save.key] = save
        return Outcome.SAVED

    def current(self) -> dict[str, int]:
        """Return each statement's value by the greatest (revision, counter, arrival)."""
        values: dict[str, int] = {}
        order = enumerate(self.arrived.values())
        for _, save in sorted(order, key=lambda each: (each[1].revision, each[1].counter, each[0])):
            values[save.code] = save.value
        return values


class Schedule(RuleBasedStateMachine):
    """One schedule. A subclass names the database and the person."""

    engine: Engine
    candidate: Candidate
    codes: tuple[str, ...]
    banks: tuple[tuple[str, str], ...]
    began: datetime
    n_run = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).n_run += 1
        with Session(database.writing(self.engine)) as session, session.begin():
            session.execute(delete(ResponseEvent).where(ResponseEvent.attempt_id == self.candidate.attempt_id))
        self.connection = database.autocommitting(self.engine).connect()
        self.now = self.began
        self.numbers = count(1)
        self.model = Model()
        self.network: list[Save] = []
        self.pages = {device: self._page(device, self.codes[0]) for device in DEVICES}
        self.acknowledged: dict[str, Save] = {}
        self.changed = False

    @rule(milliseconds=st.integers(0, 2_000))
    def time_passes(self, milliseconds: int) -> None:
        self.now += timedelta(milliseconds=milliseconds)

    @rule(device=st.sampled_from(DEVICES), number=st.integers(0, 1))
    def page_is_opened(self, device: str, number: int) -> None:
        """The page before is gone, and with it its tries; what is under way may arrive all the same."""
        self.pages[device] = self._page(device, self.codes[number])

    @rule(device=st.sampled_from(DEVICES), value=st.integers(1, 5))
    def person_chooses(self, device: str, value: int) -> None:
        page = self.pages[device]
        page.counter += 1
        key = f"{page.key}-{page.counter}"
        page.unacknowledged = Save(page.code, value, page.revision, page.counter, key, 1_500)
        self.network.append(page.unacknowledged)

    @rule(device=st.sampled_from(DEVICES), value=st.integers(1, 5))
    def person_without_script_continues(self, device: str, value: int) -> None:
        page = self.pages[device]
        self.network.append(Save(page.code, value, page.revision, 0, page.key, None))

    @precondition(lambda self: self.network)
    @rule(which=st.integers(0, 99), reply_is_lost=st.booleans(), repeated=st.booleans())
    def request_arrives(self, which: int, *, reply_is_lost: bool, repeated: bool) -> None:
        """In any order; a repeated one stays under way and arrives once more."""
        sent = self.network[which % len(self.network)]
        if not repeated:
            self.network.remove(sent)
        self._arrive(sent, reply_is_lost=reply_is_lost)

    @precondition(lambda self: self.network)
    @rule(which=st.integers(0, 99))
    def request_is_lost(self, which: int) -> None:
        del self.network[which % len(self.network)]

    @rule(device=st.sampled_from(DEVICES))
    def script_tries_again(self, device: str) -> None:
        waiting = self.pages[device].unacknowledged
        if waiting is not None:
            self.network.append(waiting)

    @invariant()
    def database_holds_what_arrived_and_each_once(self) -> None:
        if not self.changed:
            return
        self.changed = False
        self._compare()

    def teardown(self) -> None:
        """The network recovers: what is under way arrives, every device tries until it is acknowledged."""
        for sent in self.network:
            self._arrive(sent, reply_is_lost=False)
        for page in self.pages.values():
            if page.unacknowledged is not None:
                self._arrive(page.unacknowledged, reply_is_lost=False)
            assert page.unacknowledged is None
        try:
            self._compare()
        finally:
            self.connection.close()

    def _page(self, device: str, code: str) -> OpenPage:
        return OpenPage(code, f"{device}-{next(self.numbers):04}", saving.to_revision(self.now))

    def _arrive(self, sent: Save, *, reply_is_lost: bool) -> None:
        """Hand a save to the server, which answers the same key the same."""
        stored = sent if sent.counter else replace(sent, key=f"{sent.key}-{next(self.numbers):08}")
        outcome = saving.save(self.connection, self.candidate.token, stored, banks=self.banks, now=self.now)
        assert outcome is self.model.arrive(stored)
        self.changed = True
        if reply_is_lost:
            return
        self.acknowledged[stored.key] = stored
        for page in self.pages.values():
            if page.unacknowledged is not None and page.unacknowledged.key == sent.key:
                page.unacknowledged = None

    def _compare(self) -> None:
        mine = ResponseEvent.attempt_id == self.candidate.attempt_id
        with Session(self.engine) as session:
            rows = session.scalars(select(ResponseEvent).where(mine).order_by(ResponseEvent.id)).all()
            current = asking.current_responses(session, session.get_one(Attempt, self.candidate.attempt_id))
        stored = [(row.key, row.code, row.value, row.revision, row.counter) for row in rows]
        assert stored == [(s.key, s.code, s.value, s.revision, s.counter) for s in self.model.arrived.values()]
        assert current == self.model.current()
        assert self.acknowledged.keys() <= {row.key for row in rows}


def run(place: Installation, n: int, *, say: Callable[[str], Any] = lambda _line: None) -> int:
    """Run `n` schedules, or more; raise on the first that ends in another value than it must. Return how many ran."""
    (candidate,) = begin(place, 1, n_shown=2)
    bank = read_all(default_folder()).newest("general")
    with place.engine() as engine:
        names = {
            "engine": engine,
            "candidate": candidate,
            "codes": bank.form("standard").items[:2],
            "banks": ((bank.edition, bank.version),),
            "began": datetime.now(UTC).replace(microsecond=0),  # one for all: a schedule must fail alike when repeated
        }
        machine = type("DrawnSchedule", (Schedule,), names)
        health = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
        options = settings(
            max_examples=n, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=health
        )
        run_state_machine_as_test(machine, settings=options)
        say(f"{machine.n_run} schedules on {place.name}")
        return machine.n_run
