"""The comparison that all crash tests rest on finds what it is there to find."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assess.services import database, saving
from tests.faults.installation import installed
from tests.faults.ledgers import compare
from tests.faults.people import begin
from tests.faults.writers import Sent, Writer


@pytest.fixture
def place(tmp_path):
    with installed(tmp_path) as place:
        yield place


@pytest.fixture
def writer(place):
    """A writer that has two saves acknowledged, both stored: 2 on a page, then 5."""
    (candidate,) = begin(place, 1, n_shown=1)
    writer = Writer(place.port, candidate, seed=1)
    now = datetime.now(UTC)
    revision = saving.to_revision(now)
    with place.engine() as engine, database.autocommitting(engine).connect() as connection:
        with database.writing(engine).connect() as reading:
            code = reading.exec_driver_sql("SELECT code FROM presented_items").scalar_one()
        for counter, value in ((1, 2), (2, 5)):
            key = f"page-0001-{counter}"
            save = saving.Save(code, value, revision, counter, key, None)
            saving.save(connection, candidate.token, save, banks=[("general", "1.0")], now=now)
            writer.sent.append(Sent(candidate.attempt_id, key, code, value, revision, counter, acknowledged=1.0))
    return writer


def test_what_was_acknowledged_and_stored_is_sound(place, writer):
    found = compare(place, [writer])
    assert found.is_sound
    assert found.acknowledged == 2


def test_acknowledged_answer_that_was_never_stored_is_missing_and_the_value_wrong(place, writer):
    newest = writer.sent[-1]
    writer.sent.append(replace(newest, key="page-0001-3", counter=3, value=1))
    found = compare(place, [writer])
    assert (found.missing, found.wrong, found.is_sound) == (1, 1, False)


def test_answer_stored_with_another_value_is_missing_and_unexplained(place, writer):
    writer.sent[0].value = 3
    found = compare(place, [writer])
    assert (found.missing, found.unexplained, found.is_sound) == (1, 1, False)


def test_answer_that_nobody_sent_is_unexplained(place, writer):
    del writer.sent[0]
    found = compare(place, [writer])
    assert (found.unexplained, found.is_sound) == (1, False)


def test_stored_answer_whose_reply_was_lost_is_no_fault(place, writer):
    writer.sent[0].acknowledged = None
    found = compare(place, [writer])
    assert found.is_sound
    assert (found.acknowledged, found.stored_unseen) == (1, 1)
