"""How the person's results went, as far as they may read them, and their own reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from assess.banks.model import Scale
from assess.scoring.progress import ScaleChange
from assess.services import own_results, reporting
from assess.services.person_trends import Step, Trend, WhyNot, trend_of
from assess.services.reporting import Stage
from assess.web import own_reports
from assess.web.coachee.visitor import current_person, own_assignment, registry
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import language, longdate
from reports.charts import trend_panel
from reports.charts.colours import SCREEN
from reports.charts.trend import trend_chart
from reports.language import translator
from reports.sections.row import band_words, is_provisional, missing_words, norm_words

DRAWN = 8  # assessments at most; more would not be told apart on the axis
MARKS: dict[str | None, trend_panel.Change] = {"reliably up": "rise", "reliably down": "fall"}


@dataclass(frozen=True, slots=True)
class Point:
    """One scale at one assessment: the score in words, and what has changed since the one before."""

    day: str
    said: str
    change: ScaleChange | None
    is_compared: bool  # with one before


@dataclass(frozen=True, slots=True)
class Line:
    """One scale over the assessments, the newest first."""

    scale: Scale
    drawing: Markup
    points: tuple[Point, ...]

    @property
    def is_changed(self) -> bool:
        """Whether there is a reliable change since the assessment before."""
        change = self.points[0].change
        return change is not None and change.verdict in MARKS


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/progress", "progress", progress)
    bp.add_url_rule("/assessments/<uuid:public_id>/report.pdf", "report", report)
    bp.add_url_rule("/assessments/<uuid:public_id>/report", "make_report", make_report, methods=["POST"])


def progress() -> ResponseReturnValue:
    """Show how the results went, in words and drawn, and the reports."""
    session, person = get_session(), current_person()
    trend = trend_of(own_results.readings(session, person, registry()), person.organization.time_zone)
    newest = trend.steps[-1].reading if trend.steps else None
    lines = _lines(trend) if len(trend.steps) > 1 else ()
    return render_template(
        "coachee/progress.html",
        organization=person.organization,
        zone=person.organization.time_zone,
        lines=lines,
        changed=[line.scale for line in lines if line.is_changed],
        is_named=all(line.scale.language == language() for line in lines),
        days=[longdate(step.day) for step in trend.steps[-2:]],
        norm=norm_words(newest.result.norm, language()) if newest else "",
        is_provisional=newest is not None and is_provisional(newest.result),
        refusals=[refusal(day, why_not) for day, why_not in trend.refusals],
        handed_in=own_results.handed_in(session, person),
        editions={bank.edition: bank.title for bank in registry().editions},
        Stage=Stage,
    )


def report(public_id: UUID) -> ResponseReturnValue:
    """Hand out the person's own report on one assessment, and note that they took it."""
    return own_reports.hand_out(lambda session: own_assignment(public_id, session))


def make_report(public_id: UUID) -> ResponseReturnValue:
    """Have that report made, if there is none yet."""
    reporting.request_own(get_session(), own_assignment(public_id), registry(), now=datetime.now(UTC))
    get_session().commit()
    flash(_("Your report is being made; that takes less than a minute."))
    return redirect(url_for("coachee.inside.progress", _anchor="reports"), 303)


def _lines(trend: Trend) -> tuple[Line, ...]:
    steps = trend.steps[-DRAWN:]
    return tuple(_line(scale, steps) for scale in steps[-1].reading.bank.named_in(language()).scales)


def _line(scale: Scale, steps: tuple[Step, ...]) -> Line:
    drawn = trend_panel.Trend(scale.name, tuple(_drawn(step, scale.code) for step in steps))
    title = _("Your results on %(behaviour)s over time.", behaviour=scale.name)
    drawing = trend_chart([drawn], title=title, language=language(), colours=SCREEN, narrow=True)
    return Line(scale, drawing, tuple(_point(step, scale.code) for step in reversed(steps)))


def _drawn(step: Step, scale: str) -> trend_panel.TrendPoint:
    score, change = step.reading.result[scale], _change(step, scale)
    missing = "" if score.scorable else missing_words(score, translator(language()))
    mark = MARKS.get(change.verdict) if change and score.scorable else None
    return trend_panel.TrendPoint(step.day, score, missing=missing, change=mark)


def _point(step: Step, scale: str) -> Point:
    score, own = step.reading.result[scale], translator(language())
    said = missing_words(score, own)
    if score.scorable:
        said = _("%(sten)s of 10, band %(band)s", sten=score.sten, band=band_words(score, own))
    return Point(longdate(step.day), said, _change(step, scale), is_compared=bool(step.changes))


def _change(step: Step, scale: str) -> ScaleChange | None:
    found = next((each for each in step.changes if each.scale == scale), None)
    return found if found and found.verdict else None


def refusal(day: date, why_not: WhyNot) -> str:
    """Return why a result is left out, in words for the person whose it is."""
    words = {
        WhyNot.BANK: _("%(day)s: you were asked other questions then, so the scores cannot be compared."),
        WhyNot.PARAMETERS: _("%(day)s: your answers were scored in another way then, so they cannot be compared."),
        WhyNot.LEVEL: _("%(day)s: too little was answered in one of the two to say how they differ."),
        WhyNot.OTHER_NORM: _("%(day)s: you were compared with other people then."),
        WhyNot.SAME_DAY: _("%(day)s: you took the questionnaire once more on that day, and the later one counts."),
    }
    return words[why_not] % {"day": longdate(day)}
