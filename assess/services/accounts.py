"""Accounts, sign-in and passwords.

Sign-in and password reset answer known and unknown addresses alike, in words and in time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from assess.errors import LinkClosed, NotFound, Refused
from assess.models import AccessLink, LinkPurpose, Mail, Organization, Role, User, UserSession
from assess.services import addresses, audit, limits, links
from assess.services.access import Permission, require
from assess.services.database import lock
from assess.services.jobs import enqueue
from assess.services.paging import Listing, cut
from assess.services.tokens import hash_token, new_token

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=5)  # `seen_at` is that exact, so that reading pages seldom writes
RESET_LINK = timedelta(hours=1)
WELCOME_LINK = timedelta(days=7)
MIN_PASSWORD = 12
MAX_PASSWORD = 256
ROLES_CHANGED = "user.roles-changed"  # as the log names it
MIN_GUESSES = 1e8  # by zxcvbn's estimate: out of reach of guessing online, common passwords are far below

_hasher = PasswordHasher()


def add_organization(
    session: Session, name: str, *, contact: str, time_zone: str = "UTC", now: datetime
) -> Organization:
    """Add a tenant."""
    contact = addresses.email(contact)
    if session.scalar(select(Organization).where(Organization.name == name)):
        raise Refused(f"There is already an organisation named {name}.")
    organization = Organization(name=name, contact=contact, time_zone=time_zone, created_at=now)
    session.add(organization)
    session.flush()
    audit.record(
        session,
        "command",
        "organization.added",
        f"organization:{organization.id}",
        organization_id=organization.id,
        now=now,
    )
    return organization


def organization_named(session: Session, name: str) -> Organization:
    """Return the organisation called `name`."""
    found = session.scalar(select(Organization).where(Organization.name == name))
    if found is None:
        raise NotFound(f"There is no organisation named {name}.")
    return found


def add_user(
    session: Session,
    organization: Organization,
    *,
    name: str,
    email: str,
    roles: frozenset[Role],
    actor: str,
    now: datetime,
) -> User:
    """Add an account without a password; it is set by a link."""
    email = addresses.email(email)
    known = session.scalar(select(User).where(User.email == email))
    if known is not None and known.organization_id == organization.id:
        raise Refused(f"There is already an account with the address {email}.")
    if known is not None:  # another organisation's: nobody here may learn of it
        raise Refused(f"The address {email} cannot be used for a new account. Please choose another one.")
    user = User(organization=organization, name=addresses.tidy(name), email=email, created_at=now)
    user.roles = roles
    session.add(user)
    session.flush()
    audit.record(
        session, actor, "user.added", f"user:{user.id}", organization_id=organization.id, now=now, roles=_names(roles)
    )
    return user


def users_of(session: Session, by: User, *, page: int = 1) -> Listing[User]:
    """Return a page of the accounts of the organisation of `by`, by name; a constant number of queries."""
    require(by, Permission.USER_READ)
    ours = select(User.id).where(User.organization_id == by.organization_id)
    keys, listing = cut(session, ours.order_by(User.name, User.id), number=page)
    query = select(User).where(User.id.in_(keys)).order_by(User.name, User.id)
    return listing.of(session.scalars(query).all())


def welcome(session: Session, user: User, *, now: datetime) -> Mail:
    """Have a mail sent to a new user with a link to set the first password."""
    return _mail(session, user, "welcome", now=now)


def change_roles(session: Session, user: User, roles: frozenset[Role], *, by: User, now: datetime) -> None:
    """Give `user` exactly `roles`; an organisation keeps at least one admin."""
    if Role.ADMIN not in roles:
        _keep_an_admin(session, user)
    user.roles = roles
    _record(session, by, ROLES_CHANGED, user, now=now, roles=_names(roles))


def deactivate(session: Session, user: User, *, by: User, now: datetime) -> None:
    """Close an account and end its sessions."""
    if user.id == by.id:
        raise Refused("You cannot close your own account; ask another admin.")
    _keep_an_admin(session, user)
    user.deactivated_at = now
    sign_out_everywhere(session, user, by=by, now=now)
    _record(session, by, "user.deactivated", user, now=now)


def reactivate(session: Session, user: User, *, by: User, now: datetime) -> None:
    """Open a closed account again."""
    user.deactivated_at = None
    _record(session, by, "user.reactivated", user, now=now)


def stored_hash(session: Session, email: str, *, address: str, now: datetime) -> str:
    """
    Return the hash to check a password against: somebody's, or a decoy that keeps strangers waiting as long.

    Raises `TooManyTries` before any work is done. Checking takes a tenth of a second, so the caller does it with
    `verify` outside of any transaction and then hands the outcome to `sign_in`.
    """
    email = email.strip().lower()
    _check_limits(session, email, address, now=now)
    user = session.scalar(select(User).where(User.email == email))
    return user.password_hash if user is not None and user.is_active and user.password_hash else _decoy()


def verify(password_hash: str, password: str) -> bool:
    """Whether `password` has this hash; slow on purpose."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def sign_in(session: Session, email: str, *, proven: str | None, address: str, now: datetime) -> str | None:
    """
    Return the token of a new session, or None when address and password do not belong together.

    `proven` is the hash that the password was found to have, None for none. Bad tries are counted per account and
    address and per address; raises `TooManyTries` when there were too many.
    """
    email = email.strip().lower()
    _check_limits(session, email, address, now=now)
    user = session.scalar(select(User).where(User.email == email))
    if user is None or not user.is_active or proven is None or proven != user.password_hash:
        limits.count(session, limits.BAD_SIGN_INS, f"{email} {address}", now=now)
        limits.count(session, limits.BAD_SIGN_INS_OF_ADDRESS, address, now=now)
        _record(session, None, "user.sign-in-failed", user, now=now)
        return None
    limits.forget(session, limits.BAD_SIGN_INS, f"{email} {address}")
    _record(session, user, "user.signed-in", user, now=now)
    return open_session(session, user, now=now)


