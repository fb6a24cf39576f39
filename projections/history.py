"""The audit trail: every event of a case with what was believed before and after, and the log over all cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from domain.access import RoleGranted, RoleRevoked
from domain.document import Document
from domain.events import Act, Fact
from domain.identity import mask, mask_name
from domain.inbox import Proposed, Queued, Settled
from domain.layers import Corrected, Layer, Merged, Migrated, Rescinded
from domain.log import ALWAYS, Recorded
from domain.moments import moment_of
from domain.office import CohortDefined, HolidaysDecreed, ProcedureAdopted, RosterShared
from domain.person import Values
from domain.procedure import Procedure
from domain.standing import Entry, Standing
from domain.text import text
from domain.timeline import Timeline, corrections, taken_back
from projections.asked import Times
from projections.export.shape import Column

Procedures = Callable[[str], Procedure]
"""The procedure of a reference, for whose act a step is and what it is called."""

_ENVELOPE = (frozenset(Act.__struct_fields__) | {"target"}) - {"claimed_on"}
_NO_ACTS: dict[type[Fact], str] = {
    Corrected: "correct", Rescinded: "rescind", Merged: "merge", Migrated: "migrate",
    ProcedureAdopted: "adopt", HolidaysDecreed: "decree", CohortDefined: "define",
    RosterShared: "share", RoleGranted: "grant", RoleRevoked: "revoke",
    Proposed: "put", Queued: "queue", Settled: "settle",
}  # fmt: skip
"""What stands for the step of an event that is no act."""


COLUMNS = (
    Column("seq", text("#"), right=True),
    Column("event", text("Event")),
    Column("step", text("Step")),
    Column("stage", text("Stage")),
    Column("effective_on", text("Effective")),
    Column("recorded_at", text("Recorded")),
    Column("actor", text("By")),
    Column("proposed_by", text("Proposed by")),
    Column("role", text("Role")),
    Column("authority", text("Authority")),
    Column("command", text("Command")),
    Column("documents", text("Documents")),
    Column("fields", text("Fields")),
    Column("reason", text("Reason")),
    Column("note", text("Note")),
    Column("target", text("Target")),
    Column("rescinded_by", text("Rescinded by")),
    Column("corrected_by", text("Corrected by")),
)

BEFORE_AND_AFTER = (Column("before", text("Before")), Column("after", text("After")))
LOG_COLUMNS = (Column("position", text("Log"), right=True), Column("case", text("Case")), *COLUMNS)


def history(
    stream: Iterable[Recorded], times: Times, zone: ZoneInfo, procedures: Procedures, *, masked: bool = False
) -> list[dict[str, Any]]:
    """One row for each event in the order recorded; those that take effect after `times.as_of` are left out.

    before, after: where the case stood on the act's day, or for a correction or rescission after its last act,
    as believed just before and just after it was recorded. rescinded_by, corrected_by: as known at the time asked.
    """
    known = list(stream)
    taken = taken_back(recorded.entry for recorded in known)
    layers = corrections(recorded.entry for recorded in known if recorded.seq not in taken)
    rows = []
    entries: list[Entry] = []
    for recorded in known:
        before = _standing(entries, recorded)
        entries.append(recorded.entry)
        after = _standing(entries, recorded)
        if recorded.fact.effective_on <= times.as_of:
            row = event_row(recorded, zone, procedures, masked=masked)
            marks = {
                "rescinded_by": taken.get(recorded.seq),
                "corrected_by": [layer.seq for layer in layers.get(recorded.seq, ())],
            }
            rows.append({**row, **marks, "stage": after.stage, "before": _believed(before), "after": _believed(after)})
    return rows


def _standing(entries: list[Entry], recorded: Recorded) -> Standing:
    timeline = Timeline(entries)
    return timeline.as_of(recorded.fact.effective_on) if isinstance(recorded.fact, Act) else timeline.last


def audit_log(
    events: Iterable[Recorded],
    zone: ZoneInfo,
    procedures: Procedures,
    case_number: Callable[[int], str],
    *,
    masked: bool = False,
) -> Iterator[dict[str, Any]]:
    """One row for each event, by position; streams. stage: where an act led. case: None for the office's own."""
    for recorded in events:
        row = event_row(recorded, zone, procedures, masked=masked)
        yield {"position": recorded.position, "case": case_number(recorded.case) if recorded.case else None, **row}


def event_row(recorded: Recorded, zone: ZoneInfo, procedures: Procedures, *, masked: bool) -> dict[str, Any]:
    """The keys of `COLUMNS` for one event."""
    fact, values = recorded.fact, recorded.values or {}
    step = procedures(fact.procedure).steps.get(fact.step) if isinstance(fact, Act) else None
    return {
        "seq": recorded.seq,
        "event": type(fact).__name__,
        "step": step_name(fact),
        "stage": fact.stage if isinstance(fact, Act) else None,
        "effective_on": fact.effective_on,
        "recorded_at": moment_of(recorded.command.recorded_at, zone),
        "actor": recorded.command.actor,
        "proposed_by": fact.proposed_by,
        "role": recorded.command.role or (step.role if step else None),
        "authority": step.authority if step else None,
        "command": recorded.command.id,
        "documents": [document_row(paper) for paper in fact.documents],
        "fields": {**_own_fields(fact), **_personal_fields(values, masked=masked)},
        "reason": fact.reason if isinstance(fact, Act | Settled) else None if masked else values.get("reason"),
        "note": None if masked else values.get("note"),
        "target": fact.target if isinstance(fact, Layer) else fact.replaces if isinstance(fact, Act) else None,
        "rescinded_by": None,
        "corrected_by": [],
    }


def step_name(fact: Fact) -> str:
    """The step of an act; what a layer does to the event it lies over, or what the office decided."""
    return fact.step if isinstance(fact, Act) else _NO_ACTS[type(fact)]


def document_row(paper: Document) -> dict[str, Any]:
    """A document for programs: kind, number, date, issuer, sha256."""
    return {
        "kind": paper.kind,
        "number": paper.number,
        "date": paper.dated,
        "issuer": paper.issuer,
        "sha256": paper.sha256,
    }


def is_known(recorded: Recorded, known_at: int) -> bool:
    """Whether the event had been recorded by then."""
    return known_at == ALWAYS or recorded.command.recorded_at <= known_at


def _own_fields(fact: Fact) -> dict[str, Any]:
    own = msgspec.structs.asdict(fact)
    if isinstance(fact, HolidaysDecreed):  # days by name are keys
        own = {"off": {day.isoformat(): name for day, name in fact.off.items()}, "worked": list(fact.worked)}
    own.pop("written", None)  # a whole file: see lantik procedure show
    envelope = _ENVELOPE - {"step"} if isinstance(fact, Proposed) else _ENVELOPE
    return {name: value for name, value in own.items() if name not in envelope and value not in (None, {}, ())}


def _personal_fields(values: Values, *, masked: bool) -> dict[str, Any]:
    shown = {name: value for name, value in values.items() if name not in ("note", "reason")}
    if not masked:
        return shown
    hidden = {"nik": mask, "ni": mask, "name": mask_name}
    return {name: hidden[name](shown[name]) for name in hidden if name in shown}


def _believed(standing: Standing) -> dict[str, Any] | None:
    if standing.stage is None:
        return None
    return {"stage": standing.stage, "status": standing.status, "unit": standing.unit, "since": standing.since}
