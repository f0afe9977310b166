"""What staff say of the service climate, and leaders of themselves: figures about five people or more, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.surveys import ClimateSurvey, LeaderSurvey
from assess.errors import NotFound
from assess.models import Person, SurveyKind, SurveyPlace, SurveyRound, User
from assess.services.access import Permission, require
from assess.services.survey_closing import REST, Cells, cells_of

AGREES, DISAGREES = 4, 2  # from this choice up, and from this one down, of 1 to 5


@dataclass(frozen=True, slots=True)
class Tally:
    """How a number of answers are spread over agreeing, neither and disagreeing."""

    agree: int
    neither: int
    disagree: int
    mean: float  # of choices from 1 to 5

    @property
    def n(self) -> int:
        """How many answers these are."""
        return self.agree + self.neither + self.disagree


@dataclass(frozen=True, slots=True)
class Line:
    """A statement, as all see it, as one group does, and as all saw it in the round before."""

    code: str
    stem: str
    whole: Tally | None  # None: fewer than five
    group: Tally | None
    before: Tally | None


@dataclass(frozen=True, slots=True)
class Area:
    """Statements on one side of the climate; its tallies add up those of the statements that have one."""

    code: str
    lines: Sequence[Line]
    whole: Tally | None
    group: Tally | None
    before: Tally | None  # None, too, unless it is of the very same statements


@dataclass(frozen=True, slots=True)
class Group:
    """A group that is shown."""

    name: str
    n: int  # answers to the statement that most of it have answered
    asked: int | None  # None: not known any more, as somebody has been erased
    areas: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Climate:
    """A closed round; `areas` has nothing in it where fewer than five have answered."""

    asked: int
    n: int
    areas: Sequence[Area]
    groups: Sequence[Group]
    chosen: Group | None
    before: SurveyRound | None  # the round closed before this one that there are figures of


@dataclass(frozen=True, slots=True)
class Theme:
    """What leaders say of themselves on a theme, all of them together."""

    code: str
    mean: float  # of choices from 1 to 5
    n: int  # leaders who answered every statement of it, or fewer than that


def climate_of(
    session: Session, user: User, survey: SurveyRound, content: ClimateSurvey, *, group: str | None = None
) -> Climate:
    """
    Return the figures of a closed round; raise `NotFound` while it is open, and for a group that is not shown.

    A constant number of queries.
    """
    require(user, Permission.SURVEY_READ)
    if survey.kind is not SurveyKind.CLIMATE or survey.closed_at is None:
        raise NotFound
    cells = cells_of(session, survey)
    asked = _asked(session, survey)
    groups = _groups(cells, content, asked)
    chosen = next((each for each in groups if each.name == group), None)
    if group is not None and chosen is None:
        raise NotFound
    before = _before(session, survey)
    was = _whole(cells_of(session, before)) if before else {}
    whole = _whole(cells)
    return Climate(
        asked=sum(asked.values()),
        n=_most(whole),
        areas=_areas(whole, _of(cells, group) if group else {}, was, content) if whole else (),
        groups=groups,
        chosen=chosen,
        before=before,
    )


def themes_of(session: Session, user: User, survey: SurveyRound, content: LeaderSurvey) -> Sequence[Theme]:
    """Return means by theme of a closed round of self-checks: themes all of whose statements five have answered."""
    require(user, Permission.SURVEY_READ)
    if survey.kind is not SurveyKind.LEADER or survey.closed_at is None:
        raise NotFound
    return themes_in(session, survey, content)


def themes_in(session: Session, survey: SurveyRound, content: LeaderSurvey) -> Sequence[Theme]:
    """Return what `themes_of` does, for whom has seen to it that it may be shown."""
    whole = _whole(cells_of(session, survey))
    found = []
    for theme in dict.fromkeys(each.theme for each in content.statement):
        codes = [each.code for each in content.statement if each.theme == theme]
        if all(code in whole for code in codes):
            counts = [whole[code] for code in codes]
            mean = sum(_mean(each) for each in counts) / len(counts)
            found.append(Theme(theme, mean, min(each.total() for each in counts)))
    return found


def areas_in(session: Session, survey: SurveyRound, content: ClimateSurvey) -> tuple[Sequence[Area], int]:
    """Return a closed round's areas and how many groups are shown, for whom has seen to it that they may be."""
    cells = cells_of(session, survey)
    return _areas(_whole(cells), {}, {}, content), len({group for group, _code in cells if group != REST})


