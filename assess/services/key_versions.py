"""Published versions of the company's view: which there are, what each changed, and what has been compared with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.models import Attempt, ConsensusKey, Person, SurveyPlace, User
from assess.scoring.company_view import Change, CompanyView, changes, view_of
from assess.services import consensus_keys
from assess.services.access import Permission, require
from assess.services.paging import Listing, cut

NEWEST = ConsensusKey.id.desc()  # first


@dataclass(frozen=True, slots=True)
class Version:
    """A version as its page shows it."""

    bank: Bank
    view: CompanyView
    before: ConsensusKey | None  # the version before it; none: the edition's default key
    changes: tuple[Change, ...]
    newest: int  # version in force
    n_begun: int
    n_handed_in: int
    is_simulated: bool


def versions_of(session: Session, user: User, *, page: int = 1) -> Listing[tuple[ConsensusKey, int]]:
    """
    Return a page of the organisation's versions, newest first, each with how many attempts are compared with it.

    A constant number of queries.
    """
    require(user, Permission.SURVEY_READ)
    keys, listing = cut(session, select(ConsensusKey.id).where(*_published(user)).order_by(NEWEST), number=page)
    counted = (
        select(Attempt.consensus_key_id, func.count(Attempt.id))
        .where(Attempt.consensus_key_id.in_(keys))
        .group_by(Attempt.consensus_key_id)
    )
    uses = dict(session.execute(counted).all())
    rows = session.scalars(select(ConsensusKey).where(ConsensusKey.id.in_(keys)).order_by(NEWEST))
    return listing.of([(row, uses.get(row.id, 0)) for row in rows])


def newest_of(session: Session, user: User) -> dict[str, ConsensusKey]:
    """Return the version in force of each edition that has one; one query."""
    require(user, Permission.SURVEY_READ)
    last = select(func.max(ConsensusKey.id)).where(*_published(user)).group_by(ConsensusKey.edition)
    return {row.edition: row for row in session.scalars(select(ConsensusKey).where(ConsensusKey.id.in_(last)))}


def version_of(session: Session, user: User, row: ConsensusKey, registry: Registry) -> Version:
    """Return what there is to say of the version `row`."""
    require(user, Permission.SURVEY_READ)
    bank, view = bank_of(row, registry), view_of_row(row, registry)
    before = _before(session, row)
    known = consensus_keys.key_of(before, bank)
    begun, handed_in = session.execute(
        select(func.count(Attempt.id), func.count(Attempt.submitted_at)).where(Attempt.consensus_key_id == row.id)
    ).one()
    newest = consensus_keys.newest(session, row.organization_id, row.edition)
    return Version(
        bank=bank,
        view=view,
        before=before,
        changes=changes(view_of(bank, known), view) if known else (),
        newest=newest.version if newest else row.version,
        n_begun=begun,
        n_handed_in=handed_in,
        is_simulated=is_simulated(session, row),
    )


def bank_of(row: ConsensusKey, registry: Registry) -> Bank:
    """Return the bank whose statements the raters of `row` were asked; the newest where that was not noted yet."""
    return registry.bank(row.edition, row.bank_version) if row.bank_version else registry.newest(row.edition)


def view_of_row(row: ConsensusKey, registry: Registry) -> CompanyView:
    """Return what the published version `row` says."""
    bank = bank_of(row, registry)
    key = consensus_keys.key_of(row, bank)
    if key is None:
        raise ValueError(f"consensus key {row.id} holds no key")
    return view_of(bank, key)


def is_simulated(session: Session, row: ConsensusKey) -> bool:
    """Whether somebody among the raters is simulated."""
    if row.round_id is None:
        return False
    found = exists().where(
        SurveyPlace.round_id == row.round_id,
        SurveyPlace.submitted_at.is_not(None),
        SurveyPlace.person_id == Person.id,
        Person.is_simulated,
    )
    return bool(session.scalar(select(found)))


def newer_than(session: Session, row: ConsensusKey | None, organization_id: int, edition: str) -> ConsensusKey | None:
    """Return the version in force if it was published after `row`, the default key if None; else None."""
    found = consensus_keys.newest(session, organization_id, edition)
    return found if found is not None and (row is None or found.version > row.version) else None


def _published(user: User) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of the published versions of the organisation of `user`."""
    return ConsensusKey.organization_id == user.organization_id, ConsensusKey.published_at.is_not(None)


def _before(session: Session, row: ConsensusKey) -> ConsensusKey | None:
    return session.scalar(
        select(ConsensusKey)
        .where(
            ConsensusKey.organization_id == row.organization_id,
            ConsensusKey.edition == row.edition,
            ConsensusKey.version < row.version,
        )
        .order_by(ConsensusKey.version.desc())
        .limit(1)
    )
