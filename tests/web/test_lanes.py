"""Connections that commit by themselves: kept for the next request, and given up when they fail."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from assess.web.db import autocommitted


def ask(connection):
    return connection.execute(text("SELECT 1")).scalar_one()


@pytest.fixture
def lanes(app):
    with app.app_context():
        yield app.extensions["lanes"]


def test_connection_is_kept_for_the_next_request_and_is_not_the_pool_s(app, lanes):
    assert autocommitted(ask) == 1
    kept = list(lanes)
    assert autocommitted(ask) == 1
    assert lanes == kept
    assert app.extensions["engine"].pool.checkedout() == 0


def test_work_is_done_again_where_the_connection_turned_out_to_be_dead(lanes):
    asked = []

    def work(connection):
        asked.append(connection)
        if len(asked) == 1:
            raise OperationalError("INSERT", {}, Exception("gone"), connection_invalidated=True)
        return ask(connection)

    assert autocommitted(work) == 1
    assert asked[0].closed
    assert lanes == [asked[1]]


@pytest.mark.parametrize("error", [OperationalError("INSERT", {}, Exception("locked")), ValueError("a bug")])
def test_any_other_error_is_raised_and_its_connection_closed(lanes, error):
    asked = []

    def work(connection):
        asked.append(connection)
        raise error

    with pytest.raises(type(error)):
        autocommitted(work)
    assert len(asked) == 1
    assert asked[0].closed
    assert lanes == []


def test_giving_up_the_engine_closes_what_is_kept(app, lanes):
    autocommitted(ask)
    kept = list(lanes)
    app.extensions["engine"].dispose()
    assert [lane.closed for lane in kept] == [True]
    assert lanes == []
