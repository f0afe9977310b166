"""A sample of the report on a company's view of good service, with simulated raters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from assess.banks.model import Bank
from assess.cli.sample_people import KEPT_UNTIL, SEED, SampleFrame
from assess.scoring.company_view import groups_of, view_of
from assess.scoring.perspective import CompanyKey
from reports.company import CompanyContext

RATERS = {"Front line": 7, "Team leaders": 5, "Head office": 2}  # simulated, by group; not all of them may be shown
ASSESSED = 10  # simulated people who answered the same statements
SPREAD = 0.6  # of raters about the author's default key, in steps
SPLIT = 0.2  # share of statements on which raters fall into two camps


def company_context(bank: Bank, frame: SampleFrame) -> CompanyContext:
    """Return what a sample says; without a climate survey, as in most companies."""
    rng = np.random.default_rng(SEED)
    codes = [policy.code for policy in bank.perspective]
    camps = {code: float(rng.choice([-1.7, 1.7])) for code in codes if rng.random() < SPLIT}
    groups = {name: [sheet_of_rater(bank, camps, rng) for _rater in range(n)] for name, n in RATERS.items()}
    sheets = [sheet for group in groups.values() for sheet in group]
    ratings = {code: [sheet[code] - 1 for sheet in sheets] for code in codes}
    assessed = {"Team leader": [sheet_of_rater(bank, {}, rng) for _person in range(ASSESSED)]}
    return CompanyContext(
        **frame,
        bank=bank,
        view=view_of(bank, CompanyKey(2, {}, ratings, {codes[1]: 2.0, codes[7]: 0.0})),
        version=2,
        source="Fourteen simulated raters from three groups",
        note="The second round, after the returns policy was settled.",
        published_at=frame["made_at"],
        raters=groups_of(codes, groups),
        assessed=groups_of(codes, assessed),
        climate=None,
        kept_until=KEPT_UNTIL,
    )


def sheet_of_rater(
    bank: Bank, camps: Mapping[str, float], rng: np.random.Generator, *, spread: float = SPREAD
) -> Mapping[str, int]:
    """Return the choices of one simulated rater: near the author's default key, or in one of two camps."""
    default = bank.default_key or {}
    side = float(rng.choice([-1.0, 1.0]))
    means: Sequence[float] = [
        default.get(policy.code, 3.0) + side * camps.get(policy.code, 0.0) for policy in bank.perspective
    ]
    drawn = np.rint(np.clip(rng.normal(means, spread), 1, 5)).astype(int)
    return {policy.code: int(choice) for policy, choice in zip(bank.perspective, drawn, strict=True)}
