"""All content on disk, read once at the start."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from assess.banks.checks import bank_problems, family_problems
from assess.banks.loader import read_bank
from assess.banks.model import Bank
from assess.banks.names import newest_names
from assess.banks.other_files import read_surveys
from assess.banks.reader import Reader, checksum
from assess.banks.surveys import Surveys
from assess.banks.translation_checks import translations_of_nothing
from assess.banks.versions import changed_since_published
from assess.banks.wording import COMBINATIONS, Coaching, Combination, Interview, Narratives, RoleFamily, Wording
from assess.banks.wording_checks import read_wording_translations, wording_problems
from assess.banks.wording_translations import WordingTranslation, in_other_languages
from assess.errors import InvalidBank, NotFound

PACKAGE = Path(__file__).resolve().parent.parent
SHARED_FOLDERS = frozenset({"core", "patterns", "wording", "surveys", "proficiency", "translations"})


@dataclass(frozen=True, slots=True)
class Registry:
    """Every version of every edition, with the words and patterns that go with them."""

    banks: Mapping[tuple[str, str], Bank]
    wording: Wording
    families: Mapping[str, RoleFamily]
    surveys: Surveys
    translations: tuple[WordingTranslation, ...] = ()  # of the wording and of what colleagues are asked

    def bank(self, edition: str, version: str) -> Bank:
        """Return one version of an edition's bank."""
        try:
            return self.banks[edition, version]
        except KeyError:
            raise NotFound(f"The bank {edition} {version} is not installed here.") from None

    def newest(self, edition: str) -> Bank:
        """Return the newest version of an edition's bank."""
        versions = [bank for (code, _), bank in self.banks.items() if code == edition]
        if not versions:
            raise NotFound(f"The edition {edition} is not installed here.")
        return max(versions, key=lambda bank: tuple(map(int, bank.version.split("."))))

    @property
    def names(self) -> Mapping[str, str]:
        """What behaviours and themes are called in the newest core, by the codes of their translations."""
        return newest_names(self.banks.values())

    @property
    def editions(self) -> tuple[Bank, ...]:
        """The newest version of each edition, by title."""
        codes = sorted({edition for edition, _ in self.banks})
        return tuple(sorted(map(self.newest, codes), key=lambda bank: bank.title))


def default_folder() -> Path:
    """Return the item banks beside the package in a checkout, or inside it once installed."""
    beside = PACKAGE.parent / "item_banks"
    return beside if beside.is_dir() else PACKAGE / "_item_banks"


def read_all(root: Path) -> Registry:
    """Return everything below `root`; raise `InvalidBank` with all problems of all files at once."""
    problems: list[str] = []
    banks: dict[tuple[str, str], Bank] = {}
    folders = [folder for folder in sorted(root.glob("*/*/")) if folder.parent.name not in SHARED_FOLDERS]
    if not folders:
        problems.append(f"{root}: there are no item banks in this folder")
    for folder in folders:
        bank, reader = read_bank(folder)
        problems += reader.problems
        if bank is not None:
            problems += bank_problems(bank, reader.places)
            banks[bank.edition, bank.version] = bank
    problems += translations_of_nothing(root, banks)
    problems += changed_since_published(root, banks.values())
    wording, families = _read_shared(root, tuple(banks.values()), problems)
    surveys = read_surveys(root, problems)
    translations = read_wording_translations(root, problems)
    if wording is not None and surveys is not None:
        names = newest_names(banks.values())
        problems += [problem for each in translations for problem in wording_problems(each, wording, surveys, names)]
    if problems or wording is None or surveys is None:
        raise InvalidBank(dict.fromkeys(problems))
    wording, surveys = in_other_languages(wording, surveys, translations)
    return Registry(MappingProxyType(banks), wording, MappingProxyType(families), surveys, translations)


def _read_shared(
    root: Path, banks: tuple[Bank, ...], problems: list[str]
) -> tuple[Wording | None, dict[str, RoleFamily]]:
    reader = Reader(root)
    folder = root / "wording"
    narratives = [reader.file(Narratives, file) for file in sorted(folder.glob("narratives/*.toml"))]
    interviews = [reader.file(Interview, file) for file in sorted(folder.glob("interview/*.toml"))]
    coaching = [reader.file(Coaching, file) for file in sorted(folder.glob("coaching/*.toml"))]
    combinations = reader.tables(Combination, folder / "combinations.toml", "combination")
    families = reader.tables(RoleFamily, root / "patterns" / "families.toml", "family")
    scales = {scale.code for bank in banks for scale in bank.scales}
    problems += reader.problems
    if problems:
        return None, {}  # what else is wrong may only follow from these
    problems += family_problems(families, scales, reader.places)
    wording = Wording(
        narratives={each.scale: each for each in narratives if each},
        interviews={each.scale: each for each in interviews if each},
        coaching={each.scale: each for each in coaching if each},
        combinations=combinations,
        checksum=checksum(folder.rglob("*.toml"), root),
    )
    by_scale: dict[str, Collection[str]] = {
        "narratives": wording.narratives, "interview": wording.interviews, "coaching": wording.coaching
    }  # fmt: skip
    for name, found in by_scale.items():
        problems += [f"wording/{name}: there is no file for the scale '{s}'" for s in sorted(scales - set(found))]
        problems += [f"wording/{name}: '{s}' is not a scale of any bank" for s in sorted(set(found) - scales)]
    problems += [f"wording/combinations.toml: {problem}" for problem in _of_combinations(combinations, scales)]
    return wording, {family.code: family for family in families}


def _of_combinations(combinations: Collection[Combination], scales: Collection[str]) -> Iterator[str]:
    """Yield pairs of scales that mean too little, the same twice, or nothing."""
    named = [{(each.first, each.first_is), (each.second, each.second_is)} for each in combinations]
    for scale in sorted({scale for each in named for scale, _pole in each} - set(scales)):
        yield f"'{scale}' is not a scale of any bank"
    for pair in itertools.combinations(sorted(scales), 2):
        same = [each for each in named if {scale for scale, _pole in each} == set(pair)]
        if len(same) < COMBINATIONS:
            yield f"{len(same)} combinations of '{pair[0]}' and '{pair[1]}'; {COMBINATIONS} are needed"
        if any(same.count(each) > 1 for each in same):
            yield f"'{pair[0]}' and '{pair[1]}' stand there twice with the same poles"
