"""Moments of recording: microseconds since the epoch in UTC, so that they compare and store as integers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Misused
from domain.text import text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stamp_of(when: datetime) -> int:
    """The stamp of an aware moment, exactly."""
    return (when - _EPOCH) // _MICROSECOND


def moment_of(stamp: int, zone: ZoneInfo) -> datetime:
    """The moment of a stamp, told in `zone`."""
    return (_EPOCH + _MICROSECOND * stamp).astimezone(zone)


def parse_moment(typed: str, zone: ZoneInfo, *, first: bool = False) -> int:
    """The stamp of an ISO 8601 moment, in `zone` if it names no offset; of a date, its end or its beginning.

    Raises Misused.
    """
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return _parse_time(typed, zone)
    return end_of_day(day - timedelta(days=1), zone) + 1 if first else end_of_day(day, zone)


def _parse_time(typed: str, zone: ZoneInfo) -> int:
    try:
        when = datetime.fromisoformat(typed)
    except ValueError:
        raise Misused(text("This is no moment; write it as 2026-01-15 or 2026-01-15T16:30.")) from None
    return stamp_of(when if when.tzinfo else when.replace(tzinfo=zone))


def end_of_day(day: date, zone: ZoneInfo) -> int:
    """The last stamp of `day` in `zone`."""
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return stamp_of(midnight) - 1
