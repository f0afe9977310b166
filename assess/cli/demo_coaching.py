"""The coach's desk in the demo: six people of a service team, one of them over more than a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.banks.registry import Registry
from assess.cli import demo_feedback
from assess.cli.demo_answers import Taking, taking
from assess.cli.demo_campaigns import DAY, THEN, YEAR, Desk
from assess.models import (
    Assignment,
    Campaign,
    CheckIn,
    Coaching,
    CoachingGoal,
    CoachingPlan,
    DoneBy,
    GoalState,
    GoalSubject,
    Person,
    Purpose,
    Towards,
    User,
)
from assess.psychometrics.models import Floats
from assess.scoring.simulated import draw_position
from assess.services import (
    caseload,
    check_ins,
    coachee_results,
    coaching_actions,
    coaching_goals,
    coaching_plans,
    own_forms,
    readers,
    reassessments,
)
from assess.services.check_ins import Notes, Slot
from assess.services.coaching_goals import About
from assess.services.invitations import Invitee

BEFORE, AGAIN = "Service team a year ago, simulated", "Service team, simulated"
LEA, MATEO, NOOR, PRIYA, TOMASZ, YARA = TEAM = (
    "Lea Hartmann", "Mateo Silva", "Noor Rahman", "Priya Nair", "Tomasz Zielinski", "Yara Costa",
)  # fmt: skip
WITH_HR, EARLIER = (MATEO, NOOR, PRIYA, YARA), (LEA, TOMASZ)  # who asked them, and when, for their newest answers
SINCE = {LEA: 340, MATEO: 120, PRIYA: 100, TOMASZ: 100, YARA: 60}  # days that Cole has coached them
ASKED = Invitee("Zoe Lambert", "zoe@simulated.example")
SEED = 3_037
LEARNT = 2.0  # standard deviations: much for a year, and enough to show beyond the error of two standard forms
PARTS = (Part.STATEMENTS, Part.PERSPECTIVE)
HELD = (  # days ago, shared, and for the coach alone
    (330, "We read the report together. What to begin with: how a complaint sounds from the other end.", ""),
    (270, "Two calls listened to. The pause before the answer helps; to be kept.", "Nervous when recorded: ask first."),
    (180, "Half of the plan is done. Complaints take less time, and nobody was passed on twice.", ""),
    (95, "The first plan is closed: reached what we wanted to reach. The next one after the summer.", ""),
    (16, "The two results laid side by side. A new plan: the late shift, and working with the back office.", ""),
)


def rounds(session: Session, hana: User, registry: Registry, *, now: datetime) -> Sequence[Taking]:
    """Make the campaigns of the service team and everybody's invitation; return who is to answer what."""
    desk, bank = Desk(session, hana, registry, now), registry.newest("general")
    before, again = (
        desk.campaign(name, None, form=form, since=since, parts=PARTS, purpose=Purpose.COACHING)
        for name, form, since in ((BEFORE, "standard", YEAR), (AGAIN, "short", 24 * DAY))
    )
    sat = [*((before, name) for name in EARLIER), *((again, name) for name in WITH_HR)]
    found = []
    for number, (campaign, name) in enumerate(sat):
        rng, began = np.random.default_rng(SEED - number), campaign.created_at + DAY + timedelta(hours=number)
        place = _place(bank, name)
        if name == LEA:
            place[THEN] -= LEARNT / 2
        link = desk.link(desk.assign(campaign, name))
        found.append(taking(link, bank, rng, began, form=campaign.form, place=place, with_views=True))
    return found


def asked_again(session: Session, hana: User, registry: Registry, *, now: datetime) -> Taking:
    """Have Hana name Cole as Lea's coach, who asks her to take it again; return how she answers."""
    cole, lea, bank = _cole(session), _team(session)[LEA], registry.newest("general")
    coaching = caseload.assign(session, hana, lea, cole, now=now - SINCE[LEA] * DAY)
    at, until = now - 26 * DAY, (now - 12 * DAY).date()
    asked = reassessments.ask(session, cole, coaching, registry, form="standard", until=until, perspective=True, now=at)
    link = reassessments.copy_link(session, cole, asked, now=at)
    lines, rng = own_forms.own_form(session, asked, bank).statements, np.random.default_rng(SEED + 1)
    place = _place(bank, LEA)
    place[THEN] += LEARNT / 2
    return taking(link, bank, rng, at + DAY, form="standard", lines=lines, place=place, with_views=True)


