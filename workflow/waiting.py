"""Who sees what of the inbox, and the items as programs read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from domain.access import Access
from domain.draft import PERSONAL_FIELDS
from domain.errors import Denied
from domain.events import Act
from domain.identity import hide_numbers, mask, mask_name
from domain.inbox import Proposed, Queued
from domain.kinds import KINDS
from domain.moments import moment_of
from domain.outcome import Verdict
from domain.text import text
from domain.worker import Worker
from workflow import inbox
from workflow.advance import Order
from workflow.amend import Amendment
from workflow.four_eyes import plan_of
from workflow.inbox import Item, items
from workflow.intake.workers import cells_of
from workflow.merge import Merger
from workflow.migrate import Migration
from workflow.past import Past
from workflow.proposal import Asked
from workflow.queue import Kept
from workflow.register import Actor, Register
from workflow.registration import Intake


class Reader(NamedTuple):
    """Whoever looks into the inbox, and what they may do."""

    by: Actor
    access: Access

    def sees(self, item: Item) -> bool:
        """Whether an item is theirs to know of: their own, or about units of theirs alone."""
        units = self.access.reads
        return self.is_own(item) or units is None or units.issuperset(item.fact.units)

    def settles(self, item: Item) -> bool:
        """Whether an item waits for them, among others."""
        held = self.access.among(item.fact.roles)
        units = self.access.units_of(held)
        return bool(held) and not self.is_own(item) and (units is None or units.issuperset(item.fact.units))

    def is_own(self, item: Item) -> bool:
        return item.put_by == self.by.name


def waiting_for(register: Register, by: Actor, *, everything: bool = False) -> list[dict[str, Any]]:
    """What waits for somebody or was put there by them, by the day it is due; everything: all that they may know of."""
    reader, zone = Reader(by, register.access(by)), register.settings.zone
    seen = [item for item in items(register) if reader.sees(item)]
    if not everything:
        seen = [item for item in seen if item.settled is None and (reader.settles(item) or reader.is_own(item))]
    rows = [item_row(item, reader, zone) for item in seen]
    return sorted(rows, key=lambda row: (row["due"] is None, row["due"], row["item"]))


def item_row(item: Item, reader: Reader, zone: ZoneInfo) -> dict[str, Any]:
    """An item with the keys of `projections.export.inbox.COLUMNS`."""
    fact, settled = item.fact, item.settled
    row = {
        "item": item.number,
        "state": "open" if settled is None else "settled",
        "kind": fact.kind if isinstance(fact, Proposed) else "queued",
        "step": fact.step if isinstance(fact, Proposed) else "register",
        "cases": fact.cases if isinstance(fact, Proposed) else 1,
        "units": list(fact.units),
        "roles": [role.value for role in fact.roles],
        "due": fact.due if isinstance(fact, Proposed) else None,
        "put_by": item.put_by,
        "since": moment_of(item.put_at, zone),
        "mine": reader.is_own(item),
        "verdict": None, "settled_by": None, "settled_at": None, "reason": None, "command": None, "corrected": [],
        "file": None, "row": None, "codes": [],
    }  # fmt: skip
    if settled is not None:
        row |= {"verdict": settled.fact.verdict, "settled_by": settled.by, "settled_at": moment_of(settled.at, zone)}
        row |= {"reason": settled.fact.reason, "command": settled.fact.command}
        row |= {"corrected": list(settled.fact.corrected)}
    if isinstance(fact, Queued):
        row |= {"file": fact.file, "row": fact.row, "codes": list(fact.codes)}
    return row


def must_see(register: Register, by: Actor, item: Item, doing: str) -> Reader:
    """Somebody as a reader of an item. Raises Denied if it is about units that are not theirs."""
    reader = Reader(by, register.access(by))
    if not reader.sees(item):
        raise Denied(
            text("Item {item} is not about the units that are yours.", item=item.number), why="scope", doing=doing
        )
    return reader


def detail(register: Register, by: Actor, item: Item, *, masked: bool = True) -> dict[str, Any]:
    """An item with what is asked for, and what was foreseen of each row; of one that is settled only the item is left.

    masked: numbers and names of persons are hidden in part, and what was said in words is left out.
    """
    row = item_row(item, must_see(register, by, item, "inbox"), register.settings.zone)
    if item.settled is not None:
        return {**row, "request": None, "rows": []}
    if isinstance(item.fact, Queued):
        return {**row, **_queued(register, item, item.fact, masked=masked)}
    proposal = plan_of(register, item).proposal
    own = {one.row: one for one in own_of(proposal.asked)}
    rows = [
        {
            **_row(own.get(one.row) if one.row is not None else None, masked=masked),
            "row": one.row,
            "case": one.case,
            "verdict": one.verdict.value,
            "stage_before": one.stage_before,
            "stage_after": one.stage_after,
            "on": one.on,
            "taken_back": list(one.taken_back),
            "unit": one.unit,
            "findings": list(one.findings),
            "due": [{"step": owed.step, "due": owed.by} for owed in one.due],
        }
        for one in proposal.foreseen
    ]
    return {**row, "request": _request(proposal.asked, masked=masked), "rows": rows}


class Own(NamedTuple):
    """What is asked for one row of a file alone. fields: of a step; of a worker, also columns that nobody knows."""

    row: int | None
    step: str | None = None
    fields: Mapping[str, Any] = {}


def own_of(asked: Asked) -> Iterator[Own]:
    """What is said of single rows: fields of a step, the worker to be registered, the act of the past."""
    match asked:
        case Order():
            yield from (Own(who.row, None, who.fields) for who in asked.workers)
        case Intake():
            yield from (Own(row.number, None, cells_of(row.worker)) for row in asked.rows if row.worker)
        case Past():
            yield from (Own(act.row, act.request.step, act.request.fields) for act in asked.acts if act.request)
        case Amendment():
            yield from (Own(target.row, None, target.fields) for target in asked.targets)
        case Merger() | Migration():
            return


def _row(own: Own | None, *, masked: bool) -> dict[str, Any]:
    return {"step": own.step if own else None, "fields": _shown(own.fields if own else {}, masked=masked)}


def _shown(fields: Mapping[str, Any], *, masked: bool) -> dict[str, Any]:
    """Fields as they may be shown; of the personal ones only those that can be masked, where they are to be."""
    hidden = {"nik": mask, "ni": mask, "name": mask_name}
    if not masked:
        return dict(fields)
    shown = {name: value for name, value in fields.items() if name in _IMPERSONAL}
    return shown | {name: hide(str(fields[name])) for name, hide in hidden.items() if fields.get(name)}


def _queued(register: Register, item: Item, fact: Queued, *, masked: bool) -> dict[str, Any]:
    """The row of an import that waits, as it was read."""
    kept = msgspec.json.decode(inbox.content(register, item), type=Kept)
    case = register.settings.case_number(fact.case) if fact.case is not None else None
    nothing = dict.fromkeys(("stage_before", "stage_after"))
    row = {**_row(Own(fact.row, "register", kept.cells), masked=masked), **nothing, "row": fact.row, "case": case}
    row |= {"verdict": Verdict.QUEUED.value, "on": fact.effective_on, "taken_back": [], "unit": kept.cells.get("unit")}
    row |= {"findings": list(fact.codes), "due": []}
    request = {**_NOTHING, "on": fact.effective_on, "documents": list(fact.documents), "file": fact.file}
    return {"request": request, "rows": [row]}


_OF_KINDS = {name for kind in KINDS.values() if issubclass(kind, Act) for name in kind.__struct_fields__}
_IMPERSONAL = ({*Worker.__struct_fields__, *_OF_KINDS}) - {*PERSONAL_FIELDS, "note", "extra"}
"""Fields that may be shown to anybody: those that stand in events, and a worker's that are no personal values."""
_NOTHING: dict[str, Any] = {
    "on": None, "documents": [], "fields": {}, "reason": None, "why": None, "to": None, "file": None, "cascade": False,
}  # fmt: skip


def _request(asked: Asked, *, masked: bool) -> dict[str, Any]:
    """What is the same for all rows of a request. reason: a code; why: in words. to: a procedure."""
    said: dict[str, Any] = {}
    match asked:
        case Order(request=request):
            said = {"on": request.on, "documents": request.documents, "fields": request.fields, "why": request.note}
            said |= {"reason": request.reason, "cascade": asked.cascade}
        case Intake():
            said = {"on": asked.on, "documents": asked.documents, "file": hide_numbers(asked.file)}
        case Amendment():
            said = {"on": asked.on, "documents": (*asked.documents, *(asked.papers or ())), "fields": asked.fields}
            said |= {"why": asked.reason, "cascade": asked.cascade}
        case Merger(amendment=amendment):
            said = {"documents": amendment.documents, "why": amendment.reason}
        case Migration():
            said = {"documents": asked.documents, "to": asked.to, "why": asked.reason}
        case Past():
            papers = (paper for act in asked.acts if act.request for paper in act.request.documents)
            said = {"documents": dict.fromkeys(papers)}
    said |= {"documents": list(said["documents"]), "fields": _shown(said.get("fields", {}), masked=masked)}
    return {**_NOTHING, **said, "why": None if masked else said.get("why")}
