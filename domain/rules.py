"""What a decision asks of the rulebook; `workflow.machine` answers it with `transitions`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from domain.procedure import Procedure


class Rules(Protocol):
    """The graph of one procedure."""

    procedure: Procedure

    def lead(self, stage: str | None, step: str) -> str | None:
        """The stage that `step` leads to from `stage`; None if it may not be taken there."""
        ...

    def open_steps(self, stage: str | None) -> list[str]:
        """The steps that may be taken from `stage`."""
        ...


RulesFor = Callable[[str], Rules]
"""Rules by the reference `name@version` that an act was judged under."""
