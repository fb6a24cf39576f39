"""What is owed and the days off, as answers. Tables for people show what fits a page, and totals below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

from domain.log import ALWAYS
from domain.procedure_words import who_words
from domain.text import Text, text
from domain.working_days import Calendar
from projections.asked import Times
from projections.due import COLUMNS
from projections.export.shape import Answer, Column

_FOR_PEOPLE = ("case", "name", "unit", "step", "authority", "due", "days", "formerly")
WEEKDAYS = (
    text("Monday"), text("Tuesday"), text("Wednesday"), text("Thursday"), text("Friday"), text("Saturday"),
    text("Sunday"),
)  # fmt: skip


def due_answer(
    rows: Iterable[Mapping[str, Any]], times: Times, form: str, footer: list[Text], calendar: Calendar
) -> Answer:
    """What is owed: all columns for programs, the telling ones for people, with totals.

    calendar: by which working days were counted, to say where it is an estimate.
    """
    columns = [column for column in COLUMNS if form != "table" or column.key in _FOR_PEOPLE]
    title = None if times.known_at == ALWAYS else text("As known at an earlier moment.")
    totalled = _totalled(rows, times, footer, calendar)
    shown = map(_for_people, totalled) if form == "table" else totalled
    return Answer(columns, shown, title=title, footer=footer)


def _for_people(row: Mapping[str, Any]) -> dict[str, Any]:
    of_step = [str(row[key]) for key in ("step", "field", "scope", "period") if row.get(key)]
    formerly = [former["due"] for former in row["formerly"]]
    who = {"authority": who_words(row["authority"])} if "authority" in row else {}
    return {**row, **who, "step": " ".join(of_step), "formerly": formerly}


def _totalled(
    rows: Iterable[Mapping[str, Any]], times: Times, footer: list[Text], calendar: Calendar
) -> Iterator[Mapping[str, Any]]:
    late = running = 0
    whose: Counter[str] = Counter()
    counted: set[int] = set()
    for row in rows:
        late, running = (late + 1, running) if row["missed_on"] else (late, running + 1)
        whose[row["authority"]] += 1
        if row["working_days"] is not None:
            counted.add(row["due"].year)
        yield row
    said = [text("{late:,} late and {running:,} not yet, as of {day}.", late=late, running=running, day=times.as_of)]
    if whose:
        each = [text("{who} {count:,}", who=who_words(code), count=count) for code, count in whose.most_common()]
        named = reduce(lambda so_far, one: text("{so_far}, {one}", so_far=so_far, one=one), each)
        said.append(text("Whose act it is: {authorities}.", authorities=named))
    said += estimates([year for year in sorted(counted) if not calendar.exact(year)])
    footer[:0] = said


def briefly(shown: Mapping[str, Any]) -> dict[str, Any]:
    """One case as shown, with what is owed and what was missed as sentences."""
    owed = [
        text("{step} by {due} ({authority})", step=one["step"], due=one["due"], authority=one["authority"])
        for one in map(_for_people, shown["due"])
    ]
    missed = [
        text("{step} was due by {due}", step=one["step"], due=one["due"])
        if one["taken_on"] is None
        else text("{step} was due by {due} and taken on {day}", step=one["step"], due=one["due"], day=one["taken_on"])
        for one in map(_for_people, shown["breaches"])
        if one["missed_on"]
    ]
    return {**shown, "due": owed, "breaches": missed}


def estimates(years: Sequence[int]) -> list[Text]:
    """What is to be said of years whose holidays are not decreed yet, as far as this version knows."""
    if not years:
        return []
    named = ", ".join(map(str, years))
    return [text("Holidays of {years} are estimates; record the decree with lantik holiday decree.", years=named)]


def holidays_answer(rows: Iterable[Mapping[str, Any]], form: str, years: Sequence[int]) -> Answer:
    """The days off of a year, with who says so."""
    columns = (
        Column("day", text("Day")),
        Column("weekday", text("Weekday")),
        Column("name", text("Name")),
        Column("off", text("Holiday")),
        Column("source", text("Source")),
    )
    named = [WEEKDAYS[number] if form == "table" else str(WEEKDAYS[number]) for number in range(7)]
    shown = ({**row, "weekday": named[row["weekday"]]} for row in rows)
    return Answer(columns, shown, footer=estimates(years))


def decreed(off: Mapping[date, str], worked: Sequence[date]) -> list[Text]:
    """What a decree changed, a sentence for each day."""
    said = [text("{day} is a holiday: {name}.", day=day, name=name) for day, name in sorted(off.items())]
    return said + [text("{day} is a working day.", day=day) for day in sorted(worked)]
