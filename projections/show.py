"""One case as it stands: the roster's row, its papers and contract, what may come next and what is planned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.deadlines import breaches, owed, stood
from domain.layers import Corrected
from domain.log import Recorded
from domain.rules import RulesFor
from domain.text import text
from domain.timeline import Timeline, taken_back
from domain.working_days import Calendars
from projections import roster
from projections.asked import Times
from projections.due import breach_row, owed_row
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
    Column("due", text("Due")),
    Column("breaches", text("Missed")),
    Column("proposed_by", text("Proposed by")),
)


def show(
    row: dict[str, Any], stream: Sequence[Recorded], times: Times, rules_for: RulesFor, calendars: Calendars
) -> dict[str, Any]:
    """The roster's row of a case with everything else about it, from its stream as known at the time asked."""
    timeline = Timeline(recorded.entry for recorded in stream)
    standing, past = stood(timeline.entries, times.as_of)
    held = [entry for entry in timeline.entries if entry.act.effective_on <= times.as_of]
    papers = dict.fromkeys(paper for entry in held for paper in entry.act.documents)
    pinned = timeline.last.procedure
    procedure = rules_for(pinned).procedure
    missed = breaches(timeline.entries, procedure, calendars, times.as_of)
    raised = {"deadline-breached": any(breach.late for breach in missed), "data-corrected": _corrected(timeline, times)}
    return {
        **row,
        "flags": [*standing.flags, *(flag for flag, up in raised.items() if up)],
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
        "due": [
            owed_row(one, times.as_of, calendars) for one in owed(standing, procedure, calendars, times.as_of, past)
        ],
        "breaches": [breach_row(breach) for breach in missed],
        "proposed_by": next((entry.act.proposed_by for entry in reversed(held) if entry.act.stage), None),
    }


def _corrected(timeline: Timeline, times: Times) -> bool:
    """Whether a correction stands, over an act of the case that stands and was recorded as of the day or before."""
    taken = taken_back(timeline.recorded)
    return any(
        isinstance(entry.fact, Corrected)
        and entry.fact.effective_on <= times.as_of
        and not {entry.seq, timeline.root(entry.seq)} & taken.keys()
        for entry in timeline.recorded
    )


def _contract(start: object, end: object, wage: object, vendor: object, job: object) -> dict[str, Any] | None:
    stated = {"start": start, "end": end, "wage": wage, "vendor": vendor, "job": job}
    return stated if any(value is not None for value in stated.values()) else None
