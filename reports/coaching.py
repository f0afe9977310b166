"""The input of the coaching report: a person's result, and the work of coach and person as it stood on a day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from assess.banks.model import Bank
from assess.scoring.feedback import Summary
from assess.scoring.perspective import Alignment
from reports.context import RepeatedContext, make_plain
from reports.plain import plain

Pole = Literal["low", "high"]
GoalSubject = Literal["scale", "theme", "own"]
GoalState = Literal["open", "reached", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAction:
    """Something to do for a goal."""

    title: str
    what: str
    how_often: str
    sign: str  # how one will know that it helps
    due_on: date
    done_on: date | None
    remark: str  # of whoever ticked it off
    library: str = ""  # its code there; empty for one in own words
    language: str = ""  # of the library's words; empty of what somebody has typed

    def __post_init__(self) -> None:
        make_plain(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedGoal:
    """A goal with how it stands."""

    subject: GoalSubject
    code: str  # of the scale or theme
    towards: Pole | None  # of a scale: the pole to show more of
    title: str
    sign: str  # how everybody will know that it is reached
    due_on: date
    state: GoalState
    state_on: date | None
    evidence: str  # what has shown it, as the coach wrote it down
    own_evidence: str  # the same in the person's own words
    actions: tuple[PlannedAction, ...]

    def __post_init__(self) -> None:
        make_plain(self)

    def is_overdue(self, on: date) -> bool:
        """Whether it should have been reached before the day."""
        return self.state == "open" and self.due_on < on


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWork:
    """The plan that is open."""

    title: str
    begins_on: date
    ends_on: date
    goals: tuple[PlannedGoal, ...]

    def __post_init__(self) -> None:
        make_plain(self)

    @property
    def actions(self) -> tuple[PlannedAction, ...]:
        """All actions, goal by goal."""
        return tuple(action for goal in self.goals for action in goal.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A check-in that was held or is planned; of its notes only those that the person reads, too."""

    planned_for: datetime
    minutes: int
    place: str
    is_held: bool
    notes: str

    def __post_init__(self) -> None:
        notes = plain(self.notes)  # whole: they are what was agreed
        make_plain(self)
        object.__setattr__(self, "notes", notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What coach and person do together, as it was on a day."""

    coach: str
    as_of: date
    plan: PlannedWork | None
    talks: tuple[Talk, ...]  # in order of their days
    n_talks_before: int  # held ones that are not among them, all earlier
    feedback: Summary | None  # of the newest closed round

    def __post_init__(self) -> None:
        make_plain(self)
        if self.feedback is not None:
            comments = tuple(replace(each, words=plain(each.words)) for each in self.feedback.comments)
            object.__setattr__(self, "feedback", replace(self.feedback, comments=comments))

    @property
    def held(self) -> tuple[Talk, ...]:
        """The talks that were held."""
        return tuple(talk for talk in self.talks if talk.is_held)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a person's view of service stands to the company's, in the newest assessment that asked for it."""

    alignment: Alignment
    bank: Bank = field(repr=False)  # that asked for it
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingContext(RepeatedContext):
    """Everything that a coaching report says; it has no match, no targets and no further parts."""

    view: View | None  # of service; None: no assessment that the report rests on asked for it
    work: Work

    def ahead(self) -> tuple[Talk, ...]:
        """Return the talks that are still to come."""
        return tuple(talk for talk in self.work.talks if not talk.is_held and talk.planned_for > self.made_at)
