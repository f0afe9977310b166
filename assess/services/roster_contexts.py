"""
What reports on benches and teams say, gathered from the database.

Who was on the list and what the roles asked for may change afterwards; it stands in the report's `inputs` as it was.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assess.banks.registry import Registry
from assess.banks.wording import Target
from assess.models import Assignment, PatternVersion, ReportFile, Result
from assess.scoring.interpret import match_pattern
from assess.services import results
from assess.services.assignments import retention_until
from assess.services.calibrations import parameters_of
from assess.services.report_contexts import candidate_of, earlier_of, frame_of, handed_in_at, names_of
from assess.services.seals import Sealer
from reports.context import Candidate
from reports.rosters import PromotionContext, Role, TeamContext, TeamMember


def role_as_it_is(pattern: PatternVersion) -> dict[str, Any]:
    """Return a role with what it asks for, as it is kept in the inputs of a report."""
    source = f"{pattern.source}; version {pattern.version}"
    return {"title": pattern.position.title, "source": source, "targets": pattern.targets}


def promotion_of(report: ReportFile, registry: Registry, sealer: Sealer | None = None) -> PromotionContext:
    """Return everything that a promotion report says; without `sealer` it says nothing of being genuine."""
    row, given = report.result, report.inputs
    if row is None or given is None:
        raise ValueError(f"report {report.id} is not on somebody's promotion")
    reading, attempt = results.read(row, registry), row.attempt
    assignment, target = attempt.assignment, _role(given["target"])
    present = _role(given["present"]) if given["present"] else None
    seed = results.seed_of(attempt)
    return PromotionContext(
        **frame_of(report, assignment, sealer),
        bank=reading.bank,
        wording=registry.wording,
        result=reading.result,
        parameters=parameters_of(row.parameter_set),
        match=match_pattern(reading.result, target.targets, seed=seed),
        person=assignment.person.name,
        position=target.title,
        targets=target.targets,
        pattern_source=target.source,
        purpose=assignment.campaign.purpose.value,
        started_at=attempt.started_at,
        submitted_at=handed_in_at(row),
        retention_until=min(retention_until(each, assignment.organization) for each in assignments_of(report)),
        scored_with=row.program_version,
        simulated=assignment.person.is_simulated,  # of the others each says so where it is named
        seed=seed,
        present=present,
        present_match=match_pattern(reading.result, present.targets, seed=seed) if present else None,
        bench=given["roster"],
        others=_others(report, target, registry),
        n_without_result=given["without_result"],
        earlier=earlier_of(_of_the_person(report), registry),
        answered_for=given["answered_for"],
    )


def team_of(report: ReportFile, registry: Registry, sealer: Sealer | None = None) -> TeamContext:
    """Return everything that a team's report says; without `sealer` it says nothing of being genuine."""
    rows, given, assignments = report.results, report.inputs, assignments_of(report)
    if not rows or given is None:
        raise ValueError(f"report {report.id} is on no team")
    reading = results.read(rows[0], registry)
    roles = [_role(each) for each in given["roles"]]
    members = [
        _member(row, name, roles[place] if place is not None else None, registry)
        for row, name, place in zip(rows, names_of(rows), given["role_of"], strict=True)
    ]
    return TeamContext(
        **frame_of(report, assignments[0], sealer),
        simulated=any(each.person.is_simulated for each in assignments),
        bank=reading.bank,
        wording=registry.wording,
        climate=registry.surveys.climate.statement,
        parameters=parameters_of(rows[0].parameter_set),
        team=given["roster"],
        members=tuple(sorted(members, key=lambda member: member.name)),
        left_out=tuple((reason, n) for reason, n in given["left_out"]),
        retention_until=min(retention_until(each, each.organization) for each in assignments),
        scored_with=tuple(sorted({row.program_version for row in rows})),
    )


def assignments_of(report: ReportFile) -> list[Assignment]:
    """Return the assignments that the results of a report are of."""
    return [row.attempt.assignment for row in report.results]


def _role(kept: dict[str, Any]) -> Role:
    targets = tuple(Target.model_validate(target) for target in kept["targets"])
    return Role(title=kept["title"], source=kept["source"], targets=targets)


def _of_the_person(report: ReportFile) -> list[Result]:
    """Return the other results of whom the report is on."""
    return [each.result for each in report.compared if _person_of(each.result) == _person_of(report.result)]


def _others(report: ReportFile, target: Role, registry: Registry) -> tuple[Candidate, ...]:
    """Return the others on the bench with their matches with the target role; their names where they may be said."""
    names_others = (report.inputs or {})["names_others"]
    rows = [each.result for each in report.compared if _person_of(each.result) != _person_of(report.result)]
    found = [
        candidate_of(row, name if names_others else "", registry)
        for row, name in zip(rows, names_of(rows), strict=True)
    ]
    return tuple(
        replace(each, match=match_pattern(each.result, target.targets, seed=each.seed), further=None) for each in found
    )


def _member(row: Result, name: str, role: Role | None, registry: Registry) -> TeamMember:
    return TeamMember(
        name=name,
        role=role,
        result=results.read(row, registry).result,
        submitted_at=handed_in_at(row),
        simulated=row.attempt.assignment.person.is_simulated,
    )


def _person_of(row: Result | None) -> int | None:
    return row.attempt.assignment.person_id if row else None
