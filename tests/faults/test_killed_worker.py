"""kill -9 of the worker with jobs in flight: every report is made, and made once."""

from __future__ import annotations

from tests.faults.batches import kill_the_worker
from tests.faults.installation import let_the_dead_worker_s_time_pass
from tests.faults.people import ask_for_reports


def test_killed_worker_s_reports_are_all_made_and_each_once(place):
    n_reports = ask_for_reports(place, 1)
    found = kill_the_worker(place, n_kills=1, after_kill=let_the_dead_worker_s_time_pass)
    assert found.is_sound, found
    assert found.made == n_reports
