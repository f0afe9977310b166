"""The command that writes reports: of somebody who has been assessed, or samples of simulated people."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

import click

from assess.banks.registry import default_folder, read_all
from assess.cli.installation import Installation, clock
from assess.config import Settings
from assess.errors import Refused
from assess.languages import LANGUAGES, SOURCE
from reports.context import Paper

KINDS = ("hiring", "individual")
PAPERS = ("A4", "Letter")
EDITIONS = ("general", "healthcare", "finance", "retail", "hospitality")


@click.command()
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--assignment", type=click.UUID, help="whose: the long id at the end of the address of their page")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="file to write")
@click.option(
    "--samples", type=click.Path(file_okay=False, path_type=Path), help="folder for one report of each kind and edition"
)
@click.option("--edition", "editions", multiple=True, type=click.Choice(EDITIONS), help="of the samples; all if none")
@click.option("--language", type=click.Choice(LANGUAGES), default=SOURCE, show_default=True)
@click.option("--paper", type=click.Choice(PAPERS), help="without it, the organisation's own")
def report(  # noqa: PLR0917 -- click passes them by name
    kind: str | None,
    assignment: UUID | None,
    out: Path | None,
    samples: Path | None,
    editions: tuple[str, ...],
    language: str,
    paper: Paper | None,
) -> None:
    """Write the report KIND of one person (--assignment, --out), or samples of every kind (--samples)."""
    if samples and not (kind or assignment or out):
        _write_samples(samples, editions or EDITIONS, language=language, paper=paper or "A4")
    elif kind and assignment and out and not (samples or editions):
        _write(kind, assignment, out, language=language, paper=paper or "")
    else:
        raise click.UsageError("Say KIND, --assignment and --out for one report, or --samples alone.")


def _write(kind: str, public_id: UUID, out: Path, *, language: str, paper: str) -> None:
    """Have the report made as HR would, and write what is kept of it."""
    from assess.models import ReportFile  # noqa: PLC0415
    from assess.services import jobs, reporting  # noqa: PLC0415

    installation = Installation()
    with installation.session() as session:
        asked = reporting.request_by_command(
            session, public_id, kind, installation.registry, language=language, paper=paper, now=clock()
        )
        report_id = asked.id
    make = installation.workshop.kinds()["make-report"]
    jobs.perform(installation.sessions, make, {"report_id": report_id}, clock=clock)
    with installation.session() as session:
        made = session.get_one(ReportFile, report_id)
        content, reference = reporting.content(session, made, actor="command", now=clock()), made.reference
    write_file(out, content)
    click.echo(f"{out}: {reference}")


def _write_samples(folder: Path, editions: Collection[str], *, language: str, paper: Paper) -> None:
    from assess.cli.samples import samples  # noqa: PLC0415
    from reports.document import to_html  # noqa: PLC0415
    from reports.rendering import Renderer  # noqa: PLC0415

    registry = read_all(Settings.read().item_banks or default_folder())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {error.strerror}.") from None
    written = 0
    with Renderer() as renderer:
        for sample in samples(registry, editions, paper=paper, language=language):
            write_file(folder / f"{sample.name}.pdf", renderer.render(to_html(sample.document), sample.made_at))
            written += 1
    click.echo(f"{written} reports of simulated people are in {folder}.")


def write_file(file: Path, content: bytes) -> None:
    """Write `content`; say in a sentence why that is not possible."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from None
