"""The coach's desk: who coaches whom, plans with goals and actions, check-ins; comments in surveys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from assess.models.base import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SUBJECTS = ("assignment_id", "user_id", "person_id", "survey_place_id")  # of a link, before


def _one_of(*columns: str) -> str:
    return " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in columns) + " = 1"


def _refer(batch: BatchOperations, table: str, column: str, target: str, comment: str | None = None) -> None:
    """Add a column that may name a row of `target`, with its index."""
    batch.add_column(sa.Column(column, sa.Integer(), nullable=True, comment=comment))
    batch.create_index(batch.f(f"ix_{table}_{column}"), [column], unique=False)
    batch.create_foreign_key(batch.f(f"fk_{table}_{column}_{target}"), target, [column], ["id"])


def upgrade() -> None:
    op.create_table(
        "check_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("planned_for", UTCDateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False, comment="where, or how to join"),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="of the calendar entry; grows with every change"),
        sa.Column("held_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("shared_notes", sa.String(), nullable=False, comment="the person reads them, too"),
        sa.Column(
            "private_notes", sa.String(), nullable=False, comment="this coach alone reads them, and the person's copy"
        ),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["users.id"], name=op.f("fk_check_ins_coach_id_users")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_check_ins_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_check_ins_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("public_id", name=op.f("uq_check_ins_public_id")),
    )
    with op.batch_alter_table("check_ins") as batch:
        batch.create_index(batch.f("ix_check_ins_coach_id_planned_for"), ["coach_id", "planned_for"], unique=False)
        batch.create_index(batch.f("ix_check_ins_organization_id"), ["organization_id"], unique=False)
        batch.create_index(batch.f("ix_check_ins_person_id_planned_for"), ["person_id", "planned_for"], unique=False)

    op.create_table(
        "coachings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column(
            "basis", sa.Enum("assigned", "agreed", name="coachingbasis", native_enum=False, length=40), nullable=False
        ),
        sa.Column("begun_at", UTCDateTime(timezone=True), nullable=False, comment="assigned, or asked for"),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "asked_as", sa.String(), nullable=False, comment="the name that the coach typed: all they see until then"
        ),
        sa.Column(
            "agreed_at", UTCDateTime(timezone=True), nullable=True, comment="when the person consented, themselves"
        ),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by", sa.Enum("person", "coach", "hr", name="endedby", native_enum=False, length=40), nullable=True
        ),
        sa.ForeignKeyConstraint(["begun_by_id"], ["users.id"], name=op.f("fk_coachings_begun_by_id_users")),
        sa.ForeignKeyConstraint(["coach_id"], ["users.id"], name=op.f("fk_coachings_coach_id_users")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_coachings_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_coachings_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coachings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coachings_public_id")),
    )
    with op.batch_alter_table("coachings") as batch:
        batch.create_index(batch.f("ix_coachings_coach_id_id"), ["coach_id", "id"], unique=False)
        batch.create_index(
            "ix_coachings_open",
            ["person_id", "coach_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch.create_index(batch.f("ix_coachings_organization_id"), ["organization_id"], unique=False)
        batch.create_index(batch.f("ix_coachings_person_id"), ["person_id"], unique=False)

    op.create_table(
        "survey_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False, comment="of the open question"),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "shown", "withheld", name="commentstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "shown_words",
            sa.String(),
            nullable=False,
            comment="as the coach has worded it, so that nobody is known by it",
        ),
        sa.Column("moderated_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["place_id"], ["survey_places.id"], name=op.f("fk_survey_comments_place_id_survey_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_comments")),
        sa.UniqueConstraint("place_id", "code", name=op.f("uq_survey_comments_place_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_survey_comments_public_id")),
    )
    op.create_table(
        "coaching_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=True, comment="the assessment that it rests on"),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_coaching_plans_created_by_id_users")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_coaching_plans_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_coaching_plans_person_id_people")),
        sa.ForeignKeyConstraint(["result_id"], ["results.id"], name=op.f("fk_coaching_plans_result_id_results")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_plans")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coaching_plans_public_id")),
    )
    with op.batch_alter_table("coaching_plans") as batch:
        batch.create_index(batch.f("ix_coaching_plans_organization_id"), ["organization_id"], unique=False)
        batch.create_index(batch.f("ix_coaching_plans_person_id"), ["person_id"], unique=False)
        batch.create_index(batch.f("ix_coaching_plans_result_id"), ["result_id"], unique=False)

    op.create_table(
        "coaching_goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("scale", "theme", "own", name="goalsubject", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("code", sa.String(), nullable=False, comment="of the scale or theme"),
        sa.Column(
            "towards",
            sa.Enum("high", "low", name="towards", native_enum=False, length=40),
            nullable=True,
            comment="of a scale: the pole to show more of",
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("sign", sa.String(), nullable=False, comment="how everybody will know that it is reached"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "reached", "dropped", name="goalstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("state_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False, comment="what has shown it, as the coach wrote it down"),
        sa.Column("own_evidence", sa.String(), nullable=False, comment="the same in the person's own words"),
        sa.CheckConstraint("(subject = 'own') = (code = '')", name=op.f("ck_coaching_goals_subject_has_code")),
        sa.CheckConstraint("subject = 'scale' OR towards IS NULL", name=op.f("ck_coaching_goals_pole_is_of_scale")),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["coaching_plans.id"],
            name=op.f("fk_coaching_goals_plan_id_coaching_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_goals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coaching_goals_public_id")),
    )
    with op.batch_alter_table("coaching_goals") as batch:
        batch.create_index(batch.f("ix_coaching_goals_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "coaching_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("library", sa.String(), nullable=False, comment="where the words come from; empty: own words"),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("how_often", sa.String(), nullable=False),
        sa.Column("sign", sa.String(), nullable=False, comment="how one will know that it helps"),
        sa.Column("time_needed", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Enum("person", "coach", name="doneby", native_enum=False, length=40), nullable=True),
        sa.Column("remark", sa.String(), nullable=False, comment="of whoever ticked it off"),
        sa.ForeignKeyConstraint(
            ["goal_id"],
            ["coaching_goals.id"],
            name=op.f("fk_coaching_actions_goal_id_coaching_goals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_actions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coaching_actions_public_id")),
    )
    with op.batch_alter_table("coaching_actions") as batch:
        batch.create_index(batch.f("ix_coaching_actions_goal_id"), ["goal_id"], unique=False)

    with op.batch_alter_table("access_links") as batch:
        batch.add_column(sa.Column("coaching_id", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("ck_access_links_has_one_subject"), type_="check")
        batch.create_check_constraint(op.f("ck_access_links_has_one_subject"), _one_of(*SUBJECTS, "coaching_id"))
        batch.create_index(batch.f("ix_access_links_coaching_id"), ["coaching_id"], unique=False)
        batch.create_foreign_key(batch.f("fk_access_links_coaching_id_coachings"), "coachings", ["coaching_id"], ["id"])

    with op.batch_alter_table("mails") as batch:
        _refer(batch, "mails", "coaching_id", "coachings")
        batch.add_column(sa.Column("check_in_id", sa.Integer(), nullable=True))
        batch.create_index(batch.f("ix_mails_check_in_id"), ["check_in_id"], unique=False)
        batch.create_foreign_key(
            batch.f("fk_mails_check_in_id_check_ins"), "check_ins", ["check_in_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("campaigns") as batch:
        _refer(batch, "campaigns", "coaching_id", "coachings", "in which a coach asked for it, of one person, again")

    with op.batch_alter_table("attempts") as batch:
        batch.add_column(
            sa.Column(
                "avoided",
                sa.JSON(),
                nullable=False,
                server_default="[]",
                comment="codes of statements that the person has been asked before",
            )
        )
        batch.add_column(
            sa.Column(
                "statements",
                sa.JSON(none_as_null=True),
                nullable=True,
                comment="codes in order, of a form put together for this person; none: the bank's form",
            )
        )

    with op.batch_alter_table("survey_rounds") as batch:
        _refer(batch, "survey_rounds", "about_id", "people", "of feedback: whom colleagues are asked about")
        for name, comment in (
            ("proposed_at", "of feedback: when the coach put it to that person"),
            ("agreed_at", "of feedback: when that person said yes; nobody is asked before"),
            ("released_at", "of feedback: when the coach let the person read the comments"),
        ):
            batch.add_column(sa.Column(name, UTCDateTime(timezone=True), nullable=True, comment=comment))
        batch.add_column(
            sa.Column(
                "figures",
                sa.JSON(none_as_null=True),
                nullable=True,
                comment="of feedback: what may be shown, fixed when it was closed",
            )
        )
        batch.add_column(
            sa.Column(
                "n_answered",
                sa.Integer(),
                nullable=True,
                comment="of feedback: raters who had handed in when it was closed",
            )
        )

    with op.batch_alter_table("survey_places") as batch:
        batch.add_column(
            sa.Column(
                "asked_as",
                sa.String(),
                nullable=False,
                server_default="",
                comment="of feedback: the name that the coach typed",
            )
        )

    with op.batch_alter_table("report_files") as batch:
        batch.add_column(
            sa.Column(
                "coaching_id", sa.Integer(), nullable=True, comment="in which a coach asked for it; HR does not see it"
            )
        )
        batch.create_index(
            "ix_report_files_coaching_id",
            ["coaching_id"],
            unique=False,
            sqlite_where=sa.text("coaching_id IS NOT NULL"),
            postgresql_where=sa.text("coaching_id IS NOT NULL"),
        )
        batch.create_foreign_key(batch.f("fk_report_files_coaching_id_coachings"), "coachings", ["coaching_id"], ["id"])

    op.add_column(  # not by copying the table: it has a column that the database computes
        "people",
        sa.Column(
            "is_unlisted",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="named by a coach alone so far: not in HR's lists",
        ),
    )


def _delete_feedback() -> None:
    """Delete rounds of this kind with all that hangs on them, before what says whom they are about goes."""
    rounds = sa.table("survey_rounds", sa.column("id"), sa.column("kind"))
    places = sa.table("survey_places", sa.column("id"), sa.column("round_id"))
    theirs = sa.select(rounds.c.id).where(rounds.c.kind == "feedback")
    within = sa.select(places.c.id).where(places.c.round_id.in_(theirs))
    for name, column in (
        ("mails", "survey_place_id"),
        ("access_links", "survey_place_id"),
        ("survey_answers", "place_id"),
        ("survey_comments", "place_id"),
    ):
        table = sa.table(name, sa.column(column))
        op.execute(sa.delete(table).where(table.c[column].in_(within)))
    op.execute(sa.delete(places).where(places.c.round_id.in_(theirs)))
    op.execute(sa.delete(rounds).where(rounds.c.kind == "feedback"))


def downgrade() -> None:
    op.drop_column("people", "is_unlisted")
    op.execute("DELETE FROM report_files WHERE coaching_id IS NOT NULL")
    with op.batch_alter_table("report_files") as batch:
        batch.drop_constraint(batch.f("fk_report_files_coaching_id_coachings"), type_="foreignkey")
        batch.drop_index("ix_report_files_coaching_id")
        batch.drop_column("coaching_id")

    _delete_feedback()
    with op.batch_alter_table("survey_places") as batch:
        batch.drop_column("asked_as")

    with op.batch_alter_table("survey_rounds") as batch:
        batch.drop_constraint(batch.f("fk_survey_rounds_about_id_people"), type_="foreignkey")
        batch.drop_index(batch.f("ix_survey_rounds_about_id"))
        for column in ("released_at", "n_answered", "figures", "agreed_at", "proposed_at", "about_id"):
            batch.drop_column(column)

    with op.batch_alter_table("attempts") as batch:
        batch.drop_column("statements")
        batch.drop_column("avoided")

    with op.batch_alter_table("campaigns") as batch:
        batch.drop_constraint(batch.f("fk_campaigns_coaching_id_coachings"), type_="foreignkey")
        batch.drop_index(batch.f("ix_campaigns_coaching_id"))
        batch.drop_column("coaching_id")

    op.execute("DELETE FROM access_links WHERE coaching_id IS NOT NULL")
    op.execute("DELETE FROM mails WHERE coaching_id IS NOT NULL")
    with op.batch_alter_table("mails") as batch:
        batch.drop_constraint(batch.f("fk_mails_check_in_id_check_ins"), type_="foreignkey")
        batch.drop_index(batch.f("ix_mails_check_in_id"))
        batch.drop_column("check_in_id")
        batch.drop_constraint(batch.f("fk_mails_coaching_id_coachings"), type_="foreignkey")
        batch.drop_index(batch.f("ix_mails_coaching_id"))
        batch.drop_column("coaching_id")

    with op.batch_alter_table("access_links") as batch:
        batch.drop_constraint(op.f("ck_access_links_has_one_subject"), type_="check")
        batch.drop_constraint(batch.f("fk_access_links_coaching_id_coachings"), type_="foreignkey")
        batch.drop_index(batch.f("ix_access_links_coaching_id"))
        batch.drop_column("coaching_id")
        batch.create_check_constraint(op.f("ck_access_links_has_one_subject"), _one_of(*SUBJECTS))

    op.drop_table("coaching_actions")

    op.drop_table("coaching_goals")

    op.drop_table("coaching_plans")
    op.drop_table("survey_comments")

    op.drop_table("coachings")

    op.drop_table("check_ins")
