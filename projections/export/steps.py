"""Steps, reasons and procedures, as answers. Tables for people show what fits a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.procedure import Procedure
from domain.text import text
from projections.export.outcomes import SEVERITIES
from projections.export.shape import Answer, Column

_KEYS = (
    "step", "from", "to", "event", "label", "authority", "role", "deadline", "legal_basis", "reasons",
    "reason_required", "documents", "fields", "available",
)  # fmt: skip


def steps_answer(rows: Sequence[dict[str, Any]], form: str, *, for_case: bool) -> Answer:
    """The steps with what each needs; for a case, whether it is possible and what stands against it."""
    if form != "table":
        keys = (*_KEYS, "possible", "findings") if for_case else _KEYS
        return Answer([Column(key, text(key)) for key in keys], rows)
    columns = [Column("step", text("Step")), Column("label", text("What it is"))]
    if for_case:
        columns += [Column("possible", text("Possible")), Column("needs", text("Needs, or why not"))]
        ordered = sorted(rows, key=lambda row: not row["possible"])
        return Answer(columns, [{**row, "needs": _needs(row) if row["possible"] else _against(row)} for row in ordered])
    columns += [Column("from", text("From")), Column("to", text("To")), Column("needs", text("Needs"))]
    return Answer(columns, [{**row, "needs": _needs(row)} for row in rows if row["available"]])


def _needs(row: Mapping[str, Any]) -> str:
    papers = [document["kind"] for document in row["documents"] if document["required"]]
    fields = [field["name"] for field in row["fields"] if field["required"]]
    reasons = ["--reason " + "|".join(reason["code"] for reason in row["reasons"])] if row["reason_required"] else []
    return ", ".join([*papers, *fields, *reasons])


def _against(row: Mapping[str, Any]) -> str:
    return "; ".join(finding["message"] for finding in row["findings"])


def why_answer(rows: Sequence[dict[str, Any]], step: str, case: str, form: str) -> Answer:
    """Every reason against a step, graver ones first."""
    columns = (
        Column("code", text("Code")),
        Column("severity", text("Severity")),
        Column("message", text("Reason")),
        Column("rule", text("Rule")),
        Column("remedy", text("Remedy")),
    )
    title = text("{step} for {case}", step=step, case=case)
    against = any(row["severity"] != "warning" for row in rows)
    footer = [text("It would be refused.") if against else text("Nothing stands against it.")]
    shown = [{**row, "severity": SEVERITIES[row["severity"]]} for row in rows] if form == "table" else rows
    return Answer(columns, shown, title=title, footer=footer)


def procedures_answer(procedures: Sequence[Procedure], language: str) -> Answer:
    """The procedures there are."""
    columns = (
        Column("name", text("Name")),
        Column("version", text("Version")),
        Column("extends", text("Extends")),
        Column("title", text("Title")),
    )
    rows = [
        {
            "name": procedure.name,
            "version": procedure.version,
            "extends": procedure.extends,
            "title": procedure.title.in_language(language),
        }
        for procedure in procedures
    ]
    return Answer(columns, rows)


def procedure_answer(row: dict[str, Any], form: str) -> Answer:
    """One procedure: whole for programs; for people its steps that are switched on."""
    if form != "table":
        columns = [Column(key, text(key)) for key in ("name", "version", "extends", "title", "stages", "steps")]
        return Answer(columns, [row], single=True)
    steps = steps_answer(row["steps"], form, for_case=False)
    title = text("{name}@{version}: {title}", name=row["name"], version=row["version"], title=row["title"])
    off = ", ".join(step["step"] for step in row["steps"] if not step["available"])
    return Answer(steps.columns, steps.rows, title=title, footer=[text("Switched off: {steps}.", steps=off or "-")])
