"""Exports asked for, made step by step and kept for a while: whole whatever happens, and gone with whom they name."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import AuditEvent, Export, ExportPiece
from assess.services import access, database, erasure, exports, jobs, retention
from assess.services.access import Permission
from assess.services.exporting import assembly, rows
from assess.services.exporting.assembly import AssemblyFailed
from assess.services.exporting.rows import Scope
from assess.services.exports import Format
from tests import factories


@pytest.fixture
def people(campaign_people):
    """Anna and Bert, who have results."""
    return campaign_people("Anna", "Bert")


def test_others_get_neither_file_nor_word_of_it(session, cast, people, ask_export, do_jobs, registry, now):
    export = ask_export()
    do_jobs()
    with pytest.raises(NotFound):
        access.get_export(session, cast.otto, export.public_id, Permission.EXPORT_MAKE)
    assert exports.exports_of(session, cast.otto).rows == []
    assert [each.id for each in exports.exports_of(session, cast.hana).rows] == [export.id]
    for user in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            exports.request(session, user, Scope(0), Format.CSV, registry, now=now)
        with pytest.raises(NotAllowed):
            exports.hand_out(session, user, export, now=now)


def test_second_press_of_the_button_is_the_same_export(session, people, ask_export, now):
    first = ask_export()
    assert ask_export() is first
    assert ask_export(with_answers=True) is not first
    assert ask_export(now=now + timedelta(minutes=2)) is not first
    assert len(jobs.waiting(session, exports.JOB)) == 3


def test_file_that_would_be_too_large_is_refused_with_a_way_out(people, ask_export, monkeypatch):
    monkeypatch.setattr(exports, "MOST_CELLS", 100)
    for format_ in (Format.XLSX, Format.SAV):
        with pytest.raises(Refused, match="choose CSV or JSON lines"):
            ask_export(format_)
    ask_export(Format.CSV)


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(rows, "PAGE", 2)


def test_worker_that_dies_after_any_step_leaves_the_next_one_to_go_on(
    session, engine, registry, campaign_people, ask_export, take_export, do_jobs, small_pages, now
):
    crowd = campaign_people("Anna", "Bert", "Cora", "Dora", "Emil")
    export = ask_export(Format.JSONL)
    export_id, kind = export.id, factories.shop(registry).kinds()[exports.JOB]
    session.commit()
    sessions = sessionmaker(database.writing(engine))

    def work():
        with sessions() as other:
            return kind.handler(other, export_id=export_id, now=now)()

    for _ in range(2):
        jobs.perform(sessions, kind, {"export_id": export_id}, clock=lambda: now)
        work()  # done, and never stored: the worker died
    assert (export.n_done, export.is_waiting) == (4, True)
    session.commit()
    for finish in (work(), work()):  # two workers have the same step at once
        with sessions.begin() as other:
            finish(other, now=now)
    do_jobs()
    lines = [json.loads(line) for line in take_export(export).splitlines()[1:]]
    assert [line["reference"] for line in lines] == [str(each.attempt.public_id) for each in crowd]
    assert (export.n_rows, export.n_done) == (5, 5)


@pytest.fixture
def step(session, engine, registry, now):
    """Return a function that takes one step of an export, as a worker does."""

    def step(export):
        export_id = export.id
        session.commit()
        kind, sessions = factories.shop(registry).kinds()[exports.JOB], sessionmaker(database.writing(engine))
        jobs.perform(sessions, kind, {"export_id": export_id}, clock=lambda: now)
        session.expire_all()

    return step


@pytest.mark.parametrize("format_", [Format.XLSX, Format.SAV])
def test_file_is_put_together_again_when_the_process_that_does_so_is_killed(
    session, people, ask_export, take_export, step, do_jobs, monkeypatch, format_
):
    export = ask_export(format_)
    step(export)
    monkeypatch.setattr(assembly, "SECONDS", 0.0)
    with pytest.raises(AssemblyFailed, match="status -9"):
        step(export)
    assert (export.is_waiting, export.n_done) == (True, 2)
    monkeypatch.undo()
    do_jobs()
    assert take_export(export)
    assert {each.stage for each in session.query(ExportPiece)} == {export.stage}  # and no rows, nor what was begun


def test_export_that_fails_for_good_says_so_and_keeps_nothing(
    session, registry, people, ask_export, step, cast, monkeypatch, now
):
    export = ask_export(Format.XLSX)
    step(export)
    monkeypatch.setattr(assembly, "SECONDS", 0.0)
    with pytest.raises(AssemblyFailed) as failure:
        step(export)
    kind = factories.shop(registry).kinds()[exports.JOB]
    kind.regret(session, export_id=export.id, error=failure.value, now=now)
    assert session.query(ExportPiece).count() == 0
    with pytest.raises(Refused, match="could not be made"):
        exports.hand_out(session, cast.hana, export, now=now)


def test_files_with_names_are_deleted_when_anybody_is_erased_and_others_stay(
    session, people, cast, ask_export, do_jobs, now
):
    named, plain = ask_export(with_personal_data=True), ask_export()
    do_jobs()
    waiting = ask_export(Format.JSONL, with_personal_data=True)
    erasure.erase(session, [people[1].person], actor="worker", now=now)
    session.commit()
    assert {each.export_id for each in session.query(ExportPiece)} == {plain.id}
    for export in (named, waiting):
        with pytest.raises(Refused, match="has been erased since"):
            exports.hand_out(session, cast.hana, export, now=now)
    do_jobs()
    assert {each.export_id for each in session.query(ExportPiece)} == {plain.id}
    assert exports.hand_out(session, cast.hana, plain, now=now)


def test_name_that_was_read_before_an_erasure_is_not_kept_after_it(
    session, engine, registry, people, ask_export, take_export, do_jobs, now
):
    export = ask_export(with_personal_data=True)
    kind = factories.shop(registry).kinds()[exports.JOB]
    sessions = sessionmaker(database.writing(engine))
    export_id = export.id
    session.commit()
    with sessions() as other:
        finish = kind.handler(other, export_id=export_id, now=now)()
    anna = people[0].person
    unsaid = [anna.name, anna.email]
    anna.name, anna.email, anna.employee_number, anna.erased_at = "Erased person", None, None, now  # and nothing else
    session.commit()
    with sessions.begin() as other:
        finish(other, now=now)
    do_jobs()
    whole = take_export(export).decode()
    assert all(unsaid)
    assert not [each for each in unsaid if each in whole]
    assert "Bert" in whole


def test_export_goes_after_a_week_and_can_go_earlier(session, people, cast, ask_export, do_jobs, now):
    first, second = ask_export(), ask_export(Format.JSONL)
    do_jobs()
    exports.discard(session, cast.hana, first, now=now)
    assert {each.export_id for each in session.query(ExportPiece)} == {second.id}
    with pytest.raises(Refused, match="has been deleted"):
        exports.hand_out(session, cast.hana, first, now=now)
    retention.enforce(session, now=second.expires_at - timedelta(seconds=1))
    assert session.query(Export).count() == 2
    retention.enforce(session, now=second.expires_at)
    assert (session.query(Export).count(), session.query(ExportPiece).count()) == (0, 0)
    events = session.query(AuditEvent).filter(AuditEvent.subject.startswith("export:")).order_by(AuditEvent.id)
    actions = [event.action for event in events]
    session.commit()
    assert actions == ["export.asked", "export.asked", "export.made", "export.made"]
