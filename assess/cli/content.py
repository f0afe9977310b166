"""Commands for the item banks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from assess.banks.model import Bank
    from assess.banks.registry import Registry

NEAREST = 20  # pairs of statements that are printed for a human eye
FOLDER = click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))


class BankCommands(click.Group):
    """Commands that read and write files: which one could not be is said in a sentence."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        from assess.banks.files import hindrance  # noqa: PLC0415
        from assess.errors import AssessError  # noqa: PLC0415

        try:
            return super().invoke(ctx)
        except OSError as error:
            sentence = hindrance(error)
            if sentence is None:
                raise
            raise AssessError(sentence) from None


@click.group(cls=BankCommands)
def bank() -> None:
    """Check the item banks, and make new versions of them."""


@bank.command("check")
@FOLDER
@click.option("--strict", is_flag=True, help="check what is to be published, too: blueprint, language, neighbours")
def check_banks(folder: Path | None, *, strict: bool) -> None:
    """Read every bank in FOLDER (else the installation's) and list every problem with its file and place."""
    from assess.banks.registry import read_all  # noqa: PLC0415
    from assess.banks.translation_checks import translation_lines  # noqa: PLC0415
    from assess.banks.wording_checks import wording_line  # noqa: PLC0415

    root = _root(folder)
    registry = read_all(root)
    for found in registry.banks.values():
        forms = ", ".join(f"{form.code} ({len(form.items)} items)" for form in found.forms)
        click.echo(
            f"{found.edition} {found.version} ({found.status}): {len(found.statements)} statements, "
            f"{len(found.impression)} impression-management statements, {len(found.directed)} directed items; "
            f"forms: {forms}"
        )
    for found in registry.banks.values():
        for line in translation_lines(found):
            click.echo(line)
    for each in registry.translations:
        click.echo(wording_line(each, registry.wording, registry.surveys, registry.names))
    worded = len(registry.wording.narratives)
    click.echo(f"{len(registry.families)} role families; narratives and interview questions for {worded} scales")
    if strict:
        _check_strictly(root, registry, registry.editions)
    click.echo("No problems.")


def _check_strictly(root: Path, registry: Registry, banks: Collection[Bank]) -> None:
    """Raise with all that keeps `banks` from being published; else print each bank's nearest neighbours."""
    from assess.errors import AssessError, InvalidBank  # noqa: PLC0415

    try:
        from assess.banks.loader import read_bank  # noqa: PLC0415
        from assess.banks.neighbours import neighbours  # noqa: PLC0415
        from assess.banks.rules import read_rules  # noqa: PLC0415
        from assess.banks.strict import strict_problems  # noqa: PLC0415
        from assess.banks.strict_shared import shared_problems  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        way_out = "Install what authors need: pip install 'rapport[authors]'."
        raise AssessError(f"The strict checks need {missing.name}. {way_out}") from None

    rules = read_rules(root)
    problems = shared_problems(registry, rules)
    for bank in banks:
        places = read_bank(root / bank.edition / bank.version)[1].places
        problems += strict_problems(bank, places, rules)
    if problems:
        raise InvalidBank(dict.fromkeys(problems))
    for bank in banks:
        click.echo(f"\n{bank.title} {bank.version}: the {NEAREST} nearest neighbours, marked pairs apart")
        for pair in neighbours(bank)[:NEAREST]:
            click.echo(f"  {pair.alike:3.0f}  {pair.first:12} {bank.item(pair.first).stem}")
            click.echo(f"       {pair.second:12} {bank.item(pair.second).stem}")
    click.echo("")


@bank.command("new-version")
@click.argument("of", metavar="BANK")
@FOLDER
def new_version(of: str, folder: Path | None) -> None:
    """Copy BANK (such as general/1.0, core/1.0 or proficiency/1.0) to the next version, a draft to write on."""
    from assess.banks import versions  # noqa: PLC0415

    new = versions.new_version(_root(folder), of)
    kind = new.parent.name
    if kind in versions.NO_EDITIONS:
        click.echo(
            f'{kind}/{new.name} is a draft; an edition uses it once its edition.toml says: {kind} = "{new.name}"'
        )
    else:
        click.echo(f"{kind}/{new.name} is a draft, and as long as it is the newest, new people get it.")


@bank.command("assemble")
@click.argument("of", metavar="BANK")
@FOLDER
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help="the same seed, the same forms")
def put_together(of: str, folder: Path | None, seed: int) -> None:
    """
    Choose the statements of BANK's standard and short form and of its triplets anew, and write them.

    Other forms stay. Comments in forms.toml and triplets.toml are not kept. Where forms.toml is missing or cannot be
    read, the adaptive, the standard and the short form are written with the usual practice sentence.
    """
    from assess.banks import versions  # noqa: PLC0415

    found = versions.put_together(_root(folder), of, seed=seed)
    forms = ", ".join(f"{form.code} ({len(form.items)} items)" for form in found.fixed_forms)
    click.echo(f"{found.edition}/{found.version}: {forms}, {len(found.triplets)} triplets")


@bank.command("exposure")
@click.argument("of", metavar="BANK")
@FOLDER
@click.option(
    "--people", default=1_000, show_default=True, type=click.IntRange(min=100), help="simulated, in each round"
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help="the same seed, the same table")
def exposure(of: str, folder: Path | None, people: int, seed: int) -> None:
    """Find by simulation, in a minute or two, how often BANK's adaptive test may show each statement, and write it."""
    from assess.banks import versions  # noqa: PLC0415
    from assess.scoring.adaptive import exposure_chances  # noqa: PLC0415

    def simulate(found: Bank, *, with_triplets: bool) -> Mapping[str, float]:
        return exposure_chances(found, with_triplets=with_triplets, people=people, seed=seed)

    found = versions.find_exposure(_root(folder), of, simulate, people=people, seed=seed)
    limited = sum(chance < 1 for chance in found.alone.values())
    click.echo(f"{of}: {limited} statements are shown to fewer people than would be most precise")


