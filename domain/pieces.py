"""What a timeline says day by day: for stage, post and person, pieces of days over which the facts hold.

The three groups change independently. A piece holds from its first day to the day before the next; days are
proleptic ordinals, as `date.toordinal` gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from domain.standing import Entry, Facts, Standing

FOREVER = date.max.toordinal() + 1
"""The day on which no interval ends."""


class Piece(NamedTuple):
    """Facts that hold from `start` on and no longer on `end`."""

    start: int
    end: int
    facts: Facts


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
