"""The input of every report: everything that it says, gathered by the caller, who knows the database."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, TypedDict

from assess.banks.model import Bank
from assess.banks.wording import Target, Wording
from assess.scoring.further import Further
from assess.scoring.interpret import Match
from assess.scoring.parameters import ParameterSet
from assess.scoring.result import Result
from reports.charts.colours import PRINT, SCREEN, Colours, branded
from reports.plain import plain_and_short

Paper = Literal["A4", "Letter"]

LONG_NAME = 32  # characters that fit on a line of a title


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """How the organisation wants its reports to look."""

    accent: str = ""  # colour of headings and rules, as #rrggbb; none: the house's
    logo: str = ""  # PNG in base64; its text alternative is the organisation's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every report says around its subject, and the way in which it is printed."""

    organization: str
    contact: str  # whom to ask, mail address or text
    made_at: datetime  # the moment on which the report is dated: when it was asked for; aware, as all moments here
    time_zone: str  # IANA; all shown times are local to it, with the zone's abbreviation
    reference: str  # printed on every page, for looking the report up
    program_version: str  # of the program that makes the report
    simulated: bool
    seal: str = ""  # address of the page that confirms the report, printed as a QR code; none: not kept anywhere
    brand: Brand = Brand()
    paper: Paper = "A4"
    language: str = "en"
    on_screen: bool = False  # a web page shows the sections, not paper

    def __post_init__(self) -> None:
        make_plain(self)
        name_in_language(self)

    @property
    def colours(self) -> Colours:
        """The colours of drawings."""
        if self.on_screen:
            return SCREEN
        return branded(self.brand.accent) if self.brand.accent else PRINT


class FrameValues(TypedDict):
    """What fills the frame of every report, by the names of `Frame`."""

    organization: str
    contact: str
    made_at: datetime
    time_zone: str
    reference: str
    program_version: str
    paper: Paper
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContext(Frame):
    """Everything that a report on one person says."""

    bank: Bank
    wording: Wording
    result: Result
    parameters: ParameterSet  # stored and pinned: those that the result was scored with
    match: Match | None  # None: no position, or a scale that counts has no score
    person: str
    position: str | None  # title
    targets: tuple[Target, ...]  # () without a position
    pattern_source: str | None  # e.g. "Retail associate: provisional, from author's judgement; version 1"
    purpose: str  # "hiring", "promotion", "coaching"
    started_at: datetime
    submitted_at: datetime
    retention_until: date
    scored_with: str  # version of the program that scored
    further: Further | None = None  # parts beside the six behaviours

    @property
    def has_long_name(self) -> bool:
        """Whether the name needs more than a line of a title."""
        return len(self.person) > LONG_NAME

    def target(self, scale: str) -> Target | None:
        """Return what the position asks for on `scale`."""
        return next((target for target in self.targets if target.scale == scale), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A result of the same person from an assessment before."""

    result: Result
    parameters: ParameterSet
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedContext(ReportContext):
    """Everything that a report says on one person who may have been assessed before."""

    earlier: tuple[Earlier, ...]  # the oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the people in a comparison."""

    name: str
    result: Result
    match: Match | None  # None: a scale that counts has no score
    seed: int  # of the draws that the match sums up
    further: Further | None
    submitted_at: datetime
    answered_in: str  # language of the questions
    simulated: bool

    def __post_init__(self) -> None:
        make_plain(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonContext(Frame):
    """Everything that a comparison of one position's candidates says; all scored with one bank, set and norm."""

    bank: Bank
    parameters: ParameterSet
    position: str  # title
    targets: tuple[Target, ...]
    pattern_source: str
    candidates: tuple[Candidate, ...]  # in no order that means anything
    retention_until: date  # the first day on which one of them is to be forgotten
    scored_with: tuple[str, ...]  # versions of the program, each once

    @property
    def has_long_name(self) -> bool:
        """Whether the position's title needs more than a line of a title."""
        return len(self.position) > LONG_NAME

    def target(self, scale: str) -> Target:
        """Return what the position asks for on `scale`."""
        return next(target for target in self.targets if target.scale == scale)


def name_in_language(frame: Frame) -> None:
    """Give behaviours and themes the names of the report's language, where all of them are there."""
    bank = getattr(frame, "bank", None)
    if isinstance(bank, Bank):
        object.__setattr__(frame, "bank", bank.named_in(frame.language))


def make_plain(context: Any) -> None:
    """Make every text that people may have typed plain and short, before any section sees it."""
    for field in fields(context):
        value = getattr(context, field.name)
        if isinstance(value, str):
            object.__setattr__(context, field.name, plain_and_short(value))
        elif field.name == "targets":
            targets = tuple(each.model_copy(update={"reason": plain_and_short(each.reason)}) for each in value)
            object.__setattr__(context, field.name, targets)
