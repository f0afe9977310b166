"""What a database looks up and checks by a foreign key it finds by an index, or the reason why not stands here."""

from __future__ import annotations

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint

from assess.models import Base

UNINDEXED = {
    "Nobody asks for all that one user did, and users are never deleted.": {
        "coachings.begun_by_id",
        "coaching_plans.created_by_id",
        "campaigns.created_by_id",
        "consensus_keys.published_by_id",
        "exports.requested_by_id",
        "pattern_versions.created_by_id",
        "privacy_requests.answered_by_id",
        "report_batches.requested_by_id",
        "report_files.requested_by_id",
        "rosters.created_by_id",
        "shortlist_entries.user_id",
        "survey_rounds.created_by_id",
    },
    "An organisation has few of them, and they are found by it; positions and surveys are never deleted.": {
        "campaigns.position_id",
        "consensus_keys.round_id",
        "report_batches.campaign_id",
        "roster_members.position_id",
        "rosters.position_id",
        "survey_rounds.position_id",
    },
    "Versions are never deleted, and what names one is not looked up by it.": {
        "attempts.norm_group_id",
        "attempts.parameter_set_id",
        "norm_groups.organization_id",
        "parameter_sets.organization_id",
        "report_files.consensus_key_id",
        "report_files.pattern_version_id",
        "results.consensus_key_id",
        "results.norm_group_id",
        "results.parameter_set_id",
    },
}


def test_every_foreign_key_begins_an_index_or_has_a_reason():
    keys = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.parent.name not in beginnings(table)
    }
    assert keys == set().union(*UNINDEXED.values())


def beginnings(table):
    """Return the first columns of what finds every row that has a value there."""
    whole = [each for each in table.constraints if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)]
    whole += [index for index in table.indexes if finds_all(index)]
    return {next(iter(each.columns)).name for each in whole}


def finds_all(index: Index) -> bool:
    rows = index.dialect_options["postgresql"]["where"]
    return rows is None or str(rows) == f"{next(iter(index.columns)).name} IS NOT NULL"
