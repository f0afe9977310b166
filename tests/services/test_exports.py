"""What files of data say: all formats what the database says, why something is missing, and nobody's name unasked."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import timedelta
from io import BytesIO

import openpyxl
import pyreadstat
import pytest

from assess.banks.parts import Part
from assess.errors import Refused
from assess.models import (
    AuditEvent,
    Outcome,
    Position,
    Purpose,
    ResponseEvent,
    Result,
)
from assess.services import (
    campaigns,
    decisions,
    erasure,
    exports,
    invitations,
)
from assess.services.decisions import Basis
from assess.services.exporting import rows
from assess.services.exporting.cells import CODES, Kind, Missing
from assess.services.exporting.columns import columns_of
from assess.services.exporting.rows import Scope
from assess.services.exports import Format
from assess.services.invitations import Invitee
from tests import factories

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
def made(ask_export, take_export, do_jobs):
    """Return a function that has Hana ask for an export, has it made, and returns its bytes."""

    def made(*wishes, **options):
        found = ask_export(*wishes, **options)
        do_jobs()
        assert found.failure is None
        return take_export(found)

    return made


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


def test_codebook_has_every_column_and_every_reason_why_something_is_missing(session, people, ask_export, registry):
    for options in ({}, {"with_answers": True}, {"with_answers": True, "with_personal_data": True}):
        export = ask_export(**options)
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


def test_only_what_was_chosen_is_in_it(session, registry, cast, people, made, ask_export, now):
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
            ask_export(scope=scope)
    with pytest.raises(Refused, match="nothing to export"):
        exports.request(session, cast.otto, Scope(0), Format.CSV, registry, now=now)


def test_older_scores_are_not_in_it_and_neither_is_who_was_erased(session, people, made, now):
    session.query(Result).filter_by(attempt_id=people[0].id).one().superseded_at = now
    assert len(from_csv(made())[1]) == 1
    session.query(Result).filter_by(attempt_id=people[0].id).one().superseded_at = None
    erasure.erase(session, [people[1].assignment.person], actor="worker", now=now)
    names, lines = from_csv(made(now=now + timedelta(minutes=5)))
    assert [line[names.index("person")] for line in lines] == [str(people[0].assignment.person.public_id)]


@pytest.fixture
def crowd(session, people):
    """Anna, Bert and three others."""
    found = [*people, *(factories.alike(session, people[0], f"Cora {letter}") for letter in "ABC")]
    session.commit()
    return found


def test_page_of_rows_takes_a_constant_number_of_queries(session, crowd, ask_export, count_queries):
    scope = exports.scope_of(ask_export())
    last_but_one = session.query(Result.id).order_by(Result.id).all()[-2].id
    with count_queries() as few:
        assert len(rows.page(session, scope, after=last_but_one, with_answers=True)) == 1
    with count_queries() as many:
        assert len(rows.page(session, scope, after=0, with_answers=True)) == 5
    assert few.count == many.count
