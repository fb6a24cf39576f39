"""Whose people somebody may see: the cases whose unit, as known now, is one of some units.

What counts is the last piece of the post intervals: the unit that a case has now, or will have by what is planned.
A void or merged case has the unit that it was last believed to have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from domain.dialect import dialect_of
from domain.pieces import FOREVER
from projections.tables import KEPT


def numbers(units: Collection[str], schema: str) -> sa.Select[tuple[int]]:
    """The cases of these units, in the tables of a schema."""
    post = KEPT.post.to_metadata(sa.MetaData(), schema=schema)
    return sa.select(post.c.number).where(post.c.unit.in_(sorted(units)), *_last(post))


def units_of(connection: sa.Connection, cases: Iterable[int]) -> dict[int, str]:
    """The unit of each case, in one statement."""
    post = KEPT.post
    query = sa.select(post.c.number, post.c.unit).where(dialect_of(connection).among(post.c.number, cases))
    return {row.number: row.unit for row in connection.execute(query.where(*_last(post)))}


def _last(post: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    """The one piece of each case that nothing ends and that was believed last."""
    later = post.alias("later")
    believed_later = (
        sa.select(sa.literal(1))
        .where(later.c.number == post.c.number, later.c.valid_to == FOREVER, later.c.known_from > post.c.known_from)
        .exists()
    )
    return post.c.valid_to == FOREVER, ~believed_later
