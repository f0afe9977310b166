"""The chain of hashes shows what was changed, removed or put in."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from assess.models import AuditEvent, Role
from assess.services import audit
from tests import factories


@pytest.fixture
def chain(session, now):
    home = factories.organization(session, now=now)
    for name in ("anna", "berta", "clara"):
        factories.user(session, home, name, Role.HR, now=now)
    session.commit()
    assert session.query(AuditEvent).count() > 3
    return [event.id for event in session.query(AuditEvent).order_by(AuditEvent.id)]


def test_untouched_chain_is_whole(session, chain):
    assert audit.first_broken(session) is None


def test_changed_event_is_found(session, chain):
    session.execute(update(AuditEvent).where(AuditEvent.id == chain[1]).values(actor="user:999"))
    session.expire_all()
    assert audit.first_broken(session) == chain[1]


def test_removed_event_is_found(session, chain):
    session.execute(delete(AuditEvent).where(AuditEvent.id == chain[1]))
    session.expire_all()
    assert audit.first_broken(session) == chain[2]
