"""The timeline of a case: its surviving acts in the order in which they hold, with the layers over them applied.

Acts are ordered by (`effective_on`, `place`), the registration first by definition. A rescission takes its
target back as if it had never been, and may itself be rescinded; corrections apply in order of seq and may be
corrected in their place. All of this is copied from the events; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from domain.events import Act, Fact, Registered
from domain.layers import Corrected, Layer, Merged, Migrated, Rescinded
from domain.person import Values
from domain.standing import Entry, Standing, stand


class Timeline:
    """The surviving acts in order, with the standing after the last of them; `recorded` is every event.

    Resumed from a standing alone it knows no events: then it answers only for days from the last act on.
    """

    __slots__ = ("entries", "last", "recorded")

    def __init__(self, recorded: Iterable[Entry]) -> None:
        self.recorded = list(recorded)
        self.entries = sorted(surviving(self.recorded), key=_order)
        self.last = stand(self.entries)
        self.last.version = max((entry.seq for entry in self.recorded), default=0)
        if not self.entries:  # a void case has a person and a procedure too
            for entry in self.recorded:
                if isinstance(entry.fact, Registered):
                    self.last.person, self.last.procedure = entry.fact.person, entry.fact.procedure
        self.last.procedure = migrated_to(self.recorded) or self.last.procedure

    @classmethod
    def resumed(cls, standing: Standing) -> Timeline:
        """A timeline after whose last act only one that comes later is judged and added."""
        timeline = cls(())
        timeline.last = standing
        return timeline

    def add(self, entry: Entry) -> None:
        """Take one more event over, at its place."""
        self.recorded.append(entry)
        fact = entry.fact
        if isinstance(fact, Act) and fact.replaces is None and self.appends(fact.effective_on):
            self.entries.append(entry)
            self.last.evolve(entry)
        else:
            remade = Timeline(self.recorded)
            self.entries, self.last = remade.entries, remade.last

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

    def find(self, seq: int) -> Entry | None:
        """The event of that seq, as it was recorded."""
        return next((entry for entry in self.recorded if entry.seq == seq), None)

    def root(self, seq: int) -> int:
        """The seq of the act at the bottom of the layers that an event lies over; its own for an act."""
        entry = self.find(seq)
        while entry is not None and isinstance(entry.fact, Layer):
            entry = self.find(entry.fact.target)
        return entry.seq if entry is not None else seq


def surviving(recorded: Iterable[Entry]) -> list[Entry]:
    """The acts that were not taken back, each as its corrections leave it. A void or merged case has none."""
    entries = list(recorded)
    if all(isinstance(entry.fact, Act) and entry.fact.replaces is None for entry in entries):
        return entries
    by_seq = {entry.seq: entry for entry in entries}
    taken = taken_back(entries)
    live = [entry for entry in entries if entry.seq not in taken]
    registered = any(isinstance(entry.fact, Registered) for entry in live)
    if not registered or any(isinstance(entry.fact, Merged) for entry in live):
        return []
    layers = corrections(live)
    return [
        corrected(entry, layers)._replace(place=place_of(entry, by_seq))
        for entry in live
        if isinstance(entry.fact, Act)
    ]


def taken_back(entries: Iterable[Entry]) -> dict[int, int]:
    """The seqs of events that do not count, with the seq of the rescission or replacement that took each back.

    A later event is decided before the earlier one it targets, so each is looked at once.
    """
    taken: dict[int, int] = {}
    for entry in sorted(entries, key=lambda one: one.seq, reverse=True):
        if entry.seq not in taken and (target := _takes_back(entry.fact)) is not None:
            taken.setdefault(target, entry.seq)
    return taken


def _takes_back(fact: Fact) -> int | None:
    match fact:
        case Rescinded(target=target):
            return target
        case Act(replaces=replaced):
            return replaced
        case _:
            return None


def migrated_to(recorded: Iterable[Entry]) -> str | None:
    """The procedure that the case was last moved to, None if it is pinned to that of its registration."""
    moves = [entry for entry in recorded if isinstance(entry.fact, Migrated)]
    taken = taken_back(recorded) if moves else {}
    standing = [entry.fact.to for entry in moves if entry.seq not in taken and isinstance(entry.fact, Migrated)]
    return standing[-1] if standing else None


def corrections(live: Iterable[Entry]) -> dict[int, list[Entry]]:
    """The corrections that count, by target, in order of seq."""
    layers: dict[int, list[Entry]] = {}
    for entry in sorted(live, key=lambda one: one.seq):
        if isinstance(entry.fact, Corrected):
            layers.setdefault(entry.fact.target, []).append(entry)
    return layers


def corrected(entry: Entry, layers: Mapping[int, list[Entry]]) -> Entry:
    """An act as its corrections leave it; a correction that was itself corrected says what that left of it."""
    for layer in layers.get(entry.seq, ()):
        entry = _over(entry, _mended(layer, layers))
    return entry


def _mended(layer: Entry, layers: Mapping[int, list[Entry]]) -> Entry:
    """A correction with its own corrections taken into it."""
    for above in layers.get(layer.seq, ()):
        over = _mended(above, layers)
        inner, outer = layer.fact, over.fact
        assert isinstance(inner, Corrected)
        assert isinstance(outer, Corrected)
        fact = msgspec.structs.replace(
            inner,
            on=outer.on or inner.on,
            fields={**inner.fields, **outer.fields},
            papers=outer.papers if outer.papers is not None else inner.papers,
        )
        layer = layer._replace(fact=fact, values={**(layer.values or {}), **(over.values or {})})
    return layer


def _over(entry: Entry, layer: Entry) -> Entry:
    """One act under one correction."""
    correction = layer.fact
    assert isinstance(correction, Corrected)
    act = entry.act
    if correction.fields:
        act = msgspec.convert({**msgspec.to_builtins(act), **correction.fields}, type(act))
    act = msgspec.structs.replace(
        act,
        effective_on=correction.on or act.effective_on,
        documents=correction.papers if correction.papers is not None else act.documents,
    )
    stated = {name: value for name, value in (layer.values or {}).items() if name != "reason"}
    values = {**(entry.values or {}), **stated} if entry.values is not None or stated else None
    return entry._replace(fact=act, values=values)


def place_of(entry: Entry, by_seq: Mapping[int, Entry]) -> int:
    """The seq of the event that first recorded the act which this one stands for."""
    fact = entry.fact
    while isinstance(fact, Act) and fact.replaces is not None:
        entry = by_seq[fact.replaces]
        fact = entry.fact
    return entry.seq


def targets(entry: Entry) -> int | None:
    """The seq of the event that this one lies over, if it does."""
    return entry.fact.target if isinstance(entry.fact, Layer) else None


def _order(entry: Entry) -> tuple[bool, date, int]:
    return not isinstance(entry.fact, Registered), entry.fact.effective_on, entry.place or entry.seq


def with_values(entries: Iterable[Entry], blocks: Mapping[int, Values]) -> list[Entry]:
    """The entries with their personal values, from blocks by seq."""
    return [entry._replace(values=blocks.get(entry.seq)) for entry in entries]
