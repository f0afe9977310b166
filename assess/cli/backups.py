"""Commands that save the database and put it back."""

from __future__ import annotations

import time
from pathlib import Path

import click

from assess.cli.installation import Installation

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@FILE
@click.option("--replace", is_flag=True, help="overwrite FILE if it exists")
def backup(file: Path, replace: bool) -> None:
    """
    Save the whole database to FILE while everything goes on.

    SQLite is copied by its own online backup, PostgreSQL by pg_dump. FILE takes its name when it is complete and has
    been read again; only its owner can read it.

    It holds all answers, results, reports and accounts, and jobs that wait. Passwords, links and sessions are in it as
    hashes only, and work after a restore. Not in it: the .eml files and the secret key in the data folder (the key
    signs forms; with a new one, pages that are open at the moment must be loaded again), and the item banks.
    """
    from assess.services import backups  # noqa: PLC0415

    began = time.monotonic()
    saved = backups.back_up(Installation().engine, file, replace=replace)
    seconds, size = time.monotonic() - began, file.stat().st_size / 1e6
    click.echo(f"Saved to {file}: {size:.1f} MB in {seconds:.1f} s.")
    click.echo(saved)


@click.command()
@FILE
@click.option("--replace", is_flag=True, help="give up the data that the database holds")
def restore(file: Path, replace: bool) -> None:
    """
    Put the database back to what FILE holds, and bring it to the newest version.

    Stop the server and all workers first. All or nothing: when it fails, the database is as it was.

    What happened after the backup is not known any more: jobs that waited wait again, so mail that has been sent since
    may be sent once more; what has been erased or withdrawn since is there again.
    """
    from assess.services import backups  # noqa: PLC0415

    began = time.monotonic()
    restored = backups.restore(Installation().engine, file, replace=replace)
    click.echo(f"Restored from {file} in {time.monotonic() - began:.1f} s.")
    click.echo(restored)
    click.echo("Next: 'assess rescore --check' and 'assess audit verify', then start the server and the workers.")
