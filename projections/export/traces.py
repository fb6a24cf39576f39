"""What was denied, and who read full numbers, as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.text import text
from projections.export.shape import Answer, Column

_BEGIN = (
    Column("at", text("When")),
    Column("actor", text("By")),
    Column("known_by", text("Known by")),
    Column("doing", text("Tried")),
)
_END = (Column("cases", text("Cases")), Column("count", text("Number"), right=True))
_ATTEMPTS = (*_BEGIN, Column("why", text("Denied for")), Column("role", text("Role")), *_END)
_READINGS = (*_BEGIN[:3], Column("doing", text("Command")), Column("reason", text("Reason")), *_END)


def attempts_answer(rows: Iterable[Mapping[str, Any]], form: str) -> Answer:
    """What was denied, in the order in which it was tried."""
    return Answer(_ATTEMPTS, _told(rows, form))


def readings_answer(rows: Iterable[Mapping[str, Any]], form: str) -> Answer:
    """Who read full numbers, in the order in which it was done."""
    return Answer(_READINGS, _told(({**row, "reason": row["why"]} for row in rows), form))


def _told(rows: Iterable[Mapping[str, Any]], form: str) -> Iterable[Mapping[str, Any]]:
    """For people without seconds."""
    if form != "table":
        return rows
    return ({**row, "at": row["at"].strftime("%Y-%m-%d %H:%M")} for row in rows)
