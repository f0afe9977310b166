"""The team report's first page: who is in it, how many lie inside what their roles ask for, and how to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.scoring.team import FEWEST, Coverage, coverage
from reports.charts.lines import axis, share_line
from reports.content import name_of, questionnaire_words
from reports.dates import day_words, local_day
from reports.language import Translate, apart, listed, number, translator
from reports.rosters import Reason, TeamContext
from reports.sections.care import may_not_describe
from reports.sections.row import is_provisional, norm_words, range_words
from reports.sections.side_by_side import weight_words


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A scale with how many members lie inside the range of their role."""

    name: str
    asked: str  # the range where all have one role
    counts: tuple[str, ...]  # inside, unclear, below, above; empty of too few
    expected: str
    interval: str
    drawing: Markup


@dataclass(frozen=True, slots=True)
class TeamOverview:
    """The whole team on one page."""

    team: str
    long_name: bool
    facts: tuple[tuple[str, str], ...]
    norm: str
    coverage: tuple[CoverageLine, ...]
    n_covered: int
    fewest: int
    has_one_role: bool
    axis: Markup
    members: Markup
    left_out: tuple[str, ...]  # how many are not, and why
    notes: tuple[str, ...]
    provisional: bool
    uncalibrated: bool
    no_norm: bool
    is_named: bool  # whether the names of the behaviours are in the reader's language

    template: ClassVar[str] = "team.html"

    @classmethod
    def build(cls, context: TeamContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        result = context.members[0].result
        n_covered = sum(member.role is not None for member in context.members)
        return cls(
            team=context.team,
            long_name=context.has_long_name,
            facts=_facts(context, _),
            norm=norm_words(result.norm, context.language),
            coverage=_lines(context, _) if n_covered >= FEWEST else (),
            n_covered=n_covered,
            fewest=FEWEST,
            has_one_role=len(context.roles) == 1,
            axis=axis(title=_("Share of the members inside, from 0 to 100 %%") % {}, colours=context.colours),
            members=listed([apart(member.name, context.language) for member in context.members], context.language),
            left_out=_left_out(context, _),
            notes=_notes(context, _),
            provisional=is_provisional(result),
            uncalibrated=result.provisional,
            no_norm=result.norm is None,
            is_named=context.bank.is_named_in(context.language),
        )


def _facts(context: TeamContext, _: Translate) -> tuple[tuple[str, str], ...]:
    language = context.language
    titles = [apart(role.title, language) for role in context.roles]
    roles = listed(titles, language) if titles else _("none noted")
    moments = [member.submitted_at for member in context.members]
    days = [local_day(at, zone=context.time_zone, language=language) for at in (min(moments), max(moments))]
    taken = days[0] if days[0] == days[1] else _("%(low)s to %(high)s") % {"low": days[0], "high": days[1]}
    forms = sorted({member.result.form for member in context.members})
    n, n_out = len(context.members), sum(left for _reason, left in context.left_out)
    return (
        (
            _("Members with a result"),
            _("%(n)s of %(of)s") % {"n": n, "of": n + n_out},
        ),
        (_("Roles"), roles),
        (_("Organisation"), apart(context.organization, language)),
        (_("Taken"), taken),
        (
            _("Questionnaire"),
            listed([questionnaire_words(context.bank, form, language) for form in forms], language),
        ),
        (_("Kept until"), day_words(context.retention_until, language=language)),
    )


def _lines(context: TeamContext, _: Translate) -> tuple[CoverageLine, ...]:
    return tuple(_line(coverage(context.scored, scale.code), context, _) for scale in context.bank.scales)


def _line(found: Coverage, context: TeamContext, _: Translate) -> CoverageLine:
    language = context.language
    name = name_of(context.bank.scale(found.scale), language)
    asked = ""
    if len(context.roles) == 1:
        target = next(each for each in context.roles[0].targets if each.scale == found.scale)
        asked = range_words(target.low, target.high, _) if target.weight else weight_words(0, _)
    if not found.is_shown:
        return CoverageLine(name, asked, (), "–", "", Markup())
    words = {"n": number(found.expected, 1, language), "of": found.n}
    interval = range_words(found.low, found.high, _)
    title = _("Expected inside: %(n)s of %(of)s, 90 %% interval %(interval)s.") % {**words, "interval": interval}
    ends = (found.low / found.n, found.expected / found.n, found.high / found.n)
    return CoverageLine(
        name,
        asked,
        tuple(str(count) for count in (found.inside, found.unclear, found.below, found.above)),
        expected=_("%(n)s of %(of)s") % words,
        interval=interval,
        drawing=share_line(*ends, title=title, colours=context.colours),
    )


def _left_out(context: TeamContext, _: Translate) -> tuple[str, ...]:
    words: Mapping[Reason, str] = {
        "no result": _("Members without a result that may be used here: %(n)s."),
        "no score": _("Members who answered too little for a score: %(n)s."),
        "other ground": _("Members with another questionnaire, parameters or norm group: %(n)s."),
    }
    return tuple(words[reason] % {"n": n} for reason, n in context.left_out)


def _notes(context: TeamContext, _: Translate) -> tuple[str, ...]:
    found = []
    without = sum(member.role is None for member in context.members)
    if without:
        said = _("Members without a noted role, who are not in the table above: %(n)s.")
        found.append(said % {"n": without})
    careless = sum(may_not_describe(member.result.flags) for member in context.members)
    if careless:
        found.append(_("Members whose answers may not describe them: %(n)s.") % {"n": careless})
    forms = Counter(member.result.form for member in context.members)
    if len(forms) > 1:
        found.append(_("Forms differ, and with them the width of the error."))
    return tuple(found)
