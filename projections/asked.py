"""What a question is about: for which day, as known at which moment, and for which cases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from domain.dialect import dialect_of
from domain.log import ALWAYS
from projections.tables import KEPT


class Times(NamedTuple):
    """as_of: at the end of that day. known_at: with what was recorded by then; ALWAYS for all there is."""

    as_of: date
    known_at: int = ALWAYS


class Selection(NamedTuple):
    """Which cases: every filter that is given must hold. numbers: None for no restriction."""

    stage: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    formation: tuple[str, ...] = ()
    numbers: Collection[int] | None = None

    @property
    def is_empty(self) -> bool:
        return not any(self[:5]) and self.numbers is None


def holds(table: sa.Table, times: Times) -> sa.ColumnElement[bool]:
    """The rows of an interval table that hold at both times."""
    day = times.as_of.toordinal()
    valid = (table.c.valid_from <= day) & (table.c.valid_to > day)
    if times.known_at == ALWAYS:
        return valid & (table.c.known_to == ALWAYS)
    return valid & (table.c.known_from <= times.known_at) & (table.c.known_to > times.known_at)


def chosen(connection: sa.Connection, selection: Selection) -> list[sa.ColumnElement[bool]]:
    """The conditions of a selection on the interval tables."""
    stage, post = KEPT.stage.c, KEPT.post.c
    wanted = (
        (stage.stage, selection.stage),
        (stage.status, selection.status),
        (stage.formation, selection.formation),
        (post.unit, selection.unit),
        (post.category, selection.category),
    )
    conditions: list[sa.ColumnElement[bool]] = [column.in_(values) for column, values in wanted if values]
    if selection.numbers is not None:
        conditions.append(dialect_of(connection).among(stage.number, sorted(selection.numbers)))
    return conditions
