"""Simulated people of the demo answer through the same services as real ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

import numpy as np
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.cli.installation import Installation
from assess.errors import AssessError
from assess.models import Assignment
from assess.psychometrics.models import Floats
from assess.scoring.simulated import USUAL, Manner, draw_position, statement_responses, view_responses
from assess.services import asking, attempts, database, invitations, saving
from assess.services.sitting import Shown, Sitting

SECONDS = 6.0  # for a question


@dataclass(frozen=True, slots=True)
class Taking:
    """Somebody's way through a questionnaire: the link, what they choose, and how many seconds each question takes."""

    token: str
    bank: Bank
    values: Mapping[str, int]
    pace: Sequence[float]
    began: datetime
    hands_in: bool = True


def taking(
    token: str,
    bank: Bank,
    rng: np.random.Generator,
    began: datetime,
    *,
    form: str = "standard",
    lines: Sequence[str] | None = None,
    place: Floats | None = None,
    manner: Manner = USUAL,
    with_views: bool = False,
    stops_after: int | None = None,
) -> Taking:
    """
    Return how a person at `place` on the scales, by default drawn by `rng`, goes through `form`.

    `lines` take the place of those of `form` where somebody is asked others.

    Somebody who `stops_after` so many questions does not hand in.
    """
    place = draw_position(bank, rng) if place is None else place
    values = dict(statement_responses(bank, place, rng, form=form, lines=lines, manner=manner))
    n = len(bank.form(form).items if lines is None else lines)
    if with_views:
        views = view_responses(bank, rng)
        values |= {policy.code: views[policy.code] for policy in bank.perspective}
        n += len(bank.perspective)
    pace = rng.lognormal(np.log(SECONDS), 0.4, n) * manner.pace
    return Taking(token, bank, values, pace[:stops_after].tolist(), began, hands_in=stops_after is None)


def take(installation: Installation, person: Taking) -> None:
    """Go through the questionnaire from the first page to the receipt, or as far as the person goes."""
    began, bank = person.began, person.bank
    moments = [began + timedelta(seconds=passed) for passed in accumulate(person.pace)]
    with installation.sessions.begin() as session:
        invitations.redeem(session, person.token, now=began)
        attempt = attempts.start(session, _assignment(session, person), installation.registry, now=began)
        shown = _show(session, asking.hold(session, attempt, bank, now=began), moments)
    _answer(installation, person, shown, moments)
    if person.hands_in:
        with installation.sessions.begin() as session:
            attempt = attempts.start(session, _assignment(session, person), installation.registry, now=moments[-1])
            attempts.submit(session, attempt, bank, now=moments[-1])


def _show(session: Session, sitting: Sitting, moments: Iterable[datetime]) -> Sequence[Shown]:
    """Show a question at each of `moments`, part after part; return them."""
    for moment in moments:
        sitting = replace(sitting, now=moment)
        shown = asking.advance(session, sitting, len(sitting.shown)) if sitting.shown else None
        shown = shown or asking.open_part(session, sitting)
        if shown is None:
            break
        sitting = replace(sitting, shown=[*sitting.shown, shown])
    return sitting.shown


def _answer(installation: Installation, person: Taking, shown: Sequence[Shown], moments: Sequence[datetime]) -> None:
    """Save the answers of a whole questionnaire in one transaction; real people's are committed one by one."""
    banks = [(person.bank.edition, person.bank.version)]
    with database.writing(installation.engine).begin() as connection:
        for question, moment, seconds in zip(shown, moments, person.pace, strict=True):
            if question.code not in person.values:
                continue
            revision, key = saving.to_revision(moment), f"simulated-{question.position}"
            sent = saving.Save(question.code, person.values[question.code], revision, 1, key, int(seconds * 1_000))
            if saving.save(connection, person.token, sent, banks=banks, now=moment) is not saving.Outcome.SAVED:
                raise AssessError(f"A simulated answer to {question.code} was not saved.")


def _assignment(session: Session, person: Taking) -> Assignment:
    return invitations.find_by_take_token(session, person.token, now=person.began)
