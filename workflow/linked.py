"""Cases that go on in another: an upgrade ends one case and opens the next of the same person, in one command.

The linked case depends on the act that opened it. Where that act falls, so does the case: it is refused without
`--cascade`, and taken back as a whole with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from domain.case import Case
from domain.draft import Draft
from domain.events import Registered
from domain.findings import Finding, Severity
from domain.layers import Rescinded
from domain.person import Values
from domain.standing import Entry, Standing
from domain.text import text
from domain.timeline import Timeline
from workflow.clashes import Led, linked
from workflow.lookups import Loaded, in_hand
from workflow.transaction import Sealed, Transaction

FULL_TIME = "pppk"
"""The formation of a case that opens with an upgrade."""


class Opening(NamedTuple):
    """A case to be opened as `number` by the act `seq` of another, which was asked for by `asked`.

    before: where the other case stood, with personal values.
    """

    number: int
    follows: Loaded
    seq: int
    asked: Draft
    before: Standing


def opening_act(asked: Draft, number: int) -> Draft:
    """The draft as the case that ends records it: what is said of the person goes to the case that opens."""
    personal = {name: value for name, value in asked.personal.items() if name == "note"}
    return asked._replace(values={**asked.values, "opens": number}, personal=personal)


def open_linked(transaction: Transaction, one: Opening) -> tuple[Loaded, Sealed]:
    """The case with its first event, and what that says of its person; nothing is stored yet."""
    person = one.follows.case.person
    loaded = in_hand(one.number, Case(transaction.new_id(), Timeline(())), [])
    sealed = transaction.seal(_values(one))
    procedure = transaction.register.procedure_on(one.asked.on)
    loaded.case.record(_registered(one, person, procedure, sealed), sealed.values)
    return loaded, sealed


def _values(one: Opening) -> Values:
    new = {name: value for name, value in one.asked.personal.items() if name != "note"}
    return {**{name: value for name, value in one.before.values.items() if name not in ("note", "reason")}, **new}


def _registered(one: Opening, person: UUID, procedure: str, sealed: Sealed) -> Registered:
    before, step = one.before, one.asked.step
    assert step.opens is not None
    return Registered(
        step="register",
        effective_on=one.asked.on,
        procedure=procedure,
        stage=step.opens,
        employment="formation",
        documents=tuple(sorted(one.asked.documents, key=lambda paper: paper.kind != "sk")),  # the decree leads
        commitment=sealed.commitment,
        number=one.number,
        person=person,
        unit=before.unit,
        position=before.position,
        category=before.category,
        formation=FULL_TIME,
        in_bkn_database=before.in_bkn_database,
        cpns_2024=before.cpns_2024,
        pppk_2024=before.pppk_2024,
        first_contract=before.first_contract,
        previous_wage=before.wage,
        continues=one.follows.number,
        opened_by=one.seq,
        wage=one.asked.values.get("wage"),
    )


class Fall(NamedTuple):
    """A case that is taken back as a whole, because the case `of` does not lead to it any more."""

    loaded: Loaded
    of: int
    fact: Rescinded

    @property
    def led(self) -> Led:
        return Led(self.loaded, Timeline([*self.loaded.case.timeline.recorded, self.entry]))

    @property
    def entry(self) -> Entry:
        return Entry(self.loaded.version + 1, self.fact)


def falls(transaction: Transaction, led: Sequence[Led], moved: Collection[int]) -> list[Fall]:
    """The linked cases that fall with what a command does, and those linked to them in turn.

    moved: the cases of the command itself; what is asked of them is judged, and not taken back.
    """
    found: dict[int, Fall] = {}
    while True:
        everyone = [*led, *(fall.led for fall in found.values())]
        new = {later: earlier for earlier, later in linked(transaction, everyone) if later not in (*found, *moved)}
        if not new:
            return list(found.values())
        for number, loaded in transaction.load(new, with_person=True).items():
            found[number] = Fall(loaded, new[number], _voiding(loaded))


def _voiding(loaded: Loaded) -> Rescinded:
    case = loaded.case
    first = case.timeline.entries[0]
    number = case.layer_number(first.seq, Rescinded)
    return Rescinded(effective_on=first.act.effective_on, target=first.seq, number=number, cascade=True)


def falls_too(transaction: Transaction, fall: Fall) -> Finding:
    """What a preview of a cascade says of a linked case."""
    named = transaction.register.settings.case_number
    return Finding(
        "taken-along",
        text("the whole case is taken back too: case {case} does not lead to it any more", case=named(fall.of)),
        rule="register: two times",
        severity=Severity.WARNING,
    )
