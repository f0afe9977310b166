"""Feedback from colleagues in the demo: a round that is over and was talked about, and one that is being answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.banks.surveys import SeenBehaviour
from assess.cli.demo_campaigns import DAY
from assess.models import Coaching, CommentState, Mail, SurveyPlace, SurveyRound, User
from assess.psychometrics.models import Floats
from assess.scoring.feedback import HIGHEST, LOWEST, NOT_SEEN, SELF
from assess.services import (
    feedback,
    feedback_closing,
    feedback_comments,
    feedback_consent,
    feedback_moderation,
    mail,
    surveys,
)
from assess.services.feedback import Rater
from assess.services.invitations import Invitee

OVER = {
    "colleagues": ("Anouk Meyer", "Basil Okafor", "Clara Lindqvist", "Deniz Aydin"),
    "customers": ("Emil Horvath", "Fatou Sarr", "Goran Petrovic"),
    "manager": ("Helga Brunner",),
}
UNDER_WAY = {
    "colleagues": ("Anouk Meyer", "Deniz Aydin", "Ivana Kovac", "Jun Watanabe"),
    "customers": ("Kofi Mensah", "Lotte Vos"),
}
N_ANSWERED = 4  # of those who are under way
SEEN = {"trust": 4.3, "tact": 2.4, "empathy": 3.2, "conformity": 3.1, "focus": 2.2, "flexibility": 4.2}
OWN = {"trust": 4.0, "tact": 3.0, "empathy": 4.8, "conformity": 3.4, "focus": 4.3, "flexibility": 3.9}
SPREAD = 0.7  # of raters about `SEEN`, in steps of five
NOT_THERE = 0.06  # chance that a rater had no occasion to see something


@dataclass(frozen=True, slots=True)
class Said:
    """A comment of somebody, and what the person reads of it: the same, other words, or nothing."""

    name: str
    question: str
    words: str
    state: CommentState = CommentState.SHOWN
    instead: str = ""


COMMENTS = (
    Said("Basil Okafor", "keep", "When a customer shouts she gets quieter. It works nearly every time."),
    Said("Emil Horvath", "keep", "I get her cases with a note that says what was promised. That saves us a call."),
    Said(
        "Clara Lindqvist",
        "try",
        "On 3 March she left my case about the lost parcel open and took the next call. I had to finish it.",
        instead="Finish a case before taking the next call; now and then others finish it.",
    ),
    Said("Goran Petrovic", "try", "Tell us sooner when a date cannot be kept."),
    Said("Helga Brunner", "try", "Should finally learn to write.", CommentState.WITHHELD),
)


def over(
    session: Session, cole: User, coaching: Coaching, registry: Registry, rng: np.random.Generator, *, now: datetime
) -> None:
    """Let a round about somebody be answered by everybody, closed, read by Cole, and handed on."""
    survey = _agreed(session, cole, coaching, OVER, since=now - 75 * DAY, days=21)
    _hand_in(session, _places(session, survey), registry, rng, comments=COMMENTS, now=now - 68 * DAY)
    feedback_closing.close(session, cole, survey, registry, now=now - 57 * DAY)
    said = {each.words: each for each in COMMENTS}
    found = {row.public_id: said[row.words] for row in feedback_moderation.to_moderate(session, cole, survey)}
    decisions = {public_id: (each.state, each.instead) for public_id, each in found.items()}
    feedback_moderation.decide(session, cole, survey, decisions, now=now - 56 * DAY)
    feedback_moderation.release(session, cole, survey, now=now - 56 * DAY)


def under_way(
    session: Session, cole: User, coaching: Coaching, registry: Registry, rng: np.random.Generator, *, now: datetime
) -> None:
    """Let people be asked about somebody, and some of them answer."""
    survey = _agreed(session, cole, coaching, UNDER_WAY, since=now - 6 * DAY, days=15)
    raters = [place for place in _places(session, survey) if place.group != SELF]
    _hand_in(session, raters[:N_ANSWERED], registry, rng, now=now - 3 * DAY)


def _agreed(
    session: Session, cole: User, coaching: Coaching, raters: Mapping[str, Sequence[str]], *, since: datetime, days: int
) -> SurveyRound:
    """Return a round that the person said yes to a day after it was put to them, and whose letters have arrived."""
    survey = feedback.begin(session, cole, coaching, until=(since + days * DAY).date(), now=since)
    for source, names in raters.items():
        for name in names:
            email = f"{name.split(maxsplit=1)[0].lower()}@simulated.example"
            place = feedback.add(session, cole, survey, Rater(Invitee(name, email), source), now=since)
            place.person.is_simulated = True
    feedback.propose(session, cole, survey, coaching, now=since)
    feedback_consent.agree(session, survey, now=since + DAY)
    session.flush()
    letters = select(Mail).join(Mail.survey_place).where(SurveyPlace.round_id == survey.id)
    for letter in session.scalars(letters):
        mail.note(letter, mail.Reply(accepted=True, text="250"), now=since + DAY)
    return survey


def _places(session: Session, survey: SurveyRound) -> Sequence[SurveyPlace]:
    theirs = select(SurveyPlace).where(SurveyPlace.round_id == survey.id).order_by(SurveyPlace.id)
    return session.scalars(theirs).all()


def _hand_in(
    session: Session,
    places: Sequence[SurveyPlace],
    registry: Registry,
    rng: np.random.Generator,
    *,
    comments: Sequence[Said] = (),
    now: datetime,
) -> None:
    asked = registry.surveys.feedback.statement
    for place in places:
        is_own = place.group == SELF
        values = _own(asked) if is_own else _seen(asked, rng)
        surveys.save(session, place, {(None, code): value for code, value in values.items()}, now=now)
        words = {each.question: each.words for each in comments if each.name == place.asked_as}
        feedback_comments.write(session, place, words, now=now)
        surveys.submit(session, place, now=now)


def _own(asked: Sequence[SeenBehaviour]) -> Mapping[str, int]:
    return {each.code: round(_often(each, OWN)) for each in asked}


def _seen(asked: Sequence[SeenBehaviour], rng: np.random.Generator) -> Mapping[str, int]:
    drawn: Floats = np.clip(np.rint(rng.normal([_often(each, SEEN) for each in asked], SPREAD)), LOWEST, HIGHEST)
    missed = rng.random(len(asked)) < NOT_THERE
    values = np.where(missed, NOT_SEEN, drawn).astype(int).tolist()
    return dict(zip([each.code for each in asked], values, strict=True))


def _often(behaviour: SeenBehaviour, place: Mapping[str, float]) -> float:
    """Return how often something of one pole is seen of somebody in this place."""
    at = place[behaviour.scale]
    return at if behaviour.pole == "high" else LOWEST + HIGHEST - at
