"""Whether a second pair of eyes is needed: what one person proposes and another confirms.

A procedure asks for it, for a step, for what mends the past, or for many cases at once; so may the register, for all.
Told from the events themselves, so that no command gets past it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from domain.errors import Refused
from domain.events import Act, Fact
from domain.layers import Corrected, Merged, Rescinded
from domain.procedure import FourEyes, Procedure
from domain.text import text


class Moved(NamedTuple):
    """What a command adds to one case, and the procedure by which the case was judged before."""

    procedure: str
    facts: Sequence[Fact]


class NeedsAnother(Refused):
    """What one person alone may not record: it becomes a proposal."""

    def __init__(self) -> None:
        super().__init__(text("Somebody else has to confirm this. Nothing was recorded."))


def needs_another(cases: Sequence[Moved], procedures: Callable[[str], Procedure], everywhere: FourEyes | None) -> bool:
    """Whether somebody else has to confirm what a command adds to cases. everywhere: whatever the procedures say."""
    known = {reference: procedures(reference) for reference in {case.procedure for case in cases}}
    rules = [rule for rule in (everywhere, *(one.four_eyes for one in known.values())) if rule is not None]
    if any(rule.above is not None and len(cases) > rule.above for rule in rules):
        return True
    if everywhere is not None and everywhere.corrections and any(mends(case.facts) for case in cases):
        return True
    return any(
        asks is not None and any(_asked_for(case, *asks) for case in cases if case.procedure == reference)
        for reference, asks in ((reference, _asks(procedure)) for reference, procedure in known.items())
    )


def _asks(procedure: Procedure) -> tuple[bool, frozenset[str]] | None:
    """Whether a procedure asks for it where the past is mended, and for which steps; None if for neither."""
    steps = frozenset(step.name for step in procedure.steps.values() if step.four_eyes)
    mending = procedure.four_eyes is not None and procedure.four_eyes.corrections
    return (mending, steps) if mending or steps else None


def _asked_for(case: Moved, mending: bool, steps: frozenset[str]) -> bool:
    return (mending and mends(case.facts)) or any(isinstance(fact, Act) and fact.step in steps for fact in case.facts)


def mends(facts: Iterable[Fact]) -> bool:
    """Whether some of it corrects what was recorded, takes it back, or joins two persons."""
    return any(
        isinstance(fact, Corrected | Rescinded | Merged) or (isinstance(fact, Act) and fact.replaces is not None)
        for fact in facts
    )
