"""The columns of every export beside single answers: who, when, with which versions, and every score with its error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.models import Outcome, Purpose
from assess.services import held_words
from assess.services.exporting.answers import answer_columns
from assess.services.exporting.cells import YES_NO, Cell, Column, Entry, Kind, Missing
from assess.services.exporting.rows import Record
from assess.services.exporting.score_columns import score_columns

PURPOSES: Mapping[str, str] = {each.value: f"assessed for {each.value}" for each in Purpose}
OUTCOMES: Mapping[str, str] = {
    "": "nothing is decided",
    Outcome.HIRE.value: "to be hired",
    Outcome.PROMOTE.value: "to be promoted",
    Outcome.RESERVE.value: "kept in reserve",
    Outcome.REJECT.value: "turned down",
    Outcome.NONE.value: "no decision is needed any more",
}
STATES: Mapping[str, str] = {"scored": "there is a result", "released": "the person may read their own report"}
NO_NORM: Mapping[str, str] = {Missing.NONE: "compared with no norm group"}


def columns_of(
    banks: Sequence[Bank], parts: Sequence[str], *, with_answers: bool, with_personal_data: bool
) -> list[Column]:
    """Return the columns of an export of results that rest on `banks`, in their order."""
    found = [*_identity(), *_circumstances(), *_versions(), *_moments(), *score_columns(banks, parts), *_decision()]
    if with_answers:
        found += answer_columns(banks, parts)
    return [column for column in found if with_personal_data or not column.is_personal]


def _identity() -> Iterator[Column]:
    yield _text("reference", "Reference of the attempt: pseudonymous, the same in every export", "attempt")
    yield _text(
        "person",
        "Reference of the person: pseudonymous, the same in every export. Whoever may open Rapport can find the person",
        "person",
    )
    yield _text("name", "Name", "person", is_personal=True)
    yield _text("email", "E-mail address", "person", is_personal=True)
    yield _text("employee_number", "Employee number", "person", is_personal=True)
    yield _flag("is_simulated", "Simulated: nobody has answered, the program made the answers up", "person")


def _circumstances() -> Iterator[Column]:
    yield _text("campaign", "Reference of the campaign", "campaign")
    yield _text("campaign_name", "Name of the campaign, as staff wrote it", "campaign", is_personal=True)
    yield _text("job", "Title of the position; empty: none", "position")
    yield _text("purpose", "What the person was assessed for", "campaign", values=PURPOSES)
    parts = {str(part): f"the part {part}" for part in Part}
    yield Column(
        Entry("parts", "Parts asked, in this order, with spaces between", Kind.TEXT, "campaign", values=parts),
        lambda record: " ".join(record.facts.parts),
    )
    yield _text("edition", "Edition of the questionnaire", "attempt")
    yield _text("form", "Form of the statements", "attempt")
    yield _flag("is_own_form", "Put together as that form is, of statements that the person had not seen", "attempt")
    yield _text("language", "Language of the questions, as a code of BCP 47", "attempt")
    yield Column(
        Entry("state", "How far it has come", Kind.TEXT, "assignment", values=STATES),
        lambda record: "released" if record.facts.released_at else "scored",
    )


def _versions() -> Iterator[Column]:
    yield _text("bank_version", "Version of the item bank", "attempt")
    yield _text("parameters_version", "Version of the item parameters", "result")
    yield _flag("is_provisional", "Parameters are provisional: judged by authors, not found from people", "result")
    yield _text("norm_name", "Norm group that scores are compared with; empty: none", "result")
    yield _text("norm_version", "Version of the norm group; empty: none", "result")
    yield _count("norm_n", "People in the norm group", "result", "people", missing=NO_NORM)
    yield Column(
        Entry(
            "is_unnormed",
            "Scores stand on the model's own scale, as there is no norm group: read no percentile from them",
            Kind.INTEGER,
            "result",
            values=YES_NO,
        ),
        lambda record: int(record.facts.norm_n is None),
    )
    yield _count(
        "pattern_version",
        "Version of the position's pattern that the match rests on",
        "result",
        "version",
        missing={Missing.NONE: "there was no position, so there is no match"},
    )
    yield _count(
        "key_version",
        "Version of the organisation's own key that the alignment rests on",
        "result",
        "version",
        missing={Missing.NONE: "none: the edition's default key, an author's judgement, where there is an alignment"},
    )
    yield _text("program_version", "Version of Rapport that computed the scores", "result")


def _moments() -> Iterator[Column]:
    yield _moment("invited_at", "When the invitation went out; empty: never", "assignment")
    yield _moment("started_at", "When the person consented and began", "attempt")
    yield _moment("submitted_at", "When the answers were handed in", "attempt")
    yield Column(
        Entry("is_ended_by_clock", "Ended by the clock instead of the person", Kind.INTEGER, "attempt", values=YES_NO),
        lambda record: int(record.facts.closed_at is not None),
    )
    yield _moment("scored_at", "When the scores were computed", "result")
    yield _moment("released_at", "When the person's own report was released to them; empty: not yet", "assignment")


def _decision() -> Iterator[Column]:
    yield Column(
        Entry("decision", "What was decided last; empty: nothing", Kind.TEXT, "decision, by a person", values=OUTCOMES),
        lambda record: record.decisions[-1].outcome.value if record.decisions else "",
    )
    yield Column(
        Entry(
            "decision_bases",
            "What that decision rests on, with spaces between",
            Kind.TEXT,
            "decision, by a person",
            values=held_words.BASES,
        ),
        lambda record: " ".join(record.decisions[-1].bases) if record.decisions else "",
    )
    yield Column(
        Entry("decided_at", "When that was decided; empty: never", Kind.MOMENT, "decision, by a person", unit="UTC"),
        lambda record: said_moment(record.decisions[-1].decided_at if record.decisions else None),
    )
    yield Column(
        Entry("n_decisions", "Decisions on record, earlier ones included", Kind.INTEGER, "decisions", unit="decisions"),
        lambda record: len(record.decisions),
    )


def said_moment(value: datetime | None) -> str:
    """Return `value` as ISO 8601 in UTC, to the second."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if value else ""


def _fact(name: str) -> Callable[[Record], Any]:
    return attrgetter(f"facts.{name}")


def _text(
    name: str, label: str, source: str, *, values: Mapping[str, str] | None = None, is_personal: bool = False
) -> Column:
    get = _fact(name)

    def cell(record: Record) -> Cell:
        value = get(record)
        return "" if value is None else str(value)

    return Column(Entry(name, label, Kind.TEXT, source, values=values or {}), cell, is_personal)


def _flag(name: str, label: str, source: str) -> Column:
    get = _fact(name)
    return Column(Entry(name, label, Kind.INTEGER, source, values=YES_NO), lambda record: int(get(record)))


def _count(name: str, label: str, source: str, unit: str, *, missing: Mapping[str, str]) -> Column:
    get = _fact(name)

    def cell(record: Record) -> Cell:
        value: int | None = get(record)
        return Missing.NONE if value is None else value

    return Column(Entry(name, label, Kind.INTEGER, source, unit=unit, missing=missing), cell)


def _moment(name: str, label: str, source: str) -> Column:
    get = _fact(name)
    return Column(Entry(name, label, Kind.MOMENT, source, unit="UTC"), lambda record: said_moment(get(record)))
