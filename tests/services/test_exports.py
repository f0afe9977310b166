"""Files of data: all formats say what the database says, name nobody unasked, and come whole whatever happens."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from datetime import timedelta
from io import BytesIO

import openpyxl
import pyreadstat
import pytest
from sqlalchemy.orm import sessionmaker

from assess.banks.parts import Part
from assess.errors import NotAllowed, NotFound, Refused
from assess.models import (
    AuditEvent,
    Export,
    ExportPiece,
    Outcome,
    Position,
    Purpose,
    ResponseEvent,
    Result,
)
from assess.services import (
    access,
    campaigns,
    database,
    decisions,
    erasure,
    export_jobs,
    exports,
    invitations,
    jobs,
    retention,
)
from assess.services.access import Permission
from assess.services.decisions import Basis
from assess.services.exporting import assembly, rows
from assess.services.exporting.assembly import AssemblyFailed
from assess.services.exporting.cells import CODES, Kind, Missing
from assess.services.exporting.columns import columns_of
from assess.services.exporting.rows import Scope
from assess.services.exports import Format
from assess.services.invitations import Invitee
from tests import factories

EVERYTHING = Scope(organization_id=0)  # whoever asks, it is their organisation's
PARTS = [*Part]
NAME, EMAIL, NUMBER = "=HYPERLINK(1) Anna", "anna@people.example", "E-4711"
SECRETS = [NAME, EMAIL, NUMBER, "Spring round of Anna"]
IS_PROVISIONAL = "is_provisional"


@pytest.fixture
def people(session, engine, registry, cast, now):
    """Anna, who was asked all parts and left things out, and Bert, who was shown no questions and is made up."""
    bank = registry.newest("general")
    campaign = campaigns.create_campaign(
        session,
        cast.hana,
        name="Spring round of Anna",
        bank=bank,
        form="standard",
        parts=PARTS,
        position=factories.position(session, registry, cast.hana, "@Front desk", now=now),
        purpose=Purpose.HIRING,
        feedback="on-release",
        until=(now + timedelta(days=14)).date(),
        now=now,
    )
    anna = invitations.assign(session, cast.hana, campaign, Invitee(NAME, EMAIL), now=now)
    anna.person.employee_number = NUMBER
    form = bank.form("standard").items
    left_out = {code for code in form if getattr(bank.item(code), "scale", "") == "trust"} | {"voc-01"}
    values = {
        answer: 1 + number % len(choices)
        for number, (answer, choices) in enumerate(
            (answer, choices)
            for code in [*form, *(code for code, asked in bank.asked.items() if asked.part not in _CHOSEN)]
            for answer, choices in bank.asked[code].choices.items()
        )
        if answer not in left_out
    }
    first = factories.scored(session, registry, engine, cast.hana, assignment=anna, values=values, now=now)
    bert = factories.alike(session, first, "Bert")
    bert.assignment.person.is_simulated = True
    decisions.record(
        session, cast.hana, anna, Outcome.HIRE, "Calm at the desk", bases=[Basis.INTERVIEW, Basis.ASSESSMENT], now=now
    )
    session.commit()
    return [first, bert]


_CHOSEN = (Part.STATEMENTS, Part.VOCABULARY, Part.NUMERICAL)


@pytest.fixture
def ask(session, cast, registry, now):
    """Return a function that has Hana ask for an export."""

    def ask(format_=Format.CSV, scope=EVERYTHING, **options):
        found = exports.request(session, cast.hana, scope, format_, registry, **{"now": now, **options})
        session.commit()
        return found

    return ask


@pytest.fixture
def made(session, cast, ask, do_jobs, now):
    """Return a function that has Hana ask for an export, has it made, and returns its bytes."""

    def made(format_=Format.CSV, **options):
        found = ask(format_, **options)
        do_jobs()
        assert found.failure is None
        return content(session, cast.hana, found, now)

    return made


def content(session, user, export, now):
    ids = exports.hand_out(session, user, export, now=now)
    pieces = [exports.piece(session, each) for each in ids]
    assert all(0 < len(each) <= export_jobs.PIECE for each in pieces)
    whole = b"".join(pieces)
    assert (len(whole), hashlib.sha256(whole).hexdigest()) == (export.size, export.sha256)
    return whole


def from_csv(whole):
    lines = list(csv.reader(whole.decode("utf-8-sig").splitlines()))
    return lines[0], lines[1:]


def from_sav(whole, tmp_path):
    (tmp_path / "x.sav").write_bytes(whole)
    return pyreadstat.read_sav(tmp_path / "x.sav", user_missing=True)


def as_number(text):
    return float(text) if text not in ("", *Missing) else text or "none"


def test_all_formats_say_the_same_and_what_the_database_says(session, people, made, tmp_path):
    names, lines = from_csv(made(Format.CSV, with_answers=True))
    head, *objects = [json.loads(line) for line in made(Format.JSONL, with_answers=True).splitlines()]
    book = openpyxl.load_workbook(BytesIO(made(Format.XLSX, with_answers=True)))
    frame, meta = from_sav(made(Format.SAV, with_answers=True), tmp_path)
    entries = {entry["name"]: entry for entry in head["columns"]}
    sheet = [[cell.value for cell in row] for row in book["Data"].iter_rows()]
    assert names == list(entries) == sheet[0] == list(frame.columns)
    assert len(lines) == len(objects) == len(sheet) - 1 == len(frame) == 2
    kinds = {name: Kind(entry["type"]) for name, entry in entries.items()}
    for number, line in enumerate(lines):
        reasons = {name: why for why, columns in objects[number]["missing"].items() for name in columns}
        for at, (name, text) in enumerate(zip(names, line, strict=True)):
            as_json, as_cell, as_spss = objects[number][name], sheet[number + 1][at], frame[name][number]
            if kinds[name] in (Kind.INTEGER, Kind.NUMBER):
                value = as_number(text)
                assert value == (reasons.get(name, "none") if as_json is None else as_json), name
                assert value == (as_cell if as_cell is not None else "none"), name
                assert as_spss == (CODES[value] if isinstance(value, str) else value), name
            elif kinds[name] is Kind.MOMENT and text:
                assert text == as_json == f"{as_cell:%Y-%m-%dT%H:%M:%SZ}" == f"{as_spss:%Y-%m-%dT%H:%M:%SZ}"
            elif kinds[name] is Kind.TEXT:
                assert text.removeprefix("'") == (as_json or "") == (as_cell or "").removeprefix("'") == as_spss
    row = session.query(Result).filter_by(attempt_id=people[0].id).one()
    anna = dict(zip(names, map(as_number_or_text, lines[0]), strict=True))
    for scale in row.scales:
        assert anna[f"{scale.scale}_theta"] == (scale.theta if scale.theta is not None else "unscorable")
        assert anna[f"{scale.scale}_n_answered"] == scale.n_answered
    assert anna["match_median"] == (row.match["median"] if row.match else "unscorable")
    assert anna["alignment_low"] == row.further["alignment"]["low"]
    assert anna["situations_score"] == row.further["judgement"]["score"]
    given = {each.code: each.value for each in session.query(ResponseEvent).filter_by(attempt_id=people[0].id)}
    assert {code: anna[code.replace("-", "_").replace(".", "_")] for code in given} == given
    assert meta.column_names_to_labels["trust_theta"].startswith("Trust")
    assert meta.variable_value_labels["con_ru1"] | {1.0: "Strongly disagree"} == meta.variable_value_labels["con_ru1"]
    assert meta.missing_ranges["con_ru1"] == [{"lo": -99.0, "hi": -97.0}]
    assert [row[0].value for row in book["Codebook"].iter_rows(min_row=2)] == names


def as_number_or_text(text):
    try:
        return float(text)
    except ValueError:
        return text


def test_what_is_missing_says_why(people, made, registry):
    bank = registry.newest("general")
    shown = set(bank.form("standard").items)
    left_out = next(each.code for each in bank.statements if each.code in shown and each.scale == "trust")
    given = next(each.code for each in bank.statements if each.code in shown and each.scale == "tact")
    never = next(each.code for each in bank.statements if each.code not in shown)
    left_out, given, never = (code.replace("-", "_") for code in (left_out, given, never))
    names, lines = from_csv(made(with_answers=True))
    anna, bert = (dict(zip(names, line, strict=True)) for line in lines)
    assert anna[left_out] == "unanswered"  # shown, and left out
    assert anna["trust_theta"] == anna["trust_sten"] == anna["match_median"] == "unscorable"
    assert anna["tact_percentile"] == anna["trust_percentile"] == ""  # no norms to compare with
    assert (bert[given], anna[never]) == ("", "")  # never shown
    assert anna[given] in "12345"


def test_codebook_has_every_column_and_every_reason_why_something_is_missing(session, people, ask, do_jobs, registry):
    for options in ({}, {"with_answers": True}, {"with_answers": True, "with_personal_data": True}):
        export = ask(**options)
        columns = exports.columns(export, registry)
        names = [column.entry.name for column in columns]
        assert len(set(names)) == len(names)
        for column in columns:
            entry = column.entry
            assert entry.name.isidentifier(), entry.name
            assert len(entry.name) <= 64, entry.name
            assert entry.label, entry.name
            assert entry.source, entry.name
            assert entry.unit or entry.values or entry.kind is Kind.TEXT, entry.name
        for record in rows.page(session, exports.scope_of(export), after=0, with_answers=True):
            for column in columns:
                cell = column.cell(record)
                if column.entry.is_number and isinstance(cell, str):
                    assert cell in column.entry.missing, column.entry.name


def test_answers_to_two_questions_never_share_a_column(registry):
    banks = [registry.bank(edition, version) for edition, version in sorted(registry.banks)]
    columns = columns_of(banks, [*Part], with_answers=True, with_personal_data=False)
    names = [column.entry.name for column in columns]
    assert len(set(names)) == len(names)
    assert {"con_ru1", "tri_01_best_general_1_0", "tri_01_best_retail_1_0", "con_ru3_general_0_1"} <= set(names)
    one = registry.newest("general")
    alone = {column.entry.name for column in columns_of([one], [*Part], with_answers=True, with_personal_data=False)}
    assert {
        answer.replace("-", "_").replace(".", "_") for asked in one.asked.values() for answer in asked.choices
    } <= alone


@pytest.mark.parametrize("format_", Format)
def test_nobody_is_named_unless_that_was_asked_for(session, people, made, tmp_path, format_):
    assert not [secret for secret in SECRETS if secret in readable(made(format_, with_answers=True), tmp_path)]
    named = readable(made(format_, with_personal_data=True), tmp_path)
    assert not [secret for secret in SECRETS if secret not in named]
    asked = session.query(AuditEvent).filter_by(action="export.asked").order_by(AuditEvent.id).all()
    assert [event.details["personal_data"] for event in asked] == [False, True]


def readable(whole, tmp_path):
    """All words of a file; SPSS breaks them into pieces of eight bytes."""
    if whole.startswith(b"$FL2"):
        frame, meta = from_sav(whole, tmp_path)
        return f"{frame.to_csv()} {vars(meta)} {whole.decode(errors='replace')}"
    if not whole.startswith(b"PK"):
        return whole.decode(errors="replace")
    with zipfile.ZipFile(BytesIO(whole)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def test_spreadsheets_compute_nothing_that_somebody_typed(people, made):
    names, lines = from_csv(made(with_personal_data=True))
    anna = dict(zip(names, lines[0], strict=True))
    assert (anna["name"], anna["job"]) == (f"'{NAME}", "'@Front desk")
    assert float(anna["tact_theta"]) == pytest.approx(float(anna["tact_theta"].removeprefix("'")))  # numbers stay such
    book = openpyxl.load_workbook(BytesIO(made(Format.XLSX, with_personal_data=True)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert f"'{NAME}" in [cell.value for cell in cells]
    assert isinstance(book["Data"].cell(2, names.index("tact_theta") + 1).value, float)


def test_provisional_scores_and_made_up_people_are_marked(people, made):
    names, lines = from_csv(made())
    found = [dict(zip(names, line, strict=True)) for line in lines]
    assert [each["is_simulated"] for each in found] == ["0", "1"]
    assert {(each[IS_PROVISIONAL], each["is_unnormed"]) for each in found} == {("1", "1")}


def test_decision_stands_beside_what_it_rests_on(people, made):
    names, lines = from_csv(made())
    anna, bert = (dict(zip(names, line, strict=True)) for line in lines)
    assert (anna["decision"], anna["decision_bases"], anna["n_decisions"]) == ("hire", "interview assessment", "1")
    assert (bert["decision"], bert["decision_bases"], bert["n_decisions"]) == ("", "", "0")
    assert "Calm" not in str(lines)


def test_only_what_was_chosen_is_in_it(session, registry, cast, people, made, ask, now):
    position = session.query(Position).one()
    campaign = people[0].assignment.campaign
    submitted = people[0].submitted_at
    for scope in (
        Scope(0, campaign_id=campaign.id),
        Scope(0, position_id=position.id),
        Scope(0, since=submitted, until=submitted + timedelta(seconds=1)),
        Scope(cast.birch.id),  # means Hana's own all the same
    ):
        assert len(from_csv(made(scope=scope))[1]) == 2
    for scope in (Scope(0, campaign_id=campaign.id + 1), Scope(0, since=submitted + timedelta(seconds=1))):
        with pytest.raises(Refused, match="nothing to export"):
            ask(scope=scope)
    with pytest.raises(Refused, match="nothing to export"):
        exports.request(session, cast.otto, EVERYTHING, Format.CSV, registry, now=now)


def test_older_scores_are_not_in_it_and_neither_is_who_was_erased(session, people, made, now):
    session.query(Result).filter_by(attempt_id=people[0].id).one().superseded_at = now
    assert len(from_csv(made())[1]) == 1
    session.query(Result).filter_by(attempt_id=people[0].id).one().superseded_at = None
    erasure.erase(session, [people[1].assignment.person], actor="worker", now=now)
    names, lines = from_csv(made(now=now + timedelta(minutes=5)))
    assert [line[names.index("person")] for line in lines] == [str(people[0].assignment.person.public_id)]


def test_others_get_neither_file_nor_word_of_it(session, cast, people, ask, do_jobs, registry, now):
    export = ask()
    do_jobs()
    with pytest.raises(NotFound):
        access.get_export(session, cast.otto, export.public_id, Permission.EXPORT_MAKE)
    assert exports.exports_of(session, cast.otto).rows == []
    assert [each.id for each in exports.exports_of(session, cast.hana).rows] == [export.id]
    for user in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            exports.request(session, user, EVERYTHING, Format.CSV, registry, now=now)
        with pytest.raises(NotAllowed):
            exports.hand_out(session, user, export, now=now)


def test_second_press_of_the_button_is_the_same_export(session, people, ask, now):
    first = ask()
    assert ask() is first
    assert ask(with_answers=True) is not first
    assert ask(now=now + timedelta(minutes=2)) is not first
    assert len(jobs.waiting(session, exports.JOB)) == 3


def test_file_that_would_be_too_large_is_refused_with_a_way_out(people, ask, monkeypatch):
    monkeypatch.setattr(exports, "MOST_CELLS", 100)
    for format_ in (Format.XLSX, Format.SAV):
        with pytest.raises(Refused, match="choose CSV or JSON lines"):
            ask(format_)
    ask(Format.CSV)


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(rows, "PAGE", 2)


@pytest.fixture
def crowd(session, people):
    """Anna, Bert and three others."""
    found = [*people, *(factories.alike(session, people[0], f"Cora {letter}") for letter in "ABC")]
    session.commit()
    return found


def test_worker_that_dies_after_any_step_leaves_the_next_one_to_go_on(
    session, engine, registry, crowd, ask, do_jobs, cast, small_pages, now
):
    export = ask(Format.JSONL)
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
    lines = [json.loads(line) for line in content(session, cast.hana, export, now).splitlines()[1:]]
    assert [line["reference"] for line in lines] == [str(each.public_id) for each in crowd]
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
    session, people, ask, step, do_jobs, cast, monkeypatch, now, format_
):
    export = ask(format_)
    step(export)
    monkeypatch.setattr(assembly, "SECONDS", 0.0)
    with pytest.raises(AssemblyFailed, match="status -9"):
        step(export)
    assert (export.is_waiting, export.n_done) == (True, 2)
    monkeypatch.undo()
    do_jobs()
    assert content(session, cast.hana, export, now)
    assert {each.stage for each in session.query(ExportPiece)} == {export.stage}  # and no rows, nor what was begun


def test_export_that_fails_for_good_says_so_and_keeps_nothing(
    session, registry, people, ask, step, cast, monkeypatch, now
):
    export = ask(Format.XLSX)
    step(export)
    monkeypatch.setattr(assembly, "SECONDS", 0.0)
    with pytest.raises(AssemblyFailed) as failure:
        step(export)
    kind = factories.shop(registry).kinds()[exports.JOB]
    kind.regret(session, export_id=export.id, error=failure.value, now=now)
    assert session.query(ExportPiece).count() == 0
    with pytest.raises(Refused, match="could not be made"):
        exports.hand_out(session, cast.hana, export, now=now)


def test_files_with_names_are_deleted_when_anybody_is_erased_and_others_stay(session, people, cast, ask, do_jobs, now):
    named, plain = ask(with_personal_data=True), ask()
    do_jobs()
    waiting = ask(Format.JSONL, with_personal_data=True)
    erasure.erase(session, [people[1].assignment.person], actor="worker", now=now)
    session.commit()
    assert {each.export_id for each in session.query(ExportPiece)} == {plain.id}
    for export in (named, waiting):
        with pytest.raises(Refused, match="has been erased since"):
            exports.hand_out(session, cast.hana, export, now=now)
    do_jobs()
    assert {each.export_id for each in session.query(ExportPiece)} == {plain.id}
    assert exports.hand_out(session, cast.hana, plain, now=now)


def test_name_that_was_read_before_an_erasure_is_not_kept_after_it(
    session, engine, registry, people, ask, cast, do_jobs, now
):
    export = ask(with_personal_data=True)
    kind = factories.shop(registry).kinds()[exports.JOB]
    sessions = sessionmaker(database.writing(engine))
    export_id = export.id
    session.commit()
    with sessions() as other:
        finish = kind.handler(other, export_id=export_id, now=now)()
    anna = people[0].assignment.person
    anna.name, anna.email, anna.employee_number, anna.erased_at = "Erased person", None, None, now  # and nothing else
    session.commit()
    with sessions.begin() as other:
        finish(other, now=now)
    do_jobs()
    whole = content(session, cast.hana, export, now).decode()
    assert EMAIL not in whole
    assert "Bert" in whole


def test_export_goes_after_a_week_and_can_go_earlier(session, people, cast, ask, do_jobs, now):
    first, second = ask(), ask(Format.JSONL)
    do_jobs()
    exports.discard(session, cast.hana, first, now=now)
    assert {each.export_id for each in session.query(ExportPiece)} == {second.id}
    with pytest.raises(Refused, match="has been deleted"):
        exports.hand_out(session, cast.hana, first, now=now)
    retention.enforce(session, now=second.expires_at - timedelta(seconds=1))
    assert session.query(Export).count() == 2
    retention.enforce(session, now=second.expires_at)
    assert (session.query(Export).count(), session.query(ExportPiece).count()) == (0, 0)
    actions = [event.action for event in session.query(AuditEvent).filter(AuditEvent.subject.startswith("export:"))]
    session.commit()
    assert sorted(actions) == ["export.asked", "export.asked", "export.made", "export.made"]


def test_page_of_rows_takes_a_constant_number_of_queries(session, crowd, ask, count_queries):
    scope = exports.scope_of(ask())
    last_but_one = session.query(Result.id).order_by(Result.id).all()[-2].id
    with count_queries() as few:
        assert len(rows.page(session, scope, after=last_but_one, with_answers=True)) == 1
    with count_queries() as many:
        assert len(rows.page(session, scope, after=0, with_answers=True)) == 5
    assert few.count == many.count
