"""A coachee's first page: what is next, the newest result, differences from the company's view, the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import render_template, request, url_for

from assess.models import Coaching
from assess.services import coachee_overviews
from assess.services.results import Reading
from assess.services.timelines import Kind
from assess.web import guards, readings
from assess.web.coaching import desk_words
from assess.web.coaching.own import registry
from assess.web.db import get_session
from assess.web.i18n import language
from assess.web.strips import ScaleWords, scale_words
from reports.charts.colours import SCREEN
from reports.sections.further import Apart, Perspective, further_words
from reports.sections.row import norm_words


@dataclass(frozen=True, slots=True)
class ThemeApart:
    """A theme of the company's view with the statements on which the two are furthest apart."""

    name: str
    measures: str
    statements: tuple[Apart, ...]


@dataclass(frozen=True, slots=True)
class View:
    """How somebody's view of good service lies to the company's; no figure for the whole, which coaching needs none."""

    words: Perspective
    themes: tuple[ThemeApart, ...]  # that with the largest difference first
    close: tuple[str, ...]  # themes none of whose statements is among these


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest result in words, without target and match."""

    reading: Reading
    norm: str
    edition: str
    scales: tuple[ScaleWords, ...]
    view: View | None


def page(coaching: Coaching) -> str:
    """Return the page, noting that the result on it was looked at."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    kind = next((each for each in Kind if each.value == request.args.get("kind")), None)
    overview = coachee_overviews.overview_of(
        session,
        user,
        coaching,
        registry(),
        kind=kind,
        page=request.args.get("page", 1, type=int),
        now=now,
    )
    public_id = coaching.public_id
    shown = render_template(
        "coaching/show.html",
        coaching=coaching,
        overview=overview,
        newest=_newest(overview.newest) if overview.newest else None,
        kind=kind,
        kinds=Kind,
        today=now,
        address=lambda **chosen: url_for(".show", public_id=public_id, **chosen, _anchor="timeline"),
        words=desk_words,
    )
    readings.note_all([overview.newest.row.attempt.assignment] if overview.newest else [])
    return shown


def _newest(reading: Reading) -> Newest:
    return Newest(
        reading=reading,
        norm=norm_words(reading.result.norm, language()),
        edition=reading.bank.title,
        scales=tuple(scale_words(scale, reading.result[scale.code]) for scale in reading.bank.scales),
        view=_view(reading),
    )


def _view(reading: Reading) -> View | None:
    if reading.further is None or reading.further.alignment is None:
        return None
    words = further_words(reading.further, reading.bank, language=language(), colours=SCREEN).perspective
    if words is None:
        return None
    theme_of = {policy.code: policy.theme for policy in reading.bank.perspective}
    by_theme: dict[str, list[Apart]] = {}
    for found, said in zip(reading.further.alignment.differences, words.apart, strict=True):
        by_theme.setdefault(theme_of[found.code], []).append(said)
    themes = {theme.code: theme for theme in reading.bank.themes}
    return View(
        words,
        tuple(ThemeApart(themes[each].name, themes[each].measures, tuple(said)) for each, said in by_theme.items()),
        tuple(theme.name for theme in reading.bank.themes if theme.code not in by_theme),
    )
