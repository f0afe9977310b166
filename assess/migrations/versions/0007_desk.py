"""HR's desk: rosters, shortlists, saved views, exports, forms that were sent; what lists are ordered by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assess.models.base import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = (  # of what long lists look for: name, table, columns, and of which rows if not of all
    ("ix_assignments_organization_id_id", "assignments", ["organization_id", "id"], None),
    ("ix_attempts_consensus_key_id", "attempts", ["consensus_key_id"], "consensus_key_id IS NOT NULL"),
    ("ix_attempts_pattern_version_id", "attempts", ["pattern_version_id"], None),
    ("ix_attempts_unfinished", "attempts", ["assignment_id"], "submitted_at IS NULL"),
    ("ix_attempts_unscored", "attempts", ["assignment_id"], "submitted_at IS NOT NULL AND scored_at IS NULL"),
    ("ix_decisions_user_id", "decisions", ["user_id"], None),
    ("ix_mails_bounced", "mails", ["assignment_id"], "bounced_at IS NOT NULL"),
    ("ix_mails_privacy_request_id", "mails", ["privacy_request_id"], "privacy_request_id IS NOT NULL"),
    ("ix_mails_user_id", "mails", ["user_id"], "user_id IS NOT NULL"),
    ("ix_mails_waiting", "mails", ["assignment_id"], "sent_at IS NULL AND bounced_at IS NULL"),
    ("ix_pattern_versions_round_id", "pattern_versions", ["round_id"], None),
    ("ix_people_erased", "people", ["id"], "erased_at IS NOT NULL"),
    ("ix_people_organization_id_name", "people", ["organization_id", "name"], None),
    ("ix_people_sought", "people", ["organization_id", "sought", "id"], "erased_at IS NULL"),
    ("ix_report_files_failed", "report_files", ["organization_id"], "failure IS NOT NULL"),
    ("ix_report_files_roster_id", "report_files", ["roster_id"], "roster_id IS NOT NULL"),
    ("ix_results_pattern_version_id", "results", ["pattern_version_id"], None),
)
SOUGHT = "lower(name || ' ' || coalesce(email, '') || ' ' || coalesce(employee_number, ''))"


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False, comment="which rows and columns"),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("with_personal_data", sa.Boolean(), nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=True, comment="once counted"),
        sa.Column("n_done", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False, comment="of the last result that is in it so far"),
        sa.Column("stage", sa.String(), nullable=False, comment="which pieces are the file, once it is whole"),
        sa.Column("requested_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True, comment="why it could not be made, or is gone, in words"),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True, comment="bytes"),
        sa.Column("expires_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_exports_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["requested_by_id"], ["users.id"], name=op.f("fk_exports_requested_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exports_public_id")),
    )
    with op.batch_alter_table("exports") as batch:
        batch.create_index(batch.f("ix_exports_organization_id"), ["organization_id"], unique=False)
    op.create_table(
        "rosters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("bench", "team", name="rosterkind", native_enum=False, length=40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=True, comment="target role of a bench"),
        sa.Column("names_others", sa.Boolean(), nullable=False, comment="whether reports on one name the others"),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind <> 'bench' OR position_id IS NOT NULL", name=op.f("ck_rosters_bench_has_target_role")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_rosters_created_by_id_users")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_rosters_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_rosters_position_id_positions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
        sa.UniqueConstraint("organization_id", "kind", "title", name=op.f("uq_rosters_organization_id_kind_title")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rosters_public_id")),
    )
    with op.batch_alter_table("rosters") as batch:
        batch.create_index(batch.f("ix_rosters_organization_id"), ["organization_id"], unique=False)
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(), nullable=False, comment="which list"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_saved_views_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_views_public_id")),
        sa.UniqueConstraint("user_id", "page", "name", name=op.f("uq_saved_views_user_id_page_name")),
    )
    with op.batch_alter_table("saved_views") as batch:
        batch.create_index(batch.f("ix_saved_views_organization_id"), ["organization_id"], unique=False)
        batch.create_index(batch.f("ix_saved_views_user_id"), ["user_id"], unique=False)
    op.create_table(
        "export_pieces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False, comment="rows, or one try to put a file together from them"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["exports.id"], name=op.f("fk_export_pieces_export_id_exports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_pieces")),
        sa.UniqueConstraint("export_id", "stage", "number", name=op.f("uq_export_pieces_export_id_stage_number")),
    )
    op.create_table(
        "roster_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=True, comment="present role"),
        sa.Column("added_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_roster_members_person_id_people")),
        sa.ForeignKeyConstraint(
            ["position_id"], ["positions.id"], name=op.f("fk_roster_members_position_id_positions")
        ),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_roster_members_roster_id_rosters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_members")),
        sa.UniqueConstraint("roster_id", "person_id", name=op.f("uq_roster_members_roster_id_person_id")),
    )
    with op.batch_alter_table("roster_members") as batch:
        batch.create_index(batch.f("ix_roster_members_person_id"), ["person_id"], unique=False)
    op.create_table(
        "shortlist_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_shortlist_entries_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_shortlist_entries_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist_entries")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_shortlist_entries_assignment_id")),
    )
    op.create_table(
        "sent_forms",
        sa.Column("key", sa.String(), nullable=False, comment="hash of who sent what: no word of it can be read"),
        sa.Column("led_to", sa.String(), nullable=False, comment="address of the page of what was made"),
        sa.Column("sent_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sent_forms")),
    )
    with op.batch_alter_table("positions") as batch:
        batch.add_column(
            sa.Column(
                "retired_at",
                UTCDateTime(timezone=True),
                nullable=True,
                comment="since when it is not offered; what runs goes on",
            )
        )
    with op.batch_alter_table("campaigns") as batch:
        batch.add_column(
            sa.Column(
                "reminders_begun",
                sa.JSON(),
                server_default="[]",
                nullable=False,
                comment="days before the end, for who has begun and not handed in",
            )
        )
    op.execute("UPDATE campaigns SET reminders_begun = reminders")
    with op.batch_alter_table("mails") as batch:
        batch.create_index(batch.f("ix_mails_person_id"), ["person_id"], unique=False)
    with op.batch_alter_table("decisions") as batch:
        batch.add_column(
            sa.Column(
                "bases",
                sa.JSON(),
                server_default="[]",
                nullable=False,
                comment="what it rests on: codes of `Basis`",
            )
        )
    with op.batch_alter_table("report_files") as batch:
        batch.add_column(sa.Column("roster_id", sa.Integer(), nullable=True, comment="bench or team that it is about"))
        batch.add_column(
            sa.Column("pattern_version_id", sa.Integer(), nullable=True, comment="target role of a promotion report")
        )
        batch.add_column(
            sa.Column(
                "consensus_key_id", sa.Integer(), nullable=True, comment="that a report on the company's view shows"
            )
        )
        batch.add_column(
            sa.Column(
                "inputs",
                sa.JSON(none_as_null=True),
                nullable=True,
                comment="what it says that stands in no other row, as it was when it was asked for",
            )
        )
        batch.create_foreign_key(
            batch.f("fk_report_files_consensus_key_id_consensus_keys"), "consensus_keys", ["consensus_key_id"], ["id"]
        )
        batch.create_foreign_key(
            batch.f("fk_report_files_pattern_version_id_pattern_versions"),
            "pattern_versions",
            ["pattern_version_id"],
            ["id"],
        )
        batch.create_foreign_key(batch.f("fk_report_files_roster_id_rosters"), "rosters", ["roster_id"], ["id"])
    with op.batch_alter_table("results") as batch:
        batch.add_column(
            sa.Column("match_median", sa.Double(), nullable=True, comment="of `match`, for lists in its order")
        )
        batch.add_column(
            sa.Column("alignment", sa.Double(), nullable=True, comment="of `further`, for lists in its order")
        )
        batch.add_column(
            sa.Column(
                "superseded_at",
                UTCDateTime(timezone=True),
                nullable=True,
                comment="when a newer result of the attempt took its place",
            )
        )
    with op.batch_alter_table("people") as batch:
        batch.add_column(
            sa.Column(
                "sought",
                sa.String(),
                sa.Computed(SOUGHT, persisted=True),
                nullable=False,
                comment="what a search looks through: an index holds all of it",
            )
        )
    with op.batch_alter_table("attempts") as batch:
        batch.add_column(
            sa.Column(
                "scored_at",
                UTCDateTime(timezone=True),
                nullable=True,
                comment="when its first result was there; lists ask for no more",
            )
        )
    _fill()
    stands = sa.text("superseded_at IS NULL")
    op.create_index(
        "uq_results_standing", "results", ["attempt_id"], unique=True, sqlite_where=stands, postgresql_where=stands
    )
    for name, table, columns, rows in INDEXES:
        where = sa.text(rows) if rows else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _fill() -> None:
    """Take from results what lists are ordered by, and let the newest of an attempt stand."""
    match, alignment = "json_extract(match, '$.median')", "json_extract(further, '$.alignment.value')"
    if op.get_bind().dialect.name == "postgresql":
        match, alignment = "(match ->> 'median')::float8", "(further #>> '{alignment,value}')::float8"
    results = sa.table(
        "results", *map(sa.column, ("id", "attempt_id", "match_median", "alignment", "scored_at", "superseded_at"))
    )
    op.execute(sa.update(results).values(match_median=sa.text(match), alignment=sa.text(alignment)))
    newer = results.alias()
    is_older = sa.exists().where(newer.c.attempt_id == results.c.attempt_id, newer.c.id > results.c.id)
    op.execute(sa.update(results).where(is_older).values(superseded_at=results.c.scored_at))
    attempts = sa.table("attempts", sa.column("id"), sa.column("scored_at"))
    first = sa.select(sa.func.min(results.c.scored_at)).where(results.c.attempt_id == attempts.c.id)
    op.execute(sa.update(attempts).values(scored_at=first.scalar_subquery()))


def downgrade() -> None:
    for name, table, _columns, _rows in INDEXES:
        op.drop_index(name, table)
    op.execute("DELETE FROM report_files WHERE roster_id IS NOT NULL OR consensus_key_id IS NOT NULL")
    with op.batch_alter_table("results") as batch:
        batch.drop_index(
            "uq_results_standing",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch.drop_column("superseded_at")
        batch.drop_column("alignment")
        batch.drop_column("match_median")
    with op.batch_alter_table("report_files") as batch:
        batch.drop_constraint(batch.f("fk_report_files_roster_id_rosters"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_report_files_pattern_version_id_pattern_versions"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_report_files_consensus_key_id_consensus_keys"), type_="foreignkey")
        batch.drop_column("inputs")
        batch.drop_column("consensus_key_id")
        batch.drop_column("pattern_version_id")
        batch.drop_column("roster_id")
    with op.batch_alter_table("decisions") as batch:
        batch.drop_column("bases")
    with op.batch_alter_table("attempts") as batch:
        batch.drop_column("scored_at")
    with op.batch_alter_table("people") as batch:
        batch.drop_column("sought")
    with op.batch_alter_table("mails") as batch:
        batch.drop_index(batch.f("ix_mails_person_id"))
    with op.batch_alter_table("campaigns") as batch:
        batch.drop_column("reminders_begun")
    with op.batch_alter_table("positions") as batch:
        batch.drop_column("retired_at")
    op.drop_table("sent_forms")
    op.drop_table("shortlist_entries")
    with op.batch_alter_table("roster_members") as batch:
        batch.drop_index(batch.f("ix_roster_members_person_id"))
    op.drop_table("roster_members")
    op.drop_table("export_pieces")
    with op.batch_alter_table("saved_views") as batch:
        batch.drop_index(batch.f("ix_saved_views_user_id"))
        batch.drop_index(batch.f("ix_saved_views_organization_id"))
    op.drop_table("saved_views")
    with op.batch_alter_table("rosters") as batch:
        batch.drop_index(batch.f("ix_rosters_organization_id"))
    op.drop_table("rosters")
    with op.batch_alter_table("exports") as batch:
        batch.drop_index(batch.f("ix_exports_organization_id"))
    op.drop_table("exports")