def session_of(session: Session, token: str, *, now: datetime) -> UserSession | None:
    """Return the live session with `token`, or None."""
    found = session.scalar(select(UserSession).where(UserSession.token_hash == hash_token(token)))
    if found is None or found.revoked_at is not None or not found.user.is_active:
        return None
    if now - found.seen_at > IDLE or now - found.created_at > ABSOLUTE:
        return None
    return found


def touch(connection: Connection, session_id: int, *, now: datetime) -> None:
    """Note that the session is in use; `connection` commits by itself."""
    connection.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=now))


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End the session with `token`."""
    found = session_of(session, token, now=now)
    if found is not None:
        found.revoked_at = now
        _record(session, found.user, "user.signed-out", found.user, now=now)


def sign_out_everywhere(session: Session, user: User, *, by: User, now: datetime) -> None:
    """End all sessions of `user`."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    _record(session, by, "user.sessions-ended", user, now=now)


def request_reset(session: Session, email: str, *, address: str, now: datetime) -> None:
    """Have a reset link sent if the account exists; do the same amount of work if it does not."""
    email = email.strip().lower()
    limits.check(session, limits.RESETS, f"{email} {address}", now=now)
    limits.count(session, limits.RESETS, f"{email} {address}", now=now)
    user = session.scalar(select(User).where(User.email == email, User.deactivated_at.is_(None)))
    enqueue(session, "password-reset", user_id=user.id if user else None, asked_at=int(now.timestamp()))


def mail_reset(session: Session, user: User, *, asked_at: datetime, now: datetime) -> None:
    """Have the mail sent, once, that somebody asked for who says that the account is theirs."""
    lock(session, user)
    since = (Mail.user_id == user.id, Mail.kind == "password-reset", Mail.created_at >= asked_at)
    if session.scalar(select(Mail.id).where(*since).limit(1)) is None:
        _record(session, None, "user.reset-asked", user, now=now)
        _mail(session, user, "password-reset", now=now)


