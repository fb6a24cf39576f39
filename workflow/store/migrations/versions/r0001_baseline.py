"""The tables of the first registers: log, lookups, and the triggers that keep the log append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_Id = sa.LargeBinary(16)
_Hash = sa.LargeBinary(32)
_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_SAME_ROW = {
    "event": "position = NEW.position OR (originator_id = NEW.originator_id AND originator_version = NEW.originator_version)",  # noqa: E501
    "command": "id = NEW.id OR recorded_at = NEW.recorded_at",
    "personal": "originator_id = NEW.originator_id AND originator_version = NEW.originator_version",
}
"""The tables that only grow, each with the condition that a row has a key of the new one."""


def upgrade() -> None:
    _make_the_log()
    _make_the_docket()
    _make_the_other_lookups()
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for statement in _sqlite_triggers() if is_sqlite else _postgres_triggers():
        op.execute(statement)


def _make_the_log() -> None:
    op.create_table(
        "setting",
        sa.Column("key", _Text, primary_key=True),
        sa.Column("value", _Text, nullable=False),
    )
    op.create_table(
        "command",
        sa.Column("id", _Id, primary_key=True),
        sa.Column("recorded_at", _Big, nullable=False, unique=True),
        sa.Column("actor", _Text, nullable=False),
        sa.Column("role", _Text),
        sa.Column("known_by", _Text, nullable=False),
        sa.Column("name", _Text, nullable=False),
        sa.Column("request", _Hash, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("position", _Big, primary_key=True, autoincrement=False),
        sa.Column("originator_id", _Id, nullable=False),
        sa.Column("originator_version", sa.Integer, nullable=False),
        sa.Column("topic", _Text, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("command_id", _Id, sa.ForeignKey("command.id")),
        sa.UniqueConstraint("originator_id", "originator_version"),
    )
    op.create_table(
        "personal",
        sa.Column("originator_id", _Id, primary_key=True),
        sa.Column("originator_version", sa.Integer, primary_key=True),
        sa.Column("person", _Id, nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("block", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def _make_the_docket() -> None:
    op.create_table(
        "tracking",
        sa.Column("application_name", _Text, primary_key=True),
        sa.Column("position", _Big, nullable=False),
    )
    op.create_table(
        "docket",
        sa.Column("number", _Big, primary_key=True, autoincrement=False),
        sa.Column("case_id", _Id, nullable=False, unique=True),
        sa.Column("person", _Id, nullable=False),
        sa.Column("ended_on", sa.Integer),
    )
    still_open = sa.text("ended_on IS NULL")
    op.create_index(
        "open_case", "docket", ["person"], unique=True, sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_index("docket_person", "docket", ["person"])


def _make_the_other_lookups() -> None:
    for name, *columns in (
        ("claim", sa.Column("kind", _Text, nullable=False), sa.Column("person", _Id, nullable=False)),
        ("imported", sa.Column("number", _Big, nullable=False)),
    ):
        op.create_table(name, sa.Column("hash", _Hash, primary_key=True), *columns, sqlite_with_rowid=False)
    op.create_table(
        "paper",
        *(sa.Column(name, _Text, primary_key=True) for name in ("number", "kind")),
        sa.Column("dated", sa.Integer, primary_key=True),
        sa.Column("issuer", _Text, primary_key=True),
        sa.Column("command_id", _Id, sa.ForeignKey("command.id"), primary_key=True),
        sa.Column("sha256", _Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unit",
        sa.Column("key", _Text, primary_key=True),
        sa.Column("name", _Text, nullable=False),
        sa.Column("code", _Text),
        sa.Column("listed", sa.Boolean, nullable=False),
        sa.Column("command_id", _Id, sa.ForeignKey("command.id"), nullable=False),
    )
    op.create_table(
        "unit_alias",
        sa.Column("key", _Text, primary_key=True),
        sa.Column("alias", _Text, nullable=False),
        sa.Column("unit", _Text, sa.ForeignKey("unit.key"), nullable=False),
        sa.Column("command_id", _Id, sa.ForeignKey("command.id"), nullable=False),
    )


def _sqlite_triggers() -> list[str]:
    """They refuse UPDATE, DELETE and REPLACE: delete triggers do not fire on REPLACE."""
    statements = []
    for table, same in _SAME_ROW.items():
        stop = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        statements += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {stop}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {stop}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  our own names
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {stop}",
        ]
    return statements


def _postgres_triggers() -> list[str]:
    """They refuse UPDATE, DELETE and TRUNCATE, whatever rights somebody has."""
    stop = (
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    return [
        stop,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
            for table in _SAME_ROW
        ),
    ]
