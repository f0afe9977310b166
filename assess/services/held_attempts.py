"""What is held about one sitting: what was shown, every choice, scores with what they mean, reports, decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.models import (
    Assignment,
    Attempt,
    BatchEntry,
    Decision,
    Pause,
    PresentedItem,
    ReportFile,
    ResponseEvent,
    Result,
    ShortlistEntry,
)
from assess.scoring.further import Further
from assess.services import equality, held_words
from assess.services.asking import EVENT_ORDER
from assess.services.question_words import question
from assess.services.report_subjects import is_about
from reports.sections.further import further_words

Held = dict[str, Any]


def held_of(session: Session, attempt: Attempt, registry: Registry, names: Mapping[int, str]) -> Held:
    """Return everything that is held about `attempt`."""
    bank = registry.bank(attempt.edition, attempt.bank_version)
    results = session.scalars(select(Result).where(Result.attempt_id == attempt.id).order_by(Result.id)).all()
    return {
        "attempt": _attempt(session, attempt),
        "items": _items(session, attempt, bank),
        "results": [_result(row, bank) for row in results],
        "reports": _reports(session, attempt, names),
    }


def moment(value: datetime | None) -> str | None:
    """Return `value` as text that every program reads."""
    return value.isoformat(timespec="seconds") if value else None


def decisions(session: Session, assignment: Assignment, names: Mapping[int, str]) -> list[Held]:
    """Return what was decided, with the reasons."""
    found = select(Decision).where(Decision.assignment_id == assignment.id).order_by(Decision.id)
    return [
        {
            "decided_at": moment(each.decided_at),
            "outcome": each.outcome.value,
            "reasons": each.reasons,
            "rests_on": {code: held_words.BASES.get(code, code) for code in each.bases},
            "by": names.get(each.user_id),
            "human_review": held_words.REVIEW,
        }
        for each in session.scalars(found)
    ]


def shortlisted(session: Session, assignment: Assignment, names: Mapping[int, str]) -> Held | None:
    """Return since when the person is on a shortlist, and who put them there; None where nobody did."""
    entry = session.scalar(select(ShortlistEntry).where(ShortlistEntry.assignment_id == assignment.id))
    return {"since": moment(entry.added_at), "by": names.get(entry.user_id)} if entry is not None else None


def batches(session: Session, assignment: Assignment, names: Mapping[int, str]) -> list[Held]:
    """Return when a report on the person was asked for together with those on others."""
    found = select(BatchEntry).where(BatchEntry.assignment_id == assignment.id).order_by(BatchEntry.id)
    return [
        {
            "kind": entry.batch.kind,
            "asked_for_at": moment(entry.batch.requested_at),
            "asked_for_by": names.get(entry.batch.requested_by_id or 0),
            "report": entry.report.reference if entry.report else None,
            "no_report_because": entry.refusal,
        }
        for entry in session.scalars(found.options(joinedload(BatchEntry.batch), joinedload(BatchEntry.report)))
    ]


def equality_answers(session: Session, assignment: Assignment, registry: Registry) -> Held | None:
    """Return what the person said about themselves for audits alone, in codes and in words."""
    answers = equality.answers_of(session, assignment)
    if not answers:
        return None
    _language, survey = registry.surveys.equality_in("en")
    questions = {each.code: each for each in survey.question}
    in_words = {}
    for code, chosen in answers.items():
        known = questions.get(code)  # the survey is the organisation's to change
        labels = {option.code: option.label for option in known.option} if known else {}
        in_words[known.stem if known else code] = labels.get(chosen, chosen)
    return {"answers": dict(answers), "in_words": in_words, "explanation": held_words.EQUALITY}


def _attempt(session: Session, attempt: Attempt) -> Held:
    pauses = session.scalars(select(Pause).where(Pause.attempt_id == attempt.id).order_by(Pause.id))
    pattern = attempt.pattern_version
    return {
        "consented_at": moment(attempt.started_at),
        "closes_at": moment(attempt.closes_at),
        "submitted_at": moment(attempt.submitted_at),
        "ended_by_the_clock_at": moment(attempt.closed_at),
        "receipt": attempt.receipt,
        "bank": f"{attempt.edition} {attempt.bank_version}",
        "form": attempt.form,
        "put_together_anew": attempt.statements is not None,
        "avoided": attempt.avoided,
        "language": attempt.language,
        "seed": attempt.seed,
        "pattern_version": pattern.version if pattern else None,
        "company_view_version": attempt.consensus_key.version if attempt.consensus_key else None,
        "pauses": [
            {"part": each.part, "began_at": moment(each.began_at), "ended_at": moment(each.ended_at)} for each in pauses
        ],
    }


def _items(session: Session, attempt: Attempt, bank: Bank) -> list[Held]:
    shown = session.scalars(
        select(PresentedItem).where(PresentedItem.attempt_id == attempt.id).order_by(PresentedItem.position)
    )
    events: dict[str, list[ResponseEvent]] = {}
    for event in session.scalars(
        select(ResponseEvent).where(ResponseEvent.attempt_id == attempt.id).order_by(*EVENT_ORDER)
    ):
        events.setdefault(event.code, []).append(event)
    return [_item(item, bank, events) for item in shown]


def _item(item: PresentedItem, bank: Bank, events: Mapping[str, Sequence[ResponseEvent]]) -> Held:
    asked = question(bank, item.code)
    answers = []
    for code, choice in asked.choices.items():
        given = events.get(code, ())
        answers.append(
            {
                "code": code,
                "legend": choice.legend or None,
                "choices": {str(value): label for value, label in choice.labels.items()},
                "answer": choice.labels.get(given[-1].value) if given else None,
                "events": [_event(each, choice.labels) for each in given],
            }
        )
    return {
        "position": item.position,
        "code": item.code,
        "part": asked.part.value,
        "text": asked.text,
        "shown_at": moment(item.presented_at),
        "closed_at": moment(item.closes_at),
        "answers": answers,
    }


def _event(event: ResponseEvent, labels: Mapping[int, str]) -> Held:
    return {
        "received_at": moment(event.received_at),
        "value": event.value,
        "words": labels.get(event.value),
        "milliseconds": event.milliseconds,
        "revision": event.revision,
        "counter": event.counter,
        "key": event.key,
    }


def _result(row: Result, bank: Bank) -> Held:
    parameters, norm, pattern = row.parameter_set, row.norm_group, row.pattern_version
    columns = ("scale", "n_answered", "n_items", "theta", "se", "sten", "position", "sem", "percentile")
    return {
        "scored_at": moment(row.scored_at),
        "program_version": row.program_version,
        "is_provisional": parameters.is_provisional or norm is None,
        "parameters": {"version": parameters.version, "source": parameters.source, "n": parameters.n},
        "norm": norm and {"name": norm.name, "n": norm.n, "collected": norm.collected.isoformat()},
        "pattern": pattern and {"version": pattern.version, "source": pattern.source},
        "scales": [
            {"name": bank.scale(each.scale).name} | {column: getattr(each, column) for column in columns}
            for each in row.scales
        ],
        "theta": row.theta,
        "covariance": row.covariance,
        "impression": row.impression,
        "quality": row.quality,
        "flags": [flag | {"explanation": held_words.flag_words(flag["code"])} for flag in row.flags],
        "match": {**(row.match or {}), "explanation": held_words.MATCH if row.match else held_words.NO_MATCH},
        "further": _further(row, bank),
        "human_review": held_words.REVIEW,
    }


def _further(row: Result, bank: Bank) -> Held | None:
    """Return the scores of further parts, with what they say in words."""
    if row.further is None:
        return None
    found = further_words(Further.from_json(row.further), bank, language="en")
    said = [f"{each.name}: {each.said}" for each in found.solved]
    for name, part in ((held_words.PERSPECTIVE, found.perspective), (held_words.SITUATIONS, found.situations)):
        if part is not None:
            value = f"{part.value}, 90 % interval {part.interval}" if part.value else part.missing
            said.append(name.format(value))
    if found.perspective is not None:
        said.append(found.perspective.compared)
    return {**row.further, "in_words": said}


def _reports(session: Session, attempt: Attempt, names: Mapping[int, str]) -> list[Held]:
    """Return the reports on the attempt; of those that compare it with others how many there were, and no names."""
    this = select(Assignment.id).where(Assignment.id == attempt.assignment_id)
    found = session.scalars(select(ReportFile).where(is_about(this)).order_by(ReportFile.id))
    return [
        {
            "kind": report.kind,
            "people": len({row.attempt.assignment.person_id for row in report.results}),
            "reference": report.reference,
            "asked_for_at": moment(report.requested_at),
            "asked_for_by": names.get(report.requested_by_id) if report.requested_by_id else "you, or the program",
            "made_at": moment(report.finished_at),
            "bytes": report.size,
            "kept_until": moment(report.expires_at),
        }
        for report in found
    ]
