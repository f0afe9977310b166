"""Two people of HR at one thing, or HR and those who are asked: nothing newer is replaced unread, nothing half done."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.errors import InvitationExpired, InvitationWithdrawn, Refused
from assess.models import (
    Assignment,
    Attempt,
    AuditEvent,
    Basis,
    Campaign,
    ConsensusKey,
    Decision,
    Outcome,
    PatternVersion,
    Person,
    Role,
    SurveyAnswer,
    SurveyPlace,
    SurveyRound,
    User,
)
from assess.services import (
    assignments,
    attempts,
    bulk_invitations,
    campaign_changes,
    decisions,
    invitations,
    job_analyses,
    perspective,
    positions,
    proposals,
    survey_people,
    survey_places,
    surveys,
)
from assess.services.assignments import State
from assess.services.invitations import Invitee
from assess.services.people_rows import Entry
from tests import factories
from tests.services import experts
from tests.services.conftest import N

LATER = timedelta(minutes=1)


@pytest.fixture
def both(session, cast, now):
    """The ids of Hana and of Hugo, who is HR of the same organisation."""
    hugo = factories.user(session, cast.acme, "hugo", Role.HR, now=now)
    return cast.hana.id, hugo.id


@pytest.fixture
def cora(session, registry, engine, cast, now):
    """The id of Cora's assignment, handed in and scored."""
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment_id


@pytest.fixture
def decide(cora, now):
    """Return a function by which somebody decides on Cora, having read so many decisions."""

    def decide(session, user_id, outcome, *, seen):
        user, assignment = session.get_one(User, user_id), session.get_one(Assignment, cora)
        said = {"bases": [Basis.INTERVIEW], "seen": seen, "now": now}
        return decisions.record(session, user, assignment, outcome, f"{user.name} says so", **said).id

    return decide


def test_who_decides_while_somebody_else_does_reads_that_decision_first(session, cora, both, decide, meanwhile):
    hana, hugo = both
    refused = meanwhile(
        lambda session: decide(session, hana, Outcome.HIRE, seen=0),
        lambda session: decide(session, hugo, Outcome.REJECT, seen=0),
    )
    assert "Something was decided on this person" in str(refused)
    decide(session, hugo, Outcome.REJECT, seen=1)
    found = [(each.outcome, each.user_id) for each in session.query(Decision).order_by(Decision.id)]
    assert found == [(Outcome.HIRE, hana), (Outcome.REJECT, hugo)]


