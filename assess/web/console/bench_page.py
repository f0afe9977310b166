"""The page of a bench: its people beside its role, in words and in drawings; sorted is never ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import render_template, request, url_for
from markupsafe import Markup

from assess.banks.model import Bank
from assess.errors import Refused
from assess.models import Roster
from assess.scoring.interpret import Match
from assess.scoring.readiness import Gap, Places, Readiness
from assess.services import benches
from assess.services.assignments import OPEN
from assess.services.benches import Order, Place, Standing
from assess.services.report_contexts import handed_in_at, paper_of
from assess.web import guards, readings
from assess.web.console import words
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
    """A match with a role, its interval, and the population compared with."""

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


def page(roster: Roster, *, refusal: Refused | None = None) -> str:
    """Return the page of the list that was asked for, noting whose results were looked at."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    order = Order.MATCH if request.args.get("order") == Order.MATCH else Order.NAME
    number = request.args.get("page", 1, type=int)
    bench = benches.bench_of(session, user, roster, registry(), order=order, page=number, now=now)
    lines = [_line(each, local_date(now, user)) for each in bench.listing.rows]
    shown = render_template(
        "console/rosters/bench.html",
        roster=roster,
        pattern=bench.pattern,
        listing=bench.listing,
        address=lambda **query: url_for(".show", public_id=roster.public_id, **query),
        lines=lines,
        compared=list(dict.fromkeys(line.match.others for line in lines if line.match)),
        axis=axis(title=_("Match, from 0 to 100 %"), colours=SCREEN),
        n_results=bench.n_results,
        house_paper=paper_of(user.organization),
        norms=list(dict.fromkeys(norm_words(each.reading.result.norm, language()) for each in bench.standings)),
        is_provisional=any(is_provisional(each.reading.result) for each in bench.standings),
        order=order,
        refusal=refusal,
        words=words,
        zone=user.organization.time_zone,
    )
    readings.note_all([each.row.attempt.assignment for each in bench.standings])
    return shown


def _line(place: Place, today: date) -> Line:
    standing, promotion = place.standing, place.promotion
    return Line(
        place=place,
        age=age_words(handed_in_at(standing.row), today) if standing else "",
        match=_match(standing.target.match) if standing and standing.target.match else None,
        places=_places(standing.places) if standing and standing.places and not standing.refusal else "",
        gaps=_gaps(standing.target, standing.reading.bank) if standing else (),
        present=_present(standing.present) if standing and standing.present else "",
        alignment=_alignment(standing) if standing else "",
        is_waiting=promotion is not None and promotion.state in OPEN,
        may_decide=promotion is not None and promotion.state not in OPEN,
    )


def age_words(handed_in: datetime, today: date) -> str:
    """Return how long ago somebody was assessed."""
    day = handed_in.date()
    months = max(12 * (today.year - day.year) + today.month - day.month - (today.day < day.day), 0)
    if months == 0:
        return _("assessed within the last month")
    return ngettext("assessed %(num)s month ago", "assessed %(num)s months ago", months)


def _match(match: Match) -> MatchWords:
    first, middle, third = map(_percent, match.population)
    median, interval = _percent(match.median), _interval(match)
    others = _(
        "median of the population compared with %(middle)s %%, half of them between %(first)s and %(third)s %%",
        first=first,
        middle=middle,
        third=third,
    )
    others = words.kept_together(others)
    title = _("Match %(median)s %%, %(interval)s; %(others)s", median=median, interval=interval, others=others)
    drawing = match_line(match, title=title, colours=SCREEN)
    return MatchWords(f"{median}\N{NO-BREAK SPACE}%", interval, others, drawing)


def _present(present: Readiness) -> str:
    if present.match is None:
        return _("no match")
    said = _(
        "%(median)s, %(interval)s; median of the population compared with %(middle)s %%",
        median=f"{_percent(present.match.median)}\N{NO-BREAK SPACE}%",
        interval=_interval(present.match),
        middle=_percent(present.match.population[1]),
    )
    return words.kept_together(said)


def _interval(match: Match) -> str:
    said = _("90 %% interval %(low)s to %(high)s %%", low=_percent(match.low), high=_percent(match.high))
    return words.kept_together(said)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


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
