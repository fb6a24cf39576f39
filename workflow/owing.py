"""What cases will owe once a command is recorded, for a proposal: worked out only where somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec

from domain.case import Judgement, act_of
from domain.deadlines import owed
from domain.draft import Draft
from domain.outcome import Owes
from domain.rules import Rules
from domain.standing import Entry, Standing
from domain.working_days import Calendars
from workflow.calendar import calendars

if TYPE_CHECKING:
    from workflow.register import Register

Due = Callable[[], tuple[Owes, ...]]
"""What is owed, for whoever asks before the command is recorded."""


class Owing:
    """Asked once for each row of one command; the calendar is read when the first of them wants it."""

    def __init__(self, register: Register) -> None:
        self._register = register

    @cached_property
    def _calendars(self) -> Calendars:
        return calendars(self._register)

    def after(self, standing: Standing | None) -> Due:
        """What is owed where a case comes to stand so, on the day of its last act; nothing by a void case."""
        return partial(self._owed, standing) if standing is not None and standing.stage is not None else tuple

    def after_act(self, judgement: Judgement, asked: Draft | None, rules: Rules) -> Due:
        """What is owed once the act that was judged is recorded; nothing where it is refused."""
        if judgement.after is not None:
            return self.after(judgement.after.last)
        if asked is None or judgement.leads_to is None or judgement.refused or asked.step.opens is not None:
            return tuple
        return partial(self._owed_then, judgement.standing, asked, rules)

    def _owed_then(self, standing: Standing, asked: Draft, rules: Rules) -> tuple[Owes, ...]:
        after = msgspec.structs.replace(standing)
        after.evolve(Entry(standing.version + 1, act_of(asked, rules)))
        return self._owed(after)

    def _owed(self, standing: Standing) -> tuple[Owes, ...]:
        procedure = self._register.rulebook.load(standing.procedure)
        day = date.fromordinal(standing.last_on)
        return tuple(Owes(one.step, one.due) for one in owed(standing, procedure, self._calendars, day))
