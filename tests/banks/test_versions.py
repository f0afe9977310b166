"""A version follows another; what is published does not change."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from assess.banks import blocks, versions
from assess.banks.exposure import fingerprint
from assess.banks.registry import read_all
from assess.cli import main
from assess.errors import AssessError, InvalidBank

GENERAL = "general/1.0"


@pytest.fixture(autouse=True)
def _quick_blocks(monkeypatch):
    """Match the statements of triplets with little effort; how well it is done is looked at elsewhere."""
    monkeypatch.setattr(blocks, "STEPS", 2_000)


def publish(folder, of=GENERAL):
    """Publish without the strict checks, which take their time."""
    return versions.publish(folder, of, check=read_all)


def change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def all_of(folder):
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def run(*arguments, fails=False):
    result = CliRunner().invoke(main, ["bank", *map(str, arguments)])
    assert result.exit_code == fails, result.output
    assert not fails or isinstance(result.exception, SystemExit), result.exception
    return result.output


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
    published = publish(folder)
    assert read_all(folder).newest("general").status == "published"
    assert published.checksum in (folder / "published.toml").read_text()
    assert published == read_all(folder).newest("general")
    with pytest.raises(AssessError, match="published already"):
        publish(folder)
    with pytest.raises(AssessError, match="is published and does not change"):
        versions.put_together(folder, GENERAL, seed=1)


@pytest.mark.parametrize(
    ("file", "old", "new", "part"),
    [
        ("core/1.0/statements/trust.toml", "an honest reason", "some honest reason", "core/1.0"),
        ("proficiency/1.0/vocabulary.toml", 'reason = "', 'reason = "So: ', "proficiency/1.0"),
        ("general/1.0/statements/trust.toml", 'scale = "trust"', 'scale = "trust"  # as ever', "general/1.0"),
    ],
)
def test_what_has_changed_since_it_was_published_is_named_with_the_way_out(folder, file, old, new, part):
    publish(folder)
    publish(folder, "retail/1.0")
    before = (folder / file).read_text()
    change(folder / file, old, new)
    with pytest.raises(InvalidBank) as refused:
        read_all(folder)
    (problem,) = refused.value.problems
    who = "general/1.0 was" if part == GENERAL else "general/1.0, retail/1.0 were"
    assert problem.startswith(f"{part}: has changed since {who} published. Undo the change.")
    assert f"copy the folder aside, undo, assess bank new-version {part}, and put it into the new version" in problem
    # and this is a way out
    (folder / file).write_text(before)
    versions.new_version(folder, part)
    change(folder / file.replace("1.0", "1.1"), old, new)
    read_all(folder)


def test_the_list_of_an_older_version_names_the_edition_that_has_changed(folder):
    publish(folder)
    text = (folder / "published.toml").read_text()
    (folder / "published.toml").write_text(text.partition("[published.folders]")[0])
    read_all(folder)
    change(folder / "core/1.0/statements/trust.toml", "an honest reason", "some honest reason")
    with pytest.raises(InvalidBank, match=r"general/1\.0: has changed since general/1\.0 was published"):
        read_all(folder)


def test_a_published_version_that_can_no_longer_be_read_is_not_called_missing(folder):
    publish(folder)
    change(folder / GENERAL / "edition.toml", "title", "titel")
    with pytest.raises(InvalidBank) as refused:
        read_all(folder)
    assert "which is missing" not in str(refused.value)
    assert "general/1.0: has changed since general/1.0 was published" in str(refused.value)


def test_a_list_that_cannot_be_read_is_named(folder):
    (folder / "published.toml").write_text('[[published]]\nedition = "general"\n')
    with pytest.raises(InvalidBank, match=r"published\.toml: published.*version: Field required"):
        read_all(folder)
    with pytest.raises(InvalidBank, match=r"published\.toml: published.*version: Field required"):
        publish(folder)


def test_a_version_that_only_calls_itself_published_is_refused(folder):
    change(folder / GENERAL / "edition.toml", 'status = "draft"', 'status = "published"')
    with pytest.raises(InvalidBank, match="calls itself published and is not listed; use: assess bank publish general"):
        read_all(folder)


@pytest.mark.parametrize("written", [["core/1.0/core.toml"], ["core/1.0/core.toml", "general/1.0/edition.toml"]])
def test_an_interrupted_publish_is_finished_by_the_same_command(folder, written):
    for name in written:
        change(folder / name, 'status = "draft"', 'status = "published"')
    publish(folder)
    assert read_all(folder).newest("general").status == "published"


def test_two_versions_that_only_call_themselves_published_can_be_listed_one_by_one(folder):
    for name in ("core/1.0/core.toml", "general/1.0/edition.toml", "retail/1.0/edition.toml"):
        change(folder / name, 'status = "draft"', 'status = "published"')
    publish(folder)
    assert "retail" not in (folder / "published.toml").read_text()
    publish(folder, "retail/1.0")
    read_all(folder)


def test_a_publish_that_is_refused_or_fails_changes_nothing(folder, monkeypatch):
    before = all_of(folder)

    def refuse(staged):
        assert read_all(staged).newest("general").status == "published"
        raise InvalidBank(["something"])

    with pytest.raises(InvalidBank, match="something"):
        versions.publish(folder, GENERAL, check=refuse)
    assert all_of(folder) == before
    third_write_fails(monkeypatch)
    with pytest.raises(OSError, match="No space left"):
        publish(folder)
    assert all_of(folder) == before


def third_write_fails(monkeypatch):
    count, replace = [], Path.replace

    def fails(old, new):
        count.append(new)
        if len(count) == 3:
            raise OSError(errno.ENOSPC, "No space left", str(old), None, str(new))
        replace(old, new)

    monkeypatch.setattr(Path, "replace", fails)


def test_statuses_and_versions_are_found_however_they_are_written(folder):
    about = folder / GENERAL / "edition.toml"
    change(about, 'status = "draft"', "status='draft'  # not yet")
    change(about, 'version = "1.0"', ' "version"="1.0"')
    new = versions.new_version(folder, GENERAL)
    assert ' "version"="1.1"' in (new / "edition.toml").read_text()
    publish(folder)
    assert 'status="published"  # not yet' in about.read_text()
    assert read_all(folder).bank("general", "1.0").status == "published"


def test_what_cannot_be_replaced_is_said_before_anything_is_written(folder):
    about = folder / GENERAL / "edition.toml"
    change(about, 'version = "1.0"', 'version = """1.0"""')
    change(about, 'status = "draft"', 'status = """draft"""')
    before = all_of(folder)
    with pytest.raises(AssessError, match=r'general/1\.0/edition\.toml: .* version = "1\.1"'):
        versions.new_version(folder, GENERAL)
    with pytest.raises(AssessError, match=r'general/1\.0/edition\.toml: .* status = "published"'):
        publish(folder)
    change(about, "title = ", "title ")
    with pytest.raises(InvalidBank, match=r"general/1\.0/edition\.toml: Expected"):
        versions.new_version(folder, GENERAL)
    assert all_of(folder).keys() == before.keys()


def test_proficiencies_have_new_versions_which_editions_name(folder):
    assert versions.new_version(folder, "proficiency/1.0") == folder / "proficiency/1.1"
    change(folder / "proficiency/1.1/vocabulary.toml", 'reason = "', 'reason = "So: ')
    change(folder / GENERAL / "edition.toml", 'proficiency = "1.0"', 'proficiency = "1.1"')
    assert read_all(folder).newest("general").proficiency.version == "1.1"
    assert 'once its edition.toml says: proficiency = "1.2"' in run("new-version", "proficiency/1.1", folder)
    assert 'once its edition.toml says: core = "1.1"' in run("new-version", "core/1.0", folder)


@pytest.mark.parametrize("command", ["publish", "assemble", "exposure"])
def test_what_is_no_edition_is_published_with_one(folder, command):
    assert "core is published with the first edition that builds on it" in run(command, "core/1.0", folder, fails=True)
    assert "published with the editions that name it" in run(command, "proficiency/1.0", folder, fails=True)


def test_a_half_made_copy_is_removed(folder, monkeypatch):
    def fails(old, new):
        raise PermissionError(errno.EACCES, "Permission denied", str(new))

    monkeypatch.setattr(Path, "replace", fails)
    output = run("new-version", GENERAL, folder, fails=True)
    assert f"{folder}/general/1.1/edition.toml cannot be read or written: Permission denied" in output
    assert not (folder / "general/1.1").exists()


def test_a_copy_that_fails_is_said_in_a_sentence(folder, monkeypatch):
    def fails(old, new, **_):
        raise shutil.Error([(str(old), str(new), "[Errno 13] Permission denied: 'somewhere'")])

    monkeypatch.setattr(versions.shutil, "copytree", fails)
    assert "could not be copied: [Errno 13] Permission denied" in run("new-version", GENERAL, folder, fails=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("command", [("new-version",), ("assemble",)])
def test_a_folder_that_cannot_be_written_in_is_named(folder, command):
    for path in (folder / "general", folder / GENERAL):
        path.chmod(0o500)
    assert f"{folder}/general" in run(*command, GENERAL, folder, fails=True)


def test_the_draft_of_a_locked_version_can_be_written(folder):
    for path in (folder / GENERAL / "edition.toml", folder / GENERAL):
        path.chmod(0o500)
    new = versions.new_version(folder, GENERAL)
    assert all(path.stat().st_mode & 0o200 for path in (new, *new.rglob("*")))
    (folder / GENERAL).chmod(0o700)


def test_what_assemble_writes_is_there_as_a_whole_or_not_at_all(folder, monkeypatch):
    before = all_of(folder)
    fails_at = []
    replace = Path.replace

    def fails(old, new):
        fails_at.append(new)
        if len(fails_at) == 2:
            raise KeyboardInterrupt
        replace(old, new)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(KeyboardInterrupt):
        versions.put_together(folder, GENERAL, seed=5)
    assert all_of(folder) == before


def test_quotation_marks_in_a_practice_sentence_are_kept(folder):
    file = folder / GENERAL / "forms.toml"
    sentence = 'I like a "quiet" place – with a \\ in it.'
    file.write_text(file.read_text().replace('"I like a place to work that is close to a window."', f"'{sentence}'"))
    bank = versions.put_together(folder, GENERAL, seed=1)
    assert {form.practice for form in bank.forms} == {sentence}


@pytest.mark.parametrize("spoiled", ["", "[[form]\n", None])
def test_forms_and_triplets_that_are_broken_or_missing_are_made_anew(folder, spoiled):
    for name in ("forms.toml", "triplets.toml"):
        file = folder / GENERAL / name
        file.unlink()
        if spoiled is not None:
            file.write_text(spoiled)
    versions.put_together(folder, GENERAL, seed=1)
    bank = read_all(folder).newest("general")
    assert [form.code for form in bank.forms] == ["adaptive", "standard", "short"]
    assert len(bank.triplets) == 30
    assert bank.form("standard").practice == versions.PRACTICE


def test_forms_are_kept_where_only_the_triplets_are_broken(folder):
    file = folder / GENERAL / "forms.toml"
    file.write_text(file.read_text().replace("close to a window", "close to a park"))
    (folder / GENERAL / "triplets.toml").write_text("[[triplet]\n")
    bank = versions.put_together(folder, GENERAL, seed=1)
    assert {form.practice for form in bank.forms} == {"I like a place to work that is close to a park."}


def test_assemble_names_what_else_is_broken_and_leaves_the_forms(folder):
    (folder / GENERAL / "forms.toml").write_text("[[form]\n")
    change(folder / "general/1.0/statements/trust.toml", "keyed", "keid")
    with pytest.raises(InvalidBank, match=r"general/1\.0/statements/trust\.toml"):
        versions.put_together(folder, GENERAL, seed=1)
    assert (folder / GENERAL / "forms.toml").read_text() == "[[form]\n"


def test_a_published_version_that_is_missing_is_noticed(folder):
    publish(folder, "retail/1.0")
    shutil.rmtree(folder / "retail")
    with pytest.raises(InvalidBank, match=r"lists retail/1\.0, which is missing"):
        read_all(folder)


def test_only_the_owner_reads_what_is_secret_but_banks_keep_their_modes(folder):
    file = folder / GENERAL / "forms.toml"
    file.chmod(0o644)
    old = os.umask(0o077)
    try:
        versions.put_together(folder, GENERAL, seed=1)
        publish(folder)
    finally:
        os.umask(old)
    assert file.stat().st_mode & 0o777 == 0o644
    assert (folder / "published.toml").stat().st_mode == (folder / "rules.toml").stat().st_mode


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
    assert "general/1.1 is a draft" in run("new-version", GENERAL, folder)
    assert "general/1.1 is published" in run("publish", "general/1.1", folder)
    run("new-version", "general/1.1", folder)
    assert "standard (111 items), short (57 items), 30 triplets" in run("assemble", "general/1.2", folder, "--seed", 7)
    assert "general/1.2/exposure.toml: was found for other" in run("publish", "general/1.2", folder, fails=True)


def test_the_very_version_that_is_published_is_checked(folder):
    before = all_of(folder)
    assert "general/0.1" in run("publish", "general/0.1", folder, fails=True)
    assert all_of(folder) == before
    versions.new_version(folder, GENERAL)
    (folder / GENERAL / "triplets.toml").unlink()
    (folder / "retail/1.0/triplets.toml").unlink()  # not to be published
    assert "general/1.0: 0 triplets" in run("publish", GENERAL, folder, fails=True)
    assert "general/1.1 is published" in run("publish", "general/1.1", folder)


def test_the_proficiencies_of_the_published_version_are_checked(folder):
    versions.new_version(folder, "proficiency/1.0")
    versions.new_version(folder, GENERAL)
    file = folder / "proficiency/1.1/vocabulary.toml"
    file.write_text(file.read_text().rpartition("[[item]]")[0])
    change(folder / GENERAL / "edition.toml", 'proficiency = "1.0"', 'proficiency = "1.1"')
    output = run("publish", GENERAL, folder, fails=True)
    assert "proficiency/1.1/vocabulary.toml: 39 items" in output
