"""the tables"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("subject_digest", sa.LargeBinary(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "at", name=op.f("pk_access_log")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index("ix_access_log_at", "access_log", ["at"], unique=False)
    op.create_index(op.f("ix_access_log_request_id"), "access_log", ["request_id"], unique=False)
    op.create_table(
        "download_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_ct", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "\"cause\" IN ('bulk', 'off_hours', 'extract', 'asked')", name=op.f("ck_download_question_cause")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download_question")),
    )
    op.create_index(
        "uq_download_question_found",
        "download_question",
        ["actor", "cause", "day"],
        unique=True,
        postgresql_where=sa.text("cause <> 'asked'"),
    )
    op.create_index(
        "ix_download_question_open",
        "download_question",
        ["actor"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "access_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text(), none_as_null=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("remark_ct", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("\"finding\" IN ('nothing', 'followed_up')", name=op.f("ck_access_review_finding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review")),
        sa.UniqueConstraint("month", name=op.f("uq_access_review_month")),
    )
    op.create_table(
        "grant_history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("whom", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text(), none_as_null=True), nullable=False),
        sa.CheckConstraint("\"act\" IN ('grant', 'change', 'revoke')", name=op.f("ck_grant_history_act")),
        sa.CheckConstraint("\"kind\" IN ('client', 'system', 'role', 'session')", name=op.f("ck_grant_history_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_history")),
    )
    op.create_index("ix_grant_history_whom", "grant_history", ["whom", "at"], unique=False)
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name_ct", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.CheckConstraint("\"cause\" IN ('logout', 'revoked')", name=op.f("ck_staff_session_cause")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("ref", name=op.f("uq_staff_session_ref")),
    )
    op.create_index(
        "ix_staff_session_open",
        "staff_session",
        ["person"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_staff_session_seen_at"), "staff_session", ["seen_at"], unique=False)
    op.create_table(
        "staff_revocation",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_staff_revocation")),
    )
    op.create_table(
        "age_seen",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("child_until", sa.Date(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_age_seen")),
    )
    op.create_index(op.f("ix_age_seen_seen_at"), "age_seen", ["seen_at"], unique=False)
    op.create_table(
        "assertion_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("iss", sa.Text(), nullable=False),
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assertion_use")),
        sa.UniqueConstraint("iss", "jti", name=op.f("uq_assertion_use_iss_jti")),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoint")),
    )
    op.create_index(op.f("ix_audit_checkpoint_mailed_at"), "audit_checkpoint", ["mailed_at"], unique=False)
    op.create_table(
        "audit_tile",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_audit_tile")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("detail_ct", sa.LargeBinary(), nullable=True),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_request_id"), "audit_entry", ["request_id"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "destruction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("due_since", sa.Date(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_iss", sa.Text(), nullable=True),
        sa.Column("confirmed_by_sub", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_iss", sa.Text(), nullable=True),
        sa.Column("checked_by_sub", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("\"of\" IN ('request')", name=op.f("ck_destruction_of")),
        sa.CheckConstraint("\"state\" IN ('planned', 'confirmed', 'done')", name=op.f("ck_destruction_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction")),
    )
    op.create_index(
        "ix_destruction_open", "destruction", ["id"], unique=False, postgresql_where=sa.text("state <> 'done'")
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "figures_kept",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("figures", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_figures_kept")),
    )
    op.create_table(
        "destroyed_request",
        sa.Column("destruction_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("due_since", sa.Date(), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_ground", sa.Text(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("counts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("ledger_seq", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "\"kept_ground\" IN ('dispute', 'inquiry', 'lawsuit')", name=op.f("ck_destroyed_request_kept_ground")
        ),
        sa.ForeignKeyConstraint(
            ["destruction_id"], ["destruction.id"], name=op.f("fk_destroyed_request_destruction_id")
        ),
        sa.PrimaryKeyConstraint("destruction_id", "request_id", name=op.f("pk_destroyed_request")),
    )
    op.create_index(
        "uq_destroyed_request_listed",
        "destroyed_request",
        ["request_id"],
        unique=True,
        postgresql_where=sa.text("dropped_at IS NULL"),
    )
    op.create_table(
        "hold_change",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_hold_change")),
    )
    op.create_table(
        "hold_clock",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_clock")),
    )
    op.create_table(
        "idempotency",
        sa.Column("principal", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("answer_ct", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_at"), "idempotency", ["at"], unique=False)
    op.create_table(
        "outlook",
        sa.Column("first_closed", sa.Date(), nullable=False),
        sa.Column("last_closed", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("first_closed", name=op.f("pk_outlook")),
    )
    op.create_table(
        "policy_taken",
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("policy", name=op.f("pk_policy_taken")),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("access_code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("notify_by", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filer_role", sa.Text(), nullable=False),
        sa.Column("filer_iss", sa.Text(), nullable=False),
        sa.Column("filer_sub", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("subject_ct", sa.LargeBinary(), nullable=False),
        sa.Column("person_ct", sa.LargeBinary(), nullable=True),
        sa.Column("references_ct", sa.LargeBinary(), nullable=True),
        sa.Column("subject_digest", sa.LargeBinary(), nullable=True),
        sa.Column("likeness", sa.LargeBinary(), nullable=False),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("contacts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("reached", sa.Text(), nullable=False),
        sa.Column("asker_digest", sa.LargeBinary(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("apart_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("\"capacity\" IN ('self', 'guardian', 'delegate')", name=op.f("ck_request_capacity")),
        sa.CheckConstraint("\"reached\" IN ('none', 'old', 'changed', 'other')", name=op.f("ck_request_reached")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_request_receipt_no")),
    )
    op.create_index(op.f("ix_request_asker_digest"), "request", ["asker_digest"], unique=False)
    op.create_index(op.f("ix_request_arrived_at"), "request", ["arrived_at"], unique=False)
    op.create_index("ix_request_filer", "request", ["filer_iss", "filer_sub", "id"], unique=False)
    op.create_index(op.f("ix_request_likeness"), "request", ["likeness"], unique=False)
    op.create_index(op.f("ix_request_subject_digest"), "request", ["subject_digest"], unique=False)
    op.create_table(
        "system",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("actions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("matches_by", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("endpoint_url", sa.Text(), nullable=True),
        sa.Column("proposed_url", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scheme", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("answers_by", sa.Text(), nullable=False),
        sa.Column("due_working_days", sa.Integer(), nullable=True),
        sa.Column("callback_keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=True),
        sa.Column("challenged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("challenge_tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "\"kind\" IN ('internal', 'processor', 'third_party', 'source')", name=op.f("ck_system_kind")
        ),
        sa.CheckConstraint(
            "\"state\" IN ('proposed', 'unverified', 'active', 'stopped', 'retired')", name=op.f("ck_system_state")
        ),
        sa.CheckConstraint("\"answers_by\" IN ('api', 'page')", name=op.f("ck_system_answers_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system")),
    )
    op.create_table(
        "tally",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "window_start", name=op.f("pk_tally")),
    )
    op.create_table(
        "lookup_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("rebuilding", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup_mark")),
    )
    op.create_table(
        "pace",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_pace")),
    )
    op.create_index(op.f("ix_pace_until"), "pace", ["until"], unique=False)
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("contact_digest", sa.LargeBinary(), nullable=False),
        sa.Column("stop_digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"holder\" IN ('subject', 'guardian')", name=op.f("ck_alert_holder")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_alert_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("stop_digest", name=op.f("uq_alert_stop_digest")),
    )
    op.create_index(op.f("ix_alert_request_id"), "alert", ["request_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("internal_on", sa.Date(), nullable=False),
        sa.Column("due_steps", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("scope", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("detail_ct", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("waiting", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("available_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_open_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.Text(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objection_until", sa.Date(), nullable=True),
        sa.Column("apart_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "\"right\" IN ('access', 'correction', 'deletion', 'suspension', 'consent_withdrawal')",
            name=op.f("ck_claim_right"),
        ),
        sa.CheckConstraint(
            "\"status\" IN ('received', 'awaiting_evidence', 'verified', 'postponed', 'approved', 'refused', 'carried_out', 'closed', 'withdrawn', 'lapsed', 'objected')",
            name=op.f("ck_claim_status"),
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_claim_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("request_id", "position", name=op.f("uq_claim_request_id_position")),
    )
    op.create_index(op.f("ix_claim_assignee"), "claim", ["assignee"], unique=False)
    op.create_index("ix_claim_queue", "claim", ["due_on", "id"], unique=False)
    op.create_index(
        "ix_claim_here", "claim", ["due_on", "id"], unique=False, postgresql_where=sa.text("apart_since IS NULL")
    )
    op.create_index("ix_claim_status_queue", "claim", ["status", "due_on", "id"], unique=False)
    op.create_index(
        "ix_claim_due",
        "claim",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL AND status NOT IN ('withdrawn', 'lapsed')"),
    )
    op.create_index(
        "ix_claim_internal", "claim", ["internal_on", "id"], unique=False, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_index(
        "ix_claim_ended",
        "claim",
        ["closed_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('withdrawn', 'lapsed')"),
    )
    op.create_table(
        "client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("\"role\" IN ('website', 'call_center', 'clerk', 'system')", name=op.f("ck_client_role")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_client_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    op.create_index(op.f("ix_client_system_id"), "client", ["system_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_contact_request_id")),
        sa.PrimaryKeyConstraint("request_id", "digest", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_digest"), "contact", ["digest"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("scan", sa.Text(), nullable=False),
        sa.Column("name_ct", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("scan_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by_role", sa.Text(), nullable=False),
        sa.Column("uploaded_by_iss", sa.Text(), nullable=False),
        sa.Column("uploaded_by_sub", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_iss", sa.Text(), nullable=True),
        sa.Column("reviewed_by_sub", sa.Text(), nullable=True),
        sa.Column("checklist", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("review_ct", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_cause", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("\"party\" IN ('subject', 'requester')", name=op.f("ck_evidence_party")),
        sa.CheckConstraint("\"scan\" IN ('clean', 'pending', 'off', 'infected')", name=op.f("ck_evidence_scan")),
        sa.CheckConstraint(
            "\"state\" IN ('scan_pending', 'pending', 'accepted', 'refused', 'number_visible', 'infected', 'destroyed')",
            name=op.f("ck_evidence_state"),
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_evidence_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_digest"), "evidence", ["digest"], unique=False)
    op.create_index(
        "ix_evidence_kept",
        "evidence",
        ["request_id"],
        unique=False,
        postgresql_where=sa.text("destroyed_at IS NULL OR review_ct IS NOT NULL"),
    )
    op.create_index("ix_evidence_queue", "evidence", ["state", "id"], unique=False)
    op.create_index("ix_evidence_request", "evidence", ["request_id", "id"], unique=False)
    op.create_index(
        "ix_evidence_scan", "evidence", ["scan_at"], unique=False, postgresql_where=sa.text("scan = 'pending'")
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("must_report", sa.Boolean(), nullable=False),
        sa.Column("account_ct", sa.LargeBinary(), nullable=True),
        sa.Column("recalled", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_no", sa.Text(), nullable=True),
        sa.Column("reported_by", sa.Text(), nullable=True),
        sa.Column("warned", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("by_iss", sa.Text(), nullable=False),
        sa.Column("by_sub", sa.Text(), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_by", sa.Text(), nullable=True),
        sa.Column("resumed_ct", sa.LargeBinary(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("closing_ct", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("\"found\" IN ('leak', 'none')", name=op.f("ck_incident_found")),
        sa.CheckConstraint(
            "\"kind\" IN ('wrong_recipient', 'wrong_contents', 'outside_access')", name=op.f("ck_incident_kind")
        ),
        sa.CheckConstraint("\"state\" IN ('open', 'closed')", name=op.f("ck_incident_state")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_incident_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_queue", "incident", ["due_at", "id"], unique=False)
    op.create_index(op.f("ix_incident_request_id"), "incident", ["request_id"], unique=False)
    op.create_table(
        "mandate",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("rights", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("deliver_to", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_cause", sa.Text(), nullable=True),
        sa.CheckConstraint("\"deliver_to\" IN ('subject', 'delegate')", name=op.f("ck_mandate_deliver_to")),
        sa.CheckConstraint(
            "\"revoked_cause\" IN ('revoked', 'renounced', 'death', 'expired')", name=op.f("ck_mandate_revoked_cause")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_mandate_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_mandate")),
    )
    op.create_table(
        "proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("verification_id", sa.Uuid(), nullable=True),
        sa.Column("asserted_ct", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("judgement", sa.Text(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "\"method\" IN ('phone_code', 'email_code', 'site_login', 'identity_provider', 'attestation', 'documents')",
            name=op.f("ck_proof_method"),
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_proof_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    op.create_index(op.f("ix_proof_request_id"), "proof", ["request_id"], unique=False)
    op.create_table(
        "release_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_release_grant_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_grant")),
        sa.UniqueConstraint("digest", name=op.f("uq_release_grant_digest")),
    )
    op.create_index(op.f("ix_release_grant_request_id"), "release_grant", ["request_id"], unique=False)
    op.create_table(
        "requester",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("details_ct", sa.LargeBinary(), nullable=True),
        sa.Column("relationship", sa.Text(), nullable=True),
        sa.Column("contacts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("proved", sa.Text(), nullable=False),
        sa.Column("on_record", sa.Boolean(), nullable=False),
        sa.Column("subject_code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("\"proved\" IN ('none', 'reached', 'identified')", name=op.f("ck_requester_proved")),
        sa.CheckConstraint(
            "\"relationship\" IN ('parent', 'adoptive_parent', 'appointed_guardian', 'adult_guardian')",
            name=op.f("ck_requester_relationship"),
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_requester_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_requester")),
    )
    op.create_index(
        "ix_requester_kept", "requester", ["request_id"], unique=False, postgresql_where=sa.text("destroyed_at IS NULL")
    )
    op.create_table(
        "review_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_review_item_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_item")),
    )
    op.create_index(op.f("ix_review_item_request_id"), "review_item", ["request_id"], unique=False)
    op.create_table(
        "supplement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("missing", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("message_ct", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_supplement_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
    )
    op.create_index(op.f("ix_supplement_request_id"), "supplement", ["request_id"], unique=False)
    op.create_table(
        "callback",
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_callback_system_id")),
        sa.PrimaryKeyConstraint("system_id", "message", name=op.f("pk_callback")),
    )
    op.create_index(op.f("ix_callback_at"), "callback", ["at"], unique=False)
    op.create_table(
        "carrier_silence",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"channel\" IN ('mail', 'sms')", name=op.f("ck_carrier_silence_channel")),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_carrier_silence")),
    )
    op.create_table(
        "circuit",
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_circuit_system_id")),
        sa.PrimaryKeyConstraint("system_id", name=op.f("pk_circuit")),
    )
    op.create_table(
        "confirmed",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_confirmed_system_id")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_confirmed")),
    )
    op.create_table(
        "system_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("secret_ct", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("\"scheme\" IN ('v1', 'v1a')", name=op.f("ck_system_key_scheme")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_system_key_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_key")),
    )
    op.create_index(op.f("ix_system_key_system_id"), "system_key", ["system_id"], unique=False)
    op.create_table(
        "system_pulse",
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_system_pulse_system_id")),
        sa.PrimaryKeyConstraint("system_id", name=op.f("pk_system_pulse")),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("contact_digest", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sends", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "\"method\" IN ('phone_code', 'email_code', 'site_login', 'identity_provider', 'attestation', 'documents')",
            name=op.f("ck_verification_method"),
        ),
        sa.CheckConstraint("\"party\" IN ('subject', 'requester')", name=op.f("ck_verification_party")),
        sa.CheckConstraint("\"purpose\" IN ('identity', 'release')", name=op.f("ck_verification_purpose")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_verification_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index("ix_verification_contact", "verification", ["contact_digest", "created_at"], unique=False)
    op.create_index(op.f("ix_verification_request_id"), "verification", ["request_id"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("items", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("nothing_held", sa.Boolean(), nullable=False),
        sa.Column("uncontested", sa.Boolean(), nullable=False),
        sa.Column("decides", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"decides\" IN ('machine', 'officer', 'two')", name=op.f("ck_assessment_decides")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_assessment_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("claim_id", "round", name=op.f("uq_assessment_claim_id_round")),
    )
    op.create_table(
        "client_secret",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_secret_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_secret")),
    )
    op.create_index(op.f("ix_client_secret_client_id"), "client_secret", ["client_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("items", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("facts_ct", sa.LargeBinary(), nullable=True),
        sa.Column("reason_ct", sa.LargeBinary(), nullable=True),
        sa.Column("note_ct", sa.LargeBinary(), nullable=True),
        sa.Column("fee", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("proposer_iss", sa.Text(), nullable=True),
        sa.Column("proposer_sub", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approver_iss", sa.Text(), nullable=True),
        sa.Column("approver_sub", sa.Text(), nullable=True),
        sa.Column("approver_note_ct", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("\"decided_by\" IN ('machine', 'person')", name=op.f("ck_decision_decided_by")),
        sa.CheckConstraint(
            "\"outcome\" IN ('approve', 'partial', 'refuse', 'nothing_held', 'handed_over')",
            name=op.f("ck_decision_outcome"),
        ),
        sa.CheckConstraint(
            "\"state\" IN ('proposed', 'returned', 'superseded', 'effective')", name=op.f("ck_decision_state")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_decision_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_claim_id"), "decision", ["claim_id"], unique=False)
    op.create_table(
        "due_warning",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("told", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "\"of\" IN ('claim', 'objection', 'postponement', 'follow_up')", name=op.f("ck_due_warning_of")
        ),
        sa.CheckConstraint("\"step\" IN ('three', 'one', 'today', 'overdue')", name=op.f("ck_due_warning_step")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_due_warning_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_warning")),
        sa.UniqueConstraint("about", "due_on", "step", name=op.f("uq_due_warning_about_due_on_step")),
    )
    op.create_index(op.f("ix_due_warning_claim_id"), "due_warning", ["claim_id"], unique=False)
    op.create_table(
        "evidence_chunk",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("\"part\" IN ('copy', 'original')", name=op.f("ck_evidence_chunk_part")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_chunk_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", "part", "position", name=op.f("pk_evidence_chunk")),
    )
    op.create_table(
        "footage",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("overwritten_from", sa.Date(), nullable=False),
        sa.Column("likely_expired", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("preserved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("\"ground\" IN ('own_image', 'life', 'body', 'property')", name=op.f("ck_footage_ground")),
        sa.CheckConstraint("\"kind\" IN ('existence', 'view', 'copy')", name=op.f("ck_footage_kind")),
        sa.CheckConstraint(
            "\"state\" IN ('asked', 'preserved', 'not_held', 'releasing', 'released', 'destroyed')",
            name=op.f("ck_footage_state"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_footage_claim_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_footage_request_id")),
        sa.ForeignKeyConstraint(["site_id"], ["system.id"], name=op.f("fk_footage_site_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_footage")),
    )
    op.create_index(op.f("ix_footage_overwritten_from"), "footage", ["overwritten_from"], unique=False)
    op.create_index(op.f("ix_footage_request_id"), "footage", ["request_id"], unique=False)
    op.create_index(op.f("ix_footage_site_id"), "footage", ["site_id"], unique=False)
    op.create_table(
        "freeze",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_by", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("reason_ct", sa.LargeBinary(), nullable=True),
        sa.Column("ruled_by_iss", sa.Text(), nullable=True),
        sa.Column("ruled_by_sub", sa.Text(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("\"result\" IN ('released', 'void')", name=op.f("ck_freeze_result")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_freeze_alert_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_freeze_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freeze")),
        sa.UniqueConstraint("alert_id", name=op.f("uq_freeze_alert_id")),
    )
    op.create_index(op.f("ix_freeze_request_id"), "freeze", ["request_id"], unique=False)
    op.create_table(
        "grant_use",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("opened", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["release_grant.id"], name=op.f("fk_grant_use_grant_id")),
        sa.PrimaryKeyConstraint("grant_id", "opened", name=op.f("pk_grant_use")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "\"kind\" IN ('correction_pending', 'suspended', 'consent_withdrawn', 'kept_by_law', 'preserved', 'child_marketing')",
            name=op.f("ck_hold_kind"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_hold_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_claim_id"), "hold", ["claim_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content_ct", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("\"form\" IN ('9', '10', 'ruling', 'destroyed', 'measure')", name=op.f("ck_notice_form")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_notice_claim_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_notice_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("claim_id", "round", "kind", name=op.f("uq_notice_claim_id_round_kind")),
    )
    op.create_index(op.f("ix_notice_request_id"), "notice", ["request_id"], unique=False)
    op.create_index(
        "ix_notice_answer", "notice", ["at"], unique=False, postgresql_where=sa.text("kind IN ('result', 'interim')")
    )
    op.create_table(
        "fence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("record_class", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("decided_until", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("\"state\" IN ('kept', 'destroying', 'destroyed', 'ended')", name=op.f("ck_fence_state")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_fence_claim_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_fence_hold_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_fence_notice_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_fence_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fence")),
        sa.UniqueConstraint("claim_id", "round", "item", name=op.f("uq_fence_claim_id_round_item")),
    )
    op.create_index("ix_fence_due", "fence", ["until"], unique=False, postgresql_where=sa.text("state = 'kept'"))
    op.create_index(op.f("ix_fence_request_id"), "fence", ["request_id"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("reason_ct", sa.LargeBinary(), nullable=True),
        sa.Column("note_ct", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_by_iss", sa.Text(), nullable=True),
        sa.Column("proposed_by_sub", sa.Text(), nullable=True),
        sa.Column("ordered_by_iss", sa.Text(), nullable=True),
        sa.Column("ordered_by_sub", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "\"measure\" IN ('destroy', 'keep_apart', 'keep_by_statute')", name=op.f("ck_follow_up_measure")
        ),
        sa.CheckConstraint(
            "\"state\" IN ('open', 'proposed', 'ordered', 'done', 'ended')", name=op.f("ck_follow_up_state")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_follow_up_claim_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_follow_up_notice_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_follow_up_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("claim_id", "round", "category", name=op.f("uq_follow_up_claim_id_round_category")),
    )
    op.create_index(
        "ix_follow_up_due",
        "follow_up",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'proposed', 'ordered')"),
    )
    op.create_index(op.f("ix_follow_up_request_id"), "follow_up", ["request_id"], unique=False)
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason_ct", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("internal_on", sa.Date(), nullable=False),
        sa.Column("due_steps", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("filed_by_role", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("ruling_ct", sa.LargeBinary(), nullable=True),
        sa.Column("ruled_by_iss", sa.Text(), nullable=True),
        sa.Column("ruled_by_sub", sa.Text(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("\"of\" IN ('decision', 'postponement')", name=op.f("ck_objection_of")),
        sa.CheckConstraint("\"result\" IN ('confirmed', 'overturned', 'dropped')", name=op.f("ck_objection_result")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_objection_claim_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_objection_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index(op.f("ix_objection_claim_id"), "objection", ["claim_id"], unique=False)
    op.create_index("ix_objection_open", "objection", ["due_on", "id"], unique=False)
    op.create_index("ix_objection_arrived", "objection", ["arrived_at"], unique=False)
    op.create_index("ix_objection_ruled", "objection", ["ruled_at"], unique=False)
    op.create_table(
        "overdue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("holders", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_ct", sa.LargeBinary(), nullable=True),
        sa.Column("reason_by_iss", sa.Text(), nullable=True),
        sa.Column("reason_by_sub", sa.Text(), nullable=True),
        sa.CheckConstraint("\"of\" IN ('claim', 'objection', 'postponement', 'follow_up')", name=op.f("ck_overdue_of")),
        sa.CheckConstraint(
            "\"cause\" IN ('entry', 'verification', 'frozen', 'officer', 'approver', 'holders', 'reading', 'desk')",
            name=op.f("ck_overdue_cause"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_overdue_claim_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_overdue_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overdue")),
        sa.UniqueConstraint("about", "due_on", name=op.f("uq_overdue_about_due_on")),
    )
    op.create_index("ix_overdue_month", "overdue", ["due_on"], unique=False)
    op.create_index(op.f("ix_overdue_claim_id"), "overdue", ["claim_id"], unique=False)
    op.create_table(
        "package",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched", sa.Integer(), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_package_claim_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_package_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
    )
    op.create_index(
        "uq_package_kept",
        "package",
        ["claim_id", "round", "complete"],
        unique=True,
        postgresql_where=sa.text("destroyed_at IS NULL"),
    )
    op.create_index(op.f("ix_package_expires_at"), "package", ["expires_at"], unique=False)
    op.create_index(op.f("ix_package_request_id"), "package", ["request_id"], unique=False)
    op.create_table(
        "postponement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("reason_ct", sa.LargeBinary(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_iss", sa.Text(), nullable=False),
        sa.Column("by_sub", sa.Text(), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_postponement_claim_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_postponement_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postponement")),
        sa.UniqueConstraint("claim_id", "round", "ground", name=op.f("uq_postponement_claim_id_round_ground")),
    )
    op.create_index(op.f("ix_postponement_request_id"), "postponement", ["request_id"], unique=False)
    op.create_index(
        "ix_postponement_open",
        "postponement",
        ["expected_on"],
        unique=False,
        postgresql_where=sa.text("resumed_at IS NULL"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("keep", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("record_class", sa.Text(), nullable=True),
        sa.Column("fence_id", sa.Uuid(), nullable=True),
        sa.Column("follow_up_id", sa.Uuid(), nullable=True),
        sa.Column("media", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("changes_ct", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_ct", sa.LargeBinary(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("answer_ct", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "\"action\" IN ('hold', 'release', 'collect', 'correct', 'delete', 'suspend', 'resume', 'withdraw_consent', 'preserve', 'inform', 'relay')",
            name=op.f("ck_task_action"),
        ),
        sa.CheckConstraint(
            "\"status\" IN ('pending', 'acknowledged', 'done', 'partly_done', 'not_held', 'failed', 'cancelled')",
            name=op.f("ck_task_status"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_task_claim_id")),
        sa.ForeignKeyConstraint(["fence_id"], ["fence.id"], name=op.f("fk_task_fence_id")),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name=op.f("fk_task_follow_up_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_task_request_id")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_task_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_claim_id"), "task", ["claim_id"], unique=False)
    op.create_index("ix_task_due", "task", ["due_at"], unique=False)
    op.create_index(
        "ix_task_open",
        "task",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'acknowledged', 'failed')"),
    )
    op.create_index("ix_task_system", "task", ["system_id", "status", "id"], unique=False)
    op.create_table(
        "answer_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("pin_hash", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_digest", sa.LargeBinary(), nullable=True),
        sa.Column("session_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_answer_link_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_answer_link_token_digest")),
    )
    op.create_index(
        "ix_answer_link_open",
        "answer_link",
        ["task_id"],
        unique=False,
        postgresql_where=sa.text("used_at IS NULL AND closed_at IS NULL"),
    )
    op.create_index(op.f("ix_answer_link_task_id"), "answer_link", ["task_id"], unique=False)
    op.create_table(
        "task_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("report_ct", sa.LargeBinary(), nullable=False),
        sa.Column("by_iss", sa.Text(), nullable=False),
        sa.Column("by_sub", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("note_ct", sa.LargeBinary(), nullable=True),
        sa.Column("settled_by_iss", sa.Text(), nullable=True),
        sa.Column("settled_by_sub", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_task_entry_request_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_entry_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_entry")),
    )
    op.create_index(op.f("ix_task_entry_task_id"), "task_entry", ["task_id"], unique=False)
    op.create_index(
        "uq_task_entry_open",
        "task_entry",
        ["task_id"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "task_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("scan", sa.Text(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_task_proof_request_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_proof_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_proof")),
    )
    op.create_index(
        "ix_task_proof_kept",
        "task_proof",
        ["request_id"],
        unique=False,
        postgresql_where=sa.text("destroyed_at IS NULL"),
    )
    op.create_index(op.f("ix_task_proof_task_id"), "task_proof", ["task_id"], unique=False)
    op.create_table(
        "task_proof_chunk",
        sa.Column("proof_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["proof_id"], ["task_proof.id"], name=op.f("fk_task_proof_chunk_proof_id")),
        sa.PrimaryKeyConstraint("proof_id", "position", name=op.f("pk_task_proof_chunk")),
    )
    op.create_table(
        "viewing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("recorded_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details_ct", sa.LargeBinary(), nullable=True),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "\"act\" IN ('preserve', 'existence', 'view', 'copy', 'provide', 'refuse', 'release', 'destroy')",
            name=op.f("ck_viewing_act"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_viewing_claim_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_viewing_request_id")),
        sa.ForeignKeyConstraint(["site_id"], ["system.id"], name=op.f("fk_viewing_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewing")),
    )
    op.create_index(op.f("ix_viewing_claim_id"), "viewing", ["claim_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "\"state\" IN ('pending', 'held', 'delivered', 'exhausted', 'cancelled')", name=op.f("ck_delivery_state")
        ),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_delivery_system_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_delivery_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_due", "delivery", ["system_id", "state", "next_at", "id"], unique=False)
    op.create_index("ix_delivery_system", "delivery", ["system_id", "id"], unique=False)
    op.create_index(op.f("ix_delivery_task_id"), "delivery", ["task_id"], unique=False)
    op.create_index(
        "ix_delivery_turn",
        "delivery",
        ["system_id", "claim_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_delivery_undelivered",
        "delivery",
        ["system_id", "state", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'delivered'"),
    )
    op.create_table(
        "test_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "\"action\" IN ('hold', 'release', 'collect', 'correct', 'delete', 'suspend', 'resume', 'withdraw_consent',"
            " 'inform')",
            name=op.f("ck_test_task_action"),
        ),
        sa.CheckConstraint(
            "\"status\" IN ('pending', 'acknowledged', 'done', 'partly_done', 'not_held', 'failed')",
            name=op.f("ck_test_task_status"),
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_test_task_delivery_id")),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_test_task_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_task")),
    )
    op.create_index("ix_test_task_system", "test_task", ["system_id", "id"], unique=False)
    op.create_table(
        "hold_key",
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("feed_digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_hold_key_hold_id")),
        sa.PrimaryKeyConstraint("hold_id", "digest", name=op.f("pk_hold_key")),
    )
    op.create_index(op.f("ix_hold_key_digest"), "hold_key", ["digest"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("content_ct", sa.LargeBinary(), nullable=True),
        sa.Column("to_digest", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instead_of", sa.Uuid(), nullable=True),
        sa.CheckConstraint("\"channel\" IN ('mail', 'sms', 'paper')", name=op.f("ck_message_channel")),
        sa.CheckConstraint(
            "\"state\" IN ('queued', 'held', 'by_hand', 'sent', 'delivered', 'returned', 'failed', 'dropped')",
            name=op.f("ck_message_state"),
        ),
        sa.ForeignKeyConstraint(["instead_of"], ["message.id"], name=op.f("fk_message_instead_of")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_message_notice_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_message_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_due", "message", ["state", "next_at"], unique=False)
    op.create_index(op.f("ix_message_request_id"), "message", ["request_id"], unique=False)
    op.create_table(
        "package_chunk",
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_package_chunk_package_id")),
        sa.PrimaryKeyConstraint("package_id", "position", name=op.f("pk_package_chunk")),
    )
    op.create_table(
        "redaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_iss", sa.Text(), nullable=False),
        sa.Column("by_sub", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_redaction_claim_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_redaction_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
        sa.UniqueConstraint("task_id", "row", "field", "starts", name=op.f("uq_redaction_task_id_row_field_starts")),
    )
    op.create_index(op.f("ix_redaction_claim_id"), "redaction", ["claim_id"], unique=False)
    op.create_table(
        "relay",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("names", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("note_ct", sa.LargeBinary(), nullable=True),
        sa.Column("by_iss", sa.Text(), nullable=True),
        sa.Column("by_sub", sa.Text(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("\"why\" IN ('owner', 'source', 'given')", name=op.f("ck_relay_why")),
        sa.CheckConstraint("\"state\" IN ('to_send', 'sent', 'answered', 'cancelled')", name=op.f("ck_relay_state")),
        sa.CheckConstraint("\"way\" IN ('system', 'mail', 'post', 'fax', 'phone')", name=op.f("ck_relay_way")),
        sa.CheckConstraint("\"result\" IN ('done', 'partly_done', 'not_held', 'failed')", name=op.f("ck_relay_result")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_relay_claim_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_relay_request_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_relay_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay")),
        sa.UniqueConstraint(
            "claim_id", "round", "party", "category", name=op.f("uq_relay_claim_id_round_party_category")
        ),
    )
    op.create_index(
        "ix_relay_open",
        "relay",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('to_send', 'sent')"),
    )
    op.create_index(op.f("ix_relay_request_id"), "relay", ["request_id"], unique=False)
    op.create_index(op.f("ix_relay_task_id"), "relay", ["task_id"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("provided_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "\"basis\" IN ('consent', 'statute', 'urgent', 'interest', 'related')", name=op.f("ck_disclosure_basis")
        ),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_disclosure_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("system_id", "ref", name=op.f("uq_disclosure_system_id_ref")),
    )
    op.create_index(op.f("ix_disclosure_digest"), "disclosure", ["digest"], unique=False)
    op.create_index(op.f("ix_disclosure_provided_on"), "disclosure", ["provided_on"], unique=False)
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_attempt_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
    )
    op.create_index(op.f("ix_delivery_attempt_delivery_id"), "delivery_attempt", ["delivery_id"], unique=False)
    op.create_index(
        "ix_delivery_attempt_told",
        "delivery_attempt",
        ["at"],
        unique=False,
        postgresql_where=sa.text("answer IS NOT NULL"),
    )
    op.create_table(
        "incident_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content_ct", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_iss", sa.Text(), nullable=False),
        sa.Column("drafted_by_sub", sa.Text(), nullable=False),
        sa.Column("note_ct", sa.LargeBinary(), nullable=True),
        sa.Column("approved_by_iss", sa.Text(), nullable=True),
        sa.Column("approved_by_sub", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_how", sa.Text(), nullable=True),
        sa.Column("told_by", sa.Text(), nullable=True),
        sa.CheckConstraint("\"kind\" IN ('leak', 'possible')", name=op.f("ck_incident_notice_kind")),
        sa.CheckConstraint("\"state\" IN ('draft', 'approved')", name=op.f("ck_incident_notice_state")),
        sa.CheckConstraint(
            "\"told_how\" IN ('mail', 'sms', 'post', 'phone', 'visit', 'website')",
            name=op.f("ck_incident_notice_told_how"),
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_notice_incident_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_incident_notice_message_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_incident_notice_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_notice")),
        sa.UniqueConstraint("incident_id", name=op.f("uq_incident_notice_incident_id")),
    )
    op.create_index(op.f("ix_incident_notice_request_id"), "incident_notice", ["request_id"], unique=False)
    op.create_table(
        "message_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_attempt_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempt")),
    )
    op.create_index(op.f("ix_message_attempt_message_id"), "message_attempt", ["message_id"], unique=False)
    op.create_table(
        "lost_contact",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_lost_contact_message_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_lost_contact_request_id")),
        sa.PrimaryKeyConstraint("request_id", "digest", name=op.f("pk_lost_contact")),
    )


def downgrade() -> None:
    op.drop_table("lost_contact")
    op.drop_index(op.f("ix_message_attempt_message_id"), table_name="message_attempt")
    op.drop_table("message_attempt")
    op.drop_index(op.f("ix_incident_notice_request_id"), table_name="incident_notice")
    op.drop_table("incident_notice")
    op.drop_index(
        "ix_delivery_attempt_told", table_name="delivery_attempt", postgresql_where=sa.text("answer IS NOT NULL")
    )
    op.drop_index(op.f("ix_delivery_attempt_delivery_id"), table_name="delivery_attempt")
    op.drop_table("delivery_attempt")
    op.drop_table("disclosure")
    op.drop_index(op.f("ix_relay_task_id"), table_name="relay")
    op.drop_index(op.f("ix_relay_request_id"), table_name="relay")
    op.drop_index("ix_relay_open", table_name="relay", postgresql_where=sa.text("state IN ('to_send', 'sent')"))
    op.drop_table("relay")
    op.drop_index(op.f("ix_redaction_claim_id"), table_name="redaction")
    op.drop_table("redaction")
    op.drop_table("package_chunk")
    op.drop_index(op.f("ix_message_request_id"), table_name="message")
    op.drop_index("ix_message_due", table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_hold_key_digest"), table_name="hold_key")
    op.drop_table("hold_key")
    op.drop_index("ix_test_task_system", table_name="test_task")
    op.drop_table("test_task")
    op.drop_index("ix_delivery_undelivered", table_name="delivery", postgresql_where=sa.text("state <> 'delivered'"))
    op.drop_index("ix_delivery_turn", table_name="delivery", postgresql_where=sa.text("state = 'pending'"))
    op.drop_index(op.f("ix_delivery_task_id"), table_name="delivery")
    op.drop_index("ix_delivery_system", table_name="delivery")
    op.drop_index("ix_delivery_due", table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("ix_viewing_claim_id"), table_name="viewing")
    op.drop_table("viewing")
    op.drop_table("task_proof_chunk")
    op.drop_index(op.f("ix_task_proof_task_id"), table_name="task_proof")
    op.drop_index("ix_task_proof_kept", table_name="task_proof", postgresql_where=sa.text("destroyed_at IS NULL"))
    op.drop_table("task_proof")
    op.drop_index("uq_task_entry_open", table_name="task_entry", postgresql_where=sa.text("settled_at IS NULL"))
    op.drop_index(op.f("ix_task_entry_task_id"), table_name="task_entry")
    op.drop_table("task_entry")
    op.drop_index(op.f("ix_answer_link_task_id"), table_name="answer_link")
    op.drop_index(
        "ix_answer_link_open",
        table_name="answer_link",
        postgresql_where=sa.text("used_at IS NULL AND closed_at IS NULL"),
    )
    op.drop_table("answer_link")
    op.drop_index(
        "ix_task_open",
        table_name="task",
        postgresql_where=sa.text("status IN ('pending', 'acknowledged', 'failed')"),
    )
    op.drop_index("ix_task_due", table_name="task")
    op.drop_index("ix_task_system", table_name="task")
    op.drop_index(op.f("ix_task_claim_id"), table_name="task")
    op.drop_table("task")
    op.drop_index("ix_postponement_open", table_name="postponement", postgresql_where=sa.text("resumed_at IS NULL"))
    op.drop_index(op.f("ix_postponement_request_id"), table_name="postponement")
    op.drop_table("postponement")
    op.drop_index(op.f("ix_package_request_id"), table_name="package")
    op.drop_index(op.f("ix_package_expires_at"), table_name="package")
    op.drop_index("uq_package_kept", table_name="package")
    op.drop_table("package")
    op.drop_index(op.f("ix_overdue_claim_id"), table_name="overdue")
    op.drop_index("ix_overdue_month", table_name="overdue")
    op.drop_table("overdue")
    op.drop_index("ix_objection_ruled", table_name="objection")
    op.drop_index("ix_objection_arrived", table_name="objection")
    op.drop_index("ix_objection_open", table_name="objection")
    op.drop_index(op.f("ix_objection_claim_id"), table_name="objection")
    op.drop_table("objection")
    op.drop_index(op.f("ix_follow_up_request_id"), table_name="follow_up")
    op.drop_index(
        "ix_follow_up_due", table_name="follow_up", postgresql_where=sa.text("state IN ('open', 'proposed', 'ordered')")
    )
    op.drop_table("follow_up")
    op.drop_index(op.f("ix_fence_request_id"), table_name="fence")
    op.drop_index("ix_fence_due", table_name="fence", postgresql_where=sa.text("state = 'kept'"))
    op.drop_table("fence")
    op.drop_index("ix_notice_answer", table_name="notice", postgresql_where=sa.text("kind IN ('result', 'interim')"))
    op.drop_index(op.f("ix_notice_request_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_hold_claim_id"), table_name="hold")
    op.drop_table("hold")
    op.drop_table("grant_use")
    op.drop_index(op.f("ix_freeze_request_id"), table_name="freeze")
    op.drop_table("freeze")
    op.drop_index(op.f("ix_footage_site_id"), table_name="footage")
    op.drop_index(op.f("ix_footage_request_id"), table_name="footage")
    op.drop_index(op.f("ix_footage_overwritten_from"), table_name="footage")
    op.drop_table("footage")
    op.drop_table("evidence_chunk")
    op.drop_index(op.f("ix_due_warning_claim_id"), table_name="due_warning")
    op.drop_table("due_warning")
    op.drop_index(op.f("ix_decision_claim_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_client_secret_client_id"), table_name="client_secret")
    op.drop_table("client_secret")
    op.drop_table("assessment")
    op.drop_index(op.f("ix_verification_request_id"), table_name="verification")
    op.drop_index("ix_verification_contact", table_name="verification")
    op.drop_table("verification")
    op.drop_table("system_pulse")
    op.drop_index(op.f("ix_system_key_system_id"), table_name="system_key")
    op.drop_table("system_key")
    op.drop_table("confirmed")
    op.drop_table("circuit")
    op.drop_table("carrier_silence")
    op.drop_index(op.f("ix_callback_at"), table_name="callback")
    op.drop_table("callback")
    op.drop_index(op.f("ix_supplement_request_id"), table_name="supplement")
    op.drop_table("supplement")
    op.drop_index(op.f("ix_review_item_request_id"), table_name="review_item")
    op.drop_table("review_item")
    op.drop_index("ix_requester_kept", table_name="requester", postgresql_where=sa.text("destroyed_at IS NULL"))
    op.drop_table("requester")
    op.drop_index(op.f("ix_release_grant_request_id"), table_name="release_grant")
    op.drop_table("release_grant")
    op.drop_index(op.f("ix_proof_request_id"), table_name="proof")
    op.drop_table("proof")
    op.drop_table("mandate")
    op.drop_index(op.f("ix_incident_request_id"), table_name="incident")
    op.drop_index("ix_incident_queue", table_name="incident")
    op.drop_table("incident")
    op.drop_index("ix_evidence_scan", table_name="evidence", postgresql_where=sa.text("scan = 'pending'"))
    op.drop_index("ix_evidence_request", table_name="evidence")
    op.drop_index("ix_evidence_queue", table_name="evidence")
    op.drop_index(
        "ix_evidence_kept",
        table_name="evidence",
        postgresql_where=sa.text("destroyed_at IS NULL OR review_ct IS NOT NULL"),
    )
    op.drop_index(op.f("ix_evidence_digest"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_contact_digest"), table_name="contact")
    op.drop_table("contact")
    op.drop_index(op.f("ix_client_system_id"), table_name="client")
    op.drop_table("client")
    op.drop_index("ix_claim_ended", table_name="claim", postgresql_where=sa.text("status IN ('withdrawn', 'lapsed')"))
    op.drop_index("ix_claim_internal", table_name="claim", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index(
        "ix_claim_due",
        table_name="claim",
        postgresql_where=sa.text("answered_at IS NULL AND status NOT IN ('withdrawn', 'lapsed')"),
    )
    op.drop_index("ix_claim_status_queue", table_name="claim")
    op.drop_index("ix_claim_here", table_name="claim", postgresql_where=sa.text("apart_since IS NULL"))
    op.drop_index("ix_claim_queue", table_name="claim")
    op.drop_index(op.f("ix_claim_assignee"), table_name="claim")
    op.drop_table("claim")
    op.drop_index(op.f("ix_alert_request_id"), table_name="alert")
    op.drop_table("alert")
    op.drop_index(op.f("ix_pace_until"), table_name="pace")
    op.drop_table("pace")
    op.drop_table("lookup_mark")
    op.drop_table("tally")
    op.drop_table("system")
    op.drop_index(op.f("ix_request_subject_digest"), table_name="request")
    op.drop_index(op.f("ix_request_likeness"), table_name="request")
    op.drop_index(op.f("ix_request_arrived_at"), table_name="request")
    op.drop_index("ix_request_filer", table_name="request")
    op.drop_index(op.f("ix_request_asker_digest"), table_name="request")
    op.drop_table("request")
    op.drop_table("policy_taken")
    op.drop_table("outlook")
    op.drop_index(op.f("ix_idempotency_at"), table_name="idempotency")
    op.drop_table("idempotency")
    op.drop_table("hold_clock")
    op.drop_table("hold_change")
    op.drop_index(
        "uq_destroyed_request_listed", table_name="destroyed_request", postgresql_where=sa.text("dropped_at IS NULL")
    )
    op.drop_table("destroyed_request")
    op.drop_table("figures_kept")
    op.drop_table("ledger_head")
    op.drop_index("ix_destruction_open", table_name="destruction", postgresql_where=sa.text("state <> 'done'"))
    op.drop_table("destruction")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_entry_request_id"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("audit_tile")
    op.drop_index(op.f("ix_audit_checkpoint_mailed_at"), table_name="audit_checkpoint")
    op.drop_table("audit_checkpoint")
    op.drop_table("assertion_use")
    op.drop_index(op.f("ix_age_seen_seen_at"), table_name="age_seen")
    op.drop_table("age_seen")
    op.drop_index(op.f("ix_access_log_request_id"), table_name="access_log")
    op.drop_index("ix_grant_history_whom", table_name="grant_history")
    op.drop_table("grant_history")
    op.drop_table("staff_revocation")
    op.drop_index(op.f("ix_staff_session_seen_at"), table_name="staff_session")
    op.drop_index("ix_staff_session_open", table_name="staff_session", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_table("staff_session")
    op.drop_table("access_review")
    op.drop_table("download_question")
    op.drop_index("ix_access_log_at", table_name="access_log")
    op.drop_table("access_log")
