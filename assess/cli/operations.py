"""Commands that run the installation."""

from __future__ import annotations

import click

from assess.cli.installation import Installation, clock


@click.group()
def db() -> None:
    """Bring the database to the newest version."""


@db.command("upgrade")
def upgrade_database() -> None:
    """Create the tables, or change them to what this program needs."""
    from assess.services import database  # noqa: PLC0415

    installation = Installation()
    database.upgrade(database.writing(installation.engine))
    click.echo("The database is up to date.")


@click.command()
def check() -> None:
    """List the settings with their values and meanings, and judge them."""
    from assess.config import PREFIX, Settings  # noqa: PLC0415
    from assess.services import database  # noqa: PLC0415

    installation = Installation()
    settings = installation.settings
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "(set)" if value and name in ("secret_key", "mail_url", "database_url") else value or ""
        click.echo(f"{PREFIX}{name.upper():<18} {shown!s:<28} {field.description}")
    if not settings.is_secure:
        click.echo("Note: the base URL is not https, so cookies are not marked Secure. Fine on your own machine only.")
    if not settings.mail_url:
        click.echo(f"Note: no mail server is set; messages are written to {settings.data / 'mail'}.")
    if installation.engine.dialect.name == "postgresql" and not settings.secret_key:
        click.echo("Note: ASSESS_SECRET_KEY is not set. Before a second machine joins, set one for all of them.")
    database.require_current(installation.engine)
    for weakness in database.weaknesses(installation.engine):
        click.echo(f"Warning: {weakness}")
    click.echo(f"The database is up to date; the item banks are sound ({len(installation.registry.banks)} read).")


@click.command()
def worker() -> None:
    """Send mail, score attempts and make reports, until stopped."""
    from assess.cli.worker import work  # noqa: PLC0415

    work(Installation(), clock=clock)


@click.command()
@click.option("--no-worker", is_flag=True, help="start the web server alone")
def serve(no_worker: bool) -> None:
    """Start the web server and a worker; Ctrl-C ends both."""
    from assess.cli.supervisor import supervise  # noqa: PLC0415

    supervise(Installation(), with_worker=not no_worker)
