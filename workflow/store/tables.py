"""The tables of the write side.

`event`, `command` and `personal` are the register; triggers refuse to change or replace a row of them.
`docket`, `claim`, `imported`, `paper`, `unit` and `unit_alias` are what a command must look up before it
may write. Ids are 16 bytes, moments microseconds since the epoch (UTC), days proleptic ordinals.
"""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 1
"""Raised with every change of a table; a register with a higher one is refused."""

metadata = sa.MetaData()
_Id = sa.LargeBinary(16)
_Hash = sa.LargeBinary(32)
_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

command = sa.Table(
    "command",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("recorded_at", _Big, nullable=False, unique=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("role", sa.Text),
    sa.Column("known_by", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("request", _Hash, nullable=False),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("position", _Big, primary_key=True, autoincrement=False),
    sa.Column("originator_id", _Id, nullable=False),
    sa.Column("originator_version", sa.Integer, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("command_id", _Id, sa.ForeignKey("command.id")),
    sa.UniqueConstraint("originator_id", "originator_version"),
)

personal = sa.Table(
    "personal",
    metadata,
    sa.Column("originator_id", _Id, primary_key=True),
    sa.Column("originator_version", sa.Integer, primary_key=True),
    sa.Column("person", _Id, nullable=False),
    sa.Column("salt", sa.LargeBinary(16), nullable=False),
    sa.Column("block", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

tracking = sa.Table(
    "tracking",
    metadata,
    sa.Column("application_name", sa.Text, primary_key=True),
    sa.Column("position", _Big, nullable=False),
)

docket = sa.Table(
    "docket",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("case_id", _Id, nullable=False, unique=True),
    sa.Column("person", _Id, nullable=False),
    sa.Column("ended_on", sa.Integer),
)
sa.Index("open_case", docket.c.person, unique=True, sqlite_where=docket.c.ended_on.is_(None))
sa.Index("docket_person", docket.c.person)

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("hash", _Hash, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("person", _Id, nullable=False),
    sqlite_with_rowid=False,
)

imported = sa.Table(
    "imported",
    metadata,
    sa.Column("hash", _Hash, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

paper = sa.Table(
    "paper",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("dated", sa.Integer, primary_key=True),
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("command_id", _Id, sa.ForeignKey("command.id"), primary_key=True),
    sa.Column("sha256", sa.Text),
    sqlite_with_rowid=False,
)

unit = sa.Table(
    "unit",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("listed", sa.Boolean, nullable=False),
    sa.Column("command_id", _Id, sa.ForeignKey("command.id"), nullable=False),
)

unit_alias = sa.Table(
    "unit_alias",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("alias", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, sa.ForeignKey("unit.key"), nullable=False),
    sa.Column("command_id", _Id, sa.ForeignKey("command.id"), nullable=False),
)

_SAME_ROW = {
    "event": "position = NEW.position OR (originator_id = NEW.originator_id AND originator_version = NEW.originator_version)",  # noqa: E501
    "command": "id = NEW.id OR recorded_at = NEW.recorded_at",
    "personal": "originator_id = NEW.originator_id AND originator_version = NEW.originator_version",
}


def append_only_triggers() -> list[str]:
    """SQLite triggers that refuse UPDATE, DELETE and REPLACE: delete triggers do not fire on REPLACE."""
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
