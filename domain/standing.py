"""Where a case stands: what its acts make of it, for guards, views and people. Copies what acts say, judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain import events, service
from domain.document import Document
from domain.events import Act, Fact
from domain.person import Values


class StageFacts(NamedTuple):
    """since, step, document: of the act that led to the stage; since is a day ordinal."""

    stage: str
    status: str
    formation: str
    since: int
    step: str
    document: str | None


class PostFacts(NamedTuple):
    unit: str
    position: str | None
    category: str | None


class PersonFacts(NamedTuple):
    nik: str | None
    ni: str | None
    name: str | None


Facts = StageFacts | PostFacts | PersonFacts


class Entry(NamedTuple):
    """An event in its stream: its seq, what it says, and the personal values it states if they were loaded.

    place: the seq of the event that first recorded the act; 0 stands for its own.
    """

    seq: int
    fact: Fact
    values: Values | None = None
    place: int = 0

    @property
    def act(self) -> Act:
        """What it says, where it is known to be an act."""
        assert isinstance(self.fact, Act)
        return self.fact


class Standing(msgspec.Struct, array_like=True):
    """Where a case stands after some acts: what guards and people may ask about it.

    procedure: the reference the case is pinned to. version: the highest seq. last_on: the latest effective
    day, as an ordinal. values: personal ones, only if they were loaded; they are never kept with the rest.
    taken: the last day on which each step was taken, as an ordinal. evaluated: by scope the last period that was
    evaluated, as its last day and the predicate. held: police or APIP look into the case. need_set, conversion_asked:
    how far the proposal for full time that runs has come.
    """

    stage: str | None = None
    employment: str = "non-asn"
    ended: bool = False
    since: date | None = None
    step: str = ""
    document: str | None = None
    procedure: str = ""
    version: int = 0
    last_on: int = 0
    person: UUID | None = None
    continues: int | None = None
    unit: str = ""
    position: str | None = None
    category: str | None = None
    formation: str = "pppk-pw"
    in_bkn_database: bool | None = None
    cpns_2024: bool | None = None
    pppk_2024: bool | None = None
    first_contract: date | None = None
    previous_wage: int | None = None
    wage: int | None = None
    outside_criteria: bool = False
    decree: Document | None = None
    contract_start: date | None = None
    contract_end: date | None = None
    vendor: str | None = None
    job: str | None = None
    values: Values = {}
    taken: dict[str, int] = {}
    evaluated: dict[str, tuple[date, str]] = {}
    coached: date | None = None
    held: bool = False
    opened_by: int | None = None
    need_set: bool = False
    conversion_asked: bool = False

    @property
    def status(self) -> str:
        """The employment status: the formation in the employed stages, else what the stage says."""
        return self.formation if self.employment == "formation" else self.employment

    @property
    def flags(self) -> list[str]:
        flags = {"outside-criteria": self.outside_criteria, "legal-hold": self.held}
        return [flag for flag, raised in flags.items() if raised]

    def evolve(self, entry: Entry) -> None:
        """Take over what one act says."""
        act = entry.act
        self.version = max(self.version, entry.seq)
        day = act.effective_on.toordinal()
        self.last_on = max(self.last_on, day)
        self.taken = {**self.taken, act.step: day}
        if act.stage is not None and act.stage != self.stage:
            self.stage, self.since, self.step = act.stage, act.effective_on, act.step
            self.employment, self.ended = act.employment or "non-asn", act.ends
            self.document = act.documents[0].number if act.documents else None
        if entry.values:
            self.values = {**self.values, **entry.values}
        takes = _TAKES.get(type(act))
        if takes is not None:
            takes(self, act)

    def stage_facts(self) -> StageFacts:
        since = self.since.toordinal() if self.since else 0
        return StageFacts(self.stage or "", self.status, self.formation, since, self.step, self.document)

    def post_facts(self) -> PostFacts:
        return PostFacts(self.unit, self.position, self.category)

    def person_facts(self) -> PersonFacts:
        return PersonFacts(self.values.get("nik"), self.values.get("ni"), self.values.get("name"))


def _registered(standing: Standing, act: events.Registered) -> None:
    standing.procedure, standing.person, standing.continues = act.procedure, act.person, act.continues
    standing.unit, standing.position, standing.category = act.unit, act.position, act.category
    standing.formation, standing.in_bkn_database = act.formation, act.in_bkn_database
    standing.cpns_2024, standing.pppk_2024 = act.cpns_2024, act.pppk_2024
    standing.first_contract, standing.previous_wage = act.first_contract, act.previous_wage
    standing.opened_by, standing.wage = act.opened_by, act.wage
    if act.opened_by is not None:
        standing.decree = _decree(act)


def _submitted(standing: Standing, act: events.SubmittedToKemenpanRb) -> None:
    standing.formation = act.formation or standing.formation
    standing.outside_criteria = act.outside_criteria


def _appointed(standing: Standing, act: events.Appointed) -> None:
    standing.wage = act.wage
    standing.decree = _decree(act)


def _decree(act: Act) -> Document | None:
    return next((paper for paper in act.documents if paper.kind == "sk"), None)


def _contracted(standing: Standing, act: service.DutyStarted | service.ContractExtended) -> None:
    standing.contract_start, standing.contract_end = act.contract_start, act.contract_end


def _outsourced(standing: Standing, act: events.ConvertedToOutsourcing) -> None:
    standing.vendor, standing.job, standing.contract_end = act.vendor, act.job, act.contract_end


def _renewed(standing: Standing, act: events.OutsourcingRenewed) -> None:
    standing.vendor = act.vendor or standing.vendor
    standing.contract_end = act.contract_end or standing.contract_end


def _hired(standing: Standing, act: events.HiredIndividually) -> None:
    standing.vendor, standing.job, standing.contract_end = None, act.job, act.contract_end


def _evaluated(standing: Standing, act: service.Evaluated) -> None:
    before = standing.evaluated.get(act.scope)
    if before is None or before[0] <= act.ended_on:
        standing.evaluated = {**standing.evaluated, act.scope: (act.ended_on, act.predicate)}


def _coached(standing: Standing, act: service.CoachingStarted) -> None:
    standing.coached = act.effective_on


def _held(standing: Standing, act: events.HoldPlaced | events.HoldReleased) -> None:
    standing.held = isinstance(act, events.HoldPlaced)


def _proposal_for_full_time(standing: Standing, act: Act) -> None:
    """How far it is after `act`: one that is refused, or made anew, starts from nothing."""
    standing.conversion_asked = isinstance(act, service.ConversionRequested)
    standing.need_set = standing.conversion_asked or isinstance(act, service.FullTimeNeedSet)


def _reopened(standing: Standing, _act: events.Reopened) -> None:
    """The case begins again from the list: what an earlier way through it brought no longer counts."""
    standing.outside_criteria, standing.decree, standing.wage = False, None, None
    standing.contract_start = standing.contract_end = standing.vendor = standing.job = standing.coached = None
    standing.evaluated = {}


def _moved(standing: Standing, act: events.UnitMoved) -> None:
    standing.unit = act.unit


def _amended(standing: Standing, act: service.ContractAmended) -> None:
    standing.wage = act.wage if act.wage is not None else standing.wage
    standing.position = act.position or standing.position


_TAKES: dict[type[Act], Callable[[Standing, Any], None]] = {
    events.Registered: _registered,
    events.SubmittedToKemenpanRb: _submitted,
    events.Appointed: _appointed,
    service.DutyStarted: _contracted,
    service.ContractExtended: _contracted,
    events.ConvertedToOutsourcing: _outsourced,
    events.OutsourcingRenewed: _renewed,
    events.HiredIndividually: _hired,
    service.Evaluated: _evaluated,
    service.CoachingStarted: _coached,
    events.HoldPlaced: _held,
    events.HoldReleased: _held,
    service.FullTimeProposed: _proposal_for_full_time,
    service.FullTimeNeedSet: _proposal_for_full_time,
    service.ConversionRequested: _proposal_for_full_time,
    service.UpgradeRefused: _proposal_for_full_time,
    events.Reopened: _reopened,
    events.UnitMoved: _moved,
    service.ContractAmended: _amended,
}
"""Kinds whose own fields a standing takes over; the others say all they have to say in the stage."""


def stand(entries: Iterable[Entry]) -> Standing:
    """The standing after acts that are already in order."""
    standing = Standing()
    for entry in entries:
        standing.evolve(entry)
    return standing
