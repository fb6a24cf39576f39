"""The timeline of a case: its acts in the order in which they hold, and what they make of it day by day.

Acts are ordered by (`effective_on`, `place`); `place` is the seq of the event that first recorded the
act. Folding copies what the acts say and judges nothing. Three groups of facts change independently and
have pieces of their own: the stage, the post and the person. A piece holds from its first day to the
day before the next; days are proleptic ordinals, as `date.toordinal` gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain import events
from domain.document import Document
from domain.events import Act
from domain.person import Values

FOREVER = date.max.toordinal() + 1
"""The day on which no interval ends."""


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


class Piece(NamedTuple):
    """Facts that hold from `start` on and no longer on `end`."""

    start: int
    end: int
    facts: Facts


class Entry(NamedTuple):
    """An act with its seq in the stream, and the personal values it states if they were loaded."""

    seq: int
    act: Act
    values: Values | None = None


class Standing(msgspec.Struct, array_like=True):
    """Where a case stands after some acts: what guards and people may ask about it.

    procedure: the reference the case is pinned to. version: the highest seq. last_on: the latest effective
    day, as an ordinal. values: personal ones, only if they were loaded; they are never kept with the rest.
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

    @property
    def status(self) -> str:
        """The employment status: the formation in the employed stages, else what the stage says."""
        return self.formation if self.employment == "formation" else self.employment

    @property
    def flags(self) -> list[str]:
        return ["outside-criteria"] if self.outside_criteria else []

    def evolve(self, entry: Entry) -> None:
        """Take over what one act says."""
        act = entry.act
        self.version = max(self.version, entry.seq)
        self.last_on = max(self.last_on, act.effective_on.toordinal())
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


def _submitted(standing: Standing, act: events.SubmittedToKemenpanRb) -> None:
    standing.formation = act.formation or standing.formation
    standing.outside_criteria = act.outside_criteria


def _appointed(standing: Standing, act: events.Appointed) -> None:
    standing.wage = act.wage
    standing.decree = next((paper for paper in act.documents if paper.kind == "sk"), None)


def _duty_started(standing: Standing, act: events.DutyStarted) -> None:
    standing.contract_start, standing.contract_end = act.contract_start, act.contract_end


def _outsourced(standing: Standing, act: events.ConvertedToOutsourcing) -> None:
    standing.vendor, standing.job, standing.contract_end = act.vendor, act.job, act.contract_end


_TAKES: dict[type[Act], Callable[[Standing, Any], None]] = {
    events.Registered: _registered,
    events.SubmittedToKemenpanRb: _submitted,
    events.Appointed: _appointed,
    events.DutyStarted: _duty_started,
    events.ConvertedToOutsourcing: _outsourced,
}
"""Kinds whose own fields a standing takes over; the others say all they have to say in the stage."""


class Timeline:
    """The surviving acts of a case in order, with the standing after the last of them.

    Resumed from a standing alone it knows no acts: then it answers only for days from the last act on.
    """

    __slots__ = ("entries", "last")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = sorted(entries, key=_order)
        self.last = stand(self.entries)

    @classmethod
    def resumed(cls, standing: Standing) -> Timeline:
        """A timeline after whose last act only one that comes later is judged and added."""
        timeline = cls(())
        timeline.last = standing
        return timeline

    def add(self, entry: Entry) -> None:
        """Take one more act over, at its place."""
        self.entries.append(entry)
        if self.appends(entry.act.effective_on):
            self.last.evolve(entry)
        else:
            self.entries.sort(key=_order)
            self.last = stand(self.entries)

    def appends(self, on: date) -> bool:
        """Whether an act recorded now, effective `on`, comes last."""
        return self.last.last_on <= on.toordinal()

    def as_of(self, day: date) -> Standing:
        """The standing at the end of `day`."""
        if self.appends(day):
            return self.last
        return stand(entry for entry in self.entries if entry.act.effective_on <= day)

    def after(self, day: date) -> list[Entry]:
        """The acts that take effect after `day`."""
        return [entry for entry in self.entries if entry.act.effective_on > day]


def stand(entries: Iterable[Entry]) -> Standing:
    """The standing after acts that are already in order."""
    standing = Standing()
    for entry in entries:
        standing.evolve(entry)
    return standing


def _order(entry: Entry) -> tuple[date, int]:
    return entry.act.effective_on, entry.seq


class Pieces(NamedTuple):
    """What a timeline says day by day. person is empty where no personal values were loaded."""

    stage: list[Piece]
    post: list[Piece]
    person: list[Piece]


def pieces(entries: Sequence[Entry]) -> Pieces:
    """The pieces of acts in order; neighbours that say the same are one piece."""
    standing = Standing()
    stage: list[Piece] = []
    post: list[Piece] = []
    person: list[Piece] = []
    for entry in entries:
        standing.evolve(entry)
        day = entry.act.effective_on.toordinal()
        _hold(stage, day, standing.stage_facts())
        _hold(post, day, standing.post_facts())
        if standing.values:
            _hold(person, day, standing.person_facts())
    return Pieces(stage, post, person)


def _hold(held: list[Piece], day: int, facts: Facts) -> None:
    """Let `facts` hold from `day` on, where `day` is not before the last piece begins."""
    if held and held[-1].facts == facts:
        return
    if held and held[-1].start == day:
        held.pop()
        if held and held[-1].facts == facts:
            held[-1] = Piece(held[-1].start, FOREVER, facts)
            return
    if held:
        held[-1] = Piece(held[-1].start, day, held[-1].facts)
    held.append(Piece(day, FOREVER, facts))


def with_values(entries: Iterable[Entry], blocks: Mapping[int, Values]) -> list[Entry]:
    """The entries with their personal values, from blocks by seq."""
    return [entry._replace(values=blocks.get(entry.seq)) for entry in entries]