def test_of_many_decisions_at_once_one_is_taken_and_the_others_are_sent_back(session, both, decide, at_once):
    outcomes = (Outcome.HIRE, Outcome.REJECT, Outcome.RESERVE, Outcome.NONE)
    found = at_once(lambda session, number: decide(session, both[number % 2], outcomes[number // 2], seen=0))
    assert Counter(type(each) for each in found) == {int: 1, Refused: N - 1}
    assert session.query(Decision).count() == 1


def test_decision_pressed_twice_is_one_and_no_refusal(session, both, decide, at_once):
    assert len(set(at_once(lambda session, _: decide(session, both[0], Outcome.HIRE, seen=0)))) == 1
    assert session.query(AuditEvent).filter_by(action="decision.recorded").count() == 1


@pytest.fixture
def publish(session, registry, cast, now):
    """Return a function by which somebody publishes what a round's raters said, having read so many versions."""
    bank = registry.newest("general")
    survey = factories.perspective_round(session, bank, cast.hana, [4, 4, 4, 4, 5], now=now).id

    def publish(session, user_id, *, importance, seen):
        user, found = session.get_one(User, user_id), session.get_one(SurveyRound, survey)
        said = {"source": user.name, "importance": {bank.perspective[0].code: importance}, "seen": seen, "now": now}
        return perspective.publish(session, user, found, registry, **said).version

    return publish


def test_key_that_two_publish_at_once_is_one_version(session, both, publish, at_once):
    found = at_once(lambda session, number: publish(session, both[number % 2], importance=1, seen=0))
    assert Counter(str(each) for each in found)["1"] == 1
    assert [str(each) for each in found if each != 1] == [
        "Version 1 says exactly this already, so there is nothing to publish."
    ] * (N - 1)
    assert session.query(ConsensusKey).count() == 1


def test_key_with_another_importance_does_not_replace_one_that_nobody_has_read(session, both, publish, meanwhile):
    hana, hugo = both
    refused = meanwhile(
        lambda session: publish(session, hana, importance=1, seen=0),
        lambda session: publish(session, hugo, importance=3, seen=0),
    )
    assert "Somebody has published version 1 since you opened this page" in str(refused)
    assert publish(session, hugo, importance=3, seen=1) == 2


@pytest.fixture
def spring(session, registry, cast, now):
    """A job analysis that three experts have answered, and a place of it that has not handed in."""
    position = factories.position(session, registry, cast.hana, now=now)
    survey = experts.asked_about(session, cast.hana, position, experts.LIKE_MINDED, now=now)
    late = experts.asked(session, cast.hana, survey, "Late", now=now)
    surveys.save(session, late, {(None, "tact.low"): 3, (None, "tact.high"): 6}, now=now)
    return survey.id, late.id


def test_pattern_that_two_adjust_differently_is_adopted_as_one_of_them_says(
    session, both, spring, cast, meanwhile, now
):
    surveys.close(session, cast.hana, session.get_one(SurveyRound, spring[0]), now=now)

    def adopt(session, user_id, low):
        proposal = job_analyses.proposal_of(session, session.get_one(SurveyRound, spring[0]), now=now)
        first, *rest = proposal.targets
        targets = [first.model_copy(update={"low": low, "high": 10, "reason": "As we see it"}), *rest]
        said = {"reason": "Spring", "answer": "Yes", "seen": proposal.digest, "now": now}
        return proposals.adopt(session, session.get_one(User, user_id), proposal, targets, **said).version

    refused = meanwhile(lambda session: adopt(session, both[0], 2), lambda session: adopt(session, both[1], 3))
    assert "adopted already, as version 2" in str(refused)
    newest = session.scalars(select(PatternVersion).order_by(PatternVersion.version.desc())).first()
    assert (newest.version, positions.targets_of(newest)[0].low) == (2, 2)


@pytest.fixture
def close(spring, both, now):
    """Return a function that closes the job analysis."""

    def close(session):
        user, survey = session.get_one(User, both[0]), session.get_one(SurveyRound, spring[0])
        surveys.close(session, user, survey, now=now + LATER)

    return close


def said(session, survey_id):
    """What the figures of a round are made of."""
    return {
        sheet.place.id: sheet.values for sheet in surveys.sheets_of(session, session.get_one(SurveyRound, survey_id))
    }


def test_sheet_that_is_handed_in_while_a_survey_is_closed_is_late_and_what_was_saved_stays(
    session, spring, close, meanwhile, now
):
    survey, late = spring
    before = said(session, survey)

    def hand_in(session):
        surveys.submit(session, session.get_one(SurveyPlace, late), now=now + LATER)

    assert isinstance(meanwhile(close, hand_in), InvitationExpired)
    assert said(session, survey) == before
    kept = (
        select(SurveyAnswer.code, SurveyAnswer.value).where(SurveyAnswer.place_id == late).order_by(SurveyAnswer.code)
    )
    assert session.execute(kept).all() == [("tact.high", 6), ("tact.low", 3)]


def test_survey_is_closed_after_the_sheet_that_is_being_handed_in(session, spring, close, meanwhile, now):
    survey, late = spring

    def hand_in(session):
        surveys.submit(session, session.get_one(SurveyPlace, late), now=now + LATER)

    assert meanwhile(hand_in, close) is None
    assert said(session, survey)[late] == {"tact.low": 3, "tact.high": 6}
    assert session.get_one(SurveyRound, survey).closed_at == now + LATER


@pytest.mark.parametrize("what", ["withdraw", "ask", "enter"])
def test_who_answers_a_survey_is_settled_when_it_is_closed(session, spring, both, close, meanwhile, now, what):
    """Taking somebody off it, or asking one more, would change figures that somebody may have read."""
    survey, _ = spring
    handed_in = next(iter(said(session, survey)))
    before = said(session, survey), session.query(SurveyPlace).count()
    someone = Person(organization_id=session.get_one(SurveyRound, survey).organization_id, name="New", created_at=now)
    session.add(someone)
    session.flush()
    new = someone.id

    def change(session):
        user, found = session.get_one(User, both[1]), session.get_one(SurveyRound, survey)
        if what == "withdraw":
            survey_places.withdraw(session, user, session.get_one(SurveyPlace, handed_in), now=now + LATER)
        elif what == "ask":
            surveys.ask(session, user, found, session.get_one(Person, new), now=now + LATER)
        else:
            survey_people.enter(session, user, found, [Entry(1, "New", "new@people.example")], now=now + LATER)

    assert str(meanwhile(close, change)) == surveys.OVER
    assert (said(session, survey), session.query(SurveyPlace).count()) == before


@pytest.fixture
def campaign(session, registry, cast, now):
    """The id of a campaign that nobody is in but Ann."""
    return factories.assignment(session, registry, cast.hana, name="Ann", now=now).campaign_id


@pytest.fixture
def end(campaign, both, now):
    """Return a function that closes the campaign."""

    def end(session):
        user, found = session.get_one(User, both[0]), session.get_one(Campaign, campaign)
        campaign_changes.close(session, user, found, now=now + LATER)

    return end


@pytest.fixture(params=["many", "one"])
def invite(request, campaign, both, now):
    """Return a function that invites Ben, from a list or alone."""

    def invite(session):
        user, found = session.get_one(User, both[1]), session.get_one(Campaign, campaign)
        if request.param == "one":
            invitations.assign(session, user, found, Invitee("Ben", "ben@people.example"), now=now + LATER)
            return 1
        ben = Entry(1, "Ben", "ben@people.example")
        return bulk_invitations.invite(session, user, found, [ben], by_mail=True, now=now + LATER)

    return invite


def test_nobody_is_invited_into_a_campaign_that_is_being_closed(session, end, invite, meanwhile):
    refused = meanwhile(end, invite)
    assert str(refused).startswith("The last day of this campaign is over")
    assert session.query(Assignment).count() == 1


@pytest.mark.parametrize("how", ["closed", "withdrawn"])
def test_nobody_begins_while_the_campaign_is_closed_or_the_invitation_withdrawn(
    session, registry, campaign, both, end, meanwhile, now, how
):
    ann = session.query(Assignment).one().id

    def withdraw(session):
        invitations.withdraw(session, session.get_one(User, both[0]), session.get_one(Assignment, ann), now=now + LATER)

    def begin(session):
        return attempts.start(session, session.get_one(Assignment, ann), registry, now=now + LATER)

    refused = meanwhile(end if how == "closed" else withdraw, begin)
    assert isinstance(refused, InvitationExpired if how == "closed" else InvitationWithdrawn)
    assert session.query(Attempt).count() == 0


def test_campaign_is_closed_for_those_who_are_being_invited_too(session, end, invite, meanwhile, now):
    assert meanwhile(invite, end) is None
    found = session.query(Assignment).all()
    assert [each.expires_at for each in found] == [now + LATER] * 2
    states = {assignments.row_of(session, each, now=now + LATER).state for each in found}
    assert states == {State.EXPIRED}
