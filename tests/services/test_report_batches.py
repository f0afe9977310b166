"""Many reports at once: asked for together, made by a job in short steps, handed out as one archive."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy.orm import sessionmaker

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import AuditEvent, BatchEntry, Job, ReportBatch, ReportFile, User
from assess.services import (
    access,
    database,
    erasure,
    jobs,
    readers,
    report_archives,
    report_batches,
    report_lists,
    reporting,
    retention,
    workshop,
)
from assess.services.access import Permission
from assess.services.held_data import held_about
from assess.services.report_lists import Standing
from tests import factories


@pytest.fixture
def download(session, engine, cast, now):
    """Return a function that hands the archive of a batch out to Hana, as the console does."""

    def take(batch):
        batch_id, user_id = batch.id, cast.hana.id
        session.commit()
        sessions = sessionmaker(database.writing(engine))
        with sessions() as reading:
            mine = reading.get_one(ReportBatch, batch_id)
            ids = report_archives.entries_to_hand_out(reading, reading.get_one(User, user_id), mine)

        def handed():
            for entry_id in ids:
                with sessions.begin() as writing:
                    found = report_archives.hand_out(writing, entry_id, actor=f"user:{user_id}", now=now)
                if found is not None:
                    yield found

        return b"".join(report_archives.pieces(handed(), dated=now, zone="Europe/Berlin"))

    return take


def progress(session, batch):
    return report_lists.progress_of(session, [batch])[batch.id]


def manifest(archive):
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        text = opened.read(report_archives.MANIFEST).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_batch_is_made_by_one_job_after_another_and_everybody_gets_a_report_or_a_reason(
    session, campaign_people, ask_batch, do_jobs
):
    names = [f"Cora {letter}" for letter in "BCADEF"]  # more than one step of the job takes
    batch = ask_batch(campaign_people(*names, unfinished=["Finn Open"], unscorable=["Nora Nothing"]))
    assert [(job.name, dict(job.ids)) for job in jobs.waiting(session, "prepare-batch")] == [
        ("prepare-batch", {"batch_id": batch.id})
    ]
    assert progress(session, batch).counts == {Standing.WAITING: 8}
    do_jobs()
    found = session.query(BatchEntry).order_by(BatchEntry.id).all()
    assert [entry.assignment.person.name for entry in found] == [*sorted(names), "Finn Open", "Nora Nothing"]
    assert all(entry.report.is_ready and entry.refusal is None for entry in found[:6])
    assert [entry.report for entry in found[6:]] == [None, None]
    assert "has not begun yet" in found[6].refusal
    assert "too few statements were answered" in found[7].refusal
    after = progress(session, batch)
    assert after.counts == {Standing.MADE: 6, Standing.REFUSED: 2}
    assert (after.total, after.settled, after.missing) == (8, 8, 2)


def test_whoever_waits_for_one_report_or_for_scores_goes_first(
    session, registry, campaign_people, ask_batch, cast, do_jobs, now
):
    cora, dora, other = campaign_people("Cora", "Dora", "Zoe")
    batch = ask_batch([cora, dora])
    reporting.request(session, cast.hana, other, "individual", registry, now=now)
    made = []
    do_jobs(render=lambda html, _dated: made.append(html) or b"%PDF")
    assert "Zoe" in made[0]
    assert progress(session, batch)[Standing.MADE] == 2


def test_report_of_a_batch_that_somebody_asks_for_need_not_wait_for_its_turn(
    session, registry, campaign_people, ask_batch, cast, do_jobs, now
):
    assignments = campaign_people("Anna", "Bert", "Cora")
    batch = ask_batch(assignments)
    while report_batches.prepare(session, batch, registry, now=now):
        pass
    report = reporting.request(session, cast.hana, assignments[2], "hiring", registry, now=now)
    assert report.id in {entry.report_id for entry in session.query(BatchEntry)}
    made = []
    do_jobs(render=lambda html, _dated: made.append(html) or b"%PDF")
    assert "Cora" in made[0]
    assert session.query(ReportFile).count() == len(made) == 3


def test_step_done_twice_by_workers_that_died_asks_for_each_report_once(
    session, registry, campaign_people, ask_batch, do_jobs, now
):
    batch = ask_batch(campaign_people("Anna", "Bert"))
    for _ in range(3):
        report_batches.prepare(session, batch, registry, now=now)
        session.commit()
    assert len(jobs.waiting(session, "make-report")) == 2
    do_jobs()
    assert session.query(AuditEvent).filter_by(action="report.made").count() == 2


def test_reports_that_exist_already_are_taken_over(session, registry, campaign_people, ask_batch, cast, do_jobs, now):
    anna, bert = campaign_people("Anna", "Bert")
    known = reporting.request(session, cast.hana, anna, "hiring", registry, now=now)
    do_jobs()
    ask_batch([anna, bert])
    do_jobs()
    assert session.query(BatchEntry).filter_by(assignment_id=anna.id).one().report is known
    assert session.query(ReportFile).count() == 2


def test_second_press_of_the_button_is_the_same_batch_and_a_later_wish_another(campaign_people, ask_batch, now):
    anna, bert = campaign_people("Anna", "Bert")
    first = ask_batch([anna, bert])
    assert ask_batch([bert, anna], now=now + timedelta(seconds=5)) is first
    assert ask_batch([anna], now=now + timedelta(seconds=6)) is not first
    assert ask_batch([anna], kind="individual", now=now + timedelta(seconds=7)) is not first
    assert ask_batch([anna, bert], now=now + timedelta(minutes=5)) is not first


def test_language_and_paper_are_those_of_every_report(session, campaign_people, ask_batch, do_jobs):
    ask_batch(campaign_people("Anna"), language="es", paper="Letter")
    ask_batch(campaign_people("Bert"))
    do_jobs()
    assert {(each.language, each.paper) for each in session.query(ReportFile)} == {("es", "Letter"), ("en", "A4")}


@pytest.mark.parametrize("wrong", [{"kind": "horoscope"}, {"language": "tlh"}, {"paper": "papyrus"}])
def test_what_is_not_offered_is_not_found(session, campaign_people, ask_batch, wrong):
    with pytest.raises(NotFound):
        ask_batch(campaign_people("Anna"), **wrong)


def test_nobody_too_many_and_others_people_are_refused(
    session, registry, campaign_people, ask_batch, cast, now, monkeypatch
):
    with pytest.raises(Refused, match="nobody"):
        ask_batch([])
    theirs = factories.assignment(session, registry, cast.otto, now=now)
    with pytest.raises(NotFound):
        ask_batch([theirs])
    monkeypatch.setattr(report_batches, "MOST", 1)
    anna, bert = campaign_people("Anna", "Bert")
    with pytest.raises(Refused, match="holds 1 reports at most, and 2 people"):
        ask_batch([anna, bert])
    with pytest.raises(Refused, match="2 people have handed in"):
        report_batches.all_of(session, cast.hana, anna.campaign)
    assert session.query(ReportBatch).count() == 0


def test_only_hr_asks_and_other_organisations_do_not_find_the_batch(session, campaign_people, ask_batch, cast, now):
    anna = campaign_people("Anna")
    batch = ask_batch(anna)
    with pytest.raises(NotAllowed):
        report_batches.request(session, cast.cole, anna, "hiring", language="en", now=now)
    with pytest.raises(NotAllowed):
        access.get_batch(session, cast.cole, batch.public_id, Permission.REPORT_MAKE)
    with pytest.raises(NotFound):
        access.get_batch(session, cast.otto, batch.public_id, Permission.REPORT_MAKE)
    assert access.get_batch(session, cast.hana, batch.public_id, Permission.REPORT_MAKE) is batch
    assert report_lists.batches_of(session, cast.otto).rows == []


def test_everybody_who_has_handed_in_or_only_who_has_no_such_report(
    session, campaign_people, ask_batch, cast, do_jobs, now
):
    anna, bert, _carl = campaign_people("Anna", "Bert", unfinished=["Carl"])
    campaign = anna.campaign
    assert list(report_batches.all_of(session, cast.hana, campaign)) == [anna, bert]
    ask_batch([anna], campaign=campaign)
    do_jobs()

    def without(kind="hiring", **options):
        options = {"language": "en", "now": now} | options
        return list(report_batches.all_without(session, cast.hana, campaign, kind, **options))

    assert without() == [bert]
    assert without("individual") == without(language="es") == without(paper="Letter") == [anna, bert]
    assert [(each.name, n) for each, n in report_lists.campaigns_with_people(session, cast.hana)] == [
        (campaign.name, 2)
    ]
    assert report_lists.campaigns_with_people(session, cast.otto) == []


def test_who_has_no_report_asked_for_twice_is_one_batch_however_far_that_has_come(
    session, campaign_people, ask_batch, cast, registry, do_jobs, now
):
    campaign = campaign_people("Anna", "Bert", "Carl", "Dora", "Eli", "Fay", "Gil")[0].campaign

    def press(later=timedelta(seconds=2)):
        without = report_batches.all_without(session, cast.hana, campaign, "hiring", language="en", now=now + later)
        return ask_batch(without, campaign=campaign, now=now + later)

    batch = press()
    assert press() is batch
    report_batches.prepare(session, batch, registry, now=now)  # five of them have their report coming, two are in line
    session.commit()
    assert press() is batch
    do_jobs()
    assert press() is batch
    with pytest.raises(Refused, match="Everybody who has handed in has this report"):
        press(timedelta(minutes=2))


def test_what_was_not_made_is_made_when_it_is_asked_for_again(
    session, engine, registry, campaign_people, ask_batch, cast, do_jobs, now
):
    anna, finn = campaign_people("Anna", unfinished=["Finn"])
    batch = ask_batch([anna, finn])

    report_batches.prepare(session, batch, registry, now=now)
    report = session.query(ReportFile).one()
    report.failure, report.finished_at = "It took more than 20 seconds.", now
    session.commit()
    assert progress(session, batch).counts == {Standing.FAILED: 1, Standing.REFUSED: 1}
    factories.scored(session, registry, engine, cast.hana, assignment=finn, now=now)
    report_batches.ask_again(session, cast.hana, batch, now=now)
    assert progress(session, batch).counts == {Standing.WAITING: 2}
    do_jobs()
    assert progress(session, batch).counts == {Standing.MADE: 2}
    assert session.query(ReportFile).filter_by(kind="hiring").count() == 2


def test_step_that_the_program_fails_at_says_so_on_every_entry_it_leaves(session, campaign_people, ask_batch, now):
    batch = ask_batch(campaign_people("Anna", "Bert"))
    workshop.KINDS["prepare-batch"].regret(session, batch_id=batch.id, error=ValueError("a bug"), now=now)
    session.flush()
    assert progress(session, batch).counts == {Standing.REFUSED: 2}
    assert {entry.refusal for entry in session.query(BatchEntry)} == {report_batches.GIVEN_UP}


def test_step_that_the_program_fails_at_leaves_the_people_after_it_their_reports(
    session, campaign_people, ask_batch, do_jobs, now
):
    batch = ask_batch(campaign_people("Anna", "Bert", "Carl", "Dora", "Eli", "Fay", "Gil"))
    session.query(Job).filter_by(name="prepare-batch").delete()
    workshop.KINDS["prepare-batch"].regret(session, batch_id=batch.id, error=ValueError("a bug"), now=now)
    session.commit()
    do_jobs()
    assert progress(session, batch).counts == {Standing.REFUSED: report_batches.STEP, Standing.MADE: 2}


def test_archive_holds_every_report_once_and_a_manifest_that_tells_the_truth(
    session, campaign_people, ask_batch, do_jobs, download
):
    batch = ask_batch(campaign_people("Cora Candidate", "=2+3", "../../etc/passwd", unfinished=["Finn Open"]))
    with pytest.raises(Refused, match="still being made"):
        download(batch)
    do_jobs()
    archive = download(batch)
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        lines = manifest(archive)
        for line in lines[:3]:
            content = opened.read(line["file"])
            report = session.query(ReportFile).filter_by(reference=line["reference"]).one()
            assert content == report.content
            assert line["sha256"] == hashlib.sha256(content).hexdigest()
            assert line["bytes"] == str(len(content))
            assert (line["kind"], line["language"]) == ("hiring", "en")
            assert line["made at"] == "2026-06-01T09:30:00+00:00"
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}
        assert {info.date_time for info in opened.infolist()} == {(2026, 6, 1, 11, 30, 0)}  # as in Berlin
    assert sorted(names) == sorted([line["file"] for line in lines[:3]] + ["manifest.csv"])
    assert names[0].startswith("etc-passwd-hiring-R-")
    assert [line["person"] for line in lines] == ["../../etc/passwd", "'=2+3", "Cora Candidate", "Finn Open"]
    assert (lines[3]["file"], lines[3]["sha256"]) == ("", "")
    assert "has not begun yet" in lines[3]["no report because"]
    assert download(batch) == archive


def test_every_report_of_an_archive_is_noted_as_a_single_download_is(
    session, registry, campaign_people, ask_batch, do_jobs, download, cast, now
):
    anna, bert = campaign_people("Anna", "Bert")
    batch = ask_batch([anna, bert])
    do_jobs()
    download(batch)
    session.expire_all()
    for each in (anna, bert):
        (reading,) = readers.readings_of(session, each.person)
        assert (reading.name, reading.report) == ("Hana", "hiring")
    held = held_about(session, anna.person, registry, now=now)["assessments"][0]
    assert held["batches"] == [
        {
            "kind": "hiring",
            "asked_for_at": now.isoformat(),
            "asked_for_by": "Hana (hr)",
            "report": held["reports"][0]["reference"],
            "no_report_because": None,
        }
    ]


def test_archive_of_nothing_is_refused(campaign_people, ask_batch, do_jobs, download):
    batch = ask_batch(campaign_people(unfinished=["Finn"]))
    do_jobs()
    with pytest.raises(Refused, match="nothing to download"):
        download(batch)


def test_erased_person_leaves_no_name_and_no_report_in_the_batch(
    session, campaign_people, ask_batch, do_jobs, download, cast, now
):
    anna, gone, late = campaign_people("Anna", "Gerda Gonesoon", "Lars Lateron")
    batch = ask_batch([anna, gone])
    do_jobs()
    erasure.erase(session, [gone.person], actor="worker", now=now)
    session.flush()
    session.expire_all()
    entry = session.query(BatchEntry).filter_by(assignment_id=gone.id).one()
    assert (entry.report, entry.refusal) == (None, erasure.DELETED)
    with pytest.raises(Refused, match="nothing to try again"):  # it does not come back
        report_batches.ask_again(session, cast.hana, batch, now=now)
    waiting = ask_batch([late], now=now + timedelta(hours=1))
    erasure.erase(session, [late.person], actor="worker", now=now)
    do_jobs()
    archive = download(batch)
    lines = manifest(archive)
    assert [bool(line["file"]) for line in lines] == [True, False]
    assert b"Gonesoon" not in archive
    assert "Gonesoon" not in str(lines)
    (entry,) = session.query(BatchEntry).filter_by(batch_id=waiting.id)
    assert "have been erased" in entry.refusal
    assert session.query(ReportFile).filter_by(kind="hiring").count() == 1


def test_batches_go_when_their_time_is_over_or_nobody_is_left_in_them(
    session, campaign_people, ask_batch, do_jobs, now
):
    anna, bert = campaign_people("Anna", "Bert")
    mixed, alone = ask_batch([anna, bert]), ask_batch([bert])
    ids = {mixed.id, alone.id}
    do_jobs()
    erasure.erase(session, [bert.person], actor="worker", now=now)
    session.commit()
    assert retention.enforce(session, now=now).batches == 1
    assert session.query(ReportBatch).all() == [mixed]
    assert {entry.batch_id for entry in session.query(BatchEntry)} < ids
    over = now + timedelta(days=3 * 366)
    retention.enforce(session, now=over)
    assert session.query(BatchEntry).count() == session.query(ReportBatch).count() == 0
