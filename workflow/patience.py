"""What is done when the connection to the database is lost: ask again what is so, and try again what is safe."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import sqlalchemy as sa

from domain.errors import LantikError, Lost, Unsettled
from domain.text import text
from workflow.store.tables import command

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


def settle(register: Register, command_id: UUID) -> None:
    """Find out what became of a command whose commit was not answered; returns if it was recorded.

    Asked under the write lock: a commit that is still under way has then happened, or never will. Raises Lost if
    nothing was recorded, Unsettled if the register cannot be asked.
    """
    try:
        with register.datastore.write() as connection:
            found = connection.execute(sa.select(command.c.id).where(command.c.id == command_id.bytes)).first()
    except LantikError as unasked:
        raise Unsettled(
            text(
                "The connection to the database {name} was lost, and whether the command was recorded is not known. "
                "Give it again with --command-id {id}: it is recorded once.",
                name=register.called,
                id=command_id,
            )
        ) from unasked
    if found is None:
        raise Lost(
            text(
                "The connection to the database {name} was lost. Nothing was recorded; try again.", name=register.called
            )
        )
