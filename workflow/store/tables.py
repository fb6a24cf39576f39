"""The tables of the write side.

`event`, `command` and `personal` are the register; triggers refuse to change or replace a row of them.
`docket`, `claim`, `imported`, `paper`, `unit` and `unit_alias` are what a command must look up before it
may write; `imported` knows each row by the case that it opened, or by its item in the inbox as a negative number.
`inbox` holds what waits, in full, as long as it waits. `attempt` and `reading` only grow: what was denied,
and who read whose full numbers. Ids are 16 bytes, moments microseconds since the epoch (UTC), days proleptic ordinals.
"""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 2
"""The number of the last revision in `migrations`; a register with another one is refused, until it is upgraded."""

metadata = sa.MetaData()
_Id = sa.LargeBinary(16)
_Hash = sa.LargeBinary(32)
_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order on every database

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("key", _Text, primary_key=True),
    sa.Column("value", _Text, nullable=False),
)

command = sa.Table(
    "command",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("recorded_at", _Big, nullable=False, unique=True),
    sa.Column("actor", _Text, nullable=False),
    sa.Column("role", _Text),
    sa.Column("known_by", _Text, nullable=False),
    sa.Column("name", _Text, nullable=False),
    sa.Column("request", _Hash, nullable=False),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("position", _Big, primary_key=True, autoincrement=False),
    sa.Column("originator_id", _Id, nullable=False),
    sa.Column("originator_version", sa.Integer, nullable=False),
    sa.Column("topic", _Text, nullable=False),
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
    sa.Column("application_name", _Text, primary_key=True),
    sa.Column("position", _Big, nullable=False),
)

docket = sa.Table(
    "docket",
    metadata,
    sa.Column("number", _Big, primary_key=True, autoincrement=False),
    sa.Column("case_id", _Id, nullable=False, unique=True),
    sa.Column("person", _Id, nullable=False),
    sa.Column("ended_on", sa.Integer),
)
_OPEN = docket.c.ended_on.is_(None)
sa.Index("open_case", docket.c.person, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
sa.Index("docket_person", docket.c.person)

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("hash", _Hash, primary_key=True),
    sa.Column("kind", _Text, nullable=False),
    sa.Column("person", _Id, nullable=False),
    sqlite_with_rowid=False,
)

imported = sa.Table(
    "imported",
    metadata,
    sa.Column("hash", _Hash, primary_key=True),
    sa.Column("number", _Big, nullable=False),
    sqlite_with_rowid=False,
)

paper = sa.Table(
    "paper",
    metadata,
    sa.Column("number", _Text, primary_key=True),
    sa.Column("kind", _Text, primary_key=True),
    sa.Column("dated", sa.Integer, primary_key=True),
    sa.Column("issuer", _Text, primary_key=True),
    sa.Column("command_id", _Id, sa.ForeignKey("command.id"), primary_key=True),
    sa.Column("sha256", _Text),
    sqlite_with_rowid=False,
)

unit = sa.Table(
    "unit",
    metadata,
    sa.Column("key", _Text, primary_key=True),
    sa.Column("name", _Text, nullable=False),
    sa.Column("code", _Text),
    sa.Column("listed", sa.Boolean, nullable=False),
    sa.Column("command_id", _Id, sa.ForeignKey("command.id"), nullable=False),
)

unit_alias = sa.Table(
    "unit_alias",
    metadata,
    sa.Column("key", _Text, primary_key=True),
    sa.Column("alias", _Text, nullable=False),
    sa.Column("unit", _Text, sa.ForeignKey("unit.key"), nullable=False),
    sa.Column("command_id", _Id, sa.ForeignKey("command.id"), nullable=False),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("item", _Big, primary_key=True, autoincrement=False),
    sa.Column("command_id", _Id, sa.ForeignKey("command.id"), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("at", _Big, nullable=False),
    sa.Column("actor", _Text, nullable=False),
    sa.Column("known_by", _Text, nullable=False),
    sa.Column("doing", _Text, nullable=False),
    sa.Column("why", _Text, nullable=False),
    sa.Column("role", _Text),
    sa.Column("cases", _Text, nullable=False),
)

reading = sa.Table(
    "reading",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("at", _Big, nullable=False),
    sa.Column("actor", _Text, nullable=False),
    sa.Column("known_by", _Text, nullable=False),
    sa.Column("doing", _Text, nullable=False),
    sa.Column("reason", _Text, nullable=False),
    sa.Column("cases", _Text, nullable=False),
)
