"""A version follows another; what is published does not change."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner

from assess.banks import versions
from assess.banks.exposure import fingerprint
from assess.banks.registry import default_folder, read_all
from assess.cli import main
from assess.errors import AssessError, InvalidBank

GENERAL = "general/1.0"


@pytest.fixture
def folder(tmp_path):
    """A copy of the item banks to work on."""
    return shutil.copytree(default_folder(), tmp_path / "item_banks")


def test_a_new_version_is_a_draft_like_the_old_one(folder):
    new = versions.new_version(folder, GENERAL)
    assert new == folder / "general" / "1.1"
    registry = read_all(folder)
    old, bank = registry.bank("general", "1.0"), registry.newest("general")
    assert (bank.version, bank.status, bank.core_version) == ("1.1", "draft", "1.0")
    assert (bank.statements, bank.forms, bank.triplets) == (old.statements, old.forms, old.triplets)
    with pytest.raises(AssessError, match=r"general/1\.1 is there already"):
        versions.new_version(folder, GENERAL)


def test_core_has_new_versions_too(folder):
    assert versions.new_version(folder, "core/1.0").name == "1.1"
    assert 'version = "1.1"' in (folder / "core/1.1/core.toml").read_text()


@pytest.mark.parametrize("name", ["general/7.0", "general", "../general/1.0", "general/1.0/statements"])
def test_a_version_that_does_not_exist_is_named(folder, name):
    with pytest.raises(AssessError, match=r"There is no .* among the banks"):
        versions.new_version(folder, name)


def test_what_is_put_together_is_written_and_keeps_the_rules(folder):
    before = read_all(folder).newest("general")
    bank = versions.put_together(folder, GENERAL, seed=5)
    assert bank == read_all(folder).newest("general")
    assert [form.code for form in bank.forms] == ["adaptive", "standard", "short"]
    assert bank.form("standard").items != before.form("standard").items
    assert len(bank.triplets) == 30


def test_a_published_version_is_listed_and_may_not_change(folder):
    published = versions.publish(folder, GENERAL)
    assert read_all(folder).newest("general").status == "published"
    assert published.checksum in (folder / "published.toml").read_text()
    with pytest.raises(AssessError, match="published already"):
        versions.publish(folder, GENERAL)
    with pytest.raises(AssessError, match="is published and does not change"):
        versions.put_together(folder, GENERAL, seed=1)
    file = folder / "core/1.0/statements/trust.toml"
    file.write_text(file.read_text().replace("an honest reason", "some honest reason"))
    with pytest.raises(InvalidBank, match=r"general/1\.0: has changed since it was published"):
        read_all(folder)


def test_a_version_that_only_calls_itself_published_is_refused(folder):
    about = folder / GENERAL / "edition.toml"
    about.write_text(about.read_text().replace('status = "draft"', 'status = "published"'))
    with pytest.raises(InvalidBank, match="calls itself published and is not listed"):
        read_all(folder)


def test_a_published_version_that_is_missing_is_noticed(folder):
    versions.publish(folder, "retail/1.0")
    shutil.rmtree(folder / "retail")
    with pytest.raises(InvalidBank, match=r"lists retail/1\.0, which is missing"):
        read_all(folder)


def test_an_exposure_table_is_written_for_the_bank_as_it_is(folder):
    def simulate(bank, *, with_triplets):
        return {item.code: 0.5 if with_triplets else 1.0 for item in bank.statements} | {"tru-gf1": 0.25}

    versions.find_exposure(folder, GENERAL, simulate, people=100, seed=3)
    bank = read_all(folder).newest("general")
    assert bank.exposure.found_for == fingerprint(bank)
    assert dict(bank.exposure.alone) == {"tru-gf1": 0.25}
    assert len(bank.exposure.with_triplets) == 240
    again = versions.put_together(folder, GENERAL, seed=7)  # other triplets
    assert again.exposure.found_for != fingerprint(again)


def test_commands_make_assemble_and_publish(folder):
    def run(*arguments, fails=False):
        result = CliRunner().invoke(main, ["bank", *arguments])
        assert result.exit_code == fails, result.output
        return result.output

    assert "general/1.1 is a draft" in run("new-version", GENERAL, str(folder))
    assert "general/1.1 is published" in run("publish", "general/1.1", str(folder))
    run("new-version", "general/1.1", str(folder))
    assert "standard (111 items), short (57 items), 30 triplets" in run("assemble", "general/1.2", str(folder))
    assert "general/1.2/exposure.toml: was found for other" in run("publish", "general/1.2", str(folder), fails=True)
