"""Statements of the company's view in words, for reports and for the console's pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from assess.banks.model import Bank
from assess.banks.parts import PerspectiveStatement
from assess.psychometrics.perspective.consensus import MIN_RATERS
from assess.scoring.company_view import CompanyView, StatementView
from reports.charts.colours import PRINT, Colours
from reports.charts.options import option_strip
from reports.content import choice_words, name_of, statement_words
from reports.language import Translate, listed, number, quoted, translator

CHOICES = "agreement"
NOTHING = "–"
NAMED = 2  # statements on the first page of either sort


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement with its agreement; dashes where too few rated."""

    code: str
    stem: str
    strip: Markup
    mean: str
    r_wg: str
    ad: str
    deviates: bool
    n: int
    is_clear: bool
    verdict: str  # clear, or why not
    importance: str  # empty where it counts once


@dataclass(frozen=True, slots=True)
class ThemeRows:
    """The statements of a theme."""

    code: str
    language: str  # of its names
    name: str
    measures: str
    rows: tuple[StatementRow, ...]
    n_clear: int
    r_wg: str


@dataclass(frozen=True, slots=True)
class UnclearRow:
    """A statement to settle: what was said, what it would cost, and how to come to a policy."""

    code: str
    theme: str
    stem: str
    spread: str
    trade_off: str
    suggestion: str


def theme_rows(bank: Bank, view: CompanyView, language: str, *, colours: Colours = PRINT) -> tuple[ThemeRows, ...]:
    """Return all statements, theme by theme; `colours` are `SCREEN` in a web page."""
    themes, policies = {theme.code: theme for theme in bank.themes}, _policies(bank)
    return tuple(
        ThemeRows(
            code=theme.code,
            language=themes[theme.code].language,
            name=themes[theme.code].name,
            measures=themes[theme.code].measures,
            rows=tuple(_row(bank, policies[each.code], each, language, colours) for each in theme.statements),
            n_clear=theme.n_clear,
            r_wg=NOTHING if theme.r_wg is None else number(theme.r_wg, 2, language),
        )
        for theme in view.themes
    )


def furthest(
    bank: Bank, view: CompanyView, language: str, *, colours: Colours = PRINT
) -> tuple[list[StatementRow], ...]:
    """Return the statements that raters agree on most, and those on which they are furthest apart, a few of each."""
    known = sorted((each for each in view.statements if each.r_wg is not None), key=lambda each: -(each.r_wg or 0))
    policies = _policies(bank)
    most = [each for each in known if each.is_clear][:NAMED]
    least = [each for each in reversed(known) if not each.is_clear][:NAMED]
    return tuple([_row(bank, policies[each.code], each, language, colours) for each in some] for some in (most, least))


def unclear_rows(bank: Bank, view: CompanyView, language: str) -> tuple[UnclearRow, ...]:
    """Return what is to be settled, theme by theme."""
    themes, policies = {theme.code: theme for theme in bank.themes}, _policies(bank)
    _ = translator(language)
    return tuple(
        UnclearRow(
            code=each.code,
            theme=name_of(themes[each.theme], language),
            stem=statement_words(bank, each.code, policies[each.code].stem, language),
            spread=spread_words(bank, each, language),
            trade_off=quoted(policies[each.code].trade_off, language),
            suggestion=_suggestion(each, _),
        )
        for each in view.unclear
    )


def spread_words(bank: Bank, view: StatementView, language: str) -> str:
    """Return what the raters' answers spread over, the strongest agreement first."""
    _ = translator(language)
    if not view.counts:
        return _("%(n)s answered, fewer than %(least)s: what they said is not told.") % {
            "n": view.n,
            "least": MIN_RATERS,
        }
    return listed(list(_chosen(bank, view, language)), language)


def importance_words(importance: float, _: Translate) -> str:
    """Return how much a statement counts; empty where it counts once, as usual."""
    words = {0: _("does not count"), 1: "", 2: _("counts double"), 3: _("counts three times")}
    return words.get(int(importance), "") if importance == int(importance) else f"× {importance:g}"


def _chosen(bank: Bank, view: StatementView, language: str) -> Iterator[Markup]:
    for choice in reversed(range(len(view.counts))):
        if view.counts[choice]:
            yield Markup("{}\u00a0× {}").format(view.counts[choice], choice_words(bank, CHOICES, choice, language))


def _policies(bank: Bank) -> dict[str, PerspectiveStatement]:
    return {policy.code: policy for policy in bank.perspective}


def _row(
    bank: Bank, policy: PerspectiveStatement, view: StatementView, language: str, colours: Colours
) -> StatementRow:
    _ = translator(language)
    return StatementRow(
        code=view.code,
        stem=statement_words(bank, policy.code, policy.stem, language),
        strip=option_strip(
            view.counts,
            mean=view.mean,
            spread=view.ad,
            title=_title(bank, view, language),
            words=_("fewer than five answered"),
            colours=colours,
        ),
        mean=_figure(view.mean, 1, language),
        r_wg=_figure(view.r_wg, 2, language),
        ad=_figure(view.ad, 2, language),
        deviates=view.deviates,
        n=view.n,
        is_clear=view.is_clear,
        verdict=_verdict(view, _),
        importance=importance_words(view.importance, _),
    )


def _figure(value: float | None, places: int, language: str) -> str:
    return NOTHING if value is None else number(value, places, language)


def _verdict(view: StatementView, _: Translate) -> str:
    if view.is_clear:
        return _("clear")
    return _("policy unclear") if view.counts else _("too few answers")


def _title(bank: Bank, view: StatementView, language: str) -> str:
    """Return the text alternative of a strip."""
    _ = translator(language)
    if view.mean is None:
        return spread_words(bank, view, language)
    mean = number(view.mean, 1, language)
    if not view.counts:
        return _("Mean %(mean)s of 1 to 5.") % {"mean": mean}
    counts = ", ".join(map(str, view.counts))
    return _("Mean %(mean)s of 1 to 5. Raters who chose 1, 2, 3, 4, 5: %(counts)s.") % {"mean": mean, "counts": counts}


def _suggestion(view: StatementView, _: Translate) -> str:
    if not view.counts:
        return _("Ask those who left it out, or have whoever is responsible decide it; then ask again.")
    against, for_it = sum(view.counts[:2]), sum(view.counts[3:])
    if against and for_it:
        return _("Some hold it and some do not. Have whoever is responsible decide which way it is to be.")
    return _("They lean one way, but not equally far. Write down when it holds and when it does not.")
