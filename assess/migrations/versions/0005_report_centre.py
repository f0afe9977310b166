"""The report centre: language and paper of a report, reports that compare several results, batches of reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assess.models.base import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report_files") as batch:
        batch.alter_column(
            "result_id",
            existing_type=sa.Integer(),
            nullable=True,
            comment="none: it compares several",
            existing_nullable=False,
        )
        batch.add_column(sa.Column("language", sa.String(), server_default="en", nullable=False))
        batch.add_column(sa.Column("paper", sa.String(), server_default="A4", nullable=False))
        batch.create_index(
            op.f("ix_report_files_organization_id_kind_inputs_hash"), ["organization_id", "kind", "inputs_hash"]
        )
    op.create_table(
        "compared_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report_files.id"], name=op.f("fk_compared_results_report_id_report_files")
        ),
        sa.ForeignKeyConstraint(["result_id"], ["results.id"], name=op.f("fk_compared_results_result_id_results")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compared_results")),
        sa.UniqueConstraint("report_id", "result_id", name=op.f("uq_compared_results_report_id_result_id")),
    )
    op.create_index(op.f("ix_compared_results_result_id"), "compared_results", ["result_id"])
    op.create_table(
        "report_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True, comment="none: from several"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("requested_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "asked_again_at",
            UTCDateTime(timezone=True),
            nullable=True,
            comment="when what was not made was asked for again",
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_report_batches_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_report_batches_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["users.id"], name=op.f("fk_report_batches_requested_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_batches")),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_batches_public_id")),
    )
    op.create_index(op.f("ix_report_batches_organization_id"), "report_batches", ["organization_id"])
    op.create_table(
        "batch_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True, comment="why there is no report, in words"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_batch_entries_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["report_batches.id"], name=op.f("fk_batch_entries_batch_id_report_batches")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report_files.id"],
            name=op.f("fk_batch_entries_report_id_report_files"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_entries")),
        sa.UniqueConstraint("batch_id", "assignment_id", name=op.f("uq_batch_entries_batch_id_assignment_id")),
    )
    op.create_index(op.f("ix_batch_entries_assignment_id"), "batch_entries", ["assignment_id"])
    op.create_index(op.f("ix_batch_entries_report_id"), "batch_entries", ["report_id"])


def downgrade() -> None:
    op.drop_table("batch_entries")
    op.drop_table("report_batches")
    op.drop_table("compared_results")
    op.execute("DELETE FROM report_files WHERE result_id IS NULL")
    with op.batch_alter_table("report_files") as batch:
        batch.drop_index(op.f("ix_report_files_organization_id_kind_inputs_hash"))
        batch.drop_column("paper")
        batch.drop_column("language")
        batch.alter_column(
            "result_id",
            existing_type=sa.Integer(),
            nullable=False,
            comment=None,
            existing_comment="none: it compares several",
            existing_nullable=True,
        )
