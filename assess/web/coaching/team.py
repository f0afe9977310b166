"""The coach's people together: how they spread, where many differ from the company's view, what to talk about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from assess.banks.model import Bank, Scale
from assess.banks.parts import Theme
from assess.banks.wording import Action
from assess.errors import Refused
from assess.scoring.team import FEWEST, Member, spread, themes_apart, widest
from assess.services import coachee_teams
from assess.services.coachee_teams import Team
from assess.web import guards
from assess.web.coaching.own import registry
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from reports.charts.colours import SCREEN
from reports.charts.distribution import distribution_chart
from reports.language import translator
from reports.sections.row import norm_words
from reports.sections.team_hour import TOPICS, question_on, statement_on

bp = Blueprint("team", __name__, url_prefix="/team")


@dataclass(frozen=True, slots=True)
class Spread:
    """How the people lie on a scale; without a drawing where too few have a score."""

    scale: Scale
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Apart:
    """A theme on which many are apart from the company's view."""

    theme: Theme
    n_apart: int
    n: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A behaviour to talk about, with something to try out for whoever stands at either pole."""

    scale: Scale
    question: str
    statement: str
    actions: tuple[tuple[str, Action], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is shown of five people or more."""

    norm: str
    provisional: bool
    edition: str
    simulated: bool
    spreads: tuple[Spread, ...]
    themes: tuple[Apart, ...]
    topics: tuple[Topic, ...]


@bp.route("", methods=["GET", "POST"])  # sent, it shows those who are chosen: more than fit into an address
def show() -> ResponseReturnValue:
    """Show all together, or those who are chosen."""
    session, user = get_session(), guards.signed_in()
    chosen = request.form.getlist("who", type=UUID)
    refusal = None
    try:
        team = coachee_teams.team_of(session, user, registry(), chosen=chosen)
    except Refused as reason:
        team, refusal = coachee_teams.team_of(session, user, registry()), reason
    page = render_template(
        "coaching/team.html",
        team=team,
        figures=_figures(team) if team.is_shown and not refusal else None,
        chosen=set(chosen),
        fewest=FEWEST,
        reasons=[(_reason(why), n) for why, n in team.left_out],
        refusal=refusal,
    )
    return page, 422 if refusal else 200


def _figures(team: Team) -> Figures:
    first, bank = team.readings[0], team.readings[0].bank
    members = [Member(each.result, ()) for each in team.readings]
    return Figures(
        norm=norm_words(first.result.norm, language()),
        provisional=first.result.provisional,
        edition=bank.title,
        simulated=any(each.row.attempt.assignment.person.is_simulated for each in team.readings),
        spreads=tuple(_spread(scale, members) for scale in bank.scales),
        themes=_themes(team, bank),
        topics=_topics(members, bank),
    )


def _spread(scale: Scale, members: list[Member]) -> Spread:
    values = spread(members, scale.code)
    if values is None:
        return Spread(scale, Markup())
    title = _("How your people spread on %(name)s.", name=scale.name)
    return Spread(scale, distribution_chart(values, title=title, language=language(), colours=SCREEN))


def _themes(team: Team, bank: Bank) -> tuple[Apart, ...]:
    alignments = [
        each.further.alignment for each in team.readings if each.further is not None and each.further.alignment
    ]
    themes = {theme.code: theme for theme in bank.themes}
    found = themes_apart(alignments, {policy.code: policy.theme for policy in bank.perspective})
    return tuple(Apart(themes[each.theme], each.n_apart, each.n) for each in found)


def _topics(members: list[Member], bank: Bank) -> tuple[Topic, ...]:
    chosen = widest(members, [scale.code for scale in bank.scales])[:TOPICS]
    return tuple(_topic(bank.scale(scale)) for scale in chosen)


def _topic(scale: Scale) -> Topic:
    offered = registry().wording.coaching[scale.code].action
    near = {"more": scale.low, "less": scale.high}
    return Topic(
        scale=scale,
        question=question_on(scale.code, translator(language())),
        statement=statement_on(scale.code, registry().surveys.climate.statement),
        actions=tuple(
            (pole, next(each for each in offered if each.direction == direction)) for direction, pole in near.items()
        ),
    )


def _reason(why: str) -> str:
    return {
        "no result": _("Have no result yet"),
        "no score": _("Answered too little for a score"),
        "other ground": _("Answered another questionnaire, or are compared with another norm group"),
    }[why]
