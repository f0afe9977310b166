"""Rounds of feedback about somebody, as tests of services, pages and reports need them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from assess.models import CommentState, Person, SurveyPlace
from assess.scoring.feedback import SELF
from assess.services import (
    caseload,
    feedback,
    feedback_closing,
    feedback_comments,
    feedback_consent,
    feedback_moderation,
    surveys,
)
from assess.services.feedback import Rater
from assess.services.invitations import Invitee

CODES = [f"fee-{number:02}" for number in range(1, 19)]
ANSWER = 4


def coached(session, cast, *, now):
    """Cora, whom Cole coaches."""
    cora = Person(organization=cast.acme, name="Cora Candidate", email="cora@people.example", created_at=now)
    session.add(cora)
    session.flush()
    return caseload.assign(session, cast.hana, cora, cast.cole, now=now)


def rater(name, source="colleagues"):
    return Rater(Invitee(name, f"{name.lower()}@people.example"), source)


def prepared(session, cole, coaching, sources, *, now):
    """A round with a rater of each of `sources`, called Ria, Rob and so on."""
    survey = feedback.begin(session, cole, coaching, until=(now + timedelta(days=14)).date(), now=now)
    for name, source in zip(NAMES, sources, strict=False):
        feedback.add(session, cole, survey, rater(name, source), now=now)
    session.flush()
    return survey


def agreed(session, cole, coaching, sources, *, now):
    """The same, put to the person, who has said yes."""
    survey = prepared(session, cole, coaching, sources, now=now)
    feedback.propose(session, cole, survey, coaching, now=now)
    feedback_consent.agree(session, survey, now=now)
    session.flush()
    return survey


def answered(session, cole, coaching, sources, *, now):
    """The same, answered by everybody, the person too; each rater writes one comment with their name in it."""
    survey = agreed(session, cole, coaching, sources, now=now)
    for place in places(session, survey):
        hand_in(session, place, now=now)
    return survey


def closed(session, cole, coaching, sources, registry, *, now):
    """The same, closed; nothing is decided about the comments yet."""
    survey = answered(session, cole, coaching, sources, now=now)
    feedback_closing.close(session, cole, survey, registry, now=now)
    session.commit()
    return survey


def close_and_release(session, cole, survey, registry, *, now):
    """Close a round, let the first comment through in other words, and withhold the others."""
    feedback_closing.close(session, cole, survey, registry, now=now)
    session.flush()
    first, *others = feedback_moderation.to_moderate(session, cole, survey)
    decisions = {first.public_id: (CommentState.SHOWN, "You listen well.")}
    decisions |= {each.public_id: (CommentState.WITHHELD, "") for each in others}
    feedback_moderation.decide(session, cole, survey, decisions, now=now)
    feedback_moderation.release(session, cole, survey, now=now)
    session.flush()


def hand_in(session, place, value=ANSWER, *, now):
    surveys.save(session, place, {(None, code): value for code in CODES}, now=now)
    if place.group != SELF:
        feedback_comments.write(session, place, {"keep": f"Signed, {place.asked_as}"}, now=now)
    surveys.submit(session, place, now=now)
    session.flush()


def places(session, survey):
    theirs = select(SurveyPlace).where(SurveyPlace.round_id == survey.id).order_by(SurveyPlace.id)
    return session.scalars(theirs).all()


NAMES = ("Ria", "Rob", "Rui", "Ray", "Roy", "Rex", "Ron", "Rik")
