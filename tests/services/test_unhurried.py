"""Files of data are made at a low priority, and what others wait for is not."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from sqlalchemy import event
from sqlalchemy.orm import sessionmaker

from assess.services import database, exports, jobs
from assess.services.exporting.rows import Scope
from assess.services.exporting.unhurried import NICENESS, unhurried
from assess.services.exports import Format
from tests import factories

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux gives threads a priority")


def niceness():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_work_has_a_low_priority_and_whoever_asked_for_it_keeps_theirs():
    usual = niceness()
    assert unhurried(niceness) == NICENESS > usual
    assert niceness() == usual


def test_what_goes_wrong_is_told():
    with pytest.raises(ZeroDivisionError):
        unhurried(lambda: 1 / 0)


def test_rows_are_read_at_a_low_priority_and_stored_at_the_usual_one(session, engine, registry, cast, now):
    """Whoever saves an answer waits for the lock of whoever writes, who must not wait in turn."""
    factories.scored(session, registry, engine, cast.hana, now=now)
    ids = {"export_id": exports.request(session, cast.hana, Scope(0), Format.CSV, registry, now=now).id}
    session.commit()
    kind, found = factories.shop(registry).kinds()[exports.JOB], {"SELECT": set(), "INSERT": set()}

    def note(_connection, _cursor, statement, *_):
        if "FROM results" in statement or "INTO export_pieces" in statement:
            found[statement.split(maxsplit=1)[0]].add(niceness())

    event.listen(engine, "before_cursor_execute", note)
    jobs.perform(sessionmaker(database.writing(engine)), kind, ids, clock=lambda: now)
    event.remove(engine, "before_cursor_execute", note)
    assert found == {"SELECT": {NICENESS}, "INSERT": {niceness()}}
