"""The copy of everything on paper: made by a worker, kept for a week, and of nobody who has gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from assess.errors import Refused
from assess.models import AuditEvent
from assess.services import access_files, erasure, jobs, retention, workshop
from tests import factories
from tests.services.everything import everything

DATABASES = ["sqlite"]  # gathering is reading, which other tests do on both


@pytest.fixture
def cora(session, engine, registry, cast, now):
    return everything(session, engine, registry, cast, now=now)


@pytest.fixture
def work(session, registry):
    """Return a function that does all jobs, keeping the HTML that was rendered."""
    rendered = []

    def drain(moment, fails=False):
        def render(html, _dated):
            if fails:
                raise OSError("no paper")
            rendered.append(html)
            return b"%PDF copy"

        session.commit()
        shop = factories.shop(registry, render=render)
        jobs.drain(sessionmaker(session.get_bind()), shop.kinds(), clock=lambda: moment)
        session.expire_all()
        return rendered

    return drain


def test_paper_says_the_same_in_words(session, registry, cora, now, work):
    file = access_files.request(session, cora.person, now=now)
    html = next(html for html in work(now) if "Everything that is held" in html)
    for words in (
        "Cora Candidate", "A good talk", "Service at the counter", "colleague 1", "Please look again", "Hana (hr)",
        "accusation", "How old are you?", "Match",
        registry.newest("general").item("foc-cn4").stem, file.reference,
    ):  # fmt: skip
        assert words.replace("'", "&#39;") in html, words
    assert access_files.content(session, file, now=now) == b"%PDF copy"


def test_copy_is_made_once_at_a_time_and_anew_on_request(session, cora, now, work):
    first = access_files.request(session, cora.person, now=now)
    assert access_files.request(session, cora.person, now=now) is first
    with pytest.raises(Refused, match="still being made"):
        access_files.content(session, first, now=now)
    work(now)
    second = access_files.request(session, cora.person, now=now)
    assert second is not first
    assert access_files.newest(session, cora.person, now=now) is second


def test_copy_that_cannot_be_made_says_so(session, cora, now, work):
    file = access_files.request(session, cora.person, now=now)
    work(now, fails=True)
    assert file.failure is None  # it is tried again
    workshop.KINDS["make-access-file"].regret(session, file_id=file.id, error=OSError("no paper"), now=now)
    assert "could not be made" in file.failure
    assert not file.is_ready


def test_copy_is_deleted_after_a_week(session, cora, now, work):
    access_files.request(session, cora.person, now=now)
    work(now)
    later = now + timedelta(days=7)
    assert access_files.newest(session, cora.person, now=later) is None
    assert retention.enforce(session, now=later).copies == 1


def test_copy_of_somebody_erased_meanwhile_is_not_kept(session, registry, cora, now):
    file = access_files.request(session, cora.person, now=now)
    number = file.id
    erasure.erase(session, [cora.person], actor="worker", now=now)
    session.expire_all()
    access_files.store(session, number, b"%PDF copy", now=now)
    assert access_files.newest(session, cora.person, now=now) is None


def test_taking_a_copy_is_noted(session, cora, now):
    access_files.note_taken(session, cora.person, "json", now=now)
    session.commit()
    (event,) = session.query(AuditEvent).filter_by(action="data.exported")
    assert (event.actor, event.subject, event.details) == ("person", f"person:{cora.person_id}", {"kind": "json"})
