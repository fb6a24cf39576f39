"""What waits in the inbox, what was denied, and who read whose numbers; the server stamps who and when."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_Id = sa.LargeBinary(16)
_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("item", _Big, primary_key=True, autoincrement=False),
        sa.Column("command_id", _Id, sa.ForeignKey("command.id"), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "attempt",
        *_who_and_when(),
        sa.Column("why", _Text, nullable=False),
        sa.Column("role", _Text),
        sa.Column("cases", _Text, nullable=False),
    )
    op.create_table(
        "reading",
        *_who_and_when(),
        sa.Column("reason", _Text, nullable=False),
        sa.Column("cases", _Text, nullable=False),
    )
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for table in ("attempt", "reading"):
        for statement in _sqlite_triggers(table) if is_sqlite else _postgres_triggers(table):
            op.execute(statement)


def _who_and_when() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", _Id, primary_key=True),
        sa.Column("at", _Big, nullable=False),
        *(sa.Column(name, _Text, nullable=False) for name in ("actor", "known_by", "doing")),
    )


def _sqlite_triggers(table: str) -> list[str]:
    """They refuse UPDATE, DELETE and REPLACE: delete triggers do not fire on REPLACE."""
    stop = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {stop}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {stop}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {stop}",
    ]


def _postgres_triggers(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    ]
