"""The page of a bench or a team: its people beside its role, in words and in drawings; sorted is never ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import render_template
from markupsafe import Markup

from assess.banks.model import Bank
from assess.errors import Refused
from assess.models import Roster
from assess.scoring.interpret import Match
from assess.scoring.readiness import Gap, Places, Readiness
from assess.scoring.team import FEWEST as SPREAD
from assess.services import benches, roster_reports
from assess.services.assignments import OPEN
from assess.services.benches import Order, Place, Standing
from assess.services.report_contexts import paper_of
from assess.web import guards
from assess.web.console import readings, words
from assess.web.console.content import local_date, registry
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import language, ngettext
from reports.charts.colours import SCREEN
from reports.charts.lines import axis, match_line
from reports.language import translator
from reports.sections.further import further_words
from reports.sections.row import is_provisional, norm_words, range_words

GAPS = 2  # that are named of each person, the largest first


@dataclass(frozen=True, slots=True)
class MatchWords:
    """A match with a role, its interval, and the people compared with."""

    median: str
    interval: str
    others: str
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody on the page."""

    place: Place
    age: str
    match: MatchWords | None
    places: str
    gaps: Sequence[str]
    present: str
    alignment: str
    is_waiting: bool  # for an answer to an invitation for promotion
    may_decide: bool


def page(roster: Roster, *, order: Order = Order.NAME, refusal: Refused | None = None) -> str:
    """Return the page, noting whose results were looked at."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    bench = benches.bench_of(session, user, roster, registry(), order=order, now=now)
    standings = [each.standing for each in bench.places if each.standing]
    lines = [_line(each, local_date(now, user)) for each in bench.places]
    shown = render_template(
        f"console/rosters/{roster.kind.value}.html",
        roster=roster,
        pattern=bench.pattern,
        lines=lines,
        compared=list(dict.fromkeys(line.match.others for line in lines if line.match)),
        axis=axis(title=_("Match, from 0 to 100 %%"), colours=SCREEN),
        n_results=len(standings),
        fewest=roster_reports.FEWEST,
        spread=SPREAD,
        house_paper=paper_of(user.organization),
        norms=list(dict.fromkeys(norm_words(each.reading.result.norm, language()) for each in standings)),
        is_provisional=any(is_provisional(each.reading.result) for each in standings),
        order=order,
        refusal=refusal,
        words=words,
        zone=user.organization.time_zone,
    )
    readings.note_all(bench.shown)
    return shown


def _line(place: Place, today: date) -> Line:
    standing, promotion = place.standing, place.promotion
    return Line(
        place=place,
        age=_age(standing, today) if standing else "",
        match=_match(standing.target.match) if standing and standing.target and standing.target.match else None,
        places=_places(standing.places) if standing and standing.places and not standing.refusal else "",
        gaps=_gaps(standing.target, standing.reading.bank) if standing and standing.target else (),
        present=_present(standing.present) if standing and standing.present else "",
        alignment=_alignment(standing) if standing else "",
        is_waiting=promotion is not None and promotion.state in OPEN,
        may_decide=promotion is not None and promotion.state not in OPEN,
    )


def _age(standing: Standing, today: date) -> str:
    attempt = standing.row.attempt
    handed_in = (attempt.submitted_at or attempt.started_at).date()
    months = max(12 * (today.year - handed_in.year) + today.month - handed_in.month - (today.day < handed_in.day), 0)
    if months == 0:
        return _("assessed within the last month")
    return ngettext("assessed %(num)s month ago", "assessed %(num)s months ago", months)


def _match(match: Match) -> MatchWords:
    median, low, high, first, middle, third = (
        f"{100 * share:.0f}" for share in (match.median, match.low, match.high, *match.population)
    )
    interval = _("90 %% interval %(low)s to %(high)s %%", low=low, high=high)
    others = _(
        "median of the people compared with %(middle)s %%, half of them between %(first)s and %(third)s %%",
        first=first,
        middle=middle,
        third=third,
    )
    interval, others = words.kept_together(interval), words.kept_together(others)
    title = _("Match %(median)s %%, %(interval)s; %(others)s", median=median, interval=interval, others=others)
    drawing = match_line(match, title=title, colours=SCREEN)
    return MatchWords(f"{median}\N{NO-BREAK SPACE}%", interval, others, drawing)


def _present(present: Readiness) -> str:
    if present.match is None:
        return _("no match")
    found = _match(present.match)
    middle = f"{100 * present.match.population[1]:.0f}"
    said = _(
        "%(median)s, %(interval)s; median of the people compared with %(middle)s %%",
        median=found.median,
        interval=found.interval,
        middle=middle,
    )
    return words.kept_together(said)


def _places(places: Places) -> str:
    if places.best == places.worst:
        return _("place %(n)s of %(of)s by the intervals", n=places.best, of=places.of)
    return _("places %(best)s to %(worst)s of %(of)s stay open", best=places.best, worst=places.worst, of=places.of)


def _gaps(target: Readiness, bank: Bank) -> Sequence[str]:
    """Return the largest gaps in words; those that are probably none are left out."""
    open_ones = [gap for gap in target.by_size if gap.is_sure or gap.is_open]
    return [_gap(gap, bank.scale(gap.target.scale).name) for gap in open_ones[:GAPS]]


def _gap(gap: Gap, name: str) -> str:
    asked = range_words(gap.target.low, gap.target.high, translator(language()))
    certainty = {
        "unclear": _("uncertain"),
        "probably outside": _("probable"),
        "outside": _("very probable"),
    }[gap.verdict or "unclear"]
    if gap.side == "inside":
        return _("%(scale)s: inside %(range)s by its position, but that is uncertain", scale=name, range=asked)
    size = {"scale": name, "size": f"{abs(gap.size or 0):.1f}", "range": asked, "certainty": certainty}
    if gap.side == "below":
        return _("%(scale)s: %(size)s below %(range)s, %(certainty)s", **size)
    return _("%(scale)s: %(size)s above %(range)s, %(certainty)s", **size)


def _alignment(standing: Standing) -> str:
    reading = standing.reading
    if reading.further is None or reading.further.alignment is None:
        return ""
    found = further_words(reading.further, reading.bank, language=language(), colours=SCREEN).perspective
    if found is None or not found.value:
        return ""
    return words.kept_together(_("%(value)s, 90 %% interval %(interval)s", value=found.value, interval=found.interval))
