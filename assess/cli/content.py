"""Commands for the item banks."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def bank() -> None:
    """Check the item banks."""


@bank.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check_banks(folder: Path | None) -> None:
    """Read every bank in FOLDER (else the installation's) and list every problem with its file and place."""
    from assess.banks.registry import read_all  # noqa: PLC0415
    from assess.cli.installation import Installation  # noqa: PLC0415

    registry = read_all(folder or Installation().bank_folder)
    for found in registry.banks.values():
        forms = ", ".join(f"{form.code} ({len(form.items)} items)" for form in found.forms)
        click.echo(
            f"{found.edition} {found.version} ({found.status}): {len(found.statements)} statements, "
            f"{len(found.impression)} impression-management statements, {len(found.directed)} directed items; "
            f"forms: {forms}"
        )
    worded = len(registry.wording.narratives)
    click.echo(f"{len(registry.families)} role families; narratives and interview questions for {worded} scales")
    click.echo("No problems.")


@click.group()
def study() -> None:
    """Run a simulated study of a bank."""


@study.command("provisional-bands")
@click.option("--edition", default="general", show_default=True)
@click.option("--form", default="standard", show_default=True)
@click.option("--banks", default=200, show_default=True, help="draws of true parameters")
@click.option("--people", default=250, show_default=True, help="simulated people per draw")
@click.option("--seed", default=1, show_default=True)
def provisional_bands(edition: str, form: str, banks: int, people: int, seed: int) -> None:
    """Show how well the error bands hold while nobody has calibrated the bank."""
    from assess.cli.installation import Installation  # noqa: PLC0415
    from assess.scoring import studies  # noqa: PLC0415

    found = Installation().registry.newest(edition)
    result = studies.provisional_bands(found, form, n_banks=banks, n_people=people, seed=seed)
    click.echo(f"{found.title} {found.version}, form {form}: {result.n_people:,} simulated people, seed {seed}")
    click.echo(
        f"  factor that makes a 68 % band hold 68 %   {result.factor:.3f}  (the bank has {found.parameters.se_factor})"
    )
    click.echo(f"  coverage of the bank's 68 % bands         {result.coverage_68:.1%}")
    click.echo(f"  coverage of the bank's 95 % bands         {result.coverage_95:.1%}")
    click.echo(f"  mean SE shown, RMSE (in SD of the scale)  {result.mean_se:.3f}, {result.rmse:.3f}")
