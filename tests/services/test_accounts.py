"""Sign-in, passwords, roles."""

from __future__ import annotations

from datetime import timedelta
from importlib.util import find_spec, module_from_spec

import argon2
import pytest

from assess.errors import LinkClosed, NotFound, Refused, TooManyTries
from assess.models import LinkPurpose, Mail, Role
from assess.services import accounts, jobs, links
from tests.factories import PASSWORD


def sign_in(session, email="hana@acme.example", password=PASSWORD, address="10.0.0.1", *, now):
    known = accounts.stored_hash(session, email, address=address, now=now)
    proven = known if accounts.verify(known, password) else None
    return accounts.sign_in(session, email, proven=proven, address=address, now=now)


def test_right_password_opens_a_session(session, cast, now):
    token = sign_in(session, now=now)
    assert accounts.session_of(session, token, now=now).user is cast.hana


def test_address_is_matched_whatever_its_case(session, cast, now):
    assert sign_in(session, " Hana@ACME.example ", now=now)


@pytest.mark.parametrize(
    ("email", "password"), [("hana@acme.example", "wrong wrong wrong"), ("nobody@acme.example", PASSWORD)]
)
def test_wrong_password_and_unknown_address_open_nothing(session, cast, now, email, password):
    assert sign_in(session, email, password, now=now) is None


def test_closed_account_opens_nothing(session, cast, now):
    accounts.deactivate(session, cast.hana, by=cast.ada, now=now)
    assert sign_in(session, now=now) is None


def test_sixth_bad_try_within_a_quarter_of_an_hour_is_refused_even_if_right(session, cast, now):
    for _ in range(5):
        assert sign_in(session, password="wrong", now=now) is None
    with pytest.raises(TooManyTries):
        sign_in(session, now=now)
    assert sign_in(session, now=now + timedelta(minutes=16))


def test_limit_of_one_address_does_not_lock_the_account_for_others(session, cast, now):
    for _ in range(5):
        sign_in(session, password="wrong", address="10.6.6.6", now=now)
    assert sign_in(session, address="10.0.0.1", now=now)


def test_one_address_cannot_try_one_password_on_many_accounts(session, cast, now):
    for number in range(30):
        assert sign_in(session, f"user{number}@acme.example", "summer holidays", now=now) is None
    with pytest.raises(TooManyTries, match="15 minutes"):
        sign_in(session, "user31@acme.example", "summer holidays", now=now)
    assert sign_in(session, address="10.0.0.2", now=now)


def test_decoy_opens_nothing(session, cast, now):
    decoy = accounts.stored_hash(session, "nobody@acme.example", address="10.0.0.1", now=now)
    assert accounts.sign_in(session, "nobody@acme.example", proven=decoy, address="10.0.0.1", now=now) is None
    assert accounts.sign_in(session, "hana@acme.example", proven=decoy, address="10.0.0.1", now=now) is None


def test_session_ends_when_idle_and_after_a_day_s_work(session, cast, now):
    token = sign_in(session, now=now)
    assert accounts.session_of(session, token, now=now + timedelta(hours=1, minutes=59))
    assert accounts.session_of(session, token, now=now + timedelta(hours=2, minutes=1)) is None
    found = accounts.session_of(session, token, now=now)
    found.seen_at = now + timedelta(hours=12)
    assert accounts.session_of(session, token, now=now + timedelta(hours=12, minutes=1)) is None


def test_signing_out_everywhere_ends_all_sessions(session, cast, now):
    tokens = [sign_in(session, now=now), sign_in(session, now=now)]
    accounts.sign_out_everywhere(session, cast.hana, by=cast.hana, now=now)
    session.expire_all()
    assert [accounts.session_of(session, token, now=now) for token in tokens] == [None, None]


def test_reset_does_as_much_for_a_stranger_as_for_a_user(session, cast, now):
    for email in ("hana@acme.example", "nobody@acme.example"):
        accounts.request_reset(session, email, address="10.0.0.1", now=now)
    session.flush()
    found = jobs.waiting(session, "password-reset")
    assert [job.ids["user_id"] is None for job in found] == [False, True]
    assert session.query(Mail).count() == 0  # the worker writes it


def test_setting_a_password_ends_its_link_and_all_sessions(session, cast, now):
    old = sign_in(session, now=now)
    token = accounts.password_link(session, cast.hana, lives=timedelta(hours=1), now=now)
    link = links.find(session, token, LinkPurpose.SET_PASSWORD, now=now)
    password_hash = accounts.new_password_hash(link, "seven green lamps on the pier")
    accounts.set_password(session, link, password_hash, now=now)
    session.expire_all()
    assert accounts.session_of(session, old, now=now) is None
    assert sign_in(session, password="seven green lamps on the pier", now=now)
    with pytest.raises(LinkClosed):
        links.find(session, token, LinkPurpose.SET_PASSWORD, now=now)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "at least 12"),
        ("passwordpassword", "too easy"),
        ("123456789012", "too easy"),
        ("hanahanahana", "too easy"),
        ("x" * 300, "at most 256"),
    ],
)
def test_password_that_is_easy_to_guess_is_explained(cast, password, sentence):
    assert sentence in accounts.password_problem(password, cast.hana)


def test_long_unusual_password_is_fine_without_composition_rules(cast):
    assert accounts.password_problem("seven green lamps on the pier", cast.hana) is None


def test_link_for_another_purpose_opens_nothing(session, cast, now):
    token = accounts.password_link(session, cast.hana, lives=timedelta(hours=1), now=now)
    with pytest.raises(NotFound):
        links.find(session, token, LinkPurpose.TAKE, now=now)


def test_expired_link_is_closed(session, cast, now):
    token = accounts.password_link(session, cast.hana, lives=timedelta(hours=1), now=now)
    with pytest.raises(LinkClosed):
        links.find(session, token, LinkPurpose.SET_PASSWORD, now=now + timedelta(hours=1, seconds=1))


def test_last_admin_stays(session, cast, now):
    with pytest.raises(Refused, match="at least one admin"):
        accounts.change_roles(session, cast.ada, frozenset({Role.HR}), by=cast.ada, now=now)
    with pytest.raises(Refused, match="your own account"):
        accounts.deactivate(session, cast.ada, by=cast.ada, now=now)
    accounts.change_roles(session, cast.hana, frozenset({Role.HR, Role.ADMIN}), by=cast.ada, now=now)
    accounts.change_roles(session, cast.ada, frozenset({Role.HR}), by=cast.ada, now=now)
    assert cast.ada.roles == {Role.HR}


def test_address_can_have_one_account_only(session, cast, now):
    def add(organization):
        email = "HANA@acme.example"
        accounts.add_user(session, organization, name="H", email=email, roles=frozenset(), actor="command", now=now)

    with pytest.raises(Refused, match="already an account"):
        add(cast.acme)
    with pytest.raises(Refused, match="cannot be used"):  # Birch does not learn where it is used
        add(cast.birch)


def test_program_hashes_passwords_with_argon2id_at_full_effort():
    spec = find_spec("assess.services.accounts")
    untouched = module_from_spec(spec)  # the tests' own copy hashes with little effort
    spec.loader.exec_module(untouched)
    effort = argon2.extract_parameters(untouched._hasher.hash("seven green lamps on the pier"))
    assert effort.type is argon2.Type.ID
    assert (effort.memory_cost, effort.time_cost) >= (19 * 1024, 2)  # OWASP's least: 19 MiB, two passes
