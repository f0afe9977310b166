"""What the engine promises whoever uses it."""

from __future__ import annotations

import traceback

import pytest
from sqlalchemy.exc import IntegrityError

from assess.models import Person, User
from assess.services import database


def test_errors_say_nothing_of_what_rows_hold(session, cast):
    """They go to the log."""
    session.commit()
    twin = User(
        organization_id=cast.acme.id, email="hana@acme.example", name="Somebody Secret", created_at=cast.hana.created_at
    )
    session.add(twin)
    with pytest.raises(IntegrityError) as caught:
        session.flush()
    said = "".join(traceback.format_exception(caught.value))
    assert "email" in said
    assert "hana@acme.example" not in said
    assert "Somebody Secret" not in said


def test_what_is_read_of_a_row_is_read_once_for_each_row():
    read = []
    length = database.once_per_row(lambda row: read.append(row) or len(row.name))
    ana, ben = Person(name="Ana"), Person(name="Benno")
    assert [length(row) for row in (ana, ben, ana, ben)] == [3, 5, 3, 5]
    assert read == [ana, ben]
