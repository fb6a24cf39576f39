"""A case as limits look at it: the graph of a procedure with limits of the test's own, and acts told in words."""

from __future__ import annotations

from datetime import date
from itertools import count

import msgspec

from domain.deadlines import owed, stood
from domain.events import Act
from domain.procedure import Deadline, Procedure
from domain.service import DutyStarted, Evaluated
from domain.standing import Entry
from domain.working_days import Calendar, Calendars, NationalYear
from tests.scenario import rules_of

NATIONAL = rules_of("nasional@2025.2").procedure
WORKDAYS = Calendar(lambda _year: NationalYear({}))
PLAIN = Calendars(WORKDAYS)
_NUMBERS = count()


def limited(**limits: list[Deadline]) -> Procedure:
    """The national procedure with these limits and no others; a step's hyphens are written as underscores."""
    given = {name.replace("_", "-"): tuple(of_step) for name, of_step in limits.items()}
    steps = {
        name: msgspec.structs.replace(step, deadline=None, deadlines=given.pop(name, ()), enabled=True)
        for name, step in NATIONAL.steps.items()
    }
    assert not given, "no such step"
    return msgspec.structs.replace(NATIONAL, version=f"test.{next(_NUMBERS)}", steps=steps)


def day(iso: str) -> date:
    return date.fromisoformat(iso)


def acts(*told: str, procedure: Procedure = NATIONAL) -> list[Entry]:
    """`STEP DAY`, for start-duty and extend also the contract's last day, for evaluate the period and its last day."""
    entries = []
    for seq, words in enumerate(told, 1):
        name, on, *more = words.split()
        step = procedure.steps[name]
        stage = procedure.stages[step.to] if step.to else None
        common = {
            "step": name, "procedure": "test", "effective_on": day(on), "stage": step.to,
            "employment": stage.employment.value if stage else None, "ends": bool(stage and stage.ended),
        }  # fmt: skip
        if name in ("start-duty", "extend"):
            act: Act = DutyStarted(**common, contract_start=day(on), contract_end=day(more[0]))
        elif name == "evaluate":
            act = Evaluated(**common, scope=more[0], ended_on=day(more[1]), predicate="baik")
        else:
            act = Act(**common)
        entries.append(Entry(seq, act))
    return entries


LISTED = ("register 2025-08-01", "verify 2025-08-10")
PROPOSED = (*LISTED, "propose 2025-08-20")
NEEDED = (*PROPOSED, "approve 2025-09-04")
FILLING = (*NEEDED, "announce 2025-09-06")
ASKED = (*FILLING, "propose-ni 2025-12-01")
OATH = (*ASKED, "assign-ni 2025-12-05", "appoint 2025-12-08", "swear-in 2025-12-09")
ACTIVE = (*OATH, "start-duty 2026-01-01 2026-08-31")
SEVEN = Deadline(within=7, after="approve", basis="diktum 7")
FIRST = Deadline(by=date(2025, 9, 15), since=date(2025, 8, 8), basis="B/3832")
SECOND = Deadline(by=date(2025, 9, 25), since=date(2025, 9, 12), basis="B/4014")
THIRD = Deadline(by=date(2025, 12, 20), since=date(2025, 12, 1), basis="BKN 16955")


def dues(procedure: Procedure, told: tuple[str, ...], on: str, calendars: Calendars = PLAIN) -> list[tuple[str, str]]:
    """Step and due day of what is owed at the end of a day."""
    standing, past = stood(acts(*told), day(on))
    return [(one.step, one.due.isoformat()) for one in owed(standing, procedure, calendars, day(on), past)]
