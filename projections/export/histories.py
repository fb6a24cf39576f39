"""Histories, the audit log and differences, as answers. Tables for people show what fits a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.text import text
from projections import diff, history
from projections.export.shape import Answer, Column


def history_answer(rows: list[dict[str, Any]], case: str, form: str) -> Answer:
    """A case's audit trail; for people the step with what it made of the case."""
    if form != "table":
        return Answer((*history.COLUMNS, *history.BEFORE_AND_AFTER), rows)
    columns = _only(history.COLUMNS, "seq", "effective_on", "recorded_at", "step")
    columns += [Column("change", text("Stage before → after")), *_only(history.COLUMNS, "documents", "actor")]
    shown = (
        {**row, "change": _change(row), "recorded_at": row["recorded_at"].strftime("%Y-%m-%d %H:%M")} for row in rows
    )
    return Answer(
        columns, shown, title=text("Case {case}", case=case), footer=[text("{count} events.", count=len(rows))]
    )


def _only(columns: Iterable[Column], *keys: str) -> list[Column]:
    by_key = {column.key: column for column in columns}
    return [by_key[key] for key in keys]


def _change(row: Mapping[str, Any]) -> str:
    before = row["before"]["stage"] if row["before"] else "–"
    after = row["after"]["stage"] if row["after"] else "–"
    reason = f" ({row['reason']})" if row["reason"] else ""
    return f"{before}{reason}" if before == after else f"{before} → {after}{reason}"


def log_answer(rows: Iterable[dict[str, Any]], form: str) -> Answer:
    """The audit log; for people one line an event."""
    if form != "table":
        return Answer(history.LOG_COLUMNS, rows)
    columns = _only(
        history.LOG_COLUMNS, "position", "recorded_at", "case", "step", "effective_on", "documents", "actor"
    )
    return Answer(columns, ({**row, "recorded_at": row["recorded_at"].strftime("%Y-%m-%d %H:%M")} for row in rows))


def diff_answer(rows: Iterable[dict[str, Any]], form: str) -> Answer:
    """Who differs; for people before, after and the steps between."""
    if form != "table":
        return Answer(diff.COLUMNS, rows)
    footer: list[Any] = []
    return Answer(diff.COLUMNS, _shown(rows, footer), footer=footer)


def _shown(rows: Iterable[dict[str, Any]], footer: list[Any]) -> Iterable[dict[str, Any]]:
    count = 0
    for row in rows:
        count += 1
        yield {
            **row,
            "before": _place(row["before"]),
            "after": _place(row["after"]),
            "events": ", ".join(f"#{event['seq']} {event['step']} {event['effective_on']}" for event in row["events"]),
        }
    footer.append(text("{count:,} cases differ.", count=count))


def _place(facts: Mapping[str, Any] | None) -> str:
    return f"{facts['stage']}, {facts['status']}, {facts['unit']}, {facts['since']}" if facts else "–"
