"""
Two web servers and two workers, each with a data folder of its own, on one PostgreSQL.

They share the database and the secret key and nothing else, as two machines would; every request goes to the other
server than the one before.
"""

from __future__ import annotations

import io
import secrets
from contextlib import closing

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from assess.models import Assignment, Attempt, AuditEvent, ResponseEvent, Result
from assess.services import audit
from tests.factories import PASSWORD
from tests.faults.installation import Installation, installed, wait_until
from tests.faults.people import invite
from tests.faults.visitors import Visitor

N_STATEMENTS = 57  # of the short form


@pytest.fixture
def machines(tmp_path, new_address):
    """Two installations with their web servers running."""
    address, key = new_address("postgresql"), secrets.token_urlsafe(32)
    with installed(tmp_path / "first", address, ASSESS_SECRET_KEY=key) as first:
        second = Installation(tmp_path / "second", address, ASSESS_SECRET_KEY=key)
        try:
            for machine in (first, second):
                machine.serve(waiting=False)
            for machine in (first, second):
                machine.wait_for_server()
            yield first, second
        finally:
            second.close()


def answer_all(visitor, token):
    """Go from the link to the receipt; the script's save goes to one server, Continue to the other."""
    page = visitor.send(visitor.get(f"/take/link/{token}"))
    page = visitor.send(page, consent="y")
    page = visitor.send(page, value="4")
    for _ in range(N_STATEMENTS):
        choice = {"value": page.choices[3], "counter": 1, "key": f"{page.fields['key']}-1", "milliseconds": 4_000}
        assert visitor.ask("POST", "/take/save", page.page.form(**choice)[1]).status == 200
        page = visitor.send(page, **choice)
    return visitor.send(page, "Hand in")


@pytest.fixture
def browsers(machines):
    """Cora's and Hana's browsers, whose first requests go to different servers."""
    ports = [machine.port for machine in machines]
    with closing(Visitor(*ports)) as cora, closing(Visitor(*reversed(ports))) as hana:
        yield cora, hana


def test_whole_journey_on_two_machines_at_once(machines, browsers):
    (first, second), (cora, hana) = machines, browsers
    (invited,) = invite(first, 1, "short")
    workers = [machine.start("worker") for machine in machines]
    page = hana.send(hana.get("/auth/sign-in"), email="hana@acme.example", password=PASSWORD)
    name = person_of(first, invited)
    first.kill(workers[0])  # the second machine's worker scores
    assert "Thank you" in answer_all(cora, invited.token).page.h1
    person = hana.get("/console/assignments").page.link(name)
    wait_until(lambda: "Make the hiring report" in hana.get(person).text, 30)
    workers[0] = first.start("worker")
    second.kill(workers[1])  # and the first machine's makes the report
    page = hana.send(hana.get(person), "Make the hiring report", kind="hiring")
    report = page.page.url
    wait_until(lambda: "Download the PDF" in hana.get(report).text, 60)
    pdf = hana.get(hana.get(report).page.link("Download the PDF"))
    assert name in PdfReader(io.BytesIO(pdf.body)).pages[0].extract_text()
    for machine in machines:
        assert "endpoint=take.inside.answer" in machine.log()
        assert "endpoint=console.reports.show" in machine.log()
    assert_all_is_there_once(first, invited)


def person_of(place, invited):
    with place.session() as session:
        return session.get_one(Assignment, invited.assignment_id).person.name


def assert_all_is_there_once(place, invited):
    with place.session() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.assignment_id == invited.assignment_id)).one()
        answers = select(func.count(ResponseEvent.id)).where(ResponseEvent.attempt_id == attempt.id)
        assert session.scalar(answers) == N_STATEMENTS
        assert len(session.scalars(select(Result).where(Result.attempt_id == attempt.id)).all()) == 1
        for action in ("link.opened", "attempt.started", "attempt.submitted", "attempt.scored"):
            assert session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == action)) == 1, action
        assert audit.first_broken(session) is None
