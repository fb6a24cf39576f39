"""A deliberately naive register: lists of events, replayed for every question, by the words of the design, "Two times".

It shares no code with the product's timeline, pieces or views.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tests.naive import EMPLOYED, ENDED
from tests.naive import STEPS as ONWARD

FOREVER = 2**63 - 1
STEPS = {
    **ONWARD,
    "move-unit": ("@open", None),
    "amend-person": ("@open", None),
    "amend-contract": ("appointed sworn-in active", None),
}


class Event(NamedTuple):
    """kind: act, correct, rescind or merge. target: what a layer lies over, or what an act replaces.

    on, paper, says: of a correction, only what it puts in place of what the target says.
    """

    at: int
    seq: int
    kind: str
    target: int | None = None
    step: str = ""
    on: date | None = None
    paper: str | None = None
    says: Mapping[str, Any] = {}
    place: int = 0


Events = Sequence[Event]


def leads(stage: str | None, step: str) -> str | None:
    """The stage after a step, None if it may not be taken."""
    if step == "register":
        return "registered" if stage is None else None
    sources, to = STEPS[step]
    may = stage is not None and (stage not in ENDED if sources == "@open" else stage in sources.split())
    return (to or stage) if may else None


def taken(events: Events) -> set[int]:
    """Seqs of what was taken back: whatever a later event that counts rescinds or replaces."""
    gone: set[int] = set()
    for event in reversed(events):
        if event.seq not in gone and (event.kind == "rescind" or (event.kind == "act" and event.target)):
            gone.add(event.target or 0)
    return gone


def mended(event: Event, live: Events) -> Event:
    """An act or a correction with the corrections over it applied in order."""
    for layer in live:
        if layer.kind == "correct" and layer.target == event.seq:
            over = mended(layer, live)
            on, paper = over.on or event.on, over.paper or event.paper
            event = event._replace(on=on, paper=paper, says={**event.says, **over.says})
    return event


def timeline(events: Events) -> list[Event]:
    """The surviving acts in the order (effective day, place), the registration first; none of a void or merged case."""
    gone, by_seq = taken(events), {event.seq: event for event in events}
    live = [event for event in events if event.seq not in gone]
    if not any(event.step == "register" for event in live) or any(event.kind == "merge" for event in live):
        return []
    acts = []
    for event in live:
        if event.kind == "act":
            first = event
            while first.target:
                first = by_seq[first.target]
            acts.append(mended(event, live)._replace(place=first.seq))
    return sorted(acts, key=lambda act: (act.step != "register", act.on, act.place, act.seq))


def fold(acts: Events) -> dict[str, Any]:
    """Where a case stands after acts that are in order."""
    held: dict[str, Any] = {"stage": None, "ni": None, "formation": "pppk-pw", "position": None, "category": None}
    for act in acts:
        to = leads(held["stage"], act.step)
        if to != held["stage"]:
            held |= {"stage": to, "since": act.on, "step": act.step, "document": act.paper}
        held |= {name: value for name, value in act.says.items() if value is not None}
    return held


def legal(before: Events, act: Event) -> bool:
    """Whether an act may be taken after those before it: the stage, the first day, and who may be proposed."""
    held = fold(before)
    if leads(held["stage"], act.step) is None or (before and act.on < before[0].on):  # type: ignore[operator]
        return False
    if act.step != "propose":
        return True
    chosen = held.get("cpns_2024") or held.get("pppk_2024")
    return bool((held.get("in_bkn_database") and chosen) or held.get("pppk_2024") or held["category"] == "R5")


def settle(events: Events, fresh: Collection[int]) -> tuple[bool, list[int]]:
    """Whether the fresh acts are legal on the timeline that events lead to, and which others cannot stand on it.

    The first that is illegal where it stands is taken back, and the timeline is looked at anew.
    """
    fallen: list[int] = []
    while True:
        more = [Event(0, len(events) + at, "rescind", seq) for at, seq in enumerate(fallen, 1)]
        acts = timeline([*events, *more])
        wrong = [act.seq for at, act in enumerate(acts) if not legal(acts[:at], act)]
        falls = [seq for seq in wrong if seq not in fresh]
        if not falls:
            return not wrong, fallen
        fallen.append(falls[0])


class Model:
    """Events by case number, the person of each case, and what the register answers about them."""

    def __init__(self) -> None:
        self.cases: dict[int, list[Event]] = {}
        self.person: dict[int, int] = {}
        self.given: dict[tuple[int, int], tuple[int, str]] = {}
        """By losing case and seq of a merger: the case that goes on, and the NIK that finds it from then on."""

    def known(self, number: int, known_at: int) -> list[Event]:
        return [event for event in self.cases[number] if event.at <= known_at]

    def row(self, number: int, day: date, known_at: int = FOREVER) -> dict[str, Any] | None:
        """The roster's row of a case at the end of a day, as known at a moment."""
        acts = [act for act in timeline(self.known(number, known_at)) if act.on <= day]  # type: ignore[operator]
        if not acts:
            return None
        held = fold(acts)
        stage = held["stage"]
        other = "none" if stage in ENDED else "outsourced" if stage == "outsourced" else "non-asn"
        held |= {"case": f"36.73-{number:06d}", "status": held["formation"] if stage in EMPLOYED else other}
        keys = "case nik ni name unit position category formation stage status since step document"
        return {key: held[key] for key in keys.split()}

    def roster(self, day: date, known_at: int = FOREVER) -> list[dict[str, Any]]:
        rows = [self.row(number, day, known_at) for number in sorted(self.cases)]
        return [row for row in rows if row is not None]

    def closed_on(self, number: int, events: Events | None = None) -> date | None:
        """The day from which a next case may start, the first of all days if the case is void; None while open."""
        acts = timeline(self.cases[number] if events is None else events)
        held = fold(acts)
        return date.min if not acts else held["since"] if held["stage"] in ENDED else None

    def open_case(self, person: int) -> int | None:
        numbers = [one for one, whose in self.person.items() if whose == person and self.closed_on(one) is None]
        assert len(numbers) < 2
        return numbers[0] if numbers else None

    def stated(self, cases: dict[int, list[Event]]) -> dict[tuple[str, str], set[int]]:
        """By kind and number, the persons of whom some case says it is, or was, theirs; more than one is a fault."""
        held: dict[tuple[str, str], set[int]] = {}
        for number, events in cases.items():
            for act in timeline(events):
                for kind in ("nik", "ni"):
                    if act.says.get(kind):
                        held.setdefault((kind, act.says[kind]), set()).add(self.person[number])
        return held

    def lent(self, cases: dict[int, list[Event]]) -> list[tuple[int, int, str]]:
        """(case that goes on, losing case, NIK) for each merger that counts."""
        return [
            (kept, lost, nik)
            for (lost, seq), (kept, nik) in self.given.items()
            if seq <= len(cases[lost]) and seq not in taken(cases[lost])
        ]

    def claims(self) -> dict[tuple[str, str], int]:
        """Whose each number is: of whom some case says so, else to whom a merger lends it."""
        claims = {("nik", nik): self.person[kept] for kept, _, nik in sorted(self.lent(self.cases))}
        return claims | {number: next(iter(held)) for number, held in self.stated(self.cases).items()}

    def falls(self, news: Mapping[int, Events], moved: Collection[int]) -> dict[int, list[Event]]:
        """The later cases of a person, taken back as a whole because a case before them goes on; but not `moved`."""
        fallen: dict[int, list[Event]] = {}
        for number, new in news.items():
            after = [*self.cases[number], *new]
            if not timeline(after) or self.closed_on(number, after) is not None:
                continue
            was_open = bool(timeline(self.cases[number])) and self.closed_on(number) is None
            for later in (one for one in self.cases if one > number and self.person[one] == self.person[number]):
                if not was_open and later not in moved and timeline(self.cases[later]):
                    fallen[later] = [Event(0, len(self.cases[later]) + 1, "rescind", 1)]
        return fallen

    def may_hold(self, news: Mapping[int, Events]) -> bool:
        """Whether no number would belong to two persons, and no person have two open cases."""
        after = {number: [*events, *news.get(number, ())] for number, events in self.cases.items()}
        stated, was = self.stated(after), self.stated(self.cases)
        if any(len(held) > 1 for held in stated.values()):
            return False
        for kept, lost, nik in self.lent(after):
            allowed = {self.person[kept], self.person[lost]}
            fresh = (kept, lost, nik) not in self.lent(self.cases)
            if stated.get(("nik", nik), set()) - allowed - (set() if fresh else was.get(("nik", nik), set())):
                return False
        for number, events in after.items():
            for later in (one for one in after if one > number and self.person[one] == self.person[number]):
                acts = timeline(after[later])
                if timeline(events) and acts and (self.closed_on(number, events) or date.max) > acts[0].on:
                    return False
        return True
