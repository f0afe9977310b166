"""The first page of the report on the company's view: what it is, how far it is agreed on, and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from reports.company import CompanyContext
from reports.dates import day_words, local_day
from reports.language import Translate, apart, number, quoted, translator
from reports.sections.company_rows import StatementRow, furthest


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme: how many of its statements are clear, and how far raters agree on average."""

    language: str  # of its names
    name: str
    measures: str
    n: int
    n_clear: int
    r_wg: str


@dataclass(frozen=True, slots=True)
class CompanyOverview:
    """The company's view at a glance."""

    subject: str
    facts: tuple[tuple[str, str], ...]
    n_statements: int
    n_clear: int
    n_raters: int
    note: str
    themes: tuple[ThemeLine, ...]
    agreed: tuple[StatementRow, ...]  # most of all
    apart: tuple[StatementRow, ...]  # furthest

    template: ClassVar[str] = "company_overview.html"

    @classmethod
    def build(cls, context: CompanyContext) -> Self:
        """Return the section for `context`."""
        _, language, view = translator(context.language), context.language, context.view
        agreed, furthest_apart = furthest(context.bank, view, language, colours=context.colours)
        themes = {theme.code: theme for theme in context.bank.themes}
        return cls(
            subject=subject_words(context, _),
            facts=_facts(context, _),
            n_statements=len(view.statements),
            n_clear=len(view.statements) - len(view.unclear),
            n_raters=view.n_raters,
            note=context.note,
            themes=tuple(
                ThemeLine(
                    language=themes[each.code].language,
                    name=themes[each.code].name,
                    measures=themes[each.code].measures,
                    n=len(each.statements),
                    n_clear=each.n_clear,
                    r_wg="–" if each.r_wg is None else number(each.r_wg, 2, language),
                )
                for each in view.themes
            ),
            agreed=tuple(agreed),
            apart=tuple(furthest_apart),
        )


def subject_words(context: CompanyContext, _: Translate) -> str:
    """Return what the report is about, on one line."""
    said = _("Our view of good service, version %(version)s")
    return said % {"version": context.version}


def _facts(context: CompanyContext, _: Translate) -> tuple[tuple[str, str], ...]:
    language = context.language
    return (
        (_("Organisation"), apart(context.organization, language)),
        (_("Raters"), str(context.view.n_raters)),
        (_("Published"), local_day(context.published_at, zone=context.time_zone, language=language)),
        (_("Statements"), quoted(f"{context.bank.title} {context.bank.version}", language)),
        (_("Where it comes from"), apart(context.source, language)),
        (_("Kept until"), day_words(context.kept_until, language=language)),
    )
