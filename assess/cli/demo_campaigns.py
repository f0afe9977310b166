"""Campaigns of the demo: a hiring round, one of a year ago, and one whose people have come differently far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from assess.banks.parts import Part
from assess.banks.registry import Registry
from assess.cli.demo_answers import Taking, taking
from assess.models import Assignment, Campaign, Feedback, Mail, Position, Purpose, User
from assess.scoring.simulated import Manner, draw_position
from assess.services import campaigns, invitations, mail
from assess.services.invitations import Invitee

AGENT, DESK = "Contact-centre agent", "Front desk"
HIRING = "Contact-centre agents, simulated"
EARLIER = "Contact-centre agents a year ago, simulated"
UNDER_WAY = "Front desk under way, simulated"
PEOPLE = (
    "Amara Diallo", "Bruno Keller", "Chiara Rossi", "Dmitri Volkov", "Elif Kaya", "Farid Haddad",
    "Greta Nilsson", "Hugo Marchetti", "Ines Carvalho", "Jonas Weber", "Kasia Nowak", "Liam O'Connor",
)  # fmt: skip
MANNERS: Mapping[str, Manner] = {
    "Elif Kaya": Manner(flatters=2.2),
    "Hugo Marchetti": Manner(pace=0.12, inattentive=True, monotonous=18),
    "Kasia Nowak": Manner(skips=("flexibility",)),
}
SEED = 2_026
THEN, CHANGE = 2, 1.5  # the scale on which somebody has changed in a year, and by how many standard deviations
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where and when the campaigns are made."""

    session: Session
    hana: User
    registry: Registry
    now: datetime

    def campaign(
        self,
        name: str,
        position: Position | None,
        *,
        form: str,
        since: timedelta,
        parts: Sequence[Part] = (Part.STATEMENTS,),
        purpose: Purpose = Purpose.HIRING,
    ) -> Campaign:
        """Return a campaign that began some time ago; whoever is assessed for coaching reads their own at once."""
        began = self.now - since
        return campaigns.create_campaign(
            self.session,
            self.hana,
            name=name,
            bank=self.registry.newest("general"),
            form=form,
            position=position,
            purpose=purpose,
            feedback=Feedback.AT_ONCE if purpose is Purpose.COACHING else Feedback.ON_RELEASE,
            until=(began + 16 * DAY).date(),
            parts=parts,
            now=began,
        )

    def assign(self, campaign: Campaign, name: str) -> Assignment:
        """Return the assignment of a simulated person of that name."""
        email = f"{name.split(maxsplit=1)[0].lower()}@simulated.example"
        when = campaign.created_at
        assignment = invitations.assign(self.session, self.hana, campaign, Invitee(name, email), now=when)
        assignment.person.is_simulated = True
        return assignment

    def link(self, assignment: Assignment) -> str:
        """Return the token of a way in."""
        return invitations.copy_link(self.session, self.hana, assignment, now=assignment.created_at)


def rounds(
    session: Session, hana: User, registry: Registry, roles: Mapping[str, Position], *, now: datetime
) -> Sequence[Taking]:
    """Make the campaigns and everybody's invitation; return who is to answer what."""
    desk = Desk(session, hana, registry, now)
    return [
        *_a_year_ago(desk, roles[AGENT]),
        *_hiring(desk, roles[AGENT]),
        *_under_way(desk, roles[DESK]),
    ]


def _a_year_ago(desk: Desk, position: Position) -> Sequence[Taking]:
    """Return how one of those who are assessed now answered then, so that there is a change to be read."""
    campaign = desk.campaign(EARLIER, position, form="short", since=YEAR)
    token = desk.link(desk.assign(campaign, PEOPLE[0]))
    bank, rng = desk.registry.newest("general"), np.random.default_rng(SEED - 1)
    place = draw_position(bank, np.random.default_rng(SEED))  # where the first of the hiring round stands
    place[THEN] -= CHANGE
    return [taking(token, bank, rng, campaign.created_at + DAY, form="short", place=place)]


def _hiring(desk: Desk, position: Position) -> Sequence[Taking]:
    campaign = desk.campaign(HIRING, position, form="standard", since=2 * DAY)
    bank, rng = desk.registry.newest("general"), np.random.default_rng(SEED)
    found = []
    for number, name in enumerate(PEOPLE):
        token = desk.link(desk.assign(campaign, name))
        began = desk.now - DAY - timedelta(hours=number)
        found.append(taking(token, bank, rng, began, manner=MANNERS.get(name, Manner())))
    return found


def _under_way(desk: Desk, position: Position) -> Sequence[Taking]:
    """Invite people who come differently far; one of them hands in, another stops in the middle."""
    parts = (Part.STATEMENTS, Part.PERSPECTIVE)
    campaign = desk.campaign(UNDER_WAY, position, form="short", since=4 * DAY, parts=parts)
    bank, rng = desk.registry.newest("general"), np.random.default_rng(SEED + 1)
    names = ("Mara Lund", "Nils Berger", "Oda Krol", "Pavel Horak", "Rosa Medina", "Sven Aalto", "Tilda Moreau")
    _created, bounced, invited, opened, begun, withdrawn, done = (desk.assign(campaign, name) for name in names)
    _bounce(desk, bounced)
    desk.link(invited)
    invitations.redeem(desk.session, desk.link(opened), now=desk.now - DAY)
    desk.link(withdrawn)
    invitations.withdraw(desk.session, desk.hana, withdrawn, now=desk.now - DAY)
    began = desk.now - DAY
    return [
        taking(desk.link(begun), bank, rng, began, form="short", stops_after=21),
        taking(desk.link(done), bank, rng, began, form="short", with_views=True),
    ]


def _bounce(desk: Desk, assignment: Assignment) -> None:
    """Note that a server refused the letter, as servers do for an address that is not there."""
    letter = Mail(kind="invitation", person=assignment.person, assignment=assignment, created_at=assignment.created_at)
    desk.session.add(letter)
    invitations.take_link(desk.session, assignment, now=assignment.created_at)  # that the letter held
    mail.note(letter, mail.Reply(accepted=False, text="550"), now=assignment.created_at)
