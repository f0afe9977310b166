"""Every route x role x tenant: who gets in, who is sent to sign in, and for whom there is nothing there."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from assess.models import (
    Assignment,
    Basis,
    CheckIn,
    Coaching,
    CoachingBasis,
    CoachingPlan,
    Outcome,
    ReportFile,
    RequestKind,
    Role,
    SurveyKind,
    SurveyRound,
)
from assess.services import (
    caseload,
    check_ins,
    coaching_reports,
    decisions,
    exports,
    perspective,
    privacy_requests,
    reassessments,
    report_batches,
    reporting,
    saved_views,
    surveys,
)
from assess.services.check_ins import Slot
from assess.services.exporting.rows import Scope
from assess.services.exports import Format
from assess.services.invitations import Invitee
from tests import factories
from tests.services import experts, feedback_rounds

OPEN = {
    "static": "style sheet and script",
    "assets.tokens": "design tokens",
    "assets.report": "style sheet of reports",
    "assets.font": "fonts",
    "health.live": "says nothing about anybody",
    "health.ready": "says nothing about anybody",
    "auth.home": "leads to sign-in",
    "auth.sign_in": "the way in",
    "auth.forgotten": "the same answer for everybody",
    "auth.reset_asked": "the same answer for everybody",
    "auth.password": "opened by a secret link",
    "mine.index": "the same answer for everybody",
    "mine.ask_for_link": "the same answer for everybody",
    "mine.sent": "the same answer for everybody",
    "mine.link.show": "opened by a secret link",
    "mine.link.redeem": "opened by a secret link",
    "genuine.index": "the same answer for everybody",
    "genuine.find": "the same answer for everybody",
    "genuine.show": "says that a report was made, to who holds its signature; of whom and what, to nobody",
    "language.choose": "changes nothing but the language",
    "take.link.show": "opened by a secret link",
    "take.link.redeem": "opened by a secret link",
    "survey.link.show": "opened by a secret link",
    "survey.link.redeem": "opened by a secret link",
    "coachee.link.show": "opened by a secret link",
    "coachee.link.redeem": "opened by a secret link",
    "take.display.show": "how pages look in this browser; names nobody",
    "take.display.keep": "how pages look in this browser; names nobody",
}
AREAS = {"console.": "hana", "coaching.": "cole", "admin.": "ada", "auth.": "any"}
AREAS |= {f"{area}.inside.": "nobody" for area in ("take", "mine", "survey", "coachee")}
STRANGER, SIGN_IN = "a stranger", "/auth/sign-in"
EVERYBODY = [STRANGER, "hana", "cole", "carl", "paula", "ada", "otto", "olga", "cleo"]
# Who may do what is decided above the database. PostgreSQL sees the walks that come to every page: it refuses what
# SQLite lets pass, as when something is written where a page is only read.
DATABASES = ["sqlite"]
WALKS = [("sqlite", who) for who in EVERYBODY] + [("postgresql", "hana"), ("postgresql", "cole")]


@pytest.fixture
def routes(app, session, engine, registry, cast, now):
    """Every rule and method with the address of an object of Acme, and the endpoints that lead to one."""
    app.config["WTF_CSRF_ENABLED"] = False  # what is asked here is who, not from where
    olga = factories.user(session, cast.birch, "olga", Role.ADMIN, now=now)
    vars(cast)["olga"] = olga  # the one admin of Birch, for this test alone
    for home, name in ((cast.acme, "carl"), (cast.birch, "cleo")):  # coaches, but of nobody
        vars(cast)[name] = factories.user(session, home, name, Role.COACH, now=now)
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    report = reporting.request(session, cast.hana, attempt.assignment, "hiring", registry, now=now)
    asked = privacy_requests.ask(session, attempt.assignment.person, RequestKind.REVIEW, "Why?", now=now)
    batch = report_batches.request(session, cast.hana, [attempt.assignment], "hiring", language="en", now=now)
    report_batches.prepare(session, batch, registry, now=now)
    reporting.store(session, report, b"%PDF", now=now)
    position = attempt.assignment.campaign.position
    survey = experts.rated(session, cast.hana, position, [{attempt.assignment.person: 4}], now=now)
    until = (now + timedelta(days=7)).date()
    leaders = surveys.create(session, cast.hana, SurveyKind.LEADER, title="Leaders", until=until, now=now)
    climate = surveys.create(session, cast.hana, SurveyKind.CLIMATE, title="Climate", until=until, now=now)
    place = surveys.ask(session, cast.hana, leaders, attempt.assignment.person, now=now)
    export = exports.request(session, cast.hana, Scope(0), Format.CSV, registry, now=now)
    view = saved_views.save(session, cast.hana, "results", "Mine", {"sort": ["match"]}, now=now)
    raters = factories.perspective_round(session, registry.newest("general"), cast.hana, [4] * 5, now=now)
    key = perspective.publish(session, cast.hana, raters, registry, source="Raters", importance={}, now=now)
    bench = factories.roster(session, cast.hana, attempt.assignment.person, role=position, now=now)
    coaching = caseload.assign(session, cast.hana, attempt.assignment.person, cast.cole, now=now)
    colleagues = feedback_rounds.answered(session, cast.cole, coaching, ["colleagues"] * 3, now=now)
    session.flush()
    again = reassessments.ask(session, cast.cole, coaching, registry, form="short", until=until, now=now)
    coaching_report = coaching_reports.request(session, cast.cole, coaching, registry, now=now)
    reporting.store(session, coaching_report, b"%PDF", now=now)
    goal = factories.goal(session, coaching, now=now)
    talk = check_ins.plan(session, cast.cole, coaching, Slot(until, time(10), 30), now=now)
    wanted = caseload.ask(session, cast.cole, Invitee("Wanda Wanted", "wanda@people.example"), now=now)
    session.commit()
    objects = {
        "console.assignments": attempt.assignment,
        "console.exports": export,
        "console.campaigns": attempt.assignment.campaign,
        "console.campaign_changes": attempt.assignment.campaign,
        "console.campaign_invitations": attempt.assignment.campaign,
        "console.campaign_people": attempt.assignment.campaign,
        "console.campaign_results": attempt.assignment.campaign,
        "console.position_results": attempt.assignment.campaign.position,
        "console.shortlist": attempt.assignment,
        "console.views": view,
        "console.comparisons": attempt.assignment.campaign,
        "console.perspective": raters,
        "console.perspective_keys": key,
        "console.results": attempt.assignment,
        "console.positions": attempt.assignment.campaign.position,
        "console.previews": attempt.assignment,
        "console.reports": report,
        "console.report_pages": report,
        "console.reports.batches": batch,
        "console.reports.orders": attempt.assignment.campaign,
        "console.people": attempt.assignment.person,
        "console.coaches": attempt.assignment.person,
        "console.coachings": coaching,
        "console.requests": asked,
        "console.rosters": bench,
        "console.rosters.members": bench,
        "console.survey_patterns": survey,
        "console.climate": climate,
        "console.self_checks": leaders,
        "console.surveys": leaders,
        "console.surveys.places": place,
        "mine.inside": attempt.assignment,
        "coaching.assessments": coaching,
        "coaching.caseload": coaching,
        "coaching.caseload.asked": wanted,
        "coaching.check_ins": coaching,
        "coaching.feedback": coaching,
        "coaching.feedback.rounds": colleagues,
        "coaching.feedback.raters": feedback_rounds.places(session, colleagues)[1],
        "coaching.plans": coaching,
        "coaching.reassessments": again,
        "coaching.plans.one": goal.plan,
        "coaching.plans.of_plans": goal.plan,
        "coaching.plans.goals": goal,
        "coaching.plans.of_goals": goal,
        "coaching.plans.actions": goal.actions[0],
        "coaching.check_ins.one": talk,
        "coaching.reports": coaching,
        "coaching.reports.made": coaching_report,
        "coachee.inside": coaching,
        "coachee.inside.feedback": colleagues,
        "coachee.inside.actions": goal.actions[0],
        "coachee.inside.goals": goal,
        "coachee.inside.talks": talk,
        "admin.users": cast.hana,
    }
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN:
            continue
        owner = objects.get(rule.endpoint.rpartition(".")[0])
        values = {"public_id": owner.public_id if owner else None, "position": 1, "number": 1, "kind": "hiring"}
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
        found += [
            (rule.endpoint, method, address, "public_id" in rule.arguments)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
        ]
    session.rollback()
    return sorted(found, key=lambda route: _takes_away(route[0]))


def _takes_away(endpoint):
    """What a walk takes away, it takes away last: actions, then their goal, then the coaching."""
    last = (".actions.delete", ".goals.delete", ".take_back", ".end")
    return next((number for number, each in enumerate(last, 1) if endpoint.endswith(each)), 0)


def test_open_endpoints_are_the_ones_named_here(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    closed = {endpoint for endpoint in endpoints if endpoint.startswith(tuple(AREAS))} - set(OPEN)
    assert endpoints - closed == set(OPEN)


def test_every_blueprint_but_the_open_ones_has_a_guard(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN:
            parts = rule.endpoint.split(".")[:-1]
            names = [".".join(parts[: end + 1]) for end in range(len(parts))]
            assert any(app.before_request_funcs.get(name) for name in names), rule


def test_addresses_are_kebab_case_and_ids_are_uuids(app):
    for rule in app.url_map.iter_rules():
        fixed = "".join(part for is_dynamic, part in rule._trace if not is_dynamic)
        assert fixed == fixed.lower(), rule
        assert "_" not in fixed, rule
        if "public_id" in rule.arguments:
            assert "<uuid:public_id>" in rule.rule, rule


@pytest.mark.parametrize(("database_url", "who"), WALKS, indirect=["database_url"])
def test_routes_open_for_whom_they_are_meant(routes, client, browser_of, cast, who, app):
    browser = client if who == STRANGER else browser_of(who)
    assert len(routes) > 30
    for endpoint, method, address, has_object in routes:
        browser = _again(browser, who, browser_of)
        data = {"kind": "hiring"} if method == "POST" else None
        response = browser.open(address, method=method, data=data)
        expected = _expected(endpoint, who, has_object=has_object)
        assert _outcome(response) == expected, f"{who}: {method} {address} gave {response.status}"


def _again(browser, who, browser_of):
    """Sign out and sign-out-everywhere are among the routes: sign in again for each."""
    return browser if who == STRANGER else browser_of(who)


def _expected(endpoint, who, *, has_object):
    area = next(prefix for prefix in AREAS if endpoint.startswith(prefix))
    if area.endswith(".inside."):
        return "nothing there"
    if who == STRANGER:
        return "sign in"
    if area == "auth.":
        return "open"
    insiders = {
        "console.": ("hana", "otto"),
        "coaching.": ("cole", "carl", "cleo"),
        "admin.": ("ada", "olga"),
    }[area]
    if who not in insiders:
        return "nothing there"
    has_none_of_these = who in ("otto", "olga", "carl", "cleo")
    return "nothing there" if has_object and has_none_of_these else "open"


def _outcome(response):
    if response.status_code == 302 and response.location.startswith(SIGN_IN):
        return "sign in"
    if response.status_code == 404:
        return "nothing there"
    return "open" if response.status_code in (200, 302, 303, 409, 422) else response.status


def test_other_tenant_s_answer_is_that_of_an_object_which_does_not_exist(routes, browser_of):
    otto = browser_of("otto")
    for _, method, address, has_object in routes:
        if has_object and address.startswith("/console") and method == "GET":
            nowhere = re.sub("/[0-9a-f]{8}-", "/00000000-", address)
            assert nowhere != address
            theirs, none = otto.get(address), otto.get(nowhere)
            assert (theirs.status_code, theirs.data) == (none.status_code, none.data), address


def coaching_routes(routes):
    return [route for route in routes if route[0].startswith("coaching.") and route[3]]


@pytest.mark.parametrize("how", ["ended", "asked", "erased", "named by nobody"])
def test_nothing_of_a_person_is_open_to_a_coach_without_a_present_coaching(routes, session, browser_of, cast, how, now):
    for coaching in session.scalars(select(Coaching)):
        if how == "ended":
            coaching.ended_at = now
        elif how == "asked":
            coaching.basis, coaching.agreed_at = CoachingBasis.AGREED, None
        elif how == "erased":
            coaching.person.erased_at = now
        else:
            coaching.coach = cast.carl
    session.commit()
    cole = browser_of("cole")
    assert len(coaching_routes(routes)) > 40
    for endpoint, method, address, _has_object in coaching_routes(routes):
        is_question = (
            how == "asked" and endpoint == "coaching.caseload.asked.take_back"
        )  # which is for who has not agreed
        assert cole.open(address, method=method).status_code == (303 if is_question else 404), f"{method} {address}"


def test_nothing_is_sent_without_a_token_of_the_page(routes, app, browser_of):
    app.config["WTF_CSRF_ENABLED"] = True
    for endpoint, method, address, _has_object in routes:
        if method == "POST" and endpoint.startswith("coaching."):
            assert browser_of("cole").open(address, method=method).status_code == 400, address


def test_coach_s_pages_name_nothing_that_is_between_hr_and_person(routes, session, cast, browser_of, now):
    person = session.scalars(select(Coaching).where(Coaching.basis == CoachingBasis.ASSIGNED)).one().person
    first = session.scalars(select(Assignment).where(Assignment.person_id == person.id)).first()
    bases = [Basis.INTERVIEW]
    decisions.record(session, cast.hana, first, Outcome.REJECT, "Reason words", bases=bases, now=now)
    other = factories.user(session, cast.acme, "karla", Role.COACH, now=now)
    caseload.assign(session, cast.hana, person, other, now=now)
    plans = {"planned_for": now + timedelta(days=3), "minutes": 30, "created_at": now, "place": "Behind the mill"}
    session.add(CheckIn(organization_id=person.organization_id, person=person, coach=other, **plans))
    past = plans | {
        "planned_for": now - timedelta(days=3),
        "held_at": now,
        "place": "",
        "private_notes": "Hidden words",
    }
    session.add(CheckIn(organization_id=person.organization_id, person=person, coach=other, **past))
    session.commit()
    secret = ("Job of Cora", "Reason words", "Behind the mill", "Hidden words", "hiring", "Hiring", "target range")
    cole = browser_of("cole")
    for endpoint, method, address, _has_object in routes:
        if method == "GET" and endpoint.startswith("coaching."):
            said = cole.get(address, follow_redirects=True).data.decode(errors="replace")
            assert [each for each in secret if each in said] == [], address


def test_hr_s_pages_name_nothing_that_is_between_coach_and_person(routes, session, browser_of, now):
    plan, talk = session.scalars(select(CoachingPlan)).one(), session.scalars(select(CheckIn)).one()
    talk.held_at, talk.shared_notes, talk.private_notes, talk.place = now, "Shared words", "Private words", "Room 4711"
    plan.title, plan.goals[0].title, plan.goals[0].own_evidence = "Plan words", "Goal words", "Evidence words"
    report = session.scalars(select(ReportFile).where(ReportFile.coaching_id.is_not(None))).one()
    survey = session.scalars(select(SurveyRound).where(SurveyRound.about_id.is_not(None))).one()
    places = feedback_rounds.places(session, survey)
    secret = {"Shared words", "Private words", "Room 4711", "Plan words", "Goal words", "Evidence words", survey.title}
    secret |= {str(each.public_id) for each in (plan, *plan.goals, talk, report, survey, *places)} | {report.reference}
    session.commit()
    hana = browser_of("hana")
    seen = []
    for endpoint, method, address, _has_object in routes:
        if method == "GET" and endpoint.startswith("console."):
            for asked in (address, f"{address}?q=words", f"{address}?q=feedback"):
                said = hana.get(asked).data.decode(errors="replace")
                seen.append(said)
                assert [each for each in secret if each in said] == [], asked
    assert any("Cora Candidate" in said for said in seen)
