"""Stored versions of item parameters and norms, as scoring understands them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.models import NormGroup, ParameterSet
from assess.scoring import parameters as scoring
from assess.scoring.result import Norm
from assess.services.database import dialect_insert, once_per_row


def provisional_parameters(session: Session, bank: Bank, *, now: datetime) -> ParameterSet:
    """Return the stored starting parameters of `bank`, stored now if these very numbers never were."""
    content, checksum = _starting(bank)
    same = select(ParameterSet).where(
        ParameterSet.edition == bank.edition,
        ParameterSet.bank_version == bank.version,
        ParameterSet.checksum == checksum,
        ParameterSet.organization_id.is_(None),
    )
    known = session.scalar(same)
    if known is not None:
        return known
    new = dialect_insert(session)(ParameterSet).values(
        edition=bank.edition,
        bank_version=bank.version,
        version=content.version,
        source=content.source,
        is_provisional=content.provisional,
        n=0,
        checksum=checksum,
        content=content.to_json(),
        created_at=now,
    )
    session.execute(new.on_conflict_do_nothing())  # somebody else may be the first at the same moment
    return session.scalars(same).one()


@once_per_row
def parameters_of(row: ParameterSet) -> scoring.ParameterSet:
    """Return the parameters stored in `row`."""
    return scoring.ParameterSet.from_json(row.content)


def norm_of(row: NormGroup | None) -> Norm | None:
    """Return the norm stored in `row`."""
    if row is None:
        return None
    scales = {scale: (mean, sd) for scale, (mean, sd) in row.scales.items()}
    return Norm(name=row.name, version=row.version, n=row.n, collected=row.collected, scales=scales)


def _starting(bank: Bank) -> tuple[scoring.ParameterSet, str]:
    content = scoring.starting_parameters(bank)
    text = json.dumps(content.to_json(), sort_keys=True)
    return content, hashlib.sha256(text.encode()).hexdigest()