@bank.command("publish")
@click.argument("of", metavar="BANK")
@FOLDER
def publish(of: str, folder: Path | None) -> None:
    """
    Mark BANK as published, once the strict checks of this very version find no problem; it cannot be changed then.

    Its core is published with it. Where this was interrupted, the same command finishes it.
    """
    from assess.banks import versions  # noqa: PLC0415
    from assess.banks.registry import read_all  # noqa: PLC0415

    def check(copy: Path) -> None:
        registry = read_all(copy)
        found = registry.bank(*of.split("/"))
        others = {key: each for key, each in registry.banks.items() if each.edition != found.edition}
        alone = replace(registry, banks={**others, (found.edition, found.version): found})
        _check_strictly(copy, alone, [found])

    found = versions.publish(_root(folder), of, check=check)
    click.echo(f"{found.edition}/{found.version} is published, checksum {found.checksum[:12]}.")


def _root(folder: Path | None) -> Path:
    from assess.cli.installation import Installation  # noqa: PLC0415

    return folder or Installation().bank_folder


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
    _known(found, [form])
    result = studies.provisional_bands(found, form, n_banks=banks, n_people=people, seed=seed)
    click.echo(f"{found.title} {found.version}, form {form}: {result.n_people:,} simulated people, seed {seed}")
    click.echo(
        f"  factor that makes a 68 % band hold 68 %   {result.factor:.3f}  (the bank has {found.parameters.se_factor})"
    )
    click.echo(f"  coverage of the bank's 68 % bands         {result.coverage_68:.1%}")
    click.echo(f"  coverage of the bank's 95 % bands         {result.coverage_95:.1%}")
    click.echo(f"  mean SE shown, RMSE (in SD of the scale)  {result.mean_se:.3f}, {result.rmse:.3f}")


@study.command("forms")
@click.option("--edition", default="general", show_default=True)
@click.option(
    "--people", default=2_000, show_default=True, type=click.IntRange(min=20), help="simulated people per form"
)
@click.option("--seed", default=1, show_default=True)
@click.option("--form", "wanted", multiple=True, help="only this form; may be repeated")
def forms(edition: str, people: int, seed: int, wanted: tuple[str, ...]) -> None:
    """Show what each form of an edition can be expected to measure: simulated from its starting parameters."""
    from assess.cli.installation import Installation  # noqa: PLC0415
    from assess.scoring.form_studies import form_figures  # noqa: PLC0415

    found = Installation().registry.newest(edition)
    _known(found, wanted)
    click.echo(f"{found.title} {found.version}: simulated from provisional parameters, {people:,} people, seed {seed}")
    click.echo("| form | statements | reliability | with cautious errors | information | most seen | hardly seen |")
    click.echo("|---|---|---|---|---|---|---|")
    for each in form_figures(found, n_people=people, seed=seed, forms=wanted):
        click.echo(
            f"| {each.form} | {each.n_shown:.0f} | {_span(each.reliability)} | {_span(each.cautious)} | "
            f"{min(each.information):.1f}–{max(each.information):.1f} | {each.most_seen:.2f} | {each.unseen:.0%} |"
        )


@study.command("change")
@click.option("--edition", default="general", show_default=True)
@click.option("--people", default=10_000, show_default=True, type=click.IntRange(min=100), help="per course, unchanged")
@click.option("--seed", default=1, show_default=True)
@click.option("--provisional", is_flag=True, help="parameters as wrong as an author's, errors widened for it")
def change(edition: str, people: int, seed: int, provisional: bool) -> None:
    """Show how often people who take a second form and have not changed are told that they have: in about 5 %."""
    from assess.cli.installation import Installation  # noqa: PLC0415
    from assess.scoring import change_studies, form_studies  # noqa: PLC0415

    found = Installation().registry.newest(edition)
    click.echo(f"{found.title} {found.version}: {people:,} simulated people per course, seed {seed}")
    click.echo("| asked | any alarm | per scale | without adjustment | SD of differences / SE | 1 SD is seen | again |")
    click.echo("|---|---|---|---|---|---|---|")
    for course in change_studies.COURSES:
        each = change_studies.change_figures(found, course, n_people=people, seed=seed, known=not provisional)
        click.echo(
            f"| {course} | {each.any_alarm:.1%} | {min(each.scale_alarms):.1%}–{max(each.scale_alarms):.1%} | "
            f"{each.beyond:.0%} | {each.error:.3f} | {each.seen:.0%} | {each.again:.0f} of {each.shown:.0f} |"
        )
    click.echo("| form | reliability | with cautious errors |")
    click.echo("|---|---|---|")
    wanted, others = [form.code for form in found.fixed_forms], change_studies.parallel_forms(found)
    for form in form_studies.form_figures(found, n_people=2_000, seed=seed, forms=wanted, others=others):
        click.echo(f"| {form.form} | {_span(form.reliability)} | {_span(form.cautious)} |")


def _known(found: Bank, forms: Collection[str]) -> None:
    """Raise when the bank lacks one of `forms`."""
    from assess.errors import NotFound  # noqa: PLC0415

    known = [form.code for form in found.forms]
    for form in forms:
        if form not in known:
            raise NotFound(f"There is no form '{form}'. The forms are: {', '.join(known)}.")


def _span(values: Sequence[float]) -> str:
    """Return the lowest and the highest of some figures, two decimals."""
    low, high = (f"{value:.2f}".removeprefix("0") for value in (min(values), max(values)))
    return low if low == high else f"{low}–{high}"
