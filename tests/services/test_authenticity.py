"""A signed reference is confirmed as long as its report is kept, and guesses learn nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import TooManyTries
from assess.models import ReportFile
from assess.services import authenticity, erasure, limits, reporting
from assess.services.authenticity import Confirmed, Gone
from assess.services.limits import WRONG_SEALS
from assess.services.seals import Sealer, typed_reference, typed_signature
from tests import factories

SEALER = Sealer("https://rapport.example", "k" * 32)
ADDRESS = "192.0.2.7"


@pytest.fixture
def report(session, engine, registry, cast, now):
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    found = reporting.request(session, cast.hana, attempt.assignment, "hiring", registry, now=now)
    reporting.store(session, found, b"%PDF", now=now)
    session.commit()
    return found


def confirm(session, reference, *, signature=None, now):
    signed = signature or SEALER.signature(reference)
    return authenticity.confirm(session, SEALER, reference, signed, address=ADDRESS, now=now)


def test_kept_report_is_confirmed_with_kind_day_organisation_and_hash_and_nothing_else(session, report, now):
    assert confirm(session, report.reference, now=now) == Confirmed(
        kind="hiring",
        reference=report.reference,
        dated=now,
        time_zone=report.result.attempt.assignment.campaign.time_zone,
        organization="Acme",
        sha256=report.sha256,
    )


def test_drafted_report_bears_the_address_that_confirms_it(session, registry, report, now):
    html, _dated = reporting.draft(report, registry, SEALER)
    address = SEALER.address(report.reference)
    assert f'href="{address}"' in html
    reference, signature = address.split("/")[-2:]
    assert isinstance(confirm(session, reference, signature=signature, now=now), Confirmed)


def test_deleted_expired_erased_and_unfinished_reports_are_no_longer_kept(session, report, now):
    gone = Gone(report.reference)
    assert confirm(session, report.reference, now=report.expires_at - timedelta(seconds=1)) != gone
    assert confirm(session, report.reference, now=report.expires_at) == gone
    digest, report.sha256 = report.sha256, None
    assert confirm(session, report.reference, now=now) == gone
    report.sha256 = digest
    report.result.attempt.assignment.person.erased_at = now
    assert confirm(session, report.reference, now=now) == gone
    erasure.delete_report(session, report, actor="worker", now=now)
    session.flush()
    assert session.query(ReportFile).filter_by(reference=gone.reference).count() == 0
    assert confirm(session, gone.reference, now=now) == gone


def test_wrong_signature_tells_nothing_and_asks_the_database_nothing_about_the_report(
    session, report, now, count_queries
):
    asked = []
    for reference in (report.reference, "R-2222-2222"):
        with count_queries() as counted:
            assert confirm(session, reference, signature="a" * 16, now=now) is None
        asked.append(counted.count)
    assert asked[0] == asked[1]
    assert confirm(session, report.reference, signature=SEALER.signature("R-2222-2222"), now=now) is None
    assert confirm(session, report.reference, signature="ü" * 16, now=now) is None


def test_another_installation_signs_otherwise(report):
    other = Sealer("https://rapport.example", "x" * 32)
    assert other.signature(report.reference) != SEALER.signature(report.reference)


def test_many_wrong_signatures_close_the_page_for_the_address_for_a_while(session, report, now):
    for _ in range(WRONG_SEALS.count):
        assert confirm(session, report.reference, signature="a" * 16, now=now) is None
        authenticity.note_wrong(session, address=ADDRESS, now=now)
    with pytest.raises(TooManyTries):
        confirm(session, report.reference, now=now)
    assert limits.check(session, WRONG_SEALS, "192.0.2.8", now=now) is None
    assert isinstance(confirm(session, report.reference, now=now + WRONG_SEALS.window), Confirmed)


@pytest.mark.parametrize("typed", ["R-7F3K-29QD", "r 7f3k 29qd", " R7F3K29QD"])
def test_reference_may_be_typed_in_any_form(typed):
    assert typed_reference(typed) == "R-7F3K-29QD"


def test_digits_that_no_code_has_are_the_letters_that_look_like_them():
    assert typed_signature("ABCD efgh-2o1b 0l8x") == "abcdefgh2olbolbx"
    assert not set("018") & set(SEALER.signature("R-7F3K-29QD"))
