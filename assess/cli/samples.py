"""Sample reports: one of each kind for each edition, on simulated people, without a database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from assess.banks.registry import Registry
from assess.cli.coaching_samples import of_a_coachee
from assess.cli.company_samples import company_context
from assess.cli.roster_samples import in_a_team, on_a_bench
from assess.cli.sample_people import ROLES, SampleFrame, frame_of, one_person, several_people
from reports.context import Paper
from reports.document import Document
from reports.kinds import (
    COACHING,
    COMPANY,
    COMPARISON,
    KINDS,
    PROMOTION,
    TEAM,
    build,
    build_coaching,
    build_company,
    build_comparison,
    build_promotion,
    build_team,
)

CODES = {COMPANY: "view"}  # in references, where a kind's own first letters are another's


class Sample(NamedTuple):
    """A report and what its file is called."""

    name: str
    document: Document
    made_at: datetime


def samples(registry: Registry, editions: Collection[str], *, paper: Paper, language: str) -> Iterator[Sample]:
    """Give one report of each kind for each of `editions`."""
    for edition in editions:
        for kind, make in _makers(registry, edition).items():
            frame = frame_of(edition, CODES.get(kind, kind), paper=paper, language=language)
            yield Sample(f"{edition}-{kind}", make(frame), frame["made_at"])


def _makers(registry: Registry, edition: str) -> Mapping[str, Callable[[SampleFrame], Document]]:
    """Return what makes a sample of each kind."""
    bank, role = registry.newest(edition), registry.families[ROLES[edition]]

    def on_one_person(kind: str) -> Callable[[SampleFrame], Document]:
        return lambda frame: build(kind, one_person(bank, registry, role, frame))

    return {
        **{kind: on_one_person(kind) for kind in KINDS},
        COMPARISON: lambda frame: build_comparison(several_people(bank, role, frame)),
        COACHING: lambda frame: build_coaching(of_a_coachee(bank, registry, role, frame)),
        PROMOTION: lambda frame: build_promotion(on_a_bench(bank, registry, role, frame)),
        TEAM: lambda frame: build_team(in_a_team(bank, registry, role, frame)),
        COMPANY: lambda frame: build_company(company_context(bank, frame)),
    }
