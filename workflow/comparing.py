"""Two registers side by side: how far a copy of one has come, and whether both hold the same rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from workflow.settings import COPYING, ENFORCED
from workflow.store.tables import command, event, setting

OF_THE_DATABASE = (COPYING, ENFORCED)
"""Settings that say something of the database and not of the register."""


class Compared(NamedTuple):
    """One table on both sides: its rows, and the SHA-256 over them in the order of their keys."""

    table: str
    rows: int
    sha256: str
    copied: int
    copied_sha256: str

    @property
    def equal(self) -> bool:
        return (self.rows, self.sha256) == (self.copied, self.copied_sha256)


def settings_of(connection: sa.Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(sa.select(setting))}


def key_of(table: sa.Table) -> Sequence[sa.Column[Any]]:
    """In whose order a table is copied; of the log, one in which whatever is recorded later comes last."""
    rising: dict[sa.Table, sa.Column[Any]] = {command: command.c.recorded_at, event: event.c.position}
    return (rising[table],) if table in rising else tuple(table.primary_key)


def last_of(connection: sa.Connection, table: sa.Table) -> tuple[Any, ...] | None:
    key = key_of(table)
    row = connection.execute(sa.select(*key).order_by(*(column.desc() for column in key)).limit(1)).first()
    return tuple(row) if row else None


def count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def digest(connection: sa.Connection, table: sa.Table) -> tuple[int, str]:
    """How many rows, and the SHA-256 over them in the order of their keys, the same on every database."""
    query = sa.select(table).order_by(*table.primary_key)
    if table is setting:
        query = query.where(setting.c.key.not_in(OF_THE_DATABASE))
    count, digest = 0, hashlib.sha256()
    with connection.execute(query, execution_options={"yield_per": 2000}) as rows:
        for row in rows:
            digest.update(repr(tuple(row)).encode())
            count += 1
    return count, digest.hexdigest()
