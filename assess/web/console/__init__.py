"""HR's pages: people, rosters, positions, campaigns, surveys, results, reports, decisions, exports and requests."""

from __future__ import annotations

from flask import Blueprint

from assess.models import Role
from assess.services.tokens import new_token
from assess.web import guards
from assess.web.console import (
    assignments,
    campaign_changes,
    campaign_invitations,
    campaign_people,
    campaigns,
    climate,
    coaches,
    compare,
    comparisons,
    decisions,
    exports,
    home,
    people,
    perspective,
    perspective_keys,
    positions,
    previews,
    reports,
    requests,
    result_tables,
    results,
    rosters,
    search,
    survey_patterns,
    surveys,
)

bp = Blueprint("console", __name__, url_prefix="/console")
bp.before_request(guards.only(Role.HR))  # closes every view below, also tomorrow's
bp.add_app_template_global(new_token)
for each in (
    home.bp,
    assignments.bp,
    results.bp,
    campaigns.bp,
    campaign_changes.bp,
    campaign_invitations.bp,
    campaign_people.bp,
    result_tables.of_campaign,
    result_tables.of_position,
    result_tables.of_person,
    result_tables.views,
    compare.bp,
    comparisons.bp,
    decisions.bp,
    perspective.bp,
    perspective_keys.bp,
    people.bp,
    coaches.bp,
    coaches.coachings,
    rosters.bp,
    positions.bp,
    surveys.bp,
    survey_patterns.bp,
    climate.bp,
    climate.self_checks,
    previews.bp,
    previews.made,
    reports.bp,
    exports.bp,
    requests.bp,
    search.bp,
):
    bp.register_blueprint(each)
