"""Who holds a NIK or NI: the person of whom a case says it, else the one that a merger lends it to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from domain.layers import Merged
from domain.standing import Entry
from domain.timeline import Timeline, taken_back

NumberOf = tuple[str, str]
"""`nik` or `ni`, and the number."""


class Holding(NamedTuple):
    """own: the numbers that a case says are or were its person's. lent: its NIK, to the case it was merged into."""

    own: frozenset[NumberOf]
    lent: frozenset[tuple[NumberOf, int]]

    def lends(self, number: NumberOf) -> bool:
        return any(lent == number for lent, _ in self.lent)


def holding(acts: Iterable[Entry], recorded: Iterable[Entry]) -> Holding:
    """What a case holds, from its surviving acts and all its events, with personal values."""
    return Holding(numbers_of(acts), frozenset(_lent(list(recorded))))


def numbers_of(acts: Iterable[Entry]) -> frozenset[NumberOf]:
    """The NIK and NI that a person has, or had before they changed, as acts in order say."""
    return frozenset(
        (kind, entry.values[kind]) for entry in acts if entry.values for kind in ("nik", "ni") if entry.values.get(kind)
    )


def _lent(recorded: list[Entry]) -> Iterable[tuple[NumberOf, int]]:
    mergers = [entry for entry in recorded if isinstance(entry.fact, Merged)]
    taken = taken_back(recorded) if mergers else {}
    for entry in mergers:
        nik = Timeline(one for one in recorded if one.seq < entry.seq).last.values.get("nik")
        if entry.seq not in taken and nik and isinstance(entry.fact, Merged):
            yield ("nik", nik), entry.fact.into
