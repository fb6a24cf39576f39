"""The calendar of an office: which days are worked, and when a term of working days ends.

Saturday and Sunday, national holidays and joint leave (cuti bersama) are no working days. Who knows the national
days is handed in; what the office was told by decree lies over them. The first day of a term is not counted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from domain.office import HolidaysDecreed

_SATURDAY = 5
_A_DAY = timedelta(days=1)


class NationalYear(NamedTuple):
    """The national holidays and joint leave of a year, by name. exact: nothing of it is an estimate."""

    off: Mapping[date, str]
    exact: bool = True


class Calendar:
    """Working days by national days and decrees, of which the later one holds. Years are worked out when asked for."""

    def __init__(self, national: Callable[[int], NationalYear], decrees: Iterable[HolidaysDecreed] = ()) -> None:
        self._national = national
        self._decrees = tuple(decrees)
        self._off: dict[int, dict[date, str]] = {}
        self._worked: dict[int, list[date]] = {}

    def days_off(self, year: int) -> Mapping[date, str]:
        """The holidays of a year by name, those on a Saturday or Sunday too."""
        if year not in self._off:
            off = dict(self._national(year).off)
            for decree in self._decrees:
                off |= {day: name for day, name in decree.off.items() if day.year == year}
                for day in decree.worked:
                    off.pop(day, None)
            self._off[year] = off
        return self._off[year]

    def exact(self, year: int) -> bool:
        """Whether no holiday of the year is an estimate."""
        return self._national(year).exact

    def is_working(self, day: date) -> bool:
        """Whether the office works on that day."""
        return day.weekday() < _SATURDAY and day not in self.days_off(day.year)

    def after(self, day: date, count: int) -> date:
        """The last day of a term of `count` >= 1 working days that begins after `day`."""
        year = day.year
        at = bisect_right(self._working(year), day) + count - 1
        while at >= len(self._working(year)):
            at -= len(self._working(year))
            year += 1
        return self._working(year)[at]

    def before(self, day: date, count: int) -> date:
        """The working day that has `count` working days from itself on before `day`; for none the last up to it."""
        if count == 0:
            return day if self.is_working(day) else self.before(day, 1)
        year = day.year
        at = bisect_left(self._working(year), day) - count
        while at < 0:
            year -= 1
            at += len(self._working(year))
        return self._working(year)[at]

    def between(self, first: date, last: date) -> int:
        """How many working days come after `first` up to and with `last`; negative where `last` is the earlier."""
        if last < first:
            return -self.between(last, first)
        days = -bisect_right(self._working(first.year), first)
        days += sum(len(self._working(year)) for year in range(first.year, last.year))
        return days + bisect_right(self._working(last.year), last)

    def _working(self, year: int) -> list[date]:
        if year not in self._worked:
            first = date(year, 1, 1)
            days = (first + _A_DAY * number for number in range((date(year, 12, 31) - first).days + 1))
            self._worked[year] = [day for day in days if self.is_working(day)]
        return self._worked[year]


class Replaced(NamedTuple):
    """A calendar that was believed until a decree was recorded on the day `on`; by: how the decree is called."""

    calendar: Calendar
    on: date
    by: str


class Calendars(NamedTuple):
    """The calendar that holds, and those that were believed before it, oldest first."""

    now: Calendar
    former: tuple[Replaced, ...] = ()