def send_link(session: Session, user: User, *, by: User, now: datetime) -> Mail:
    """Have a link to set a password sent because an admin wishes it."""
    _record(session, by, "user.link-sent", user, now=now)
    return _mail(session, user, "welcome" if user.password_hash is None else "new-password", now=now)


def password_link(session: Session, user: User, *, lives: timedelta, now: datetime) -> str:
    """Return the token of a link with which `user` sets a password."""
    return links.issue(session, LinkPurpose.SET_PASSWORD, user=user, expires_at=now + lives, now=now)


def new_password_hash(link: AccessLink, password: str) -> str:
    """Return the hash of a new password for the link's user; `Refused` says what is wrong with it. Slow on purpose."""
    if link.user is None or not link.user.is_active:
        raise LinkClosed
    problem = password_problem(password, link.user)
    if problem:
        raise Refused(problem)
    return hash_password(password)


def set_password(session: Session, link: AccessLink, password_hash: str, *, now: datetime) -> User:
    """Set the password of the link's user, hashed before; the link and all sessions end with it."""
    user = link.user
    if user is None or not user.is_active:
        raise LinkClosed
    user.password_hash = password_hash
    links.revoke_all(session, LinkPurpose.SET_PASSWORD, user=user, now=now)
    sign_out_everywhere(session, user, by=user, now=now)
    _record(session, user, "user.password-set", user, now=now)
    return user


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`."""
    return _hasher.hash(password)


def password_problem(password: str, user: User) -> str | None:
    """Return a sentence on what is wrong with `password`, or None. No composition rules: length and rarity count."""
    if len(password) < MIN_PASSWORD:
        return f"Please use at least {MIN_PASSWORD} characters. A few unrelated words are easy to remember."
    if len(password) > MAX_PASSWORD:
        return f"Please use at most {MAX_PASSWORD} characters."
    from zxcvbn import zxcvbn  # noqa: PLC0415 -- 30 ms of word lists that only this needs

    guesses = zxcvbn(password[:72], user_inputs=[user.name, user.email, user.organization.name])["guesses"]
    if guesses < MIN_GUESSES:
        return "This password is too easy to guess. Please choose one that is not a common phrase, name or date."
    return None


def open_session(session: Session, user: User, *, now: datetime) -> str:
    """Return the token of a new session of `user`, who has proved who they are."""
    token = new_token()
    session.add(UserSession(user=user, token_hash=hash_token(token), created_at=now, seen_at=now))
    return token


def _check_limits(session: Session, email: str, address: str, *, now: datetime) -> None:
    limits.check(session, limits.BAD_SIGN_INS, f"{email} {address}", now=now)
    limits.check(session, limits.BAD_SIGN_INS_OF_ADDRESS, address, now=now)


@cache
def _decoy() -> str:
    """Return a hash to check against when there is none, so that strangers wait as long as users."""
    return _hasher.hash(new_token())


def _keep_an_admin(session: Session, user: User) -> None:
    lock(session, user.organization)  # two admins cannot close each other's accounts at once
    colleagues = select(User).where(User.organization_id == user.organization_id)
    anew = session.scalars(colleagues, execution_options={"populate_existing": True})
    admins = [other.id for other in anew if other.is_active and Role.ADMIN in other.roles]
    if admins == [user.id]:
        raise Refused("The organisation needs at least one admin; make somebody else admin first.")


def _mail(session: Session, user: User, kind: str, *, now: datetime) -> Mail:
    mail = Mail(kind=kind, user=user, created_at=now)
    session.add(mail)
    session.flush()
    enqueue(session, "send-mail", priority=10, mail_id=mail.id)
    return mail


def _record(
    session: Session, by: User | None, action: str, user: User | None, *, now: datetime, **details: str
) -> None:
    actor = f"user:{by.id}" if by else "stranger"
    subject, organization_id = (f"user:{user.id}", user.organization_id) if user else ("user:unknown", None)
    audit.record(session, actor, action, subject, organization_id=organization_id, now=now, **details)


def _names(roles: frozenset[Role]) -> str:
    return " ".join(sorted(roles))
