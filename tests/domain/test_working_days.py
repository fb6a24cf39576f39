"""Working days: what the office does not work on, and where a term of them ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.office import HolidaysDecreed
from domain.working_days import Calendar, NationalYear
from workflow.calendar import national

MAULID = date(2025, 9, 5)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(1, 400)


def over(off: Iterable[date] = (), *decrees: HolidaysDecreed) -> Calendar:
    """A calendar whose national holidays are these."""
    days = dict.fromkeys(off, "libur")
    return Calendar(lambda year: NationalYear({day: name for day, name in days.items() if day.year == year}), decrees)


CALENDARS = st.sets(DAYS, max_size=200).map(over)


def decree(off: Iterable[date] = (), worked: Iterable[date] = ()) -> HolidaysDecreed:
    return HolidaysDecreed(effective_on=date(2025, 1, 1), off=dict.fromkeys(off, "Cuti bersama"), worked=tuple(worked))


def naive(calendar: Calendar, day: date, count: int, step: int) -> date:
    """The same day by day."""
    while count:
        day += timedelta(days=step)
        count -= calendar.is_working(day)
    return day


@pytest.mark.parametrize(
    ("off", "count", "last"),
    [
        ([], 1, date(2025, 9, 5)),
        ([], 7, date(2025, 9, 15)),
        ([MAULID], 7, date(2025, 9, 16)),
        ([MAULID], 1, date(2025, 9, 8)),
        ([date(2025, 9, 6)], 7, date(2025, 9, 15)),  # a Saturday is none anyway
    ],
)
def test_a_term_after_thursday_2025_09_04(off, count, last):
    assert over(off).after(date(2025, 9, 4), count) == last


def test_the_national_calendar_has_the_holidays_and_joint_leave_of_2025_and_2026():
    calendar = Calendar(national)
    assert calendar.after(date(2025, 9, 4), 7) == date(2025, 9, 16)
    assert calendar.after(date(2026, 6, 2), 7) == date(2026, 6, 11)
    assert calendar.after(date(2025, 12, 24), 1) == date(2025, 12, 29), "Christmas, joint leave, a weekend"
    assert not calendar.is_working(date(2026, 3, 23)), "joint leave after Idul Fitri"
    assert calendar.after(date(2025, 12, 31), 1) == date(2026, 1, 2)


def test_a_year_without_a_decree_is_an_estimate():
    assert national(2025).exact
    assert national(2026).exact
    assert not national(2029).exact
    assert national(1990).exact, "nobody decreed joint leave then"


@pytest.mark.parametrize(
    ("decrees", "working"),
    [
        ([], False),
        ([decree(worked=[MAULID])], True),
        ([decree(worked=[MAULID]), decree(off=[MAULID])], False),
        ([decree(off=[MAULID]), decree(worked=[MAULID])], True),
    ],
)
def test_of_several_decrees_the_last_one_holds(decrees, working):
    assert over([MAULID], *decrees).is_working(MAULID) is working


def test_a_decree_makes_a_holiday_and_moves_what_is_due():
    assert over([], decree([date(2025, 9, 8)])).after(date(2025, 9, 4), 7) == date(2025, 9, 16)


@pytest.mark.parametrize(
    ("day", "count", "first"),
    [
        (date(2025, 9, 15), 1, date(2025, 9, 12)),
        (date(2025, 9, 14), 1, date(2025, 9, 12)),
        (date(2025, 9, 15), 0, date(2025, 9, 15)),
        (date(2025, 9, 14), 0, date(2025, 9, 12)),
        (date(2026, 1, 1), 1, date(2025, 12, 31)),
    ],
)
def test_a_term_before_a_day(day, count, first):
    assert over().before(day, count) == first


@given(CALENDARS, DAYS, COUNTS)
def test_a_term_ends_on_a_working_day_as_counting_day_by_day_says(calendar, day, count):
    last = calendar.after(day, count)
    assert calendar.is_working(last)
    assert last == naive(calendar, day, count, 1)
    assert calendar.before(day, count) == naive(calendar, day, count, -1)


@given(CALENDARS, DAYS, COUNTS, COUNTS)
def test_one_term_after_another_is_their_sum(calendar, day, first, second):
    assert calendar.after(calendar.after(day, first), second) == calendar.after(day, first + second)


@given(CALENDARS, DAYS, DAYS, COUNTS)
def test_who_begins_later_does_not_end_earlier(calendar, one, other, count):
    earlier, later = sorted([one, other])
    assert calendar.after(earlier, count) <= calendar.after(later, count)
    assert calendar.after(earlier, count) < calendar.after(earlier, count + 1)


@given(CALENDARS, DAYS, COUNTS)
def test_between_counts_what_after_adds(calendar, day, count):
    last = calendar.after(day, count)
    assert calendar.between(day, last) == count
    assert calendar.between(last, day) == -count


@given(CALENDARS, DAYS, DAYS)
def test_between_is_the_number_of_working_days(calendar, one, other):
    first, last = sorted([one, other])
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    assert calendar.between(first, last) == sum(map(calendar.is_working, days))
