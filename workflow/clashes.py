"""What a change of the past may not lead to: a number that belongs to two persons, or a person with two open cases.

What comes back may have been given away since: a NIK that was never right is free at once, and an ending that is
recorded lets another case of the person start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from domain.case import closing
from domain.findings import Finding
from domain.service import Upgraded
from domain.standing import Entry
from domain.text import text
from domain.timeline import Timeline
from workflow.holding import Holding, NumberOf, holding
from workflow.lookups import Loaded, Lookups


class Led(NamedTuple):
    """A case in hand, and the timeline that the command leads it to; both with personal values."""

    loaded: Loaded
    after: Timeline


Span = tuple[int, int | None] | None
"""The day ordinals on which a case begins and ends, None for an end that is not known; None for a void case."""


class _Turn(NamedTuple):
    """One case before and after a command: what it holds, and from when to when it runs."""

    number: int
    person: UUID
    was: Holding
    now: Holding
    ran: Span
    runs: Span


def clashes(lookups: Lookups, led: Sequence[Led]) -> dict[int, list[Finding]]:
    """By case number, why its new past cannot be; nothing where it can.

    A few statements however many cases, but for numbers that change hands.
    """
    turns = [_turn(one) for one in led]
    overlaps = list(_overlaps(lookups, turns))
    named = lookups.register.settings.case_number
    found: dict[int, list[Finding]] = {turn.number: [] for turn in turns}
    for turn, finding in (*_taken(lookups, turns), *_beside(overlaps, named)):
        found[turn.number].append(finding)
    for number, opened in _linked(lookups, led, overlaps):
        found[number].append(open_beside(named(opened)))
    return found


def linked(lookups: Lookups, led: Sequence[Led]) -> list[tuple[int, int]]:
    """Each case of the command, and a later one of the same person that could not stand any more.

    Because an act that opened it falls, or because the case before it goes on.
    """
    return _linked(lookups, led, _overlaps(lookups, [_turn(one) for one in led]))


def _linked(lookups: Lookups, led: Sequence[Led], overlaps: Iterable[_Overlap]) -> list[tuple[int, int]]:
    led_to = {one.loaded.number: one.after for one in led}
    orphaned = [
        (one.loaded.number, opened)
        for one in led
        for opened in sorted(_opened(one.loaded.before or ()) - _opened(one.after.entries))
    ]
    others = {opened for _, opened in orphaned} - led_to.keys()
    led_to |= {number: one.case.timeline for number, one in (lookups.load(others) if others else {}).items()}
    standing = [(number, opened) for number, opened in orphaned if led_to[opened].entries]
    going_on = [(one.earlier, one.later) for one in overlaps if one.ended is None and one.turn.number == one.earlier]
    return list(dict.fromkeys(standing + going_on))


def _opened(acts: Iterable[Entry]) -> set[int]:
    return {one.fact.opens for one in acts if isinstance(one.fact, Upgraded) and one.fact.opens is not None}


def _turn(one: Led) -> _Turn:
    loaded, after = one.loaded, one.after
    before = loaded.case.timeline
    was, now = holding(loaded.before or (), before.recorded), holding(after.entries, after.recorded)
    return _Turn(loaded.number, loaded.case.person, was, now, _span(before), _span(after))


def _span(timeline: Timeline) -> Span:
    if not timeline.entries:
        return None
    return timeline.entries[0].act.effective_on.toordinal(), closing(timeline)


def _taken(lookups: Lookups, turns: Sequence[_Turn]) -> Iterator[tuple[_Turn, Finding]]:
    wanted = [(turn, number, turn.person) for turn in turns for number in turn.now.own - turn.was.own]
    gaining: dict[NumberOf, set[UUID]] = {}
    for _, number, person in wanted:
        gaining.setdefault(number, set()).add(person)
    for turn in turns:
        wanted += [(turn, number, lookups.person_of(into)) for number, into in turn.now.lent - turn.was.lent]
    held = {kind: lookups.holders(kind, {one[1][1] for one in wanted if one[1][0] == kind}) for kind in ("nik", "ni")}
    for turn, number, to in wanted:
        kind, digits = number
        own = {turn.person, to}
        holder = UUID(bytes=held[kind][digits].person) if digits in held[kind] else to
        rivals = gaining.get(number, set()) - own
        if rivals or (holder not in own and not _gives_up(lookups, holder, number, turn, turns)):
            yield turn, number_taken(kind)


def _gives_up(lookups: Lookups, holder: UUID, number: NumberOf, one: _Turn, turns: Sequence[_Turn]) -> bool:
    """Whether another person holds a number no longer once the command is done, or only because this one lent it."""
    theirs = [turn for turn in turns if turn.person == holder]
    others = lookups.held_by({holder}, but={turn.number for turn in theirs})[holder]
    if any(number in held.own for held in [*others, *(turn.now for turn in theirs)]):
        return False
    freed = any(number in turn.was.own or (turn.was.lends(number) and not turn.now.lends(number)) for turn in turns)
    own = lookups.held_by({one.person}, but={one.number})[one.person]
    return freed or any(held.lends(number) for held in [*own, one.was])


class _Overlap(NamedTuple):
    """Two cases of one person, of which the later begins before the earlier ended; ended is None where it did not."""

    turn: _Turn
    earlier: int
    later: int
    ended: int | None


def _overlaps(lookups: Lookups, turns: Sequence[_Turn]) -> Iterator[_Overlap]:
    """Those that the command leads to, each told of the case that it moves."""
    moved = [turn for turn in turns if turn.ran != turn.runs]
    others = lookups.timelines_of({turn.person for turn in moved}, but={turn.number for turn in turns})
    spans = {person: {number: _span(one) for number, one in theirs.items()} for person, theirs in others.items()}
    for turn in turns:
        spans.setdefault(turn.person, {})[turn.number] = turn.runs
    for turn in moved:
        runs = sorted((number, span) for number, span in spans[turn.person].items() if span)
        for (earlier, (_, ended)), (later, (began, _)) in combinations(runs, 2):
            if turn.number in (earlier, later) and (ended is None or ended > began):
                yield _Overlap(turn, earlier, later, ended)


def _beside(overlaps: Iterable[_Overlap], named: Callable[[int], str]) -> Iterator[tuple[_Turn, Finding]]:
    """What is wrong where, of two cases of a person, the later begins before the earlier ended."""
    for turn, earlier, later, ended in overlaps:
        if ended is not None:
            yield turn, _begun_before(named(later if turn.number == earlier else earlier), ended)
        elif turn.number == later:
            yield turn, _not_ended(named(earlier))


def number_taken(kind: str) -> Finding:
    return Finding(
        f"{kind}-taken",
        text("the number belongs to another person of this register"),
        text("If both are one person, join the cases with lantik merge."),
        "register: claims",
        column=kind,
    )


def open_beside(case: str) -> Finding:
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
