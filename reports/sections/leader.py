"""The report on a leader's self-check: the own example by theme, three things to do in a week, and all answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.surveys import LeaderStatement
from reports.charts.dots import dot_rows
from reports.dates import day_words, local_day
from reports.language import Translate, translator
from reports.leader import AGREES, LeaderContext, lowest, strengths
from reports.sections.survey_words import theme_about, theme_name


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """How the answers to a theme's statements lie."""

    name: str
    about: str
    drawing: Markup
    agrees: str


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with what was chosen; empty where it was left out."""

    stem: str
    chosen: str


@dataclass(frozen=True, slots=True)
class LeaderOverview:
    """What it is, the five themes, strengths, and how sure all this is."""

    person: str
    long_name: bool
    day: str
    n_answered: int
    n_statements: int
    themes: tuple[ThemeLine, ...]
    strengths: tuple[Said, ...]

    template: ClassVar[str] = "leader_overview.html"

    @classmethod
    def build(cls, context: LeaderContext) -> Self:
        """Return the section for `context`."""
        return cls(
            person=context.person,
            long_name=context.has_long_name,
            day=local_day(context.answered_at, zone=context.time_zone, language=context.language),
            n_answered=len(context.answered),
            n_statements=len(context.statements),
            themes=tuple(_theme(context, theme) for theme in context.themes),
            strengths=_said(context, strengths(context)),
        )


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do in the coming week, and the answer that it follows from."""

    action: str
    stem: str
    chosen: str


@dataclass(frozen=True, slots=True)
class LeaderWeek:
    """A page to work with: three things to do, and the days of a week."""

    deeds: tuple[Deed, ...]
    agrees_with_all: bool
    days: tuple[str, ...]

    template: ClassVar[str] = "leader_week.html"

    @classmethod
    def build(cls, context: LeaderContext) -> Self:
        """Return the section for `context`."""
        _, chosen = translator(context.language), lowest(context)
        return cls(
            deeds=tuple(Deed(each.action, each.stem, context.label(each.code)) for each in chosen),
            agrees_with_all=bool(chosen) and context.values[chosen[0].code] >= AGREES,
            days=(_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday")),
        )


@dataclass(frozen=True, slots=True)
class ThemeAnswers:
    """All statements of a theme with what was chosen."""

    name: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class LeaderAnswers:
    """Every answer, who sees it, and whom to ask."""

    themes: tuple[ThemeAnswers, ...]
    organization: str
    contact: str
    kept_until: str
    reference: str
    made: str

    template: ClassVar[str] = "leader_answers.html"

    @classmethod
    def build(cls, context: LeaderContext) -> Self:
        """Return the section for `context`."""
        language = context.language
        return cls(
            themes=tuple(
                ThemeAnswers(theme_name(theme, language), _said(context, _of(context, theme)))
                for theme in context.themes
            ),
            organization=context.organization,
            contact=context.contact,
            kept_until=day_words(context.kept_until, language=language),
            reference=context.reference,
            made=_made(context, translator(language)),
        )


def _theme(context: LeaderContext, theme: str) -> ThemeLine:
    _, language = translator(context.language), context.language
    values = [context.values[each.code] for each in _of(context, theme) if each.code in context.values]
    agrees = sum(value >= AGREES for value in values)
    if values:
        words = _("agrees with %(agrees)s of %(answered)s") % {"agrees": agrees, "answered": len(values)}
    else:
        words = _("nothing answered")
    name = theme_name(theme, language)
    title = _("%(name)s. Answers from 1, strongly disagree, to 5, strongly agree: %(values)s") % {
        "name": name,
        "values": ", ".join(map(str, sorted(values))) or "–",
    }
    return ThemeLine(name, theme_about(theme, language), dot_rows(values, title=title, colours=context.colours), words)


def _of(context: LeaderContext, theme: str) -> list[LeaderStatement]:
    return [each for each in context.statements if each.theme == theme]


def _said(context: LeaderContext, statements: Sequence[LeaderStatement]) -> tuple[Said, ...]:
    return tuple(
        Said(each.stem, context.label(each.code) if each.code in context.values else "") for each in statements
    )


def _made(context: LeaderContext, _: Translate) -> str:
    return _("Report made with Rapport %(version)s, dated %(day)s.") % {
        "version": context.program_version,
        "day": local_day(context.made_at, zone=context.time_zone, language=context.language),
    }
