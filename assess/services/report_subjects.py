"""Whom reports are about: one person, or everybody whom they compare."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_, select

from assess.models import Assignment, Attempt, ComparedResult, Person, ReportFile, Result

IS_OF_HR = ReportFile.coaching_id.is_(None)  # what a coach has made is between coach and person


def is_about(assignments: Select[int]) -> ColumnElement[bool]:
    """Return whether a report is about one of `assignments`, given by their ids, alone or beside others."""
    theirs = select(Result.id).join(Result.attempt).where(Attempt.assignment_id.in_(assignments))
    beside_others = select(ComparedResult.report_id).where(ComparedResult.result_id.in_(theirs))
    return or_(ReportFile.result_id.in_(theirs), ReportFile.id.in_(beside_others))


def erased() -> Select[int]:
    """Return the ids of the assignments of everybody who has been erased."""
    return select(Assignment.id).join(Assignment.person).where(Person.erased_at.is_not(None))
