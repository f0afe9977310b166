"""Who may reach what: one table, and the tenant in every query."""

from __future__ import annotations

from uuid import uuid4

import pytest

from assess.errors import NotAllowed, NotFound
from assess.models import Role
from assess.services import access
from assess.services.access import GRANTS, Permission
from tests import factories


def test_get_assignment(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    found = access.get_assignment(session, cast.hana, assignment.public_id, Permission.ASSIGNMENT_READ)
    assert found is assignment
    with pytest.raises(NotFound):
        access.get_assignment(session, cast.otto, assignment.public_id, Permission.ASSIGNMENT_READ)
    with pytest.raises(NotFound):
        access.get_assignment(session, cast.hana, uuid4(), Permission.ASSIGNMENT_READ)
    for colleague in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            access.get_assignment(session, colleague, assignment.public_id, Permission.ASSIGNMENT_READ)


def test_get_user(session, cast):
    assert access.get_user(session, cast.ada, cast.hana.public_id, Permission.USER_WRITE) is cast.hana
    with pytest.raises(NotFound):
        access.get_user(session, cast.ada, cast.otto.public_id, Permission.USER_WRITE)
    with pytest.raises(NotAllowed):
        access.get_user(session, cast.hana, cast.cole.public_id, Permission.USER_READ)


def test_admins_see_no_results_and_hr_manages_no_users():
    results = {
        permission for permission in Permission if permission.split(":")[0] in ("result", "report", "assignment")
    }
    assert not GRANTS[Role.ADMIN] & results
    assert not GRANTS[Role.HR] & {Permission.USER_READ, Permission.USER_WRITE}


def test_every_role_has_its_row():
    assert set(GRANTS) == set(Role)
