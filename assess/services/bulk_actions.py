"""
What HR does with many people of a campaign at once.

Each step is a transaction of its own, so that candidates' answers are saved between two of them. Nobody is stopped by
somebody else: who cannot be included is left out, with the reason. There is no action that decides on anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, immediateload, joinedload

from assess.errors import AlreadySubmitted, Refused
from assess.models import Assignment, Attempt, User
from assess.services import invitations, mailings, reminders
from assess.services.access import Permission, require

STEP = 200  # people of one transaction
INVITED_LATELY = "The invitation went to this person less than a day ago."
HANDED_IN = "This person has handed in already."


class Action(StrEnum):
    """What can be done with many."""

    SEND = "send"
    REMIND = "remind"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    RELEASE = "release"
    LINK = "link"


NEEDS = dict.fromkeys(Action, Permission.ASSIGNMENT_WRITE) | {Action.RELEASE: Permission.RESULT_RELEASE}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody with whom it could not be done, and why."""

    assignment: Assignment
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, with links as tokens where those were wanted."""

    done: list[Assignment] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    tokens: dict[int, str] = field(default_factory=dict)  # by the assignment's id

    def add(self, other: Outcome) -> None:
        """Put what another step did to it."""
        self.done.extend(other.done)
        self.left_out.extend(other.left_out)
        self.tokens.update(other.tokens)


def steps(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the ids that `do` takes in one transaction each."""
    for begin in range(0, len(ids), STEP):
        yield ids[begin : begin + STEP]


def do(
    session: Session, user: User, action: Action, ids: Sequence[int], *, until: date | None = None, now: datetime
) -> Outcome:
    """Do `action` with a campaign's assignments with `ids`; more time is given to the end of the day `until`."""
    require(user, NEEDS[action])
    people = _locked(session, user, ids)
    if action is Action.REMIND:
        why_not = reminders.send_now(session, user, people, now=now)
        left_out = [LeftOut(each, why_not[each.id]) for each in people if each.id in why_not]
        return Outcome([each for each in people if each.id not in why_not], left_out)
    lately = mailings.invited_lately(session, ids, now=now) if action is Action.SEND else frozenset()
    outcome = Outcome(left_out=[LeftOut(each, INVITED_LATELY) for each in people if each.id in lately])
    for each in people:
        if each.id in lately:
            continue
        try:
            _do_one(session, user, action, each, outcome, until=until, now=now)
        except (AlreadySubmitted, Refused) as refusal:
            why = HANDED_IN if isinstance(refusal, AlreadySubmitted) else str(refusal)
            outcome.left_out.append(LeftOut(each, why))
        else:
            outcome.done.append(each)
    if action is Action.EXTEND and until is not None:
        invitations.lengthen(session, user, outcome.done, until, now=now)
    if action is Action.SEND:
        _send(session, user, outcome.done, now=now)
    return outcome


def _send(session: Session, user: User, assignments: Sequence[Assignment], *, now: datetime) -> None:
    """Have invitations mailed, but those that wait to be sent already."""
    _mails, new = mailings.invite(session, assignments, now=now)
    for each in assignments:
        if each.id in new:
            invitations.record(session, user, "invitation.queued", each, now=now)


def _do_one(
    session: Session,
    user: User,
    action: Action,
    assignment: Assignment,
    outcome: Outcome,
    *,
    until: date | None,
    now: datetime,
) -> None:
    """Do it with one; raise what is against it."""
    match action:
        case Action.SEND:
            invitations.require_open(assignment, now=now)
            if assignment.person.email is None:
                raise Refused("There is no e-mail address.")
        case Action.EXTEND:
            if until is None:
                raise ValueError("more time needs a day")
            invitations.require_extendable(assignment, until, now=now)
        case Action.WITHDRAW:
            invitations.withdraw(session, user, assignment, now=now)
        case Action.RELEASE:
            if assignment.released_at is not None:
                raise Refused("The result is released already.")
            invitations.release(session, user, assignment, now=now)
        case Action.LINK:
            outcome.tokens[assignment.id] = invitations.copy_link(session, user, assignment, now=now)


def _locked(session: Session, user: User, ids: Sequence[int]) -> Sequence[Assignment]:
    """Return the assignments, with what the actions look at, as they are now and stay until the end."""
    mine = select(Assignment).where(Assignment.organization_id == user.organization_id, Assignment.id.in_(ids))
    session.execute(mine.with_only_columns(Assignment.id).order_by(Assignment.id).with_for_update(key_share=True))
    return session.scalars(
        mine.order_by(Assignment.id)
        .options(
            joinedload(Assignment.organization),
            joinedload(Assignment.campaign),
            joinedload(Assignment.person),
            joinedload(Assignment.attempt).options(immediateload(Attempt.assignment)),
        )
        .execution_options(populate_existing=True)
    ).all()
