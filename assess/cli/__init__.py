"""The `assess` command. Each command imports what it needs when it runs, so that help is quick."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

from assess import __version__
from assess.errors import AssessError

COMMANDS = {
    "adapt": ("assess.cli.workbench.people", "Show what an adaptive test would have asked the people in a CSV."),
    "audit": ("assess.cli.records", "Check the audit log's chain of hashes."),
    "backup": ("assess.cli.backups", "Save the database to a file while everything goes on."),
    "bank": ("assess.cli.content", "Check the item banks."),
    "calibrate": ("assess.cli.workbench.scaling", "Estimate item parameters from a CSV."),
    "check": ("assess.cli.operations", "List the settings and judge them."),
    "db": ("assess.cli.operations", "Bring the database to the newest version."),
    "demo": ("assess.cli.demo", "Fill an empty database with simulated people, and print their reports."),
    "dif": ("assess.cli.workbench.groups", "Test the items of a CSV for differential functioning."),
    "fit": ("assess.cli.workbench.items", "Judge how calibrated items fit the answers in a CSV."),
    "impact": ("assess.cli.workbench.groups", "Show adverse impact on the groups in a CSV."),
    "organization": ("assess.cli.records", "Add an organisation, or say what it asks."),
    "quality": ("assess.cli.workbench.people", "Show how carefully the people in a CSV answered."),
    "reliability": ("assess.cli.workbench.items", "Show reliability and item statistics of a CSV."),
    "report": ("assess.cli.reports", "Write somebody's report, or samples of all reports."),
    "rescore": ("assess.cli.records", "Compute all stored results again."),
    "restore": ("assess.cli.backups", "Put the database back to what a backup holds."),
    "serve": ("assess.cli.operations", "Start the web server and a worker."),
    "simulate": ("assess.cli.workbench.scaling", "Let simulated people answer calibrated items."),
    "simulate-study": ("assess.cli.workbench.studies", "Simulate how accurate the measurement is."),
    "study": ("assess.cli.content", "Run a simulated study of a bank."),
    "theta": ("assess.cli.workbench.scaling", "Estimate where people stand, from a CSV."),
    "user": ("assess.cli.records", "Add an account."),
    "validity": ("assess.cli.workbench.criterion", "Show how the scores in a CSV go with a criterion."),
    "worker": ("assess.cli.operations", "Send mail, score attempts and make reports."),
}


class Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command called `cmd_name`."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(COMMANDS.items())])

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what a person can put right is said in a sentence, not in a traceback."""
        try:
            return super().invoke(ctx)
        except AssessError as error:
            click.echo(str(error), err=True)
            sys.exit(1)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="assess")
def main() -> None:
    """Rapport: assess aptitude for customer service."""
    gc.set_threshold(50_000)  # what a start imports stays; looking through it for garbage took a fifth of the time
    os.umask(0o077)  # whatever is written holds answers, links or results: it is the owner's alone
