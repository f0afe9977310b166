"""The simulated people of sample reports, and what reports on one of them and on several say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from assess import __version__
from assess.banks.model import Bank
from assess.banks.parts import AbilityItem
from assess.banks.registry import Registry
from assess.banks.wording import RoleFamily
from assess.scoring.further import Further, further
from assess.scoring.interpret import Match, match_pattern
from assess.scoring.parameters import starting_parameters
from assess.scoring.perspective import CompanyKey
from assess.scoring.result import Result
from assess.scoring.score import score
from assess.scoring.simulated import (
    Manner,
    draw_position,
    solved_responses,
    statement_responses,
    view_responses,
)
from reports.context import Candidate, ComparisonContext, FrameValues, Paper, ReportContext

FORM = "standard"
ROLES = {  # the role family that stands for an edition
    "general": "contact-centre-agent",
    "healthcare": "ward-and-patient-desk",
    "finance": "claims-handler",
    "retail": "retail-associate",
    "hospitality": "front-desk",
}
FIRMS = {
    "general": "Acme Service",
    "healthcare": "Saint Brigid Hospital",
    "finance": "Harbour Mutual",
    "retail": "Elm Street Stores",
    "hospitality": "Hotel Aurora",
}
PERSON = "Simone Simulated"
ASKED_AT = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)  # of every sample, so that the same program writes the same bytes
HANDED_IN = datetime(2026, 1, 14, 16, 40, tzinfo=UTC)
BEGAN = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
KEPT_UNTIL = date(2028, 1, 14)
SECONDS = 6.0  # for a line
SEED = 2_026
USUAL = Manner()
CANDIDATES: Mapping[str, Manner] = {  # of the comparison, with how they answer
    PERSON: USUAL,
    "Sami Simulated": USUAL,
    "Selma Simulated": Manner(flatters=2.0),
    "Stellan Simulated": Manner(pace=0.12, inattentive=True),
    "Svea Simulated": Manner(skips=("empathy",)),
    "Σοφία Simulated": USUAL,
}
ABILITIES = (0.4, -0.2)  # the person's places on vocabulary and numerical reasoning


class Taken(NamedTuple):
    """What a simulated person's answers amount to."""

    result: Result
    match: Match | None
    further: Further | None


class SampleFrame(FrameValues):
    """What every sample says around its subject."""

    simulated: bool


def one_person(bank: Bank, registry: Registry, role: RoleFamily, frame: SampleFrame) -> ReportContext:
    """Return what a report on one simulated person says, who took every part."""
    taken = take(bank, role, np.random.default_rng(SEED))
    return ReportContext(
        **frame,
        bank=bank,
        wording=registry.wording,
        result=taken.result,
        parameters=starting_parameters(bank),
        match=taken.match,
        person=PERSON,
        position=role.name,
        targets=role.target,
        pattern_source=pattern_source(role),
        purpose="hiring",
        started_at=BEGAN,
        submitted_at=HANDED_IN,
        retention_until=KEPT_UNTIL,
        scored_with=__version__,
        further=taken.further,
    )


def several_people(bank: Bank, role: RoleFamily, frame: SampleFrame) -> ComparisonContext:
    """Return what a comparison of simulated people says."""
    return ComparisonContext(
        **frame,
        bank=bank,
        parameters=starting_parameters(bank),
        position=role.name,
        targets=role.target,
        pattern_source=pattern_source(role),
        candidates=tuple(
            candidate(name, take(bank, role, np.random.default_rng(SEED + number), manner), number)
            for number, (name, manner) in enumerate(CANDIDATES.items())
        ),
        retention_until=KEPT_UNTIL,
        scored_with=(__version__,),
    )


def candidate(name: str, taken: Taken, number: int) -> Candidate:
    """Return a simulated person as one of several."""
    return Candidate(
        name=name,
        result=taken.result,
        match=taken.match,
        seed=SEED,
        further=taken.further,
        submitted_at=HANDED_IN - timedelta(days=number),
        answered_in="en",
        simulated=True,
    )


def take(bank: Bank, role: RoleFamily, rng: np.random.Generator, manner: Manner = USUAL) -> Taken:
    """Let somebody answer everything, and score it."""
    parameters = starting_parameters(bank)
    said = statement_responses(bank, draw_position(bank, rng), rng, form=FORM, manner=manner)
    times = dict.fromkeys(said, int(1_000 * SECONDS * manner.pace))
    result = score(bank, FORM, parameters, said, milliseconds=times)
    beside = view_responses(bank, rng)
    given = [policy.code for policy in bank.perspective] + [scene.code for scene in bank.situations]
    asked: tuple[Sequence[AbilityItem], ...] = ()
    if bank.proficiency is not None:
        asked = (bank.proficiency.vocabulary, bank.proficiency.numerical)
    for questions, place in zip(asked, ABILITIES, strict=False):
        codes = [each.code for each in questions][::2]
        beside |= solved_responses(bank, codes, place, rng)
        given += codes
    found = further(bank, parameters, beside, given=given, key=CompanyKey.default(bank), seed=SEED)
    return Taken(result, match_pattern(result, role.target, seed=SEED), found)


def pattern_source(role: RoleFamily) -> str:
    """Return where a role family's pattern comes from."""
    return f"{role.name}: {role.source}; version 1"


def frame_of(edition: str, kind: str, *, paper: Paper, language: str) -> SampleFrame:
    """Return what every sample says around its subject."""
    return {
        "organization": FIRMS[edition],
        "contact": "people@company.example",
        "made_at": ASKED_AT,
        "time_zone": "Europe/Dublin",
        "reference": f"SAMPLE-{edition[:3]}-{kind[:3]}".upper(),
        "program_version": __version__,
        "simulated": True,
        "paper": paper,
        "language": language,
    }
