"""What is owed, by whom and until when: one row for each limit that runs in a case, by due date and case.

As of now the kept standings answer. Where the past is asked, where a case has later acts, and where periods are to be
evaluated, the streams of the cases concerned are read; the number of statements does not depend on that of cases.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.deadlines import Breach, Owed, Past, owed, stood
from domain.identity import mask, mask_name
from domain.limits import asks_past
from domain.log import ALWAYS, Log
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import text
from domain.timeline import Timeline
from domain.working_days import Calendars
from projections import reading
from projections.asked import Selection, Times, chosen, holds
from projections.export.shape import Column
from projections.roster import CaseNumber
from projections.standings import decoded
from projections.tables import KEPT

COLUMNS = (
    Column("case", text("Case")),
    Column("nik", text("NIK")),
    Column("name", text("Name")),
    Column("unit", text("Unit")),
    Column("stage", text("Stage")),
    Column("step", text("Step")),
    Column("authority", text("Whose act")),
    Column("kind", text("Kind")),
    Column("scope", text("Scope")),
    Column("period", text("Period")),
    Column("due", text("Due")),
    Column("days", text("Days left"), right=True),
    Column("working_days", text("Working days left"), right=True),
    Column("late_since", text("Late since")),
    Column("missed_on", text("Missed on")),
    Column("formerly", text("Formerly")),
    Column("basis", text("Basis")),
)


class Wanted(NamedTuple):
    """Which of what is owed. within: only what is late, or due in at most so many calendar days; None for all."""

    within: int | None = None
    late: bool = False
    steps: Collection[str] = ()

    def keeps(self, one: Owed, day: date) -> bool:
        if self.steps and one.step not in self.steps:
            return False
        if self.late:
            return one.due < day
        return self.within is None or one.due <= day + timedelta(days=self.within)


class Office(NamedTuple):
    """What a question is judged by: the procedures, the calendars as known then, and how cases are called."""

    procedures: Callable[[str], Procedure]
    calendars: Calendars
    case_number: CaseNumber


class _Worker(NamedTuple):
    """Whose case it is, as the views have it."""

    number: int
    nik: str | None
    name: str | None
    unit: str
    stage: str


def due(
    connection: sa.Connection,
    log: Log,
    times: Times,
    selection: Selection,
    office: Office,
    wanted: Wanted,
    *,
    masked: bool = False,
) -> Iterator[dict[str, Any]]:
    """The rows with the keys of `COLUMNS`, by due date and case; they are made as they are read.

    days: calendar days until the due date, negative if it is over; working_days: the same in working days where the
    term is counted in them. late_since: since when it is late, under a date that was moved since too.
    missed_on: the first day after the date that holds.
    """
    found = [
        (one.due, worker.number, one.step, at, worker, one)
        for worker, judged in _owing(connection, log, times, selection, office)
        for at, one in enumerate(judged)
        if wanted.keeps(one, times.as_of)
    ]
    found.sort(key=lambda row: row[:4])
    for *_, worker, one in found:
        yield _whose(worker, office.case_number, masked=masked) | owed_row(one, times.as_of, office.calendars)


def owed_row(one: Owed, day: date, calendars: Calendars) -> dict[str, Any]:
    """What is owed as programs read it, without whose case it is."""
    late = one.due < day
    missed = [former.missed_on for former in one.formerly]
    in_working_days = one.unit == "working-days"
    return {
        "step": one.step,
        "authority": one.authority,
        "kind": one.kind,
        "scope": one.scope,
        "period": one.period,
        "due": one.due,
        "days": (one.due - day).days,
        "working_days": calendars.now.between(day, one.due) if in_working_days else None,
        "late_since": min([*missed, one.missed_on]) if late else None,
        "missed_on": one.missed_on if late else None,
        "formerly": [former._asdict() for former in one.formerly],
        "basis": one.basis,
    }


def breach_row(breach: Breach) -> dict[str, Any]:
    """A term that was missed, for programs: `step field scope period due missed_on taken_on formerly basis`."""
    one = breach.owed
    return {
        "step": one.step,
        "field": one.field,
        "scope": one.scope,
        "period": one.period,
        "due": one.due,
        "missed_on": one.missed_on if breach.late else None,
        "taken_on": breach.taken_on,
        "formerly": [former._asdict() for former in one.formerly],
        "basis": one.basis,
    }


def _whose(worker: _Worker, case_number: CaseNumber, *, masked: bool) -> dict[str, Any]:
    return {
        "case": case_number(worker.number),
        "nik": mask(worker.nik) if masked else worker.nik,
        "name": mask_name(worker.name) if masked else worker.name,
        "unit": worker.unit,
        "stage": worker.stage,
    }


def _owing(
    connection: sa.Connection, log: Log, times: Times, selection: Selection, office: Office
) -> Iterator[tuple[_Worker, list[Owed]]]:
    """Every case with what it owes: first those that a standing answers, then those whose streams are read."""
    day, to_read = times.as_of, dict[int, _Worker]()
    for *about, stored in reading.rows(connection, _candidates(connection, times, selection)):
        worker, standing = _Worker(*about), decoded(stored)
        # a standing that an older version kept does not say which steps were taken
        now = times.known_at == ALWAYS and standing.last_on <= day.toordinal() and bool(standing.taken)
        procedure = office.procedures(standing.procedure)
        if worker.stage in procedure.stages and procedure.stages[worker.stage].ended:
            continue
        if not now or asks_past(procedure, worker.stage):
            to_read[worker.number] = worker
        else:
            yield worker, owed(standing, procedure, office.calendars, day)
    for number, standing, past in _read(log, to_read, times):
        yield to_read[number], owed(standing, office.procedures(standing.procedure), office.calendars, day, past)


def _read(log: Log, cases: Collection[int], times: Times) -> Iterator[tuple[int, Standing, Past]]:
    """Where cases stood and their past, from their streams; the standing is pinned to what is known then."""
    for number, stream in log.streams(cases) if cases else ():
        timeline = Timeline(one.entry for one in stream if one.command.recorded_at <= times.known_at)
        standing, past = stood(timeline.entries, times.as_of)
        standing.procedure = timeline.last.procedure
        yield number, standing, past


def _candidates(connection: sa.Connection, times: Times, selection: Selection) -> sa.Select[Any]:
    stage, post, person, standing = KEPT.stage, KEPT.post, KEPT.person, KEPT.standing
    joined = (
        stage.join(post, (post.c.number == stage.c.number) & holds(post, times))
        .join(standing, standing.c.number == stage.c.number)
        .outerjoin(person, (person.c.number == stage.c.number) & holds(person, times))
    )
    return (
        sa.select(stage.c.number, person.c.nik, person.c.name, post.c.unit, stage.c.stage, standing.c.standing)
        .select_from(joined)
        .where(holds(stage, times), *chosen(connection, selection))
        .order_by(stage.c.number)
    )
