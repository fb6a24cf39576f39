"""What a change of the past may not lead to: a number that belongs to two persons, or a person with two open cases.

What comes back may have been given away since: a NIK that was never right is free at once, and an ending that is
recorded lets another case of the person start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from domain.case import Case
from domain.findings import Finding
from domain.text import text
from domain.timeline import Timeline
from workflow.holding import Holding, NumberOf, holding
from workflow.lookups import Loaded, Lookups


class Led(NamedTuple):
    """A case in hand, and the timeline that the command leads it to; both with personal values."""

    loaded: Loaded
    after: Timeline

    @property
    def person(self) -> UUID:
        return self.loaded.case.person

    @property
    def was(self) -> Holding:
        return holding(self.loaded.before or (), self.loaded.case.timeline.recorded)

    @property
    def now(self) -> Holding:
        return holding(self.after.entries, self.after.recorded)

    @property
    def moves(self) -> bool:
        """Whether it begins or ends on another day, or not at all."""
        before = self.loaded.case.timeline
        return _span(self.loaded.case.id, before) != _span(self.loaded.case.id, self.after)


Span = tuple[int, int | None] | None
"""The day ordinals on which a case begins and ends, None for an end that is not known; None for a void case."""


def _span(case: UUID, timeline: Timeline) -> Span:
    if not timeline.entries:
        return None
    return timeline.entries[0].act.effective_on.toordinal(), Case(case, timeline).closed_on


def clashes(lookups: Lookups, led: Sequence[Led]) -> dict[int, list[Finding]]:
    """By case number, why its new past cannot be; nothing where it can."""
    found = {one.loaded.number: list(_taken(lookups, one, led)) for one in led}
    for one in led:
        if one.moves and (finding := _beside(lookups, one, led)) is not None:
            found[one.loaded.number].append(finding)
    return found


def _taken(lookups: Lookups, one: Led, led: Sequence[Led]) -> Iterator[Finding]:
    was, now = one.was, one.now
    wanted = dict.fromkeys(now.own - was.own, one.person)
    wanted |= {number: lookups.person_of(into) for number, into in now.lent - was.lent}
    for kind in ("nik", "ni"):
        numbers = {number for named, number in wanted if named == kind}
        holders = lookups.holders(kind, numbers) if numbers else {}
        for number in numbers:
            to = wanted[kind, number]
            holder = UUID(bytes=holders[number].person) if number in holders else to
            rivals = any(
                (kind, number) in two.now.own - two.was.own for two in led if two.person not in (one.person, to)
            )
            if rivals or (holder not in (one.person, to) and not _gives_up(lookups, holder, (kind, number), one, led)):
                yield number_taken(kind)


def _gives_up(lookups: Lookups, holder: UUID, number: NumberOf, one: Led, led: Sequence[Led]) -> bool:
    """Whether another person holds a number no longer once the command is done, or only because this one lent it."""
    theirs = [two for two in led if two.person == holder]
    others = lookups.held_by(holder, but={two.loaded.number for two in theirs})
    if any(number in held.own for held in [*others, *(two.now for two in theirs)]):
        return False
    freed = any(number in two.was.own or (two.was.lends(number) and not two.now.lends(number)) for two in led)
    own = lookups.held_by(one.person, but={one.loaded.number})
    return freed or any(held.lends(number) for held in [*own, one.was])


def _beside(lookups: Lookups, one: Led, led: Sequence[Led]) -> Finding | None:
    """What is wrong if, of two cases of a person, the later begins before the earlier ended."""
    theirs = {two.loaded.number: two.after for two in led if two.person == one.person}
    theirs |= lookups.timelines_of(one.person, but=theirs)
    spans = {number: span for number, timeline in theirs.items() if (span := _span(one.loaded.case.id, timeline))}
    for (earlier, (_, ended)), (later, (began, _)) in combinations(sorted(spans.items()), 2):
        if one.loaded.number in (earlier, later) and (ended is None or ended > began):
            first = one.loaded.number == earlier
            case = lookups.register.settings.case_number(later if first else earlier)
            return _begun_before(case, ended) if ended else _open_beside(case) if first else _not_ended(case)
    return None


def number_taken(kind: str) -> Finding:
    return Finding(
        f"{kind}-taken",
        text("the number belongs to another person of this register"),
        text("If both are one person, join the cases with lantik merge."),
        "register: claims",
        column=kind,
    )


def _open_beside(case: str) -> Finding:
    return Finding(
        "linked-case-open",
        text("case {case} was opened because this one had ended, and is open", case=case),
        text("First take that case back with lantik rescind {case} 1.", case=case),
        rule="register: claims",
    )


def _not_ended(case: str) -> Finding:
    return Finding(
        "linked-case-open",
        text("the earlier case {case} of the same person has not ended", case=case),
        text("First record its ending."),
        rule="register: claims",
    )


def _begun_before(case: str, ended: int) -> Finding:
    return Finding(
        "before-ending",
        text(
            "of this case and case {case} of the same person, the later would begin before the earlier ended on {on}",
            case=case,
            on=date.fromordinal(ended),
        ),
        text("Move the dates of both in one command, or take the later case back first."),
        rule="register: claims",
    )
