"""What a real server makes of kill -9 under load, scanners, fifty hands at one button, and SIGTERM under load."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from assess.cli import installation as cli
from assess.config import Settings
from assess.models import AccessLink, Assignment, Attempt, AuditEvent, Mail, RateLimit, Result
from assess.services import jobs
from tests.faults.installation import wait_until
from tests.faults.ledgers import compare
from tests.faults.people import begin, invite
from tests.faults.rounds import kill_the_server
from tests.faults.visitors import Visitor
from tests.faults.writers import n_acknowledged, start_writers, stop

N_HANDS = 50
N_SCANS = 20
N_ROUNDS = 1
N_ANSWERS = 150  # in a round, and before the server is told to stop
RECEIPT = re.compile(r"A-[A-Z0-9-]+")


@pytest.fixture
def serving(place):
    """The installation with its web server running."""
    place.require_serving()
    return place


def count(session, what, *where):
    return session.scalar(select(func.count()).select_from(what).where(*where))


def do_all_jobs(place):
    settings = Settings(
        data=place.folder, database_url=place.database_url, secret_key="a key for tests only, long enough"
    )
    installation = cli.Installation(settings)
    jobs.drain(installation.sessions, installation.workshop.kinds(), clock=cli.clock)
    installation.engine.dispose()


def traces(session):
    """What happened so far that is ever noted."""
    return count(session, AuditEvent), count(session, Attempt), session.scalar(select(func.sum(RateLimit.count)))


def test_killed_server_loses_and_doubles_no_answer(place):
    found = kill_the_server(place, n_rounds=N_ROUNDS, n_answers=N_ROUNDS * N_ANSWERS)
    assert found.is_sound, found
    assert found.acknowledged >= N_ROUNDS * N_ANSWERS
    assert found.repeated >= 8  # every writer met the dead server


def test_scanners_open_start_and_spend_nothing(serving):
    (invited,) = invite(serving, 1)
    path = f"/take/link/{invited.token}"
    with serving.session() as session:
        before = traces(session)
    for number in range(N_SCANS):
        scanner = Visitor(serving.port)  # without the cookies of the one before
        assert scanner.ask(("GET", "HEAD", "OPTIONS")[number % 3], path).status == 200
        scanner.close()
    with serving.session() as session:
        assert session.get_one(Assignment, invited.assignment_id).opened_at is None
        links = session.scalars(select(AccessLink).where(AccessLink.assignment_id == invited.assignment_id))
        assert [link.first_used_at for link in links] == [None]
        assert traces(session) == before
    person = Visitor(serving.port)
    assert "Begin with a practice statement" in person.send(person.get(path)).text
    person.close()


def test_fifty_hands_at_one_button_hand_in_once(serving):
    (candidate,) = begin(serving, 1)
    first = Visitor(serving.port, timeout=60)
    first.send(first.get(f"/take/link/{candidate.token}"))
    path, fields = first.get("/take/check").page.form()
    together = Barrier(N_HANDS)

    def press(_number):
        hand = Visitor(serving.port, timeout=60)
        hand.cookies |= first.cookies
        together.wait()
        status = hand.ask("POST", path, fields).status
        receipt = RECEIPT.findall(hand.get("/take/done").text)
        hand.close()
        return status, *receipt

    with ThreadPoolExecutor(N_HANDS) as hands:
        answers = set(hands.map(press, range(N_HANDS)))
    first.close()
    with serving.session() as session:
        attempt = session.get_one(Attempt, candidate.attempt_id)
        assert answers == {(303, attempt.receipt)}
        assert len([job for job in jobs.waiting(session, "score") if job.ids["attempt_id"] == attempt.id]) == 1
    do_all_jobs(serving)
    with serving.session() as session:
        subject = AuditEvent.subject == f"attempt:{candidate.attempt_id}"
        for action in ("attempt.submitted", "attempt.scored"):
            assert count(session, AuditEvent, AuditEvent.action == action, subject) == 1
        assert count(session, Result, Result.attempt_id == candidate.attempt_id) == 1
        assert count(session, Mail, Mail.kind == "receipt", Mail.assignment_id == candidate.assignment_id) == 1


def test_sigterm_under_load_loses_no_acknowledged_answer(serving):
    writers = start_writers(serving.port, begin(serving, 4), 8)
    wait_until(lambda: n_acknowledged(writers) >= N_ANSWERS, 120, pause=0.005)
    began = time.monotonic()
    serving.server.terminate()
    assert serving.server.wait(15) == 0
    assert time.monotonic() - began < 10
    stop(writers, abandon=True)
    found = compare(serving, writers)
    assert found.is_sound, found
    assert found.acknowledged >= N_ANSWERS
