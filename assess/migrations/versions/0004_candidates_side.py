"""The candidate's side: language, pauses, the company's view, scores of further parts, equality answers, requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assess.models.base import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _refer(table: str, name: str, referred: str) -> None:
    """Add the column with its reference: SQLite takes it only with the column, PostgreSQL names it only apart."""
    column = sa.Column(name, sa.Integer(), nullable=True)
    if op.get_bind().dialect.name == "sqlite":
        column.append_foreign_key(sa.ForeignKey(f"{referred}.id"))
        op.add_column(table, column, inline_references=True)
    else:
        op.add_column(table, column)
        op.create_foreign_key(op.f(f"fk_{table}_{name}_{referred}"), table, referred, [name], ["id"])


def upgrade() -> None:
    op.execute("UPDATE people SET language = ''")  # it was English for everybody, and nobody had said so
    _refer("attempts", "consensus_key_id", "consensus_keys")
    op.add_column(
        "attempts",
        sa.Column("language", sa.String(), server_default="en", nullable=False, comment="that questions are shown in"),
    )
    op.add_column(
        "attempts",
        sa.Column(
            "adapted_at",
            UTCDateTime(timezone=True),
            nullable=True,
            comment="when the adaptive test had asked enough: no answer changed later adds to it",
        ),
    )
    _refer("results", "consensus_key_id", "consensus_keys")
    op.add_column(
        "results",
        sa.Column(
            "further",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="parts beside the six scales: perspective, situations, proficiencies",
        ),
    )
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("began_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_pauses_attempt_id_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    op.create_index(op.f("ix_pauses_attempt_id"), "pauses", ["attempt_id"])
    op.create_table(
        "equality_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False, comment="question: option; what was not said is not there"),
        sa.Column("answered_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_equality_answers_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_equality_answers_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality_answers")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_equality_answers_assignment_id")),
    )
    op.create_index(op.f("ix_equality_answers_organization_id"), "equality_answers", ["organization_id"])
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("correction", "erasure", "review", name="requestkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False, comment="the person's own; emptied at erasure"),
        sa.Column("asked_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_privacy_requests_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_privacy_requests_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_privacy_requests_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_privacy_requests_public_id")),
    )
    op.create_index(op.f("ix_privacy_requests_organization_id"), "privacy_requests", ["organization_id"])
    op.create_index(op.f("ix_privacy_requests_person_id"), "privacy_requests", ["person_id"])
    _refer("mails", "privacy_request_id", "privacy_requests")
    op.create_table(
        "access_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("requested_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True, comment="why it could not be made, in words"),
        sa.Column("expires_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_access_files_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_access_files_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_access_files_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_access_files_reference")),
    )
    op.create_index(op.f("ix_access_files_organization_id"), "access_files", ["organization_id"])
    op.create_index(op.f("ix_access_files_person_id"), "access_files", ["person_id"])


def downgrade() -> None:
    op.drop_table("access_files")
    with op.batch_alter_table("mails") as batch:
        batch.drop_column("privacy_request_id")
    op.execute("UPDATE people SET language = 'en' WHERE language = ''")
    op.drop_table("privacy_requests")
    op.drop_table("equality_answers")
    op.drop_table("pauses")
    with op.batch_alter_table("results") as batch:
        batch.drop_column("further")
        batch.drop_column("consensus_key_id")
    with op.batch_alter_table("attempts") as batch:
        batch.drop_column("adapted_at")
        batch.drop_column("language")
        batch.drop_column("consensus_key_id")
