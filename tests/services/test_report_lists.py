"""What HR sees of many reports: batches, entries page by page, and a report by its reference."""

from __future__ import annotations

from assess.models import BatchEntry
from assess.services import paging, report_lists, reporting
from assess.services.report_lists import Standing


def test_list_and_entries_take_a_constant_number_of_queries(
    session, campaign_people, ask_batch, do_jobs, cast, count_queries
):
    assignments = campaign_people(*(f"Person {n}" for n in range(4)))
    counts = []
    for number in (1, 3):
        batch = ask_batch(assignments[:number])
        do_jobs()
        with count_queries() as counter:
            report_lists.batches_of(session, cast.hana)
            rows = report_lists.entries_of(session, cast.hana, batch).rows
            assert [entry.assignment.person.name for entry, _ in rows] == [f"Person {n}" for n in range(number)]
            assert all(entry.report.reference for entry, _ in rows)
            report_lists.recent_reports(session, cast.hana)
        counts.append(counter.count)
    assert counts[0] == counts[1]


def test_entries_come_by_name_a_page_at_a_time_and_by_where_they_stand(
    session, cast, campaign_people, ask_batch, monkeypatch
):
    monkeypatch.setattr(paging, "PAGE", 2)
    batch = ask_batch(campaign_people("Cora", "Anna", "Bert"))
    refused = session.query(BatchEntry).first()
    refused.refusal = "No."
    first = report_lists.entries_of(session, cast.hana, batch)
    assert ([entry.assignment.person.name for entry, _ in first.rows], first.has_more) == (["Anna", "Bert"], True)
    second = report_lists.entries_of(session, cast.hana, batch, page=2)
    assert ([entry.assignment.person.name for entry, _ in second.rows], second.has_more) == (["Cora"], False)
    (found,) = report_lists.entries_of(session, cast.hana, batch, standing=Standing.REFUSED).rows
    assert found == (refused, Standing.REFUSED)


def test_reference_is_found_however_it_is_typed_and_only_at_home(session, registry, campaign_people, cast, now):
    report = reporting.request(session, cast.hana, campaign_people("Anna")[0], "hiring", registry, now=now)
    reference = report.reference
    for typed in (reference, reference.lower(), f" {reference} ", reference.replace("-", ""), reference[2:], "R 7"):
        found = report_lists.find_report(session, cast.hana, typed)
        assert found is (None if typed == "R 7" else report), typed
    assert report_lists.find_report(session, cast.otto, reference) is None
    assert report_lists.recent_reports(session, cast.hana) == [report]
    assert report_lists.recent_reports(session, cast.otto) == []
