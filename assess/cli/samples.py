"""Sample reports: one of each kind for each edition, on simulated people, without a database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from assess.banks.registry import Registry
from assess.cli.company_samples import company_context
from assess.cli.roster_samples import in_a_team, on_a_bench
from assess.cli.sample_people import KEPT_UNTIL, ROLES, SEED, frame_of, one_person, several_people
from reports.context import Paper
from reports.document import Document
from reports.kinds import (
    COMPANY,
    COMPARISON,
    KINDS,
    PROMOTION,
    TEAM,
    build,
    build_company,
    build_comparison,
    build_promotion,
    build_team,
)


class Sample(NamedTuple):
    """A report and what its file is called."""

    name: str
    document: Document
    made_at: datetime


def samples(registry: Registry, editions: Collection[str], *, paper: Paper, language: str) -> Iterator[Sample]:
    """Give one report of each kind for each of `editions`."""
    for edition in editions:
        bank, role = registry.newest(edition), registry.families[ROLES[edition]]
        for kind in KINDS:
            frame = frame_of(edition, kind, paper=paper, language=language)
            document = build(kind, one_person(bank, registry, role, frame))
            yield Sample(f"{edition}-{kind}", document, frame["made_at"])
        frame = frame_of(edition, COMPARISON, paper=paper, language=language)
        document = build_comparison(several_people(bank, role, frame))
        yield Sample(f"{edition}-{COMPARISON}", document, frame["made_at"])
        frame = frame_of(edition, PROMOTION, paper=paper, language=language)
        document = build_promotion(on_a_bench(bank, registry, role, frame))
        yield Sample(f"{edition}-{PROMOTION}", document, frame["made_at"])
        frame = frame_of(edition, TEAM, paper=paper, language=language)
        yield Sample(f"{edition}-{TEAM}", build_team(in_a_team(bank, registry, role, frame)), frame["made_at"])
        frame = frame_of(edition, "view", paper=paper, language=language)
        document = build_company(company_context(bank, frame, seed=SEED, kept_until=KEPT_UNTIL))
        yield Sample(f"{edition}-{COMPANY}", document, frame["made_at"])
