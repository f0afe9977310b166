"""
Answers about the service climate: counted, never kept.

A sheet is added to counts of its group and forgotten. While the survey is open, the day on which somebody handed in
stays with them, so that nobody counts twice; no page and no export shows it, and closing the survey forgets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from assess.banks.surveys import ClimateSurvey
from assess.errors import InvalidValue
from assess.models import SurveyCount, SurveyKind, SurveyPlace
from assess.services import survey_places, surveys
from assess.services.database import dialect_insert, lock


def count_in(
    session: Session, place: SurveyPlace, values: Mapping[str, int], *, survey: ClimateSurvey, now: datetime
) -> bool:
    """
    Add a sheet to the counts of its group and note that the place has handed in; return False if it had before.

    `values` are choices by statement, 1 to 5; what was left out is not counted. Anything that is not asked is
    `InvalidValue`.
    """
    if place.round.kind is not SurveyKind.CLIMATE:
        raise ValueError(f"a round of {place.round.kind} is not counted")
    asked = {each.code for each in survey.statement}
    if not all(code in asked and 1 <= value <= 5 for code, value in values.items()):
        raise InvalidValue
    lock(session, place.round, shared=True)  # nobody closes it now
    lock(session, place)
    surveys.require_open(place, now=now)
    if place.submitted_at is not None:
        return False
    for code, value in sorted(values.items()):  # one order for all: no deadlock
        _add(session, place, code, value)
    place.submitted_at = survey_places.moment_of(place, now=now)
    return True


def _add(session: Session, place: SurveyPlace, code: str, value: int) -> None:
    row = {"round_id": place.round_id, "group": place.group, "code": code, "value": value, "n": 1}
    statement = dialect_insert(session)(SurveyCount).values(row)
    keys = ["round_id", "group_name", "code", "value"]
    session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_={"n": SurveyCount.n + 1}),
        execution_options={"synchronize_session": False},
    )
