"""The intervals of the two-time roster.

A row says: from day `valid_from` until before `valid_to`, this held of the case, and it was believed from
moment `known_from` until before `known_to`. Stage, post and person change independently and have a table
each. At one (day, moment) a case has at most one row in each.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order on every database

SUFFIX_ASIDE = "_aside"
"""Tables that a rebuild makes beside the kept ones, before they take their place."""


def _intervals(name: str, into: sa.MetaData, *facts: sa.Column[object]) -> sa.Table:
    """Clustered by case. The end of a belief is in no key, so that closing one moves no row."""
    return sa.Table(
        name,
        into,
        sa.Column("number", _Big, primary_key=True, autoincrement=False),
        sa.Column("known_from", _Big, primary_key=True, autoincrement=False),
        sa.Column("valid_from", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("valid_to", sa.Integer, nullable=False),
        sa.Column("known_to", _Big, nullable=False),
        *facts,
        sqlite_with_rowid=False,
    )


class Tables:
    """The interval tables and the standings; `suffix` names a second set, made without indexes."""

    def __init__(self, suffix: str = "") -> None:
        self.metadata = into = sa.MetaData()
        self.stage = _intervals(
            f"stage_interval{suffix}",
            into,
            sa.Column("stage", _Text, nullable=False),
            sa.Column("status", _Text, nullable=False),
            sa.Column("formation", _Text, nullable=False),
            sa.Column("since", sa.Integer, nullable=False),
            sa.Column("step", _Text, nullable=False),
            sa.Column("document", _Text),
        )
        self.post = _intervals(
            f"post_interval{suffix}",
            into,
            sa.Column("unit", _Text, nullable=False),
            sa.Column("position", _Text),
            sa.Column("category", _Text),
        )
        self.person = _intervals(
            f"person_interval{suffix}",
            into,
            sa.Column("nik", _Text),
            sa.Column("ni", _Text),
            sa.Column("name", _Text),
        )
        self.standing = sa.Table(
            f"standing{suffix}",
            into,
            sa.Column("number", _Big, primary_key=True, autoincrement=False),
            sa.Column("standing", sa.LargeBinary, nullable=False),
        )
        if not suffix:  # one office's roster, and a worker by number, without reading the others
            sa.Index("post_by_unit", self.post.c.unit, self.post.c.known_to)
            sa.Index("person_by_nik", self.person.c.nik)
            sa.Index("person_by_ni", self.person.c.ni)

    @property
    def families(self) -> Sequence[sa.Table]:
        """The interval tables, in the order of `domain.timeline.Pieces`."""
        return self.stage, self.post, self.person

    @property
    def all(self) -> Sequence[sa.Table]:
        return *self.families, self.standing


KEPT = Tables()