def what_cole_did(session: Session, hana: User, registry: Registry, *, now: datetime) -> None:
    """Have Hana name Cole as the coach of most of the team, and Cole coach them; some have not answered yet."""
    cole, people = _cole(session), _team(session)
    for name in (MATEO, PRIYA, TOMASZ, YARA):
        caseload.assign(session, hana, people[name], cole, now=now - SINCE[name] * DAY)
    _consent(session, cole, people[NOOR], now=now - 12 * DAY)
    waiting = caseload.ask(session, cole, ASKED, now=now - 3 * DAY)
    waiting.person.is_simulated = True
    _look(session, cole, [people[name] for name in TEAM if name != YARA], now=now - 16 * DAY)
    named = {each.person.name: each for each in caseload.coachings(session, cole)}
    desk, rng = _Coach(session, cole, registry, now), np.random.default_rng(SEED + 2)
    _over_a_year(desk, named[LEA])
    demo_feedback.over(session, cole, named[LEA], registry, rng, now=now)
    _overdue(desk, named[MATEO])
    desk.agree(desk.plan(named[PRIYA], "Calmer mornings", -80, 40), "One greeting for everybody at the desk", -4)
    demo_feedback.under_way(session, cole, named[PRIYA], registry, rng, now=now)
    desk.talk(named[TOMASZ], 2, "Room 2.14")
    until = (now + 8 * DAY).date()
    reassessments.ask(session, cole, named[TOMASZ], registry, form="short", until=until, now=now - 6 * DAY)


def coaching_of(session: Session, name: str) -> tuple[User, Coaching]:
    """Return Cole, and his coaching of somebody."""
    cole = _cole(session)
    return cole, next(each for each in caseload.coachings(session, cole) if each.person.name == name)


@dataclass(frozen=True, slots=True)
class _Coach:
    """Cole at work; days are counted from now."""

    session: Session
    cole: User
    registry: Registry
    now: datetime

    def at(self, days: int) -> datetime:
        return self.now + days * DAY

    def slot(self, days: int, place: str) -> Slot:
        zone = ZoneInfo(self.cole.organization.time_zone)
        return Slot(self.at(days).astimezone(zone).date(), time(10, 30), 45, place)

    def talk(self, coaching: Coaching, days: int, place: str) -> CheckIn:
        planned = min(self.at(days - 14), self.now)
        return check_ins.plan(self.session, self.cole, coaching, self.slot(days, place), now=planned)

    def held(self, coaching: Coaching, days: int, shared: str, private: str) -> None:
        slot, notes = self.slot(days, "Room 2.14"), Notes(shared, private)
        check_ins.write_down(self.session, self.cole, coaching, slot, notes, now=self.at(days + 1))

    def plan(self, coaching: Coaching, title: str, first: int, last: int, *, newest: bool = True) -> CoachingPlan:
        readings = coachee_results.readings(self.session, self.cole, coaching, self.registry)
        rests_on = readings[0 if newest else -1].row
        terms = coaching_plans.Terms(title, self.at(first).date(), self.at(last).date(), rests_on)
        return coaching_plans.begin(self.session, self.cole, coaching, terms, readings, now=self.at(first))

    def agree(
        self, plan: CoachingPlan, title: str, due: int, *, sign: str = "", about: About = coaching_goals.OWN
    ) -> CoachingGoal:
        sign = sign or "Colleagues say so when we ask them."
        terms = coaching_goals.Terms(title, sign, self.at(due).date())
        return coaching_goals.agree(self.session, self.cole, plan, about, terms, now=plan.created_at)

    def act(self, goal: CoachingGoal, due: int, *done: tuple[int, DoneBy, str]) -> None:
        """Agree on as much of the library as there is for the goal; the first of it are `done` with a remark."""
        offered = coaching_actions.offers(self.registry, goal.code, goal.towards or Towards.HIGH)[:3]
        day = self.at(due).date()
        agreed = coaching_actions.choose(self.session, self.cole, goal, offered, due_on=day, now=goal.plan.created_at)
        for action, (days, by, remark) in zip(agreed, done, strict=False):
            coaching_actions.tick(self.session, action, by, remark=remark, now=self.at(days))

    def add(self, goal: CoachingGoal, title: str, what: str, due: int) -> None:
        terms = coaching_actions.Terms(title, what, "Once a week", "It is done without a note.", "15 minutes",
                                       self.at(due).date())  # fmt: skip
        coaching_actions.add(self.session, self.cole, goal, terms, now=goal.plan.created_at)


