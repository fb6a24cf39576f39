"""What is kept beside the log of who tried what is not theirs, and of who read whose full numbers, and why.

Both are rows of a table that only grows, each written in a transaction of its own: nothing of a case changes by them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.access import Role
from domain.errors import Denied
from domain.identity import hide_numbers
from domain.moments import moment_of, stamp_of
from workflow.access import permit
from workflow.register import Actor, Register
from workflow.store.tables import attempt, docket, reading


class Wanted(NamedTuple):
    """Which of them: at [since, until] in microseconds since the epoch, by an actor, about a case."""

    since: int | None = None
    until: int | None = None
    actor: str | None = None
    case: int | None = None


class Trace(NamedTuple):
    """One of them. cases: first and last number of each run of cases it was about.

    why: of an attempt `role`, `scope` or `four-eyes`; of a reading the reason in words. role: the one that was lacking.
    """

    at: datetime
    actor: str
    known_by: str
    doing: str
    why: str
    role: str | None
    cases: tuple[tuple[int, int], ...]


def keep_attempt(register: Register, by: Actor, denied: Denied) -> None:
    """Keep that something was denied."""
    _keep(register, attempt, by, denied.doing, denied.why, denied.role, spans(denied.cases))


def keep_reading(register: Register, by: Actor, doing: str, reason: str, cases: Collection[int]) -> None:
    """Keep that somebody is about to read the full numbers of these cases."""
    _keep(register, reading, by, doing, hide_numbers(reason), spans(cases))


def _keep(register: Register, table: sa.Table, by: Actor, *about: str | None) -> None:
    surroundings = register.surroundings
    row = (surroundings.entropy(16), stamp_of(surroundings.clock()), by.name, by.known_by, *about)
    with register.datastore.write() as connection:
        register.datastore.database.insert(connection, table, [row])


def attempts(register: Register, by: Actor, wanted: Wanted) -> list[Trace]:
    """What was denied, in the order in which it was tried. For auditors and keepers."""
    permit(register, by, (Role.AUDITOR, Role.KEEPER), "attempts")
    return list(_traces(register, attempt, wanted))


def readings(register: Register, by: Actor, wanted: Wanted) -> list[Trace]:
    """Who read full numbers, in the order in which it was done. For auditors and keepers."""
    permit(register, by, (Role.AUDITOR, Role.KEEPER), "readings")
    return list(_traces(register, reading, wanted))


def _traces(register: Register, table: sa.Table, wanted: Wanted) -> Iterator[Trace]:
    query = sa.select(table).order_by(table.c.at, table.c.id)
    if wanted.since is not None:
        query = query.where(table.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(table.c.at <= wanted.until)
    if wanted.actor is not None:
        query = query.where(table.c.actor == wanted.actor)
    with register.datastore.read() as connection:
        seen = _seen(register, connection)
        rows = connection.execute(query).mappings().all()
    for row in rows:
        runs = _runs(row["cases"])
        if wanted.case is not None and not any(low <= wanted.case <= high for low, high in runs):
            continue
        if seen is not None:
            runs = _runs(spans({case for low, high in runs for case in range(low, high + 1)} & seen))
        why, role = (row["reason"], None) if table is reading else (row["why"], row["role"])
        at = moment_of(row["at"], register.settings.zone)
        yield Trace(at, row["actor"], row["known_by"], row["doing"], why, role, runs)


def _seen(register: Register, connection: sa.Connection) -> set[int] | None:
    """The cases that whoever asks may see; None for all."""
    if register.datastore.scope is None:
        return None
    return set(connection.execute(sa.select(docket.c.number)).scalars())


def spans(numbers: Iterable[int]) -> str:
    """Case numbers in few words: `1-3794,3800`."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in parts)


def _runs(written: str) -> tuple[tuple[int, int], ...]:
    ends = [part.partition("-") for part in written.split(",") if part]
    return tuple((int(low), int(high or low)) for low, _, high in ends)


def trace_row(trace: Trace, case_number: Any) -> dict[str, Any]:
    """A trace for programs; `cases` names runs of cases by the first and the last, `count` says how many they are."""
    named = [
        case_number(low) if low == high else f"{case_number(low)}..{case_number(high)}" for low, high in trace.cases
    ]
    return {**trace._asdict(), "cases": named, "count": sum(high - low + 1 for low, high in trace.cases)}
