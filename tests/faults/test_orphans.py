"""kill -9 of `assess serve` itself, and of nothing else."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.faults.installation import installed, is_free, wait_until


def descendants(pid):
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [each for child in found for each in descendants(child)]


def is_running(pid):
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children that their parent died")
def test_web_server_and_worker_end_when_what_started_them_is_killed(tmp_path):
    with installed(tmp_path) as place:
        serving = place.serve(with_worker=True)
        everybody = wait_until(lambda: found if len(found := descendants(serving.pid)) == 4 else None, 20)
        os.kill(serving.pid, signal.SIGKILL)
        serving.wait()
        wait_until(lambda: not any(map(is_running, everybody)), 10)
        assert is_free(place.port)
