"""Steps and what each needs, as answers. Tables for people show what fits a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.text import text
from projections.export.shape import Answer, Column

_KEYS = (
    "step", "from", "to", "event", "label", "authority", "role", "deadline", "deadlines", "legal_basis", "reasons",
    "reason_required", "documents", "fields", "guards", "available",
)  # fmt: skip


def steps_answer(rows: Sequence[dict[str, Any]], form: str, *, for_case: bool) -> Answer:
    """The steps with what each needs; for a case, whether it is possible and what stands against it, as ranked."""
    if form != "table":
        keys = (*_KEYS, "possible", "rank", "findings") if for_case else _KEYS
        return Answer([Column(key, text(key)) for key in keys], rows)
    columns = [Column("step", text("Step")), Column("label", text("What it is"))]
    if for_case:
        columns += [Column("possible", text("Possible")), Column("needs", text("Needs, or why not"))]
        return Answer(columns, [{**row, "needs": _needs(row) if row["possible"] else _against(row)} for row in rows])
    columns += [Column("from", text("From")), Column("to", text("To")), Column("needs", text("Needs"))]
    return Answer(columns, [{**row, "needs": _needs(row)} for row in rows if row["available"]])


def _needs(row: Mapping[str, Any]) -> str:
    papers = [document["kind"] for document in row["documents"] if document["required"]]
    fields = [field["name"] for field in row["fields"] if field["required"]]
    reasons = ["--reason " + "|".join(reason["code"] for reason in row["reasons"])] if row["reason_required"] else []
    return ", ".join([*papers, *fields, *reasons])


def _against(row: Mapping[str, Any]) -> str:
    return "; ".join(finding["message"] for finding in row["findings"])