def _asked(session: Session, survey: SurveyRound) -> Mapping[str, int]:
    """Return how many were asked, by group; those of nobody's group any more under `REST`."""
    rows = session.execute(
        select(SurveyPlace.group, func.count()).where(SurveyPlace.round_id == survey.id).group_by(SurveyPlace.group)
    )
    erased = session.scalar(
        select(func.count())
        .select_from(SurveyPlace)
        .join(Person)
        .where(SurveyPlace.round_id == survey.id, Person.erased_at.is_not(None))
    )
    found = {group: int(n) for group, n in rows}
    return {REST: sum(found.values())} if erased else found


def _before(session: Session, survey: SurveyRound) -> SurveyRound | None:
    """Return the round that was closed last before this one."""
    return session.scalar(
        select(SurveyRound)
        .where(
            SurveyRound.organization_id == survey.organization_id,
            SurveyRound.kind == survey.kind,
            SurveyRound.closed_at < survey.closed_at,
            SurveyRound.id != survey.id,
        )
        .order_by(SurveyRound.closed_at.desc(), SurveyRound.id.desc())
        .limit(1)
    )


def _groups(cells: Cells, content: ClimateSurvey, asked: Mapping[str, int]) -> list[Group]:
    found = []
    for name in sorted({group for group, _code in cells if group != REST}, key=str.casefold):
        counts = _of(cells, name)
        areas = {area.code: area.whole for area in _areas(counts, {}, {}, content) if area.whole}
        found.append(Group(name, _most(counts), asked.get(name), areas))
    return found


def _areas(
    whole: Mapping[str, Counter[int]],
    group: Mapping[str, Counter[int]],
    before: Mapping[str, Counter[int]],
    content: ClimateSurvey,
) -> list[Area]:
    found = []
    for area in dict.fromkeys(each.area for each in content.statement):
        statements = [each for each in content.statement if each.area == area]
        codes = [each.code for each in statements]
        lines = [
            Line(each.code, each.stem, *(_tally(counts, [each.code]) for counts in (whole, group, before)))
            for each in statements
        ]
        is_same = all((code in whole) == (code in before) for code in codes)
        then = _tally(before, codes) if is_same else None
        found.append(Area(area, lines, _tally(whole, codes), _tally(group, codes), then))
    return found


def _of(cells: Cells, name: str) -> Mapping[str, Counter[int]]:
    return {code: Counter(values) for (group, code), values in cells.items() if group == name}


def _whole(cells: Cells) -> Mapping[str, Counter[int]]:
    found: dict[str, Counter[int]] = {}
    for (_group, code), values in cells.items():
        found.setdefault(code, Counter()).update(values)
    return found


def _most(counts: Mapping[str, Counter[int]]) -> int:
    return max((each.total() for each in counts.values()), default=0)


def _tally(counts: Mapping[str, Counter[int]], codes: Sequence[str]) -> Tally | None:
    """Return how the answers to all of `codes` are spread, None where there are none."""
    added: Counter[int] = Counter()
    for code in codes:
        added.update(counts.get(code, {}))
    if not added:
        return None
    agree = sum(n for value, n in added.items() if value >= AGREES)
    disagree = sum(n for value, n in added.items() if value <= DISAGREES)
    return Tally(agree, added.total() - agree - disagree, disagree, _mean(added))


def _mean(counts: Counter[int]) -> float:
    return sum(value * n for value, n in counts.items()) / counts.total()
