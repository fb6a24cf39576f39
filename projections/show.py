"""One case as it stands: the roster's row, its papers and contract, what may come next and what is planned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.log import Recorded
from domain.rules import RulesFor
from domain.text import text
from domain.timeline import Timeline
from projections import roster
from projections.asked import Times
from projections.export.shape import Column
from projections.history import document_row

COLUMNS = (
    *roster.COLUMNS,
    Column("flags", text("Flags")),
    Column("documents", text("Documents")),
    Column("contract", text("Contract")),
    Column("history_length", text("Events")),
    Column("procedure", text("Procedure")),
    Column("possible_steps", text("Possible steps")),
    Column("planned", text("Planned")),
)


def show(row: dict[str, Any], stream: Sequence[Recorded], times: Times, rules_for: RulesFor) -> dict[str, Any]:
    """The roster's row of a case with everything else about it, from its stream as known at the time asked."""
    timeline = Timeline(recorded.entry for recorded in stream)
    standing = timeline.as_of(times.as_of)
    held = [entry for entry in timeline.entries if entry.act.effective_on <= times.as_of]
    papers = dict.fromkeys(paper for entry in held for paper in entry.act.documents)
    pinned = timeline.last.procedure
    return {
        **row,
        "flags": standing.flags,
        "documents": [document_row(paper) for paper in papers],
        "contract": _contract(
            standing.contract_start, standing.contract_end, standing.wage, standing.vendor, standing.job
        ),
        "history_length": len(stream),
        "procedure": pinned,
        "possible_steps": rules_for(pinned).open_steps(standing.stage),
        "planned": [
            {
                "seq": entry.seq,
                "step": entry.act.step,
                "stage": entry.act.stage,
                "effective_on": entry.act.effective_on,
            }
            for entry in timeline.after(times.as_of)
        ],
    }


def _contract(start: object, end: object, wage: object, vendor: object, job: object) -> dict[str, Any] | None:
    stated = {"start": start, "end": end, "wage": wage, "vendor": vendor, "job": job}
    return stated if any(value is not None for value in stated.values()) else None
