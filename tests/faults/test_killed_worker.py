"""kill -9 of the worker with jobs in flight: every report is made, and made once."""

from __future__ import annotations

import pytest

from tests.faults.batches import kill_the_worker, take
from tests.faults.installation import let_the_dead_worker_s_time_pass
from tests.faults.people import ask_for_batches

pytestmark = pytest.mark.thorough

KINDS = ("hiring", "individual")
PEOPLE = 6  # on whom both reports are made: the jobs that ask for them are in flight, too, when workers are killed


def test_killed_worker_s_batches_are_made_whole_and_no_report_is_there_twice(place):
    batches = ask_for_batches(place, PEOPLE, kinds=KINDS)
    found = kill_the_worker(place, n_kills=2, after_kill=let_the_dead_worker_s_time_pass)
    assert found.is_sound, found
    assert found.made == PEOPLE * len(KINDS)
    for batch in batches:
        archive = take(place, batch)
        assert archive.is_sound, archive
        assert archive.files == PEOPLE
