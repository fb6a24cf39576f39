"""When a command is recorded: the moment that its events share, taken under the write lock."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from domain.errors import EnvironmentFailed
from domain.moments import moment_of, stamp_of
from domain.office import OFFICE
from domain.text import text
from workflow.settings import ENFORCED
from workflow.store.tables import command, event, setting

CLOCK_TOLERANCE = 5 * 60 * 1_000_000
"""Microseconds that a clock may be behind the last stamp."""


class Beginning(NamedTuple):
    """What a command begins with. moment: its stamp; of one that the server stamps, as far as a clock here can tell.

    head: the last position before it. stamped: whether the server says who records and when. decisions: how many
    events the office's own stream has.
    """

    moment: int
    head: int
    stamped: bool
    decisions: int


def beginning(connection: sa.Connection, clock: datetime, zone: ZoneInfo, *, stamps: bool) -> Beginning:
    """What a command begins with now: the moment is the later of the clock and one microsecond after the last stamp.

    stamps: whether the database can say itself who records and when. Raises EnvironmentFailed for a clock that is
    behind the last stamp, unless the server's counts.
    """
    query = sa.select(
        sa.select(sa.func.max(command.c.recorded_at)).scalar_subquery(),
        sa.select(sa.func.max(event.c.position)).scalar_subquery(),
        sa.select(sa.func.max(event.c.originator_version)).where(event.c.originator_id == OFFICE.bytes)
        .scalar_subquery(),
        sa.select(setting.c.value).where(setting.c.key == ENFORCED).scalar_subquery(),
    )  # fmt: skip
    last, head, decisions, enforced = connection.execute(query).one()
    now, stamped = stamp_of(clock), stamps and enforced is not None
    if last is not None and now < last - CLOCK_TOLERANCE and not stamped:
        stamp = moment_of(last, zone).isoformat(timespec="seconds")
        raise EnvironmentFailed(
            text(
                "The clock of this computer is behind the last entry of {stamp}. Nothing was recorded; set the clock.",
                stamp=stamp,
            )
        )
    return Beginning(now if last is None else max(now, last + 1), head or 0, stamped, decisions or 0)
