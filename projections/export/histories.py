"""Histories, the audit log and differences, as answers. Tables for people show what fits a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.text import Text, text
from projections import diff, history
from projections.export.shape import Answer, Column


def history_answer(rows: Sequence[Mapping[str, Any]], case: str, form: str, footer: Sequence[Text] = ()) -> Answer:
    """A case's audit trail; for people the step with what it made of the case."""
    if form != "table":
        return Answer((*history.COLUMNS, *history.BEFORE_AND_AFTER), rows)
    columns = _only(history.COLUMNS, "seq", "effective_on", "recorded_at", "step")
    columns += [Column("change", text("Stage before → after")), *_only(history.COLUMNS, "documents", "actor")]
    if any(row["proposed_by"] for row in rows):
        columns += _only(history.COLUMNS, "proposed_by")
    shown = (
        {**row, "change": _change(row), "recorded_at": row["recorded_at"].strftime("%Y-%m-%d %H:%M")} for row in rows
    )
    footer = [text("{count} events.", count=len(rows)), *footer]
    return Answer(columns, shown, title=text("Case {case}", case=case), footer=footer)


def _only(columns: Iterable[Column], *keys: str) -> list[Column]:
    by_key = {column.key: column for column in columns}
    return [by_key[key] for key in keys]


def _change(row: Mapping[str, Any]) -> str:
    """The stage before and after, with the reason, and what was done to the event or by it to another."""
    before = row["before"]["stage"] if row["before"] else "–"
    after = row["after"]["stage"] if row["after"] else "–"
    stages = before if before == after else f"{before} → {after}"
    marks = [f"#{row['seq']} → #{row['target']}"] if row["target"] is not None else []
    marks += [f"✎ #{seq}" for seq in row["corrected_by"]]
    marks += [f"✗ #{row['rescinded_by']}"] if row["rescinded_by"] is not None else []
    reason = [f"({row['reason']})"] if row["reason"] else []
    return " ".join([stages, *marks, *_stated(row), *reason])


def _stated(row: Mapping[str, Any]) -> list[str]:
    """What a layer puts in the place of what it lies over."""
    fields = row["fields"]
    if row["event"] in ("Merged", "Migrated"):
        return [f"{name}={fields[name]}" for name in ("into", "to") if name in fields]
    if row["event"] != "Corrected":
        return []
    own = {name: value for name, value in fields.items() if name not in ("number", "fields", "papers")}
    papers = [paper.number for paper in fields.get("papers", ())]
    return [f"{name}={value}" for name, value in {**own, **fields.get("fields", {})}.items()] + papers


def log_answer(rows: Iterable[dict[str, Any]], form: str) -> Answer:
    """The audit log; for people one line an event."""
    if form != "table":
        return Answer(history.LOG_COLUMNS, rows)
    columns = _only(
        history.LOG_COLUMNS, "position", "recorded_at", "case", "step", "effective_on", "documents", "actor"
    )
    return Answer(columns, map(_logged, rows))


def _logged(row: Mapping[str, Any]) -> dict[str, Any]:
    actor: Text | str = row["actor"]
    if row["proposed_by"]:
        actor = text("{actor}, proposed by {other}", actor=actor, other=row["proposed_by"])
    return {**row, "recorded_at": row["recorded_at"].strftime("%Y-%m-%d %H:%M"), "actor": actor}


def diff_answer(rows: Iterable[Mapping[str, Any]], form: str, footer: list[Text] | None = None) -> Answer:
    """Who differs; for people before, after and the steps between."""
    if form != "table":
        return Answer(diff.COLUMNS, rows)
    footer = [] if footer is None else footer
    return Answer(diff.COLUMNS, _shown(rows, footer), footer=footer)


def _shown(rows: Iterable[Mapping[str, Any]], footer: list[Text]) -> Iterable[dict[str, Any]]:
    count = 0
    for row in rows:
        count += 1
        yield {
            **row,
            "before": _place(row["before"]),
            "after": _place(row["after"]),
            "events": ", ".join(f"#{event['seq']} {event['step']} {event['effective_on']}" for event in row["events"]),
        }
    footer.insert(0, text("{count:,} cases differ.", count=count))


def _place(facts: Mapping[str, Any] | None) -> str:
    return f"{facts['stage']}, {facts['status']}, {facts['unit']}, {facts['since']}" if facts else "–"


def document_answer(rows: list[dict[str, Any]], form: str) -> Answer:
    """The acts that rest on a document, and those that depend on them."""
    columns = (
        *_only(history.LOG_COLUMNS, "case", "seq", "step", "stage", "effective_on"),
        Column("rests", text("Rests on")),
    )
    cases = len({row["case"] for row in rows})
    footer = [text("{count:,} acts of {cases:,} cases.", count=len(rows), cases=cases)] if form == "table" else ()
    return Answer(columns, rows, footer=footer)
