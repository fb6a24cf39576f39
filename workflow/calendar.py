"""The office's calendar: national holidays and joint leave from `holidays`, and over them what decrees changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.access import Role
from domain.dates import parse_date
from domain.document import Document
from domain.errors import Misused, Refused
from domain.log import ALWAYS
from domain.moments import moment_of
from domain.office import HolidaysDecreed, decided
from domain.text import text
from domain.working_days import Calendar, Calendars, NationalYear, Replaced
from workflow.patience import patiently

if TYPE_CHECKING:
    from workflow.register import Actor, Register

SATURDAY = 5
JOINT_LEAVE_SINCE = 2002
"""Before that year nobody decreed joint leave; a later year without any is one whose decree is not known yet."""

_ESTIMATED = "(estimated)"
_LANGUAGES = {"en": "en_US", "id": "id"}


@cache
def national(year: int, language: str = "en") -> NationalYear:
    """What `holidays` knows of a year; exact if its decree is known, and not only where the moon will stand."""
    from holidays.countries.indonesia import Indonesia  # noqa: PLC0415  takes longer to load than most answers take

    def named(category: str, words: str) -> dict[date, str]:
        return dict(Indonesia(years=year, categories=(category,), language=words, observed=False))

    joint, public = named("government", "en_US"), named("public", "en_US")
    exact = (bool(joint) or year < JOINT_LEAVE_SINCE) and not any(_ESTIMATED in name for name in public.values())
    words = _LANGUAGES.get(language, "en_US")
    return NationalYear(named("government", words) | named("public", words), exact)


def source() -> str:
    """Where national days come from: the library and its version."""
    return f"holidays {version('holidays')}"


def calendars(register: Register, known_at: int = ALWAYS) -> Calendars:
    """The calendar as decreed by `known_at`, and those that each decree replaced."""
    known = list(decided(register.decisions, HolidaysDecreed, known_at))
    former = []
    for at, (decision, decree) in enumerate(known):
        before = Calendar(national, [fact for _, fact in known[:at]])
        on = moment_of(decision.recorded_at, register.settings.zone).date()
        former.append(Replaced(before, on, _called(decree)))
    return Calendars(Calendar(national, [fact for _, fact in known]), tuple(former))


class Decree(NamedTuple):
    """What somebody typed of a decree: days that become holidays, by name, and days that no longer are."""

    off: Mapping[date, str]
    worked: tuple[date, ...]
    documents: tuple[Document, ...]
    on: date


def read_days(off: Iterable[str], worked: Iterable[str]) -> tuple[dict[date, str], tuple[date, ...]]:
    """Days as typed: `2026-03-23=Cuti bersama`, and bare ones. Raises Misused, too for a day that is named twice."""
    pairs = [(_day(typed.partition("=")[0]), typed.partition("=")[2].strip()) for typed in off]
    days = [_day(typed) for typed in worked]
    if any(not name for _, name in pairs):
        raise Misused(text('Name each holiday, such as --off "2026-03-23=Cuti bersama".'))
    every = [day for day, _ in pairs] + days
    twice = next((day for day in every if every.count(day) > 1), None)
    if twice is not None:
        raise Misused(text("{day} is named twice.", day=twice))
    if not every:
        raise Misused(text("Name at least one day with --off or --worked."))
    return dict(pairs), tuple(days)


def _day(typed: str) -> date:
    try:
        return parse_date(typed)
    except ValueError:
        raise Misused(text("{typed} is no date; write it as 2026-03-23.", typed=typed)) from None


@patiently
def decree_holidays(register: Register, decree: Decree, by: Actor, *, dry_run: bool = False) -> Decree:
    """Record a decree: what of it changes the calendar. Raises Refused if nothing does, or a day cannot be worked."""
    from workflow.access import permit  # noqa: PLC0415  whoever only reads procedures and calendars needs no register

    fact = HolidaysDecreed(
        effective_on=decree.on, documents=decree.documents, off=dict(decree.off), worked=decree.worked
    )
    with register.transaction(dry_run=dry_run) as transaction:
        keeper = permit(register, by, [Role.KEEPER], "holiday-decree").by
        changed = _changed(calendars(register).now, decree)
        if not dry_run:
            command_id = transaction.new_id()
            said = [sorted(map(str, decree.off)), sorted(map(str, decree.worked)), _called(fact)]
            transaction.begin_command(
                command_id, "holiday-decree", keeper, transaction.digest(["holiday decree", *said])
            )
            transaction.decide(command_id, fact)
    return changed


def _changed(calendar: Calendar, decree: Decree) -> Decree:
    for day in decree.worked:
        if day not in calendar.days_off(day.year):
            raise Refused(text("{day} is no holiday; nothing was recorded.", day=day))
        if day.weekday() >= SATURDAY:
            raise Refused(text("{day} is a Saturday or Sunday, which a decree does not make a working day.", day=day))
    off = {day: name for day, name in decree.off.items() if calendar.days_off(day.year).get(day) != name}
    if not off and not decree.worked:
        raise Refused(text("All these days are holidays already; nothing was recorded."))
    return decree._replace(off=off)


def listed(register: Register, year: int, known_at: int, language: str) -> Iterator[dict[str, Any]]:
    """The days of a year that differ from the week, as known then: `day weekday name off source`, by day.

    A day that a decree took from the holidays is told with `off` false.
    """
    rows = {
        day: {"day": day, "weekday": day.weekday(), "name": name, "off": True, "source": source()}
        for day, name in national(year, language).off.items()
    }
    for _, decree in decided(register.decisions, HolidaysDecreed, known_at):
        called = _called(decree)
        for day, name in decree.off.items():
            if day.year == year:
                rows[day] = {"day": day, "weekday": day.weekday(), "name": name, "off": True, "source": called}
        for day in decree.worked:
            if day in rows:
                rows[day] = {**rows[day], "off": False, "source": called}
    yield from (rows[day] for day in sorted(rows))


def _called(decree: HolidaysDecreed) -> str:
    return ", ".join(f"{paper.kind} {paper.number}" for paper in decree.documents) or "-"
