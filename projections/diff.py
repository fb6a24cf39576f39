"""Who stands differently on two days, and the acts that made the difference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.log import Log, Recorded
from domain.text import text
from projections.asked import Selection, Times
from projections.export.shape import Column
from projections.history import document_row, is_known
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
    """One row for each case that differs between two days as known at one moment, by case number."""
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
            "events": [event for recorded in stream if (event := _between(recorded, earlier, later))],
        }


def _compared(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return {key: row[key] for key in _COMPARED} if row is not None else None


def _between(recorded: Recorded, earlier: Times, later: Times) -> dict[str, Any] | None:
    """The act, if it takes effect between the two days and was known."""
    act = recorded.act
    first, second = _in_order(earlier.as_of, later.as_of)
    if not (first < act.effective_on <= second and is_known(recorded, later.known_at)):
        return None
    return {
        "seq": recorded.seq,
        "event": type(act).__name__,
        "step": act.step,
        "effective_on": act.effective_on,
        "documents": [document_row(paper) for paper in act.documents],
    }


def _in_order(one: date, other: date) -> tuple[date, date]:
    return (one, other) if one <= other else (other, one)
