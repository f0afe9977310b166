"""Surveys answered through links: rounds, places, answers, counts; where patterns and keys come from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assess.models.base import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SUBJECTS = ("assignment_id", "user_id", "person_id")


def _one_of(*columns: str) -> str:
    return " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in columns) + " = 1"


def upgrade() -> None:
    op.create_table(
        "survey_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "perspective",
                "job",
                "performance",
                "leader",
                "climate",
                name="surveykind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "edition", sa.String(), nullable=False, comment="of the perspective's statements; empty for other kinds"
        ),
        sa.Column("bank_version", sa.String(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=True, comment="of job and performance"),
        sa.Column(
            "top_percent",
            sa.Integer(),
            nullable=True,
            comment="of performance: the share of the rated who count as top; fixed before figures are seen, "
            "never changed",
        ),
        sa.Column("closes_at", UTCDateTime(timezone=True), nullable=False, comment="answers are accepted until then"),
        sa.Column("time_zone", sa.String(), nullable=False, comment="IANA name"),
        sa.Column(
            "closed_at",
            UTCDateTime(timezone=True),
            nullable=True,
            comment="ended by HR before its time; never opened again",
        ),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_survey_rounds_created_by_id_users")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_survey_rounds_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_survey_rounds_position_id_positions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_rounds")),
        sa.UniqueConstraint("public_id", name=op.f("uq_survey_rounds_public_id")),
    )
    with op.batch_alter_table("survey_rounds") as batch:
        batch.create_index(batch.f("ix_survey_rounds_organization_id"), ["organization_id"], unique=False)
    op.create_table(
        "rated_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rated_people_person_id_people")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_rounds.id"], name=op.f("fk_rated_people_round_id_survey_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rated_people")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_rated_people_round_id_person_id")),
    )
    with op.batch_alter_table("rated_people") as batch:
        batch.create_index(batch.f("ix_rated_people_person_id"), ["person_id"], unique=False)
    op.create_table(
        "survey_counts",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False, comment="of a statement, or of an area: then a sum"),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_rounds.id"], name=op.f("fk_survey_counts_round_id_survey_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "group_name", "code", "value", name=op.f("pk_survey_counts")),
    )
    op.create_table(
        "survey_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(), nullable=False, comment="of staff, e.g. a department; empty: none"),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column(
            "invited_at", UTCDateTime(timezone=True), nullable=True, comment="mail accepted by a server, or link copied"
        ),
        sa.Column("opened_at", UTCDateTime(timezone=True), nullable=True, comment="first redemption of a link by POST"),
        sa.Column("submitted_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_survey_places_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_survey_places_person_id_people")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_rounds.id"], name=op.f("fk_survey_places_round_id_survey_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_places")),
        sa.UniqueConstraint("public_id", name=op.f("uq_survey_places_public_id")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_survey_places_round_id_person_id")),
    )
    with op.batch_alter_table("survey_places") as batch:
        batch.create_index(batch.f("ix_survey_places_organization_id"), ["organization_id"], unique=False)
        batch.create_index(batch.f("ix_survey_places_person_id"), ["person_id"], unique=False)
    op.create_table(
        "leader_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("program_version", sa.String(), nullable=False),
        sa.Column("requested_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True, comment="bytes"),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["place_id"], ["survey_places.id"], name=op.f("fk_leader_reports_place_id_survey_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_reports")),
        sa.UniqueConstraint("place_id", name=op.f("uq_leader_reports_place_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_leader_reports_reference")),
    )
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("answered_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["people.id"], name=op.f("fk_survey_answers_about_id_people")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["survey_places.id"], name=op.f("fk_survey_answers_place_id_survey_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sa.UniqueConstraint("place_id", "about_id", "code", name=op.f("uq_survey_answers_place_id_about_id_code")),
    )
    with op.batch_alter_table("survey_answers") as batch:
        batch.create_index(batch.f("ix_survey_answers_about_id"), ["about_id"], unique=False)
        batch.create_index(
            batch.f("ix_survey_answers_place_id_code"),
            ["place_id", "code"],
            unique=True,
            sqlite_where=sa.text("about_id IS NULL"),
            postgresql_where=sa.text("about_id IS NULL"),
        )
    op.drop_table("ratings")
    with op.batch_alter_table("access_links") as batch:
        batch.add_column(sa.Column("survey_place_id", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("ck_access_links_has_one_subject"), type_="check")
        batch.create_check_constraint(op.f("ck_access_links_has_one_subject"), _one_of(*SUBJECTS, "survey_place_id"))
        batch.create_index(batch.f("ix_access_links_survey_place_id"), ["survey_place_id"], unique=False)
        batch.create_foreign_key(
            batch.f("fk_access_links_survey_place_id_survey_places"), "survey_places", ["survey_place_id"], ["id"]
        )
    with op.batch_alter_table("consensus_keys") as batch:
        for name, comment in (("bank_version", "whose statements were rated"), ("note", "why there is this version")):
            batch.add_column(sa.Column(name, sa.String(), nullable=False, server_default="", comment=comment))
        batch.add_column(sa.Column("published_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("round_id", sa.Integer(), nullable=True, comment="whose answers it is made of"))
        batch.create_foreign_key(
            batch.f("fk_consensus_keys_round_id_survey_rounds"), "survey_rounds", ["round_id"], ["id"]
        )
        batch.create_foreign_key(
            batch.f("fk_consensus_keys_published_by_id_users"), "users", ["published_by_id"], ["id"]
        )
    with op.batch_alter_table("mails") as batch:
        batch.add_column(sa.Column("survey_place_id", sa.Integer(), nullable=True))
        batch.create_index(batch.f("ix_mails_survey_place_id"), ["survey_place_id"], unique=False)
        batch.create_foreign_key(
            batch.f("fk_mails_survey_place_id_survey_places"), "survey_places", ["survey_place_id"], ["id"]
        )
    with op.batch_alter_table("pattern_versions") as batch:
        batch.add_column(
            sa.Column(
                "origin",
                sa.Enum("family", "hand", "survey", "performers", name="patternorigin", native_enum=False, length=40),
                nullable=False,
                server_default="hand",
            )
        )
        batch.add_column(
            sa.Column(
                "evidence",
                sa.JSON(none_as_null=True),
                nullable=True,
                comment="figures that the version rests on, of a survey or of top performers",
            )
        )
        batch.add_column(sa.Column("round_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_pattern_versions_round_id_survey_rounds"), "survey_rounds", ["round_id"], ["id"]
        )
    op.execute("UPDATE pattern_versions SET origin = 'family' WHERE source LIKE 'Role family %' AND version = 1")
    with op.batch_alter_table("pattern_versions") as batch:
        batch.alter_column("origin", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM access_links WHERE survey_place_id IS NOT NULL")
    op.execute("DELETE FROM mails WHERE survey_place_id IS NOT NULL")
    with op.batch_alter_table("pattern_versions") as batch:
        batch.drop_constraint(batch.f("fk_pattern_versions_round_id_survey_rounds"), type_="foreignkey")
        batch.drop_column("round_id")
        batch.drop_column("evidence")
        batch.drop_column("origin")
    with op.batch_alter_table("mails") as batch:
        batch.drop_constraint(batch.f("fk_mails_survey_place_id_survey_places"), type_="foreignkey")
        batch.drop_index(batch.f("ix_mails_survey_place_id"))
        batch.drop_column("survey_place_id")
    with op.batch_alter_table("consensus_keys") as batch:
        batch.drop_constraint(batch.f("fk_consensus_keys_published_by_id_users"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_consensus_keys_round_id_survey_rounds"), type_="foreignkey")
        for name in ("round_id", "published_by_id", "note", "bank_version"):
            batch.drop_column(name)
    with op.batch_alter_table("access_links") as batch:
        batch.drop_constraint(batch.f("fk_access_links_survey_place_id_survey_places"), type_="foreignkey")
        batch.drop_index(batch.f("ix_access_links_survey_place_id"))
        batch.drop_constraint(op.f("ck_access_links_has_one_subject"), type_="check")
        batch.drop_column("survey_place_id")
        batch.create_check_constraint(op.f("ck_access_links_has_one_subject"), _one_of(*SUBJECTS))
    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("access_link_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("rated_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_link_id"], ["access_links.id"], name=op.f("fk_ratings_access_link_id_access_links")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("access_link_id", "code", name=op.f("uq_ratings_access_link_id_code")),
    )
    with op.batch_alter_table("survey_answers") as batch:
        batch.drop_index(
            batch.f("ix_survey_answers_place_id_code"),
            sqlite_where=sa.text("about_id IS NULL"),
            postgresql_where=sa.text("about_id IS NULL"),
        )
        batch.drop_index(batch.f("ix_survey_answers_about_id"))
    op.drop_table("survey_answers")
    op.drop_table("leader_reports")
    with op.batch_alter_table("survey_places") as batch:
        batch.drop_index(batch.f("ix_survey_places_person_id"))
        batch.drop_index(batch.f("ix_survey_places_organization_id"))
    op.drop_table("survey_places")
    op.drop_table("survey_counts")
    with op.batch_alter_table("rated_people") as batch:
        batch.drop_index(batch.f("ix_rated_people_person_id"))
    op.drop_table("rated_people")
    with op.batch_alter_table("survey_rounds") as batch:
        batch.drop_index(batch.f("ix_survey_rounds_organization_id"))
    op.drop_table("survey_rounds")
