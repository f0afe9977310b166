"""Whatever becomes of the requests of two devices, a statement ends with one value, the newest."""

from __future__ import annotations

from tests.faults import schedules

N = {"SQLite": 150, "PostgreSQL": 40}


def test_lost_repeated_and_reordered_saves_of_two_devices_give_one_value(place):
    assert schedules.run(place, N[place.name]) >= N[place.name]
