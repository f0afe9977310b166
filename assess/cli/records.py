"""Commands on what is stored: organisations, accounts, results, the audit log."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assess.cli.installation import Installation, clock
from assess.errors import Refused


@click.group()
def organization() -> None:
    """Add an organisation, or say what it asks."""


@organization.command("add")
@click.argument("name")
@click.option("--contact", required=True, help="mail address that candidates ask, and Reply-To of mail")
@click.option("--time-zone", default="UTC", show_default=True, help="IANA name, such as Europe/Paris")
def add_organization(name: str, contact: str, time_zone: str) -> None:
    """Add the organisation NAME."""
    from zoneinfo import available_timezones  # noqa: PLC0415

    from assess.services import accounts  # noqa: PLC0415

    if time_zone not in available_timezones():
        raise click.BadParameter(f"{time_zone} is not an IANA time zone", param_hint="--time-zone")
    with Installation().session() as session:
        accounts.add_organization(session, name, contact=contact, time_zone=time_zone, now=clock())
    click.echo(f"Added {name}. Next: assess user add --organization '{name}' --email … --name … --role admin")


@organization.command("equality-questions")
@click.argument("name")
@click.argument("choice", type=click.Choice(["on", "off"]))
def equality_questions(name: str, choice: str) -> None:
    """Have the people of the organisation NAME asked the optional equality questions (on), or not (off)."""
    from assess.services import accounts, equality  # noqa: PLC0415

    with Installation().session() as session:
        equality.choose(session, accounts.organization_named(session, name), asks=choice == "on", now=clock())
    asked = "are asked" if choice == "on" else "are no longer asked"
    click.echo(f"People of {name} {asked} the optional questions after they have handed in.")


@organization.command("brand")
@click.argument("name")
@click.option("--accent", help="colour of headings and rules, such as #005a5b; dark enough to be read on white")
@click.option("--logo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PNG file")
@click.option("--paper", type=click.Choice(["A4", "Letter"]), help="that reports are made for unless asked otherwise")
@click.option("--clear", is_flag=True, help="forget colour, logo and paper first")
def brand(name: str, accent: str | None, logo: Path | None, paper: str | None, *, clear: bool) -> None:
    """Choose how reports of the organisation NAME look; what is not named stays as it is."""
    from assess.services import accounts, branding  # noqa: PLC0415

    is_named = any(each is not None for each in (accent, logo, paper))
    if not (is_named or clear):
        raise click.UsageError("Name at least one of --accent, --logo, --paper and --clear.")
    with Installation().session() as session:
        found = accounts.organization_named(session, name)
        if clear:
            branding.clear_brand(session, found, now=clock())
        if is_named:
            image = None if logo is None else _read(logo, branding.MOST_SENT)
            branding.set_brand(session, found, accent=accent, logo=image, paper=paper, now=clock())
    click.echo(f"Reports of {name} that are asked for from now on look so.")


def _read(file: Path, most: int) -> bytes:
    """Return the content of `file`, which may never end, to one byte more than `most`."""
    try:
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from None


@click.group()
def user() -> None:
    """Add an account."""


@user.command("add")
@click.option("--organization", "organization_name", required=True)
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(["hr", "coach", "psychologist", "admin"])
)
def add_user(organization_name: str, name: str, email: str, roles: tuple[str, ...]) -> None:
    """Add an account and print a link to set its password."""
    from assess.models import Role  # noqa: PLC0415
    from assess.services import accounts  # noqa: PLC0415

    installation = Installation()
    with installation.session() as session:
        found = accounts.organization_named(session, organization_name)
        added = accounts.add_user(
            session,
            found,
            name=name,
            email=email,
            roles=frozenset(Role(role) for role in roles),
            actor="command",
            now=clock(),
        )
        token = accounts.password_link(session, added, lives=accounts.WELCOME_LINK, now=clock())
    click.echo(f"Added {email}. The password is set here, within seven days:")
    click.echo(f"{installation.settings.url}/auth/password/{token}")


@click.command()
@click.option("--check", "only_check", is_flag=True, help="compare with what is stored and change nothing")
def rescore(only_check: bool) -> None:
    """Compute all stored results again from the responses, at their pinned versions."""
    from assess.services import results  # noqa: PLC0415

    if not only_check:
        raise click.UsageError("Results are never overwritten; use 'assess rescore --check' to compare them.")
    installation = Installation()
    with installation.session() as session:
        differences = list(results.differences(session, installation.registry))
        count = results.count(session)
    for difference in differences:
        click.echo(difference, err=True)
    click.echo(f"{count} results computed again, {len(differences)} differences.")
    sys.exit(1 if differences else 0)


@click.group()
def audit() -> None:
    """Check the audit log's chain of hashes."""


@audit.command("verify")
def verify_audit() -> None:
    """Follow the chain from its first event to its last."""
    from assess.services import audit as log  # noqa: PLC0415

    with Installation().session() as session:
        broken = log.first_broken(session)
    if broken is not None:
        click.echo(f"The chain is broken at event {broken}: it or one before it was changed or removed.", err=True)
        sys.exit(1)
    click.echo("The chain is whole.")
