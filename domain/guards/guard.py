"""What a named rule is: a check, and what people and tools want to know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from domain.draft import Draft
from domain.findings import Finding, Severity
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import Text

Check = Callable[[Standing, Draft, Procedure], Iterator[Finding]]


class Guard(NamedTuple):
    """about: what it asks, for people who read a procedure. needs_person: it looks at personal values.

    suppliable: what it asks for is given with the step itself, as a paper or a field; else the case must have it.
    who: the authority that can supply it. parameters: the figures of the procedure that it reads.
    """

    about: Text
    check: Check
    needs_person: bool = False
    suppliable: bool = False
    who: str = ""
    parameters: tuple[str, ...] = ()


def strictness(procedure: Procedure, parameter: str, day: date) -> Severity:
    """How a rule that sources leave open is kept on `day`: an error if the parameter says "refuse", else a warning."""
    return Severity.ERROR if procedure.parameter(parameter, day) == "refuse" else Severity.WARNING
