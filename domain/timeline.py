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


class Standing:
    """Where a case stands after some acts: what guards and people may ask about it."""

    __slots__ = (
        "category", "continues", "contract_end", "contract_start", "cpns_2024", "decree", "document", "employment",
        "ended", "first_contract", "formation", "in_bkn_database", "job", "number", "outside_criteria", "person",
        "position", "pppk_2024", "previous_wage", "since", "stage", "step", "unit", "values", "vendor", "wage",
    )  # fmt: skip

    def __init__(self) -> None:
        self.stage: str | None = None
        self.employment = "non-asn"
        self.ended = False
        self.since: date | None = None
        self.step = ""
        self.document: str | None = None
        self.number = 0
        self.person: UUID | None = None
        self.continues: int | None = None
        self.unit = ""
        self.position: str | None = None
        self.category: str | None = None
        self.formation = "pppk-pw"
        self.in_bkn_database: bool | None = None
        self.cpns_2024: bool | None = None
        self.pppk_2024: bool | None = None
        self.first_contract: date | None = None
        self.previous_wage: int | None = None
        self.wage: int | None = None
        self.outside_criteria = False
        self.decree: Document | None = None
        self.contract_start: date | None = None
        self.contract_end: date | None = None
        self.vendor: str | None = None
        self.job: str | None = None
        self.values: Values = {}

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
    for name in (
        "number", "person", "unit", "position", "category", "formation", "in_bkn_database", "cpns_2024",
        "pppk_2024", "first_contract", "previous_wage", "continues",
    ):  # fmt: skip
        setattr(standing, name, getattr(act, name))


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
    """The surviving acts of a case in order, with the standing after the last of them."""

    __slots__ = ("entries", "last")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = sorted(entries, key=_order)
        self.last = stand(self.entries)

    def with_act(self, entry: Entry) -> Timeline:
        """The timeline that results if one more act is recorded."""
        return Timeline([*self.entries, entry])

    def appends(self, on: date) -> bool:
        """Whether an act recorded now, effective `on`, comes last."""
        return not self.entries or self.entries[-1].act.effective_on <= on

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
