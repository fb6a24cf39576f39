"""What is owed, asked of many cases: as many statements as for a few, and at two times the same answer both ways."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.log import ALWAYS
from domain.outcome import Outcome
from projections.asked import Selection, Times
from projections.due import Office, Wanted, due
from tests.engine import CLERK, EVERYBODY, Engine, workers
from workflow.calendar import Decree, calendars, decree_holidays

EVERYTHING = Wanted()
TO_DUTY = ("verify", "propose", "approve", "announce", "propose-ni", "assign-ni", "appoint", "swear-in", "start-duty")
FIRST = date(2025, 8, 2)


def asked(engine: Engine, day: date, known_at: int = ALWAYS, selection: Selection = EVERYBODY) -> list[dict[str, Any]]:
    register = engine.register
    office = Office(register.rulebook.load, calendars(register, known_at), engine.case)
    with engine.reading() as connection:
        return list(due(connection, register.log_of_events, Times(day, known_at), selection, office, EVERYTHING))


def now(engine: Engine) -> int:
    return int(engine.rows("SELECT max(recorded_at) FROM command")[0][0])


def evaluated(engine: Engine, cases: list[int], scope: str, ended_on: date) -> Outcome:
    fields = {"scope": scope, "ended_on": ended_on.isoformat()}
    return engine.takes("evaluate", cases, ended_on + timedelta(days=5), fields=fields)


@pytest.fixture
def some(engine: Engine) -> Engine:
    """Twelve cases: two on duty, the others where each step of the way leads."""
    engine.imports(workers(12))
    for length in range(len(TO_DUTY)):
        engine.brings([length + 4], *TO_DUTY[:length])
    engine.brings([1, 2], *TO_DUTY)
    return engine


def test_asking_takes_the_same_statements_for_few_and_for_many(engine: Engine) -> None:
    counted: dict[str, list[int]] = {}
    people = workers(1010)
    for first, size in ((0, 10), (10, 1000)):
        engine.imports(people[first : first + size])
        numbers = list(range(first + 1, first + size + 1))
        engine.brings(numbers[: size // 2], *TO_DUTY)
        engine.brings(numbers[size // 2 :], *TO_DUTY[:4])
        for name, question in {
            "now": lambda: asked(engine, date(2025, 9, 1)),
            "periods": lambda: asked(engine, date(2026, 4, 1)),
            "past": lambda: asked(engine, date(2025, 8, 6)),
            "known at": lambda: asked(engine, date(2025, 9, 1), now(engine)),
        }.items():
            before = engine.statements
            owing = question()
            assert len(owing) >= size / 2
            counted.setdefault(name, []).append(engine.statements - before)
    assert all(few == many <= 6 for few, many in counted.values()), counted


@pytest.mark.parametrize("day", [FIRST + timedelta(days=days) for days in (0, 1, 3, 5, 8, 30, 90, 200, 400)])
def test_the_standings_and_the_streams_give_the_same_answer(some: Engine, day: date) -> None:
    for ended_on in (date(2025, 9, 30), date(2025, 12, 31)):
        evaluated(some, [1], "quarter", ended_on)
    assert asked(some, day) == asked(some, day, now(some))


def test_an_answer_does_not_change_when_more_is_recorded(some: Engine) -> None:
    days = [date(2025, 9, 1), date(2025, 12, 31), date(2026, 4, 20), date(2027, 1, 31)]
    moment = now(some)
    before = [asked(some, day, moment) for day in days]
    evaluated(some, [1, 2], "quarter", date(2025, 12, 31))
    some.brings([7], "announce", on=date(2025, 9, 1))
    decree = Decree({date(2026, 1, 5): "Cuti bersama"}, (date(2025, 9, 5),), (), date(2025, 9, 1))
    decree_holidays(some.register, decree, CLERK)
    assert [asked(some, day, moment) for day in days] == before
    assert [asked(some, day) for day in days] != before


def test_periods_are_owed_until_each_of_them_is_evaluated(some: Engine) -> None:
    def periods(case: int) -> list[tuple[str, date]]:
        rows = asked(some, date(2026, 4, 6), selection=Selection(numbers=[case]))
        return [(row["kind"], row["period"]) for row in rows if row["period"]]

    third, fourth, first = date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31)
    quarters = [("evaluation", third), ("evaluation", fourth), ("evaluation", fourth), ("evaluation", first)]
    assert periods(1) == quarters
    evaluated(some, [1], "quarter", fourth)
    assert periods(1) == [quarters[0], *quarters[2:]]
    evaluated(some, [1], "year", fourth)
    assert periods(1) == [quarters[0], quarters[3]]
    evaluated(some, [1], "quarter", first)
    assert periods(1) == [quarters[0]]
    evaluated(some, [1], "quarter", third)
    assert periods(1) == []
    assert periods(2) == quarters


def test_who_is_not_selected_is_not_told(some: Engine) -> None:
    day = date(2026, 4, 1)
    on_duty = asked(some, day, selection=Selection(stage=("active",)))
    assert {row["case"] for row in on_duty} == {some.case(1), some.case(2)}
    assert {row["stage"] for row in on_duty} == {"active"}
    rest = [row for row in asked(some, day) if row["stage"] != "active"]
    assert rest
    assert len(rest) + len(on_duty) == len(asked(some, day))


def test_who_is_gone_owes_nothing(some: Engine) -> None:
    day = date(2025, 9, 1)
    assert asked(some, day, selection=Selection(numbers=[8]))
    some.takes("record-death", [8], date(2025, 8, 25))
    assert asked(some, day, selection=Selection(numbers=[8])) == []
    assert asked(some, date(2025, 8, 24), selection=Selection(numbers=[8]))
