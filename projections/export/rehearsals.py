"""Which procedures a register has, and what a rehearsal of another found, by rule and unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.text import text
from projections.export.shape import Answer, Column
from projections.history import document_row


def rehearsal_answer(rows: Sequence[Mapping[str, Any]], reference: str, judged: int, cases: int, form: str) -> Answer:
    """One row for each rule, step and unit; `cases` names the first few."""
    columns = (
        Column("rule", text("Rule")),
        Column("code", text("Code")),
        Column("step", text("Step")),
        Column("unit", text("Unit")),
        Column("acts", text("Acts"), right=True),
        Column("message", text("Reason")),
        Column("cases", text("Cases")),
    )
    if form != "table":
        return Answer(columns, rows)
    shown = [column for key in ("message", "unit", "acts", "cases") for column in columns if column.key == key]
    acts = sum(row["acts"] for row in rows)
    footer = [
        text(
            "{judged:,} acts were judged under {reference}: {acts:,} refusals, in {cases:,} cases.",
            judged=judged,
            reference=reference,
            acts=acts,
            cases=cases,
        )
    ]
    return Answer(shown, list(_grouped(rows)), footer=footer)


def _grouped(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each reason once, above the units it is about, with one case to look at."""
    told = None
    for row in rows:
        reason = (row["rule"], row["code"], row["step"])
        message = f"{row['message']} [{row['rule']}]" if reason != told else ""
        told = reason
        yield {**row, "message": message, "cases": row["cases"][0]}


def adopted_answer(rows: Sequence[Mapping[str, Any]], form: str) -> Answer:
    """The procedures of new cases in the order in which they were adopted, with the open cases of each."""
    columns = (
        Column("procedure", text("Procedure")),
        Column("since", text("Since")),
        Column("open_cases", text("Open cases"), right=True),
        Column("documents", text("Documents")),
        Column("actor", text("By")),
        Column("recorded_at", text("Recorded")),
    )
    told = [{**row, "documents": [document_row(paper) for paper in row["documents"]]} for row in rows]
    if form == "table":
        for row in told:
            row["recorded_at"] = row["recorded_at"] and row["recorded_at"].strftime("%Y-%m-%d %H:%M")
    return Answer(columns, told)