def _over_a_year(desk: _Coach, lea: Coaching) -> None:
    """Let Lea have closed a plan, begun a second one, and talked with Cole, with a talk ahead."""
    empathy, focus = (About(GoalSubject.SCALE, scale, Towards.HIGH) for scale in ("empathy", "focus"))
    recovery = About(GoalSubject.THEME, "recovery")
    first = desk.plan(lea, "Complaints that end well", -330, -95, newest=False)
    heard = desk.agree(first, "Hear what is behind a complaint", -120, about=empathy, sign="Fewer second calls.")
    remark = "Easier on the phone than at the desk."
    desk.act(heard, -150, (-300, DoneBy.PERSON, ""), (-240, DoneBy.PERSON, remark), (-160, DoneBy.PERSON, ""))
    alone = desk.agree(first, "Take complaints in the chat, too", -100)
    for days, shared, private in HELD:
        desk.held(lea, -days, shared, private)
    shown = "Second calls fell from nine to three a week, and two customers wrote to say thanks."
    coaching_goals.decide(desk.session, desk.cole, heard, GoalState.REACHED, evidence=shown, now=desk.at(-100))
    why = "The chat went to another team in spring."
    coaching_goals.decide(desk.session, desk.cole, alone, GoalState.DROPPED, evidence=why, now=desk.at(-98))
    coaching_plans.close(desk.session, desk.cole, first, now=desk.at(-95))
    second = desk.plan(lea, "The late shift, and the back office", -16, 150)
    finished = desk.agree(second, "Finish a case before the next one", 90, about=focus)
    desk.act(finished, 30, (-9, DoneBy.PERSON, "Works best before noon."), (-4, DoneBy.COACH, ""))
    known = desk.agree(second, "Know what I may put right myself", 60, about=recovery)
    desk.add(known, "Read the goodwill rules with Mira", "Go through the ten cases of last month.", -2)
    desk.add(known, "Decide three cases and say why", "Write the reason into the case.", 25)
    desk.talk(lea, 5, "Room 2.14")


def _overdue(desk: _Coach, mateo: Coaching) -> None:
    """Leave a talk behind of which nothing is noted."""
    plan = desk.plan(mateo, "Clear answers", -20, 100)
    goal = desk.agree(plan, "Say no so that it can be heard", 80, about=About(GoalSubject.SCALE, "tact", Towards.LOW))
    desk.act(goal, 45, (-6, DoneBy.PERSON, ""))
    desk.held(mateo, -20, "What a clear no needs: the reason first, the way out second.", "")
    desk.talk(mateo, -3, "Video call")


def _consent(session: Session, cole: User, person: Person, *, now: datetime) -> Coaching:
    asked = caseload.ask(session, cole, Invitee(person.name, person.email or ""), now=now)
    caseload.agree(session, asked, now=now + DAY)
    return asked


def _look(session: Session, cole: User, people: Sequence[Person], *, now: datetime) -> None:
    """Let Cole have read what these people had handed in by then."""
    ids: Mapping[str, int] = {"user_id": cole.id, "organization_id": cole.organization_id}
    theirs = select(Assignment.id).where(Assignment.person_id.in_([person.id for person in people]))
    for assignment_id in session.scalars(theirs.order_by(Assignment.id)):
        readers.note(session, **ids, assignment_id=assignment_id, now=now)


def _cole(session: Session) -> User:
    return session.scalars(select(User).where(User.email == "cole@acme.example")).one()


def _team(session: Session) -> Mapping[str, Person]:
    """Return the people of the service team by name."""
    campaigns = Campaign.name.in_((BEFORE, AGAIN))
    asked = session.scalars(select(Assignment).join(Assignment.campaign).where(campaigns))
    return {assignment.person.name: assignment.person for assignment in asked}


def _place(bank: Bank, name: str) -> Floats:
    """Return where somebody of the team stands on the scales."""
    return draw_position(bank, np.random.default_rng(SEED + TEAM.index(name)))
