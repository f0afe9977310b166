"""Each person's six behaviours in one small drawing, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.model import Scale
from reports.charts.profile import ProfileRow, profile_chart
from reports.context import Candidate, ComparisonContext
from reports.language import Translate, apart, translator
from reports.sections.candidates import standings
from reports.sections.row import strip_title


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's profile with the match, if there is one."""

    name: str
    match: str
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Profiles:
    """Everybody in the order of the first page."""

    people: tuple[Profile, ...]

    template: ClassVar[str] = "profiles.html"

    @classmethod
    def build(cls, context: ComparisonContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        return cls(tuple(_profile(each.candidate, context, _) for each in standings(context)))


def _profile(candidate: Candidate, context: ComparisonContext, _: Translate) -> Profile:
    rows = tuple(_row(scale, candidate, context, _) for scale in context.bank.scales)
    match = candidate.match
    words = (
        _("match %(median)s %%, %(low)s to %(high)s")
        % {
            name: f"{100 * value:.0f}"
            for name, value in (("median", match.median), ("low", match.low), ("high", match.high))
        }
        if match
        else _("no match")
    )
    title = _("Profile of %(name)s.") % {"name": apart(candidate.name, context.language)}
    return Profile(
        candidate.name, words, profile_chart(rows, title=title, compact=True, poles=False, colours=context.colours)
    )


def _row(scale: Scale, candidate: Candidate, context: ComparisonContext, _: Translate) -> ProfileRow:
    score, target = candidate.result[scale.code], context.target(scale.code)
    return ProfileRow(
        score,
        scale.name,
        strip_title(scale, score, target, language=context.language),
        missing="" if score.scorable else _("no score"),
        target=(target.low, target.high),
    )
