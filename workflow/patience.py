"""A lost connection is tried again while that is safe."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from domain.errors import Lost

if TYPE_CHECKING:
    from workflow.register import Register

Given = ParamSpec("Given")
Came = TypeVar("Came")


def patiently(
    what: Callable[Concatenate[Register, Given], Came],
) -> Callable[Concatenate[Register, Given], Came]:
    """A command that is judged and recorded anew when the connection was lost and nothing had been recorded.

    For as long as the register's surroundings have patience.
    """

    @wraps(what)
    def until_done(register: Register, /, *given: Given.args, **named: Given.kwargs) -> Came:
        while True:
            try:
                return what(register, *given, **named)
            except Lost as lost:
                if not register.surroundings.patience(lost):
                    raise

    return until_done
