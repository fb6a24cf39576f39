"""The time limits of a procedure as they are watched: what each step is to be taken by, and where that is owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from domain.procedure import Deadline, Procedure, Step

DAYS_OF_A_CASE = ("contract_start", "contract_end", "first_contract", "coached")
"""The days of a standing from which a term may be counted."""


class Watch(NamedTuple):
    """limits: one, or the letters that set a last day, in the order of their dates.

    stages: where the step is owed. after: the step whose day begins the term, if it is one.
    """

    step: Step
    limits: tuple[Deadline, ...]
    stages: frozenset[str]
    after: Step | None = None

    @property
    def window(self) -> bool:
        return self.limits[-1].window

    @property
    def formation(self) -> str | None:
        return self.limits[-1].formation


def watches(procedure: Procedure) -> tuple[Watch, ...]:
    """All that is watched under a procedure; worked out once, and again if another comes under its reference."""
    known = _KNOWN.get(procedure.reference)
    if known is None or known[0] is not procedure:
        known = _KNOWN[procedure.reference] = procedure, tuple(_watched(procedure))
    return known[1]


def asks_past(procedure: Procedure, stage: str) -> bool:
    """Whether more than its standing must be known of a case in this stage: periods are evaluated there."""
    return any(watch.limits[-1].every is not None and stage in watch.stages for watch in watches(procedure))


_KNOWN: dict[str, tuple[Procedure, tuple[Watch, ...]]] = {}


def _watched(procedure: Procedure) -> Iterator[Watch]:
    for step in procedure.steps.values():
        if not step.enabled:
            continue
        letters: dict[tuple[str | None, bool, str | None], list[Deadline]] = {}
        for limit in step.limits:
            after = procedure.steps.get(limit.after) if limit.after else None
            if limit.by is not None:
                letters.setdefault((limit.formation, limit.window, limit.field), []).append(limit)
            else:
                stages = frozenset(step.sources) if after is None else _on_the_way(procedure, after, step)
                yield Watch(step, (limit,), stages, after)
        for of_one_kind in letters.values():
            of_one_kind.sort(key=lambda letter: letter.since or date.min)
            yield Watch(step, tuple(of_one_kind), frozenset(step.sources))


def _on_the_way(procedure: Procedure, after: Step, to: Step) -> frozenset[str]:
    """The stages on the shortest ways from where one step leads to where another starts."""
    forth: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}
    for step in procedure.steps.values():
        for source in step.sources if step.enabled and step.to else ():
            forth.setdefault(source, set()).add(step.to or source)
            back.setdefault(step.to or source, set()).add(source)
    left = _distances(to.sources, back)
    found: set[str] = set()
    for start in [after.to] if after.to else after.sources:
        gone = _distances([start], forth)
        found |= {stage for stage in gone if stage in left and gone[stage] + left[stage] == left.get(start)}
    return frozenset(found)


def _distances(starts: Iterable[str], edges: dict[str, set[str]]) -> dict[str, int]:
    """How many steps away each stage is from the nearest of `starts`."""
    away = dict.fromkeys(starts, 0)
    at = list(away)
    for stage in at:  # grows while it is walked
        for following in sorted(edges.get(stage, ())):
            if following not in away:
                away[following] = away[stage] + 1
                at.append(following)
    return away
