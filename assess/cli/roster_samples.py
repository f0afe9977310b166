"""Sample reports on people who are named together: somebody on a bench for a bigger role, and a team."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from assess import __version__
from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.banks.wording import RoleFamily
from assess.cli.sample_people import (
    CANDIDATES,
    HANDED_IN,
    KEPT_UNTIL,
    SEED,
    SampleFrame,
    candidate,
    one_person,
    pattern_source,
    take,
)
from assess.scoring.interpret import match_pattern
from assess.scoring.parameters import starting_parameters
from reports.context import Earlier
from reports.rosters import PromotionContext, Role, TeamContext, TeamMember

NEXT = "service-team-leader"  # the role family that everybody's target role is of
BETWEEN = timedelta(days=270)  # two assessments of the same person
TEAM = "Simulated team"
EARLIER, LATER = 50, 60  # added to the seed, for what the comparison does not draw


def on_a_bench(bank: Bank, registry: Registry, role: RoleFamily, frame: SampleFrame) -> PromotionContext:
    """Return what a promotion report on the simulated person says, who has `role` now and was assessed before."""
    base, target = one_person(bank, registry, role, frame), registry.families[NEXT]
    shared = {name: getattr(base, name) for name in base.__dataclass_fields__}
    return PromotionContext(
        **{
            **shared,
            "match": match_pattern(base.result, target.target, seed=SEED),
            "position": target.name,
            "targets": target.target,
            "pattern_source": pattern_source(target),
            "purpose": "promotion",
            "further": None,
        },
        seed=SEED,
        present=_role(role),
        present_match=base.match,
        bench=target.name,
        others=tuple(
            candidate("", take(bank, target, np.random.default_rng(SEED + number)), number) for number in range(1, 4)
        ),
        n_without_result=1,
        earlier=(earlier_of(bank, role),),
        answered_for=role.name,
    )


def earlier_of(bank: Bank, role: RoleFamily) -> Earlier:
    """Return another result, of some months before."""
    return Earlier(
        result=take(bank, role, np.random.default_rng(SEED + EARLIER)).result,
        parameters=starting_parameters(bank),
        submitted_at=HANDED_IN - BETWEEN,
    )


def in_a_team(bank: Bank, registry: Registry, role: RoleFamily, frame: SampleFrame) -> TeamContext:
    """Return what the report on a team of simulated people says, one of whom has the bigger role."""
    roles = [_role(role), _role(registry.families[NEXT])]
    members = [
        TeamMember(
            name=name,
            role=roles[number == 0],
            result=take(bank, role, np.random.default_rng(SEED + LATER + number), manner).result,
            submitted_at=HANDED_IN - timedelta(days=number),
            simulated=True,
        )
        for number, (name, manner) in enumerate(CANDIDATES.items())
    ]
    return TeamContext(
        **frame,
        bank=bank,
        wording=registry.wording,
        climate=registry.surveys.climate.statement,
        parameters=starting_parameters(bank),
        team=TEAM,
        members=tuple(sorted(members, key=lambda member: member.name)),
        left_out=(("no result", 1),),
        retention_until=KEPT_UNTIL,
        scored_with=(__version__,),
    )


def _role(family: RoleFamily) -> Role:
    return Role(title=family.name, targets=family.target, source=pattern_source(family))
