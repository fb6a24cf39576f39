"""Where each case stands after its last act, kept so that a command need not replay the case to judge the next one.

The row is the `Standing` that folding the case's events gives; a rebuild makes it anew and the fingerprint
covers it. Personal values are never in it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from domain.dialect import dialect_of
from domain.standing import Standing
from projections import reading
from projections.tables import KEPT

_encode = msgspec.json.Encoder().encode
decoded = msgspec.json.Decoder(Standing).decode
"""The standing that was stored as these bytes."""


def encoded(standing: Standing) -> bytes:
    """The bytes of a standing without personal values."""
    values, standing.values = standing.values, {}
    stored = _encode(standing)
    standing.values = values
    return stored


def standings(connection: sa.Connection, cases: Iterable[int]) -> dict[int, Standing]:
    """The standings of many cases, in one statement."""
    table = KEPT.standing
    query = sa.select(table.c.number, table.c.standing).where(dialect_of(connection).among(table.c.number, cases))
    return {number: decoded(stored) for number, stored in reading.rows(connection, query)}


def keep(connection: sa.Connection, table: sa.Table, rows: list[tuple[int, bytes]]) -> None:
    """Replace the standings of cases that moved."""
    dialect_of(connection).replace(connection, table, rows)
