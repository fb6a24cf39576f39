"""Who stands differently on two days, or as known at two moments, and the events that made the difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from domain.log import Log, Recorded
from domain.text import text
from domain.timeline import Timeline
from projections.asked import Selection, Times
from projections.export.shape import Column
from projections.history import document_row, is_known, step_name
from projections.roster import CaseNumber, roster

COLUMNS = (
    Column("case", text("Case")),
    Column("name", text("Name")),
    Column("before", text("Before")),
    Column("after", text("After")),
    Column("events", text("Events")),
)
_COMPARED = ("stage", "status", "unit", "since")


def diff(
    connection: sa.Connection,
    log: Log,
    earlier: Times,
    later: Times,
    selection: Selection,
    case_number: CaseNumber,
    *,
    masked: bool = False,
) -> Iterator[dict[str, Any]]:
    """One row for each case that differs between two pairs of times, by case number.

    Of two days: the acts that take effect between them. Of two moments: the events recorded between them.
    """
    first = {row["case"]: row for row in roster(connection, earlier, selection, case_number, masked=masked)}
    second = {row["case"]: row for row in roster(connection, later, selection, case_number, masked=masked)}
    differing = [
        case for case in first.keys() | second.keys() if _compared(first.get(case)) != _compared(second.get(case))
    ]
    numbers = {int(case.rpartition("-")[2]): case for case in differing}
    for number, stream in log.streams(numbers.keys()):
        case = numbers[number]
        before, after = first.get(case), second.get(case)
        named = after or before
        assert named is not None
        yield {
            "case": case,
            "name": named["name"],
            "before": _compared(before),
            "after": _compared(after),
            "events": [_event(recorded) for recorded in _between(stream, earlier, later)],
        }


def _compared(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return {key: row[key] for key in _COMPARED} if row is not None else None


def _between(stream: list[Recorded], earlier: Times, later: Times) -> Iterator[Recorded]:
    """The events that lie between the two times: recorded between two moments, or in effect between two days."""
    if earlier.known_at != later.known_at:
        first, last = sorted((earlier.known_at, later.known_at))
        yield from (recorded for recorded in stream if first < recorded.command.recorded_at <= last)
        return
    begin, end = sorted((earlier.as_of, later.as_of))
    known = [recorded for recorded in stream if is_known(recorded, later.known_at)]
    standing = {entry.seq: entry.act.effective_on for entry in Timeline(one.entry for one in known).entries}
    yield from (recorded for recorded in known if begin < standing.get(recorded.seq, begin) <= end)


def _event(recorded: Recorded) -> dict[str, Any]:
    fact = recorded.fact
    return {
        "seq": recorded.seq,
        "event": type(fact).__name__,
        "step": step_name(fact),
        "effective_on": fact.effective_on,
        "documents": [document_row(paper) for paper in fact.documents],
    }
